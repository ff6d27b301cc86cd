package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var memoryReclaimed = Check{
	ID:       "memory-reclaimed",
	Category: "capacity",
	Severity: migrate.SeverityMedium,
	Title:    "The hypervisor takes memory back from a server",
	Why:      "Memory that was swapped or ballooned away on an ordinary day is missing at a peak: the guest waits for a disk where it expects memory.",
	Remedy:   "Free memory on its host, reserve it for databases and caches, or lift a forgotten limit.",
	Answer:   "Instance types have memory of their own; sizing counts hosts of a private cloud so that they have all the memory their servers are given.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		for _, s := range in.live {
			var evidence []string
			for _, key := range []string{"Memory swapped MiB", "Memory ballooned MiB"} {
				if n := customNumber(s, key); n > 0 {
					evidence = append(evidence, fmt.Sprintf("%s: %.0f%s", key, n, in.sources(s, "custom")))
				}
			}
			if runs(s) && len(evidence) > 0 {
				hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
			}
		}
		return hits, nil
	},
}

// customNumber reads a number that a reader kept as text, 0 where it is none.
func customNumber(s *migrate.Server, key string) float64 {
	n, err := strconv.ParseFloat(strings.ReplaceAll(s.Custom[key], ",", ""), 64)
	if err != nil {
		return 0
	}
	return n
}
