package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var accessEvents = Check{
	ID:       "access-events",
	Category: "operations",
	Severity: migrate.SeverityLow,
	Title:    "The access logs show unusual events",
	Why:      "An outage, a crawler or a scan beside a campaign takes capacity away, and the way traffic came back shows how the shop recovers.",
	Remedy:   "Read each against the incident log of its day, and keep crawlers and scans away from the origin.",
	Answer:   "On AWS the edge tier rate-limits and filters (WAF); on a private cloud the topology says what the firewall in front of it has to do.",
	Find:     findAccessEvents,
}

// findAccessEvents reports what the log reader found unusual, except errors in
// a campaign hour, which are a finding of their own.
func findAccessEvents(in *Input) (hits []Hit, unjudged []Unjudged) {
	if in.Estate.Access == nil {
		return nil, []Unjudged{{Reason: "no access log was read"}}
	}
	for _, e := range in.Estate.Access.Events {
		severity := migrate.SeverityLow
		switch e.Kind {
		case "outage":
			severity = migrate.SeverityMedium
		case "errors":
			if in.inSurge(e) {
				continue
			}
			severity = migrate.SeverityMedium
		case "surge":
			severity = migrate.SeverityInfo
		}
		hits = append(hits, Hit{Severity: severity, Title: "The access logs show unusual events: " + e.Kind, Evidence: []string{
			fmt.Sprintf("%s to %s: %s%s", e.Start.UTC().Format("2006-01-02 15:04"), e.End.UTC().Format("15:04"), e.Detail,
				in.sourceNames(in.Estate.Access.Sources))}})
	}
	return hits, nil
}
