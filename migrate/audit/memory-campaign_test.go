package audit

import "testing"

func TestMemoryCampaign(t *testing.T) {
	// A measure's p99 is 0.9 of its highest sample.
	try(t, memoryCampaign,
		scenario{"full", estate(server("web01", role("web"), measured(10, 104))), want("high web01"), 0},
		scenario{"one high sample", estate(server("web01", role("web"), measured(10, 100))), nil, 0},
		scenario{"a database fills what it has", estate(server("db01", role("database"), measured(10, 110))), nil, 0},
		scenario{"not measured", estate(server("web01", role("web"))), nil, 1},
	)
}
