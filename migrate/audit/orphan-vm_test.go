package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func owner(name string) edit { return func(s *migrate.Server) { s.Owner = name } }

func custom(key, value string) edit {
	return func(s *migrate.Server) { s.Custom = map[string]string{key: value} }
}

func TestOrphanVM(t *testing.T) {
	try(t, orphanVM,
		scenario{"nobody's", estate(server("x"), server("a", owner("ann"))), want("low x"), 0},
		scenario{"has a role", estate(server("x", role("web")), server("a", owner("ann"))), nil, 0},
		scenario{"has an application", estate(server("x", app("shop")), server("a", owner("ann"))), nil, 0},
		scenario{"owners are hardly recorded", estate(server("x"), server("y"), server("z"), server("a", owner("ann"))), nil, 1},
		scenario{"the hypervisor says so", estate(server("x", owner("ann"), custom("Connection state", "orphaned"))), want("low x"), 0},
		scenario{"connected", estate(server("x", owner("ann"), custom("Connection state", "connected"))), nil, 0},
	)
}
