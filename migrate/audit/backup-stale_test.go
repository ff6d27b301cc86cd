package audit

import "testing"

func TestBackupStale(t *testing.T) {
	try(t, backupStale,
		scenario{"a database nine days old", estate(server("db01", role("database"), backup("daily", 216, 24))), want("high db01"), 0},
		scenario{"a web server", estate(server("web01", role("web"), backup("daily", 25, 24))), want("medium web01"), 0},
		scenario{"exactly at the RPO", estate(server("db01", role("database"), backup("daily", 24, 24))), nil, 0},
		scenario{"a weekly RPO", estate(server("db01", role("database"), backup("weekly", 100, 168))), nil, 0},
		scenario{"a strict RPO", estate(server("db01", role("database"), backup("hourly", 5, 1))), want("high db01"), 0},
		scenario{"no RPO is one day", estate(server("db01", role("database"), backup("daily", 30, 0))), want("high db01"), 0},
		scenario{"none at all is another finding", estate(server("db01", role("database"), backup("none", 0, 24))), nil, 0},
		scenario{"undated", estate(server("db01", role("database"), backup("daily", 0, 24))), nil, 1},
	)
}
