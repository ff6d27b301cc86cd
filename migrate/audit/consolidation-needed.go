package audit

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var consolidationNeeded = Check{
	ID:       "consolidation-needed",
	Category: "data",
	Severity: migrate.SeverityMedium,
	Title:    "A server runs on leftovers of snapshots that no list shows",
	Why:      "A backup failed to clean up: the chain grows with every write until the datastore is full, and the next backup adds to it.",
	Remedy:   "Consolidate its disks in a quiet hour, then find the backup job that leaves them.",
	Answer:   "New servers start without snapshots; this finding is the list to work off before replication starts.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		var unknown []string
		for _, s := range in.live {
			switch strings.ToLower(s.Custom["Consolidation Needed"]) {
			case "":
				if s.Kind == migrate.KindVM {
					unknown = append(unknown, s.ID)
				}
			case "true", "yes", "1":
				hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{"Consolidation Needed: " + s.Custom["Consolidation Needed"] + in.sources(s, "custom")}})
			}
		}
		if len(unknown) > 0 {
			unjudged = append(unjudged, Unjudged{Reason: "whether disks need consolidation is not known", Subjects: unknown})
		}
		return hits, unjudged
	},
}
