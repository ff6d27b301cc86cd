package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestLicenceMicrosoft(t *testing.T) {
	three := []migrate.Host{{Name: "h1", Cluster: "P", Cores: 32}, {Name: "h2", Cluster: "P", Cores: 32}, {Name: "h3", Cluster: "P", Cores: 32}}
	windows := func(id string) migrate.Server { return server(id, osFamily("windows"), inCluster("P")) }
	try(t, licenceMicrosoft,
		scenario{"SQL Server on sixteen", estate(server("db", vcpus(16), software("Microsoft SQL Server 2019", "15.0"))), want("low db"), 0},
		scenario{"SQL Server on four", estate(server("db", vcpus(4), software("SQL Server", "15.0"))), nil, 0},
		scenario{"its management studio", estate(server("db", vcpus(16), software("SQL Server Management Studio", "19"))), nil, 0},
		scenario{"two over three hosts", hosts(estate(windows("a"), windows("b")), three...), want("low a b"), 0},
		scenario{"three over three hosts", hosts(estate(windows("a"), windows("b"), windows("c")), three...), nil, 0},
		scenario{"no Windows", hosts(estate(server("a", osFamily("linux"), inCluster("P"))), three...), nil, 0},
	)
}
