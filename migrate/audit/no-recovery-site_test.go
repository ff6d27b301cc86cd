package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func site(name string) edit { return func(s *migrate.Server) { s.Datacenter = name } }

func TestNoRecoverySite(t *testing.T) {
	try(t, noRecoverySite,
		scenario{"one site", estate(server("a", site("LON1")), server("b", site("LON1"))), want("medium LON1"), 0},
		scenario{"two sites", estate(server("a", site("LON1")), server("b", site("LON2"))), nil, 0},
		scenario{"a recovery site", estate(server("a", site("LON1")), server("b", site("LON2"), env("recovery"))), nil, 0},
		scenario{"test elsewhere does not help", estate(server("a", site("LON1")), server("b", site("LON2"), env("test"))), want("medium LON1"), 0},
		scenario{"unknown for one", estate(server("a", site("LON1")), server("b")), nil, 1},
		scenario{"an empty estate", estate(), nil, 0},
	)
}
