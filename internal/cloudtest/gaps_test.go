package cloudtest

import (
	"fmt"
	"strings"
)

// A gap is something that a simulator can't do, told narrowly: one type, one
// message or one property.
type gap struct {
	kind string // type token
	// says is a part of the error that up gives; forgets is the property that a
	// second preview finds different.
	says, forgets string
	why           string
}

type gaps []gap

// without drops the problems that a gap explains.
func (g gaps) without(list []problem) []problem {
	var left []problem
	for _, p := range list {
		explained := false
		for _, known := range g {
			explained = explained || known.says != "" && strings.HasPrefix(nameOf(p.urn), known.kind+" ") && strings.Contains(p.message, known.says)
		}
		if !explained {
			left = append(left, p)
		}
	}
	return left
}

// unexplained words the changes of a second preview that no gap explains.
func (g gaps) unexplained(list []change) []string {
	var left []string
	for _, c := range list {
		if c.op == "create" && g.failed(c) {
			continue
		}
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
		if known.forgets != "" && strings.HasPrefix(nameOf(c.urn), known.kind+" ") && strings.HasPrefix(diff, known.forgets) {
			return true
		}
	}
	return false
}

// failed tells that up could not create this type, so that a second preview
// still wants to.
func (g gaps) failed(c change) bool {
	for _, known := range g {
		if known.says != "" && strings.HasPrefix(nameOf(c.urn), known.kind+" ") {
			return true
		}
	}
	return false
}

// awsGaps are what the AWS simulator can't do.
var awsGaps = gaps{
	{kind: distribution, forgets: "customErrorResponses", why: "error responses are not kept"},
	{kind: distribution, forgets: "defaultCacheBehavior", why: "answers with forwarded values beside a cache policy"},
	{kind: distribution, forgets: "orderedCacheBehaviors", why: "answers with forwarded values beside a cache policy"},
	{kind: distribution, forgets: "viewerCertificate", why: "answers that CloudFront's own certificate is used"},
	{kind: "aws:appautoscaling/target:Target", forgets: "tags", why: "a scalable target's tags are not kept"},
}

const distribution = "aws:cloudfront/distribution:Distribution"
