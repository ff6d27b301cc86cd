package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestEnvironmentsMixed(t *testing.T) {
	e := func(list ...migrate.Flow) *migrate.Estate {
		return flows(estate(
			server("web01", role("web")), server("db01", role("database")), server("erp01", role("erp")),
			server("t-web01", role("web"), env("test")), server("t-solr01", role("search"), env("test")),
			server("deploy01", role("deploy")), server("vpn01", role("vpn")), server("mystery", env(""), role("web"))), list...)
	}
	try(t, environmentsMixed,
		scenario{"test uses the live database", e(flow("t-web01", "db01", 3306)), want("high db01 t-web01"), 0},
		scenario{"two flows of one pair are one finding", e(flow("t-web01", "db01", 3306), flow("t-web01", "db01", 4444)), want("high db01 t-web01"), 0},
		scenario{"the shop uses test's search", e(flow("web01", "t-solr01", 8983)), want("high t-solr01 web01"), 0},
		scenario{"test calls the live site", e(flow("t-web01", "web01", 443)), want("medium t-web01 web01"), 0},
		scenario{"an office server uses test", e(flow("erp01", "t-web01", 443)), want("medium erp01 t-web01"), 0},
		scenario{"a deployment", e(flow("deploy01", "t-web01", 443)), nil, 0},
		scenario{"a person through the VPN", e(flow("vpn01", "t-web01", 443)), nil, 0},
		scenario{"a log-in", e(class(flow("t-web01", "db01", 22), migrate.FlowManagement)), nil, 0},
		scenario{"within production", e(flow("web01", "db01", 3306)), nil, 0},
		scenario{"an environment that nobody names", e(flow("t-web01", "mystery", 443)), nil, 0},
		scenario{"no flows", estate(server("a")), nil, 1},
	)
}
