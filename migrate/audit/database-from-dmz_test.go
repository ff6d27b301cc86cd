package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDatabaseFromDMZ(t *testing.T) {
	e := func(list ...migrate.Flow) *migrate.Estate {
		return flows(estate(server("static01", network("vl110-DMZ-static")), server("web01", network("vl120-app")),
			server("dmz-db01", role("database"), network("DMZ-data")), server("db01", role("database"), network("vl130-data"))), list...)
	}
	rule := flow("static01", "db01", 3306)
	rule.Kind = "allowed"
	try(t, databaseFromDMZ,
		scenario{"seen", e(flow("static01", "db01", 3306)), want("medium db01 static01"), 0},
		scenario{"allowed", e(rule), want("medium db01 static01"), 0},
		scenario{"from the application network", e(flow("web01", "db01", 3306)), nil, 0},
		scenario{"another port", e(flow("static01", "db01", 22)), nil, 0},
		scenario{"a database in the DMZ itself", e(flow("static01", "dmz-db01", 3306)), nil, 0},
		scenario{"a scan", e(class(flow("static01", "db01", 3306), migrate.FlowScan)), nil, 0},
		scenario{"networks unknown", flows(estate(server("a"), server("db01", role("database"))), flow("a", "db01", 3306)), nil, 1},
		scenario{"flows unknown", e(), nil, 1},
	)
}
