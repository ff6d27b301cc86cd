package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var environmentsShareNetwork = Check{
	ID:       "environments-share-network",
	Category: "separation",
	Severity: migrate.SeverityLow,
	Title:    "Production and test are on one network",
	Why:      "Nothing but good manners keeps a test server from answering for, or flooding, a live one.",
	Remedy:   "Give test a network of its own in the new site; don't stretch this one across.",
	Answer:   "Each stack has its own network with its own address range.",
	Find:     findEnvironmentsShareNetwork,
}

func findEnvironmentsShareNetwork(in *Input) (hits []Hit, unjudged []Unjudged) {
	live, test := map[string][]*migrate.Server{}, map[string][]*migrate.Server{}
	for _, s := range in.live {
		for _, network := range networks(s) {
			switch {
			case rehearsal(s):
				test[network] = append(test[network], s)
			case s.Environment.Value == "production":
				live[network] = append(live[network], s)
			}
		}
	}
	if len(live)+len(test) == 0 {
		return nil, []Unjudged{{Reason: "networks or environments are not known"}}
	}
	for _, network := range keys(test) {
		if len(live[network]) > 0 {
			hits = append(hits, Hit{Subjects: ids(test[network]), Evidence: []string{fmt.Sprintf(
				"network %s also holds %d production servers, such as %s", network, len(live[network]), ids(live[network])[0])}})
		}
	}
	return hits, nil
}

// networks lists the names of the networks that a server has a card in.
func networks(s *migrate.Server) []string {
	var names []string
	for _, n := range s.NICs {
		if n.Network != "" {
			names = append(names, n.Network)
		}
	}
	return sortedUnique(names)
}
