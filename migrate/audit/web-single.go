package audit

import (
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var webSingle = Check{
	ID:       "web-single",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "A storefront has one web server",
	Why:      "Nobody takes over when this server stops, and there is nothing to spread a campaign's load over.",
	Remedy:   "Run at least two web servers on different hosts behind the load balancer.",
	Answer:   "In production sizing gives the web tier a server for each zone at least, three as a rule; on AWS one that fails its health check is replaced.",
	Find:     findWebSingle,
}

// findWebSingle asks for a sign that customers reach the server, a load
// balancer or the internet in front of it: an intranet may well have one web
// server.
func findWebSingle(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unseen []string
	for _, hit := range in.singles("the only web server", migrate.SeverityHigh, RoleWeb) {
		id := hit.Subjects[0]
		switch front := in.customersAt(id); {
		case front != "":
			hit.Evidence = append(hit.Evidence, front)
			hits = append(hits, hit)
		case !in.hasFlows(id):
			unseen = append(unseen, id)
		}
	}
	if len(unseen) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "it is the only one of its name, but whether customers reach it was not seen", Subjects: unseen})
	}
	return hits, unjudged
}

// customersAt gives a flow by which customers reach a server; empty for none.
func (in *Input) customersAt(id string) string {
	i := slices.IndexFunc(in.to[id], func(f *migrate.Flow) bool {
		if !business(f) || f.Kind == "referenced" {
			return false
		}
		if f.FromOutside {
			return public(f.From)
		}
		from := in.byID[f.From]
		return from != nil && roleOf(from) == RoleEdge
	})
	if i < 0 {
		return ""
	}
	return in.flowText(in.to[id][i])
}
