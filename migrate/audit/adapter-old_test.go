package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func adapter(name string) edit {
	return func(s *migrate.Server) { s.NICs = append(s.NICs, migrate.NIC{Adapter: name, Connected: true}) }
}

func TestAdapterOld(t *testing.T) {
	try(t, adapterOld,
		scenario{"emulated", estate(server("a", adapter("E1000")), server("b", adapter("VirtualE1000e")), server("c", adapter("Flexible"))), want("low a b c"), 0},
		scenario{"second card", estate(server("a", adapter("Vmxnet3"), adapter("e1000"))), want("low a"), 0},
		scenario{"paravirtual", estate(server("a", adapter("Vmxnet3"))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
