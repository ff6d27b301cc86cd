package audit

import "testing"

func TestMediaOnDatabaseDisk(t *testing.T) {
	try(t, mediaOnDatabaseDisk,
		scenario{"beside the database", estate(server("db02", role("database"), partition("/srv/media", 500, 60))), want("medium db02"), 0},
		scenario{"only the database", estate(server("db02", role("database"), partition("/var/lib/mysql", 500, 60))), nil, 0},
		scenario{"a web server is another finding", estate(server("web01", role("web"), partition("/srv/media", 500, 60))), nil, 0},
		scenario{"unknown", estate(server("db02", role("database"))), nil, 1},
	)
}
