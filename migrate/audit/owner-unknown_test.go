package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestOwnerUnknown(t *testing.T) {
	team := func(s *migrate.Server) { s.Team = "web" }
	try(t, ownerUnknown,
		scenario{"one without", estate(server("a", owner("ann")), server("b", team), server("c")), want("low c"), 0},
		scenario{"all owned", estate(server("a", owner("ann")), server("b", team)), nil, 0},
		scenario{"hardly recorded", estate(server("a", owner("ann")), server("b"), server("c")), nil, 1},
	)
}
