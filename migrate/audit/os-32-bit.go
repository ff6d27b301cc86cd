package audit

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var os32Bit = Check{
	ID:       "os-32-bit",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "A server runs a 32-bit operating system",
	Why:      "Most instance types and images are 64-bit only: the copy succeeds and the server does not start, in its own window.",
	Remedy:   "Build it new on a 64-bit release, or retire it.",
	Answer:   "Every image of the topology is 64-bit.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		var unknown []string
		for _, s := range in.live {
			switch {
			case s.OS == "":
				unknown = append(unknown, s.ID)
			case strings.Contains(strings.ToLower(s.OS), "32-bit"):
				hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{s.OS + in.sources(s, "os")}})
			}
		}
		if len(unknown) > 0 {
			unjudged = append(unjudged, Unjudged{Reason: "the operating system is not known", Subjects: unknown})
		}
		return hits, unjudged
	},
}
