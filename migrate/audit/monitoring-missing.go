package audit

import (
	"fmt"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var monitoringMissing = Check{
	ID:       "monitoring-missing",
	Category: "operations",
	Severity: migrate.SeverityMedium,
	Title:    "Servers are not monitored",
	Why:      "The first to notice that one of them fails are customers, and after the move nobody can say whether it got slower.",
	Remedy:   "Add them to monitoring two weeks before their wave, so that there is a before to compare with.",
	Answer:   "Logs and measured use are collected on AWS from the first day, and servers of a private cloud have an exporter to read; alarms are not part of it.",
	Find:     findMonitoringMissing,
}

// findMonitoringMissing believes a source that says no. Where no source tells,
// a server counts as unwatched only if monitoring was seen to poll at least
// half of the others.
func findMonitoringMissing(in *Input) (hits []Hit, unjudged []Unjudged) {
	polled := map[string]bool{}
	for i := range in.Estate.Flows {
		if f := &in.Estate.Flows[i]; f.Class == migrate.FlowMonitoring && observed(f) {
			polled[f.From], polled[f.To] = true, true
		}
	}
	watched := 0
	for _, s := range in.live {
		if polled[s.ID] {
			watched++
		}
	}
	seen := watched > 0 && 2*watched >= len(in.live)
	var grave, light, unknown []string
	for _, s := range in.live {
		told := s.Monitoring != nil
		switch {
		case told && *s.Monitoring, !told && polled[s.ID], roleOf(s) == RoleMonitoring:
		case !told && !seen:
			unknown = append(unknown, s.ID)
		case production(s) && (hasRole(s, requestPath) || hasRole(s, dataRoles)):
			grave = append(grave, s.ID)
		default:
			light = append(light, s.ID)
		}
	}
	for _, group := range []struct {
		servers  []string
		severity migrate.Severity
	}{{grave, migrate.SeverityMedium}, {light, migrate.SeverityLow}} {
		if len(group.servers) > 0 {
			slices.Sort(group.servers)
			hits = append(hits, Hit{Subjects: group.servers, Severity: group.severity, Evidence: []string{
				fmt.Sprintf("%d servers are stated not to be monitored, or were not polled while %d of %d were", len(group.servers), watched, len(in.live))}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no source tells of monitoring", Subjects: unknown})
	}
	return hits, unjudged
}
