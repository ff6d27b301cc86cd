package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func datastore(name string, capacity, free, provisioned int64, hosts ...string) *migrate.Estate {
	e := estate()
	e.Datastores = []migrate.Datastore{{Name: name, CapacityMiB: capacity << 10, FreeMiB: free << 10, ProvisionedMiB: provisioned << 10, Hosts: hosts}}
	return e
}

func TestDatastoreFull(t *testing.T) {
	try(t, datastoreFull,
		scenario{"full", datastore("ds1", 1000, 50, 950), want("medium ds1"), 0},
		scenario{"room left", datastore("ds1", 1000, 101, 950), nil, 0},
		scenario{"free space not told", datastore("ds1", 1000, 0, 0), nil, 1},
		scenario{"really nothing free", datastore("ds1", 1000, 0, 1000), want("medium ds1"), 0},
		scenario{"unknown", estate(), nil, 1},
	)
}
