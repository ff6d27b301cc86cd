package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestLicenceOracle(t *testing.T) {
	physical := func(s *migrate.Server) { s.Kind = migrate.KindPhysical }
	try(t, licenceOracle,
		scenario{"on a cluster", hosts(estate(server("erp-db01", inCluster("PROD"), software("Oracle Database", "19c"))),
			migrate.Host{Name: "h1", Cluster: "PROD", Cores: 48}), want("medium erp-db01"), 0},
		scenario{"on its own machine", estate(server("erp-db01", physical, software("Oracle Database", "19c"))), nil, 0},
		scenario{"other things of Oracle", estate(server("a", software("Oracle Java SE", "8", "Oracle Instant Client", "19"))), nil, 0},
		scenario{"MySQL", estate(server("a", software("mysql-server", "8.4"))), nil, 0},
		scenario{"no software known", estate(server("a")), nil, 1},
	)
}
