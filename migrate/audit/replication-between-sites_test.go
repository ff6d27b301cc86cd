package audit

import "testing"

func TestReplicationBetweenSites(t *testing.T) {
	a, b := server("db01", role("database"), site("LON1")), server("db02", role("database"), site("LON2"))
	try(t, replicationBetweenSites,
		scenario{"across", flows(estate(a, b), flow("db02", "db01", 3306)), want("medium db01 db02"), 0},
		scenario{"on one site", flows(estate(a, server("db03", role("database"), site("LON1"))), flow("db03", "db01", 3306)), nil, 0},
		scenario{"a web server across", flows(estate(a, server("web01", role("web"), site("LON2"))), flow("web01", "db01", 3306)), nil, 0},
		scenario{"a copy over SSH", flows(estate(a, b), flow("db02", "db01", 22)), nil, 0},
		scenario{"a site unknown", flows(estate(a, server("db02", role("database"))), flow("db02", "db01", 3306)), nil, 1},
	)
}
