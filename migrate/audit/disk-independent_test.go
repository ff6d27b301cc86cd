package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func disk(d migrate.Disk) edit {
	return func(s *migrate.Server) { s.Disks = append(s.Disks, d) }
}

func TestDiskIndependent(t *testing.T) {
	try(t, diskIndependent,
		scenario{"independent", estate(server("a", disk(migrate.Disk{Mode: "independent_persistent"}))), want("medium a"), 0},
		scenario{"ordinary", estate(server("a", disk(migrate.Disk{Mode: "persistent"}))), nil, 0},
		scenario{"mode untold", estate(server("a", disk(migrate.Disk{CapacityMiB: 5}))), nil, 0},
		scenario{"disks unknown", estate(server("a")), nil, 1},
	)
}
