package audit

import "github.com/storefront-toolkit/storefront/migrate"

var searchSingle = Check{
	ID:       "search-single",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "The shop's search runs on one server",
	Why:      "Category pages and search come from here; without it customers only reach products by a direct link.",
	Remedy:   "Run a second search server that holds the same index, behind the same address.",
	Answer:   "In production the search tier has a replica on another server behind one internal address.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.singles("the only search server", migrate.SeverityMedium, RoleSearch), nil
	},
}
