package audit

import "github.com/storefront-toolkit/storefront/migrate"

var sessionStoreSingle = Check{
	ID:       "session-store-single",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "Sessions are kept on one server",
	Why:      "Baskets and log-ins live here: when the server stops, every customer in the shop starts again with an empty basket.",
	Remedy:   "Add a replica with automatic failover (Redis Sentinel or a managed service).",
	Answer:   "The sessions tier is apart from the cache and has replicas with automatic failover in production.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.singles("the only session store", migrate.SeverityHigh, RoleSessions), nil
	},
}
