package audit

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var addressMissing = Check{
	ID:       "address-missing",
	Category: "network",
	Severity: migrate.SeverityLow,
	Title:    "A running server has link-local addresses only",
	Why:      "It got no address from anybody (DHCP failed, or the card is in the wrong network), so what it is for does not work, or goes another way.",
	Remedy:   "Look at it on the console: it is a forgotten server, or one whose address the export does not see.",
	Answer:   "Every server of the topology has an address from its segment.",
	Find:     findAddressMissing,
}

func findAddressMissing(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for _, s := range in.live {
		if !runs(s) {
			continue
		}
		var seen []string
		usable := len(addressesOf(s)) > 0
		for _, n := range s.NICs {
			seen = append(seen, n.Addresses...)
		}
		switch {
		case usable:
		case len(seen) == 0:
			unknown = append(unknown, s.ID)
		default:
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{"only " + strings.Join(sortedUnique(seen), ", ") + in.sources(s, "nics")}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no address is known", Subjects: unknown})
	}
	return hits, unjudged
}
