package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var limitForgotten = Check{
	ID:       "limit-forgotten",
	Category: "capacity",
	Severity: migrate.SeverityMedium,
	Title:    "A server is held below what it was given",
	Why:      "A limit set years ago caps the server at the peak: the guest shows free vCPUs and memory, and is slow all the same.",
	Remedy:   "Remove the limit, or write down who needs it; size the new server without it.",
	Answer:   "The topology sets no limits below a server's size.",
	Find:     findLimitForgotten,
}

// findLimitForgotten compares a limit with the server's own size. A limit as
// high as that size, which templates bring along, holds nothing back.
func findLimitForgotten(in *Input) (hits []Hit, unjudged []Unjudged) {
	for _, s := range in.live {
		var evidence []string
		if limit := customNumber(s, "Memory limit MiB"); limit > 0 && limit < float64(s.MemoryMiB) {
			evidence = append(evidence, fmt.Sprintf("memory limit %.0f MiB of %d MiB%s", limit, s.MemoryMiB, in.sources(s, "custom")))
		}
		if h := in.host(s); h != nil && h.MHz > 0 {
			full := float64(s.CPUs * h.MHz)
			if limit := customNumber(s, "CPU limit MHz"); limit > 0 && limit < full {
				evidence = append(evidence, fmt.Sprintf("CPU limit %.0f MHz of %.0f MHz (%d vCPUs at %d MHz)%s", limit, full, s.CPUs, h.MHz, in.sources(s, "custom")))
			}
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
		}
	}
	return hits, nil
}
