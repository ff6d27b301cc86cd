package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var ownerUnknown = Check{
	ID:       "owner-unknown",
	Category: "operations",
	Severity: migrate.SeverityLow,
	Title:    "Servers have no owner",
	Why:      "Nobody can agree to their window, test them afterwards or be called at three in the morning.",
	Remedy:   "Name an owner for each before the waves are fixed.",
	Answer:   "Every stack has to name an owner, which becomes a tag of its resources.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		if !in.ownersKnown() {
			return nil, []Unjudged{{Reason: "the owners of most servers are not known"}}
		}
		var without []*migrate.Server
		for _, s := range in.live {
			if s.Owner == "" && s.Team == "" {
				without = append(without, s)
			}
		}
		if len(without) > 0 {
			hits = append(hits, Hit{Subjects: ids(without), Evidence: []string{
				fmt.Sprintf("%d of %d servers have neither owner nor team in any source", len(without), len(in.live))}})
		}
		return hits, nil
	},
}
