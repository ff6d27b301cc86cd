package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestPoweredOff(t *testing.T) {
	unknown := func(s *migrate.Server) { s.Power = migrate.PowerUnknown }
	try(t, poweredOff,
		scenario{"two", estate(server("a", off), server("b", off), server("c")), want("low a b"), 0},
		scenario{"a template is never on", estate(server("tpl", off, template)), nil, 0},
		scenario{"unknown is not off", estate(server("a", unknown)), nil, 0},
	)
}
