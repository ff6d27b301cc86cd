package audit

import (
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var sessionsOnWeb = Check{
	ID:       "sessions-on-web",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "Web servers keep sessions to themselves",
	Why:      "Customers are bound to one web server: when it stops or is taken out, their baskets are gone, and new servers added in a surge stay empty.",
	Remedy:   "Move sessions to a shared store (Redis), then drop stickiness from the load balancer.",
	Answer:   "Sessions live in a tier of their own; load balancers run round robin without stickiness, so that servers can come and go.",
	Find:     findSessionsOnWeb,
}

// findSessionsOnWeb judges only web servers whose traffic to their database was
// seen: one that was seen to ask a database and never a session store keeps its
// sessions in files, or in that database.
func findSessionsOnWeb(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unseen []string
	groups := in.redundancyGroups(RoleWeb)
	for _, key := range keys(groups) {
		var without []*migrate.Server
		for _, s := range groups[key] {
			toDatabase, toStore := in.backends(s)
			switch {
			case toStore:
			case toDatabase:
				without = append(without, s)
			default:
				unseen = append(unseen, s.ID)
			}
		}
		if len(without) > 0 {
			hits = append(hits, Hit{Subjects: ids(without), Evidence: []string{
				"traffic to a database was seen, and none to a session store or cache (Redis, memcached)"}})
		}
	}
	if len(unseen) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no traffic to a database or session store was seen", Subjects: unseen})
	}
	return hits, unjudged
}

func (in *Input) backends(s *migrate.Server) (database, store bool) {
	for _, f := range in.from[s.ID] {
		if !observed(f) {
			continue
		}
		database = database || databasePorts[f.Port] != ""
		store = store || storePorts[f.Port] != ""
		if to := in.byID[f.To]; to != nil && !f.ToOutside {
			store = store || slices.Contains([]Role{RoleSessions, RoleCache}, roleOf(to))
		}
	}
	return database, store
}
