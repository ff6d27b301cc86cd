package cloudtest

import (
	"fmt"
	"strings"
)

// A gap is a property that a simulator forgets, so that a second preview finds
// it different.
type gap struct {
	kind    string // type token
	forgets string
	why     string
}

type gaps []gap

// unexplained words the changes of a second preview that no gap explains.
func (g gaps) unexplained(list []change) []string {
	var left []string
	for _, c := range list {
		for _, d := range c.diffs {
			if !g.forgotten(c, d) {
				left = append(left, fmt.Sprintf("%s: %s %s", nameOf(c.urn), c.op, d))
			}
		}
		if len(c.diffs) == 0 {
			left = append(left, fmt.Sprintf("%s: %s", nameOf(c.urn), c.op))
		}
	}
	return left
}

func (g gaps) forgotten(c change, diff string) bool {
	for _, known := range g {
		if strings.HasPrefix(nameOf(c.urn), known.kind+" ") && strings.HasPrefix(diff, known.forgets) {
			return true
		}
	}
	return false
}
