package audit

import (
	"fmt"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var zombieVM = Check{
	ID:       "zombie-vm",
	Category: "cost",
	Severity: migrate.SeverityLow,
	Title:    "A server runs and nobody uses it",
	Why:      "Nobody patches or watches what nobody uses, yet it is reachable, is licensed and would take a slot in a wave.",
	Remedy:   "Find who ordered it, switch it off for two weeks, then retire it.",
	Answer:   "A server with disposition retire takes part in the plan as such and is built nowhere.",
	Find:     findZombieVM,
}

// findZombieVM needs both proofs: measured idleness, and traffic of monitoring,
// backup or management that shows the server was watched while no application
// traffic was. A server of which nothing at all was seen is not judged.
func findZombieVM(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unseen []string
	for _, s := range in.live {
		if !runs(s) || hasRole(s, quietByNature) {
			continue
		}
		m := in.cpu(s)
		if m == nil || !in.hasFlows(s.ID) {
			unseen = append(unseen, s.ID)
			continue
		}
		if in.idle(m) && in.unused(s) {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{
				fmt.Sprintf("CPU %s; idle is up to %.0f %%%s", measureText(m), in.IdleCPUPercent, in.sources(s, "use")),
				fmt.Sprintf("%d flows seen, none of them of an application", len(in.from[s.ID])+len(in.to[s.ID]))}})
		}
	}
	if len(unseen) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "CPU use or traffic is not known", Subjects: unseen})
	}
	return hits, unjudged
}

// unused tells that traffic of a server was seen, and none of it of an
// application.
func (in *Input) unused(s *migrate.Server) bool {
	used := func(f *migrate.Flow) bool { return observed(f) && business(f) }
	return in.hasFlows(s.ID) && !slices.ContainsFunc(in.from[s.ID], used) && !slices.ContainsFunc(in.to[s.ID], used)
}
