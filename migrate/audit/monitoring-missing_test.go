package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestMonitoringMissing(t *testing.T) {
	yes, no := true, false
	told := func(v *bool) edit { return func(s *migrate.Server) { s.Monitoring = v } }
	poll := func(to string) migrate.Flow { return class(flow("mon01", to, 10050), migrate.FlowMonitoring) }
	try(t, monitoringMissing,
		scenario{"stated", estate(server("db01", role("database"), told(&no)), server("x", told(&no)), server("y", told(&yes))), want("low x", "medium db01"), 0},
		scenario{"not polled as the others", flows(estate(server("mon01", role("monitoring")), server("a"), server("b"), server("c")), poll("a"), poll("b")), want("low c"), 0},
		scenario{"a statement wins over silence", flows(estate(server("mon01", role("monitoring")), server("a"), server("b"), server("c", told(&yes))), poll("a"), poll("b")), nil, 0},
		scenario{"few are polled", flows(estate(server("mon01"), server("a"), server("b"), server("c"), server("d")), poll("a")), nil, 1},
		scenario{"nobody tells", estate(server("a")), nil, 1},
	)
}
