package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var orphanDisk = Check{
	ID:       "orphan-disk",
	Category: "cost",
	Severity: migrate.SeverityLow,
	Title:    "Virtual disks belong to no server",
	Why:      "They hold data that nobody protects or deletes, fill the datastore that a campaign needs, and nobody dares to leave them behind.",
	Remedy:   "Mount each read-only once, decide, and delete it before the datastore is given back.",
	Answer:   "They are not in any wave; the finding is the list to decide by.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		hit := Hit{}
		for _, h := range in.Estate.Health {
			if strings.Contains(strings.ToLower(h.Kind+" "+h.Message), "zombie") {
				hit.Subjects = append(hit.Subjects, h.Subject)
				hit.Evidence = append(hit.Evidence, fmt.Sprintf("%s: %s%s", h.Subject, h.Message, in.sourceNames(h.From)))
			}
		}
		if len(hit.Subjects) > 0 {
			hits = append(hits, hit)
		}
		if len(in.Estate.Health) == 0 {
			unjudged = append(unjudged, Unjudged{Reason: "no list of the hypervisor's own complaints (RVTools: vHealth)"})
		}
		return hits, unjudged
	},
}
