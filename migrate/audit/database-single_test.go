package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDatabaseSingle(t *testing.T) {
	try(t, databaseSingle,
		scenario{"alone", estate(server("oms-db01", role("database"), app("orders"))), want("high oms-db01"), 0},
		scenario{"one that hardly matters", estate(server("wiki-db01", role("database"), func(s *migrate.Server) { s.Criticality = "low" })), want("medium wiki-db01"), 0},
		scenario{"a name that only sounds so", estate(server("wsqlx", role("database"), confidence(0.5))), want("medium wsqlx"), 0},
		scenario{"a pair by application", estate(
			server("mysql-a", role("database"), app("shop")), server("reports", role("database"), app("shop"))), nil, 0},
		scenario{"a pair by name", estate(server("db-primary01", role("database")), server("db-replica01", role("database"))), nil, 0},
		scenario{"a pair by replication", flows(estate(server("mars", role("database")), server("venus", role("database"))),
			flow("venus", "mars", 3306)), nil, 0},
		scenario{"the same name in two applications", estate(
			server("db01", role("database"), app("pim")), server("db02", role("database"), app("erp"))),
			want("high db01", "high db02"), 0},
		scenario{"a test database may be alone", estate(server("test-db01", role("database"), env("test"))), nil, 0},
		scenario{"the second is switched off", estate(
			server("db01", role("database")), server("db02", role("database"), off)), want("high db01"), 0},
		scenario{"traffic on another port is no replication", flows(estate(server("mars", role("database")), server("venus", role("database"))),
			flow("venus", "mars", 22)), want("high mars", "high venus"), 0},
	)
}
