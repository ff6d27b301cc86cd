package audit

import (
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var databaseSingle = Check{
	ID:       "database-single",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "A production database has no second server",
	Why:      "When this server or its host stops, every order that needs it stops until it is repaired or restored.",
	Remedy:   "Add a replica on another host that can take over, and rehearse the failover before the next campaign.",
	Answer:   "The database tier runs a writer and at least one reader in another zone or on another host, with automatic failover.",
	Find:     findDatabaseSingle,
}

// findDatabaseSingle takes database servers as one set where they share an
// application, or a name, or talk to each other on a database port. A set of
// one is a single point of failure.
func findDatabaseSingle(in *Input) (hits []Hit, unjudged []Unjudged) {
	databases := in.withRole(RoleDatabase)
	for _, s := range databases {
		others := 0
		for _, o := range databases {
			if o.ID != s.ID && in.sameDatabase(s, o) {
				others++
			}
		}
		if others > 0 {
			continue
		}
		evidence := []string{"the only production database server of " + groupName(s) + in.sources(s, "role")}
		if in.hasFlows(s.ID) {
			evidence = append(evidence, "no database traffic to or from another database server was seen")
		}
		hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence, Severity: byCriticality(s)})
	}
	return hits, nil
}

// byCriticality is one step lower for what its owner calls of low criticality.
func byCriticality(s *migrate.Server) migrate.Severity {
	if s.Criticality == "low" {
		return migrate.SeverityMedium
	}
	return migrate.SeverityHigh
}

func groupName(s *migrate.Server) string {
	if s.Application.Value != "" {
		return "application " + s.Application.Value
	}
	return "the name " + stem(s)
}

func (in *Input) sameDatabase(a, b *migrate.Server) bool {
	if a.Application.Value != "" && a.Application.Value == b.Application.Value {
		return true
	}
	if stem(a) == stem(b) && (a.Application.Value == "" || b.Application.Value == "") {
		return true
	}
	return in.replicates(a.ID, b.ID) || in.replicates(b.ID, a.ID)
}

// replicates tells whether one database server talks to another on the port of
// a database.
func (in *Input) replicates(from, to string) bool {
	return slices.ContainsFunc(in.from[from], func(f *migrate.Flow) bool {
		return !f.ToOutside && f.To == to && observed(f) && databasePorts[f.Port] != ""
	})
}
