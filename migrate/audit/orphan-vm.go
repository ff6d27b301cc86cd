package audit

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var orphanVM = Check{
	ID:       "orphan-vm",
	Category: "operations",
	Severity: migrate.SeverityLow,
	Title:    "A server belongs to nobody and to nothing",
	Why:      "Nobody can say whether the shop needs it, so nobody can say what breaks when it moves or stays.",
	Remedy:   "Trace who logs on to it and what it talks to; give it an owner or retire it.",
	Answer:   "The plan puts a server without an application where its traffic and its environment allow; one that is named under exclude stays out.",
	Find:     findOrphanVM,
}

// findOrphanVM fires on what the hypervisor itself calls orphaned, and on a
// server of which neither owner nor application nor role is known while the
// owners of most servers are.
func findOrphanVM(in *Input) (hits []Hit, unjudged []Unjudged) {
	owners := in.ownersKnown()
	for _, s := range in.live {
		state := strings.ToLower(s.Custom["Connection state"])
		switch {
		case state == "orphaned" || state == "inaccessible" || state == "invalid":
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{"connection state " + state}})
		case owners && s.Owner == "" && s.Team == "" && s.Application.Value == "" && roleOf(s) == RoleOther:
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{"no source names an owner, an application or a role, though most servers have an owner"}})
		}
	}
	if !owners {
		unjudged = append(unjudged, Unjudged{Reason: "the owners of most servers are not known"})
	}
	return hits, unjudged
}

// ownersKnown tells whether owners are recorded at all: for at least half.
func (in *Input) ownersKnown() bool {
	owned := 0
	for _, s := range in.live {
		if s.Owner != "" || s.Team != "" {
			owned++
		}
	}
	return owned > 0 && 2*owned >= len(in.live)
}
