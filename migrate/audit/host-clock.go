package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var hostClock = Check{
	ID:       "host-clock",
	Category: "operations",
	Severity: migrate.SeverityLow,
	Title:    "Hosts don't keep the time",
	Why:      "Guests take a host's clock when they start or are moved; one that is minutes off breaks log-ins and the order of log lines.",
	Remedy:   "Give every host the same time servers and start its time service.",
	Answer:   "Servers take time from the platform; the time servers of a private cloud are part of its settings.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		var unknown []string
		for _, h := range in.Estate.Hosts {
			switch {
			case h.NTPRunning == nil:
				unknown = append(unknown, h.Name)
			case !*h.NTPRunning:
				hits = append(hits, Hit{Subjects: []string{h.Name}, Evidence: []string{
					fmt.Sprintf("the time service does not run; time servers: [%s]%s", strings.Join(h.NTP, ", "), in.sourceNames(h.From))}})
			}
		}
		if len(unknown) > 0 {
			unjudged = append(unjudged, Unjudged{Reason: "whether the host's time service runs is not known", Subjects: unknown})
		}
		return hits, unjudged
	},
}
