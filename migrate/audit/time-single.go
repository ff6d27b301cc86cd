package audit

import "github.com/storefront-toolkit/storefront/migrate"

var timeSingle = Check{
	ID:       "time-single",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "All servers take their time from one clock",
	Why:      "When it stops, or is wrong, clocks drift apart: log-ins and certificates fail first, and orders of a campaign carry the wrong minute.",
	Remedy:   "Give every server four sources of time (RFC 8633), of which two are your own.",
	Answer:   "Servers take time from Amazon Time Sync, or from the time servers in a private cloud's settings: name two or more there.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.oneServerForAll("time server", "timeServers", migrate.FlowTime, migrate.SeverityMedium,
			func(s *migrate.Server) []string { return s.TimeServers })
	},
}
