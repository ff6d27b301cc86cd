package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

var on, offSwitch = true, false

func clusters(e *migrate.Estate, list ...migrate.Cluster) *migrate.Estate {
	e.Clusters = append(e.Clusters, list...)
	return e
}

func inCluster(name string) edit { return func(s *migrate.Server) { s.Cluster = name } }

func TestClusterWithoutHA(t *testing.T) {
	web := server("web01", role("web"), inCluster("PROD"))
	try(t, clusterWithoutHA,
		scenario{"off", clusters(estate(web), migrate.Cluster{Name: "PROD", HA: &offSwitch}), want("high PROD"), 0},
		scenario{"on", clusters(estate(web), migrate.Cluster{Name: "PROD", HA: &on}), nil, 0},
		scenario{"unknown", clusters(estate(web), migrate.Cluster{Name: "PROD"}), nil, 1},
		scenario{"off where only test runs", clusters(estate(server("web01", role("web"), env("test"), inCluster("TEST"))),
			migrate.Cluster{Name: "TEST", HA: &offSwitch}), nil, 0},
	)
}
