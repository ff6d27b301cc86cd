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
	Answer:   "In production a reader stands ready in another zone, or two on other hosts of a private cloud, and failover is automatic.",
	Find:     findDatabaseSingle,
}

// findDatabaseSingle takes database servers as one set where they share an
// application, or a name, or talk to each other on a database port. A set of
// one is a single point of failure.
func findDatabaseSingle(in *Input) (hits []Hit, unjudged []Unjudged) {
	databases := in.withRole(RoleDatabase)
	sets := databaseSets(databases)
	for _, s := range databases {
		if sets.others(s) > 0 || in.replicates(s.ID, sets.member) {
			continue
		}
		evidence := []string{"the only production database server of " + groupName(s) + in.sources(s, "role") + roleDoubt(s)}
		if in.hasFlows(s.ID) {
			evidence = append(evidence, "no database traffic to or from another database server was seen")
		}
		hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence, Severity: lessIfDoubtful(byCriticality(s), s)})
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

// databaseSet counts database servers by what binds them together.
type databaseSet struct {
	member      map[string]bool
	application map[string]int
	stem        map[string]int
	stemAlone   map[string]int // of servers whose application is not known
}

func databaseSets(databases []*migrate.Server) databaseSet {
	d := databaseSet{map[string]bool{}, map[string]int{}, map[string]int{}, map[string]int{}}
	for _, s := range databases {
		d.member[s.ID] = true
		d.application[s.Application.Value]++
		d.stem[stem(s)]++
		if s.Application.Value == "" {
			d.stemAlone[stem(s)]++
		}
	}
	return d
}

// others counts the servers that belong with one. A shared name binds only
// where the applications don't tell otherwise.
func (d databaseSet) others(s *migrate.Server) int {
	if s.Application.Value == "" {
		return d.stem[stem(s)] - 1
	}
	return d.application[s.Application.Value] - 1 + d.stemAlone[stem(s)]
}

// replicates tells whether a database server talks to another on the port of a
// database, in either direction.
func (in *Input) replicates(id string, member map[string]bool) bool {
	return slices.ContainsFunc(in.from[id], func(f *migrate.Flow) bool {
		return !f.ToOutside && f.To != id && member[f.To] && observed(f) && databasePorts[f.Port] != ""
	}) || slices.ContainsFunc(in.to[id], func(f *migrate.Flow) bool {
		return !f.FromOutside && f.From != id && member[f.From] && observed(f) && databasePorts[f.Port] != ""
	})
}
