package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var flowsMissing = Check{
	ID:       "flows-missing",
	Category: "operations",
	Severity: migrate.SeverityLow,
	Title:    "Nobody saw what servers talk to",
	Why:      "Whatever they depend on is found out on the night, after they have moved.",
	Remedy:   "Collect their traffic for two weeks (ss, flow logs, an agent), month's end and a campaign included.",
	Answer:   "The plan keeps the servers of an application together where it can, whether their traffic was seen or not.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		if !in.flowsKnown() {
			return nil, []Unjudged{{Reason: "no traffic is known of any server"}}
		}
		var unseen []*migrate.Server
		for _, s := range in.live {
			if runs(s) && !in.hasFlows(s.ID) {
				unseen = append(unseen, s)
			}
		}
		if len(unseen) > 0 {
			hits = append(hits, Hit{Subjects: ids(unseen), Evidence: []string{
				fmt.Sprintf("no traffic of %d of %d servers was seen", len(unseen), len(in.live))}})
		}
		return hits, nil
	},
}
