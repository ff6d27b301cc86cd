package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func hosts(e *migrate.Estate, list ...migrate.Host) *migrate.Estate {
	e.Hosts = append(e.Hosts, list...)
	return e
}

func memory(gib int64) edit { return func(s *migrate.Server) { s.MemoryMiB = gib * 1024 } }

func TestClusterNoSpareHost(t *testing.T) {
	three := []migrate.Host{
		{ID: "h1", Name: "h1", Cluster: "PROD", MemoryMiB: 100 * 1024},
		{ID: "h2", Name: "h2", Cluster: "PROD", MemoryMiB: 100 * 1024},
		{ID: "h3", Name: "h3", Cluster: "PROD", MemoryMiB: 200 * 1024},
	}
	big := func(gib int64, edits ...edit) migrate.Server {
		return server("a", append([]edit{inCluster("PROD"), memory(gib)}, edits...)...)
	}
	try(t, clusterNoSpareHost,
		scenario{"too full", hosts(estate(big(201)), three...), want("medium PROD"), 0},
		scenario{"just fits", hosts(estate(big(200)), three...), nil, 0},
		scenario{"what is off needs nothing", hosts(estate(big(500, off)), three...), nil, 0},
		scenario{"memory of a host unknown", hosts(estate(big(500)), migrate.Host{Name: "h1", Cluster: "PROD"}), nil, 1},
		scenario{"no hosts", estate(big(500)), nil, 1},
	)
}
