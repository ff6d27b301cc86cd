package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestTimeSingle(t *testing.T) {
	clock := func(list ...string) edit {
		return func(s *migrate.Server) { s.TimeServers = list }
	}
	try(t, timeSingle,
		scenario{"one for all", estate(server("a", clock("ntp01")), server("b", clock("ntp01")), server("c", clock("ntp01"))), want("medium ntp01"), 0},
		scenario{"a pool of two", estate(server("a", clock("ntp01", "ntp02")), server("b", clock("ntp01", "ntp02")), server("c", clock("ntp02", "ntp01"))), nil, 0},
		scenario{"unknown", estate(server("a"), server("b")), nil, 1},
	)
}
