package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func hardware(version int) edit { return func(s *migrate.Server) { s.HardwareVersion = version } }

func TestHardwareVersionUnsupported(t *testing.T) {
	physical := func(s *migrate.Server) { s.Kind = migrate.KindPhysical }
	try(t, hardwareVersionUnsupported,
		scenario{"eight", estate(server("a", hardware(8)), server("b", hardware(4)), server("c", hardware(9))), want("medium a b"), 0},
		scenario{"a physical server has none", estate(server("a", physical)), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
