package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var idleServer = Check{
	ID:       "idle-server",
	Category: "cost",
	Severity: migrate.SeverityLow,
	Title:    "A server does next to nothing",
	Why:      "It costs a migration slot, a licence and an engineer's hour on a night that has none to spare.",
	Remedy:   "Ask its owner whether it can be merged with another or retired before the move.",
	Answer:   "Sizing goes by what a server of the shop uses, not by what it was given; the plan moves no server with disposition retire.",
	Find:     findIdleServer,
}

// quietByNature are roles that answer a packet now and then, and matter.
var quietByNature = []Role{RoleDNS, RoleTime, RoleDirectory, RoleEdge, RoleSessions, RoleCache, RoleBackup}

func findIdleServer(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unmeasured []string
	for _, s := range in.live {
		if !runs(s) || hasRole(s, quietByNature) {
			continue
		}
		m := in.cpuOfWeek(s)
		if m == nil {
			unmeasured = append(unmeasured, s.ID)
			continue
		}
		if in.idle(m) && !in.unused(s) {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{
				fmt.Sprintf("CPU %s; idle is up to %.0f %%%s", measureText(m), in.IdleCPUPercent, in.sources(s, "use"))}})
		}
	}
	if len(unmeasured) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "CPU use is not measured, or for less than a week", Subjects: unmeasured})
	}
	return hits, unjudged
}

func (in *Input) idle(m *migrate.Measure) bool { return m.Max <= in.IdleCPUPercent }
