package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func network(name string) edit {
	return func(s *migrate.Server) { s.NICs = append(s.NICs, migrate.NIC{Network: name, Connected: true}) }
}

func TestEnvironmentsShareNetwork(t *testing.T) {
	try(t, environmentsShareNetwork,
		scenario{"shared", estate(server("web01", network("app")), server("t1", env("test"), network("app"))), want("low t1"), 0},
		scenario{"apart", estate(server("web01", network("app")), server("t1", env("test"), network("test"))), nil, 0},
		scenario{"an unnamed environment", estate(server("x", env(""), network("app")), server("t1", env("test"), network("app"))), nil, 0},
		scenario{"networks unknown", estate(server("web01"), server("t1", env("test"))), nil, 1},
	)
}
