package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func vcpus(n int) edit { return func(s *migrate.Server) { s.CPUs = n } }

func TestCPUOvercommit(t *testing.T) {
	host := migrate.Host{ID: "h1", Name: "h1", Cluster: "PROD", Cores: 10}
	try(t, cpuOvercommit,
		scenario{"over", hosts(estate(server("a", inCluster("PROD"), vcpus(41))), host), want("medium PROD"), 0},
		scenario{"at the limit", hosts(estate(server("a", inCluster("PROD"), vcpus(40))), host), nil, 0},
		scenario{"most are off", hosts(estate(server("a", inCluster("PROD"), vcpus(40)), server("b", inCluster("PROD"), vcpus(40), off)), host), nil, 0},
		scenario{"no host known", estate(server("a", inCluster("PROD"), vcpus(400))), nil, 1},
	)
}
