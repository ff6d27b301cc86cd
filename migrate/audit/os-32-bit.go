package audit

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var os32Bit = Check{
	ID:       "os-32-bit",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "Servers run a 32-bit operating system",
	Why:      "Most instance types and images are 64-bit only: the copy succeeds and the server does not start, in its own window.",
	Remedy:   "Build them new on a 64-bit release, or retire them.",
	Answer:   "Every image of the topology is 64-bit.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		var unknown []string
		hit := Hit{}
		for _, s := range in.live {
			switch {
			case s.OS == "":
				unknown = append(unknown, s.ID)
			case strings.Contains(strings.ToLower(s.OS), "32-bit"):
				hit.Subjects = append(hit.Subjects, s.ID)
				hit.Evidence = append(hit.Evidence, s.ID+": "+s.OS+in.sources(s, "os"))
			}
		}
		if len(hit.Subjects) > 0 {
			hits = append(hits, hit)
		}
		if len(unknown) > 0 {
			unjudged = append(unjudged, Unjudged{Reason: "the operating system is not known", Subjects: unknown})
		}
		return hits, unjudged
	},
}
