package audit

import "github.com/storefront-toolkit/storefront/migrate"

var webSingle = Check{
	ID:       "web-single",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "A storefront has one web server",
	Why:      "Nobody takes over when this server stops, and there is nothing to spread a campaign's load over.",
	Remedy:   "Run at least two web servers on different hosts behind the load balancer.",
	Answer:   "The web tier is a fleet over all zones whose least size is two; a server that fails its health check is replaced.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.singles("the only web server", RoleWeb), nil
	},
}
