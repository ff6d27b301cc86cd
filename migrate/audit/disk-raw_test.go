package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDiskRaw(t *testing.T) {
	try(t, diskRaw,
		scenario{"raw", estate(server("a", disk(migrate.Disk{}), disk(migrate.Disk{Raw: true}))), want("medium a"), 0},
		scenario{"virtual", estate(server("a", disk(migrate.Disk{Thin: true}))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
