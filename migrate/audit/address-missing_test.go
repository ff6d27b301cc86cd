package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestAddressMissing(t *testing.T) {
	nic := func(list ...string) edit {
		return func(s *migrate.Server) { s.NICs = append(s.NICs, migrate.NIC{Connected: true, Addresses: list}) }
	}
	try(t, addressMissing,
		scenario{"link-local only", estate(server("a", nic("fe80::5025:2620:3c7c:31cd", "169.254.49.205"))), want("low a"), 0},
		scenario{"and a real one", estate(server("a", nic("fe80::1", "10.0.0.1"))), nil, 0},
		scenario{"a real one on the second card", estate(server("a", nic("fe80::1"), nic("2001:db8::1"))), nil, 0},
		scenario{"switched off", estate(server("a", off, nic("fe80::1"))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
