package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var diskIndependent = Check{
	ID:       "disk-independent",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "A disk is left out of snapshots",
	Why:      "Backups and replication that work by snapshot pass an independent disk over: the copy starts, and the data are missing.",
	Remedy:   "Shut the server down once and make the disk dependent, or copy its content inside the guest.",
	Answer:   "The topology has no such disks; what one holds is copied inside the guest: name a mover for its server in the plan.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.disks(func(d migrate.Disk) string {
			if strings.HasPrefix(strings.ToLower(d.Mode), "independent") {
				return "mode " + d.Mode
			}
			return ""
		})
	},
}

// disks reports servers with a disk for which says gives a text.
func (in *Input) disks(says func(migrate.Disk) string) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for i := range in.Estate.Servers {
		s := &in.Estate.Servers[i]
		if s.Kind == migrate.KindTemplate || s.Kind == migrate.KindPlaceholder {
			continue
		}
		if len(s.Disks) == 0 && isLive(s) {
			unknown = append(unknown, s.ID)
		}
		var evidence []string
		for _, d := range s.Disks {
			if text := says(d); text != "" {
				evidence = append(evidence, fmt.Sprintf("%s (%d GiB): %s%s", d.Label, d.CapacityMiB/1024, text, in.sources(s, "disks")))
			}
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "disks are not known", Subjects: unknown})
	}
	return hits, unjudged
}
