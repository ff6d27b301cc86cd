package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestClusterWithoutDRS(t *testing.T) {
	web := server("web01", role("web"), inCluster("PROD"))
	try(t, clusterWithoutDRS,
		scenario{"off", clusters(estate(web), migrate.Cluster{Name: "PROD", DRS: &offSwitch}), want("low PROD"), 0},
		scenario{"on", clusters(estate(web), migrate.Cluster{Name: "PROD", DRS: &on, HA: &offSwitch}), nil, 0},
		scenario{"unknown", clusters(estate(web), migrate.Cluster{Name: "PROD"}), nil, 1},
	)
}
