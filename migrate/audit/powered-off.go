package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var poweredOff = Check{
	ID:       "powered-off",
	Category: "cost",
	Severity: migrate.SeverityLow,
	Title:    "Servers are switched off and still take up storage",
	Why:      "Nobody knows on the night whether they have to move; if one is started by mistake it may answer under an old address.",
	Remedy:   "Have each owner decide now: archive the disks, retire the server, or move it.",
	Answer:   "They stay in the estate, marked, and sizing leaves them out.",
	Find:     findPoweredOff,
}

func findPoweredOff(in *Input) (hits []Hit, unjudged []Unjudged) {
	var off []*migrate.Server
	var evidence []string
	for i := range in.Estate.Servers {
		s := &in.Estate.Servers[i]
		if s.Kind == migrate.KindTemplate || s.Kind == migrate.KindPlaceholder {
			continue
		}
		if s.Power == migrate.PowerOff || s.Power == migrate.PowerSuspended {
			off = append(off, s)
			evidence = append(evidence, fmt.Sprintf("%s: power %s, %d GiB of disks%s", s.ID, s.Power, diskMiB(s)/1024, in.sources(s, "power")))
		}
	}
	if len(off) > 0 {
		hits = append(hits, Hit{Subjects: ids(off), Evidence: evidence})
	}
	return hits, nil
}

// diskMiB is the capacity of a server's disks, or what the hypervisor counts
// where no disk is listed.
func diskMiB(s *migrate.Server) (mib int64) {
	for _, d := range s.Disks {
		mib += d.CapacityMiB
	}
	return max(mib, s.InUseMiB)
}
