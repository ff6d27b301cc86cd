package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestHypervisorEndOfLife(t *testing.T) {
	esx := func(name, version string) migrate.Host { return migrate.Host{ID: name, Name: name, Version: version} }
	try(t, hypervisorEndOfLife,
		scenario{"6.7 and 7.0", hosts(estate(), esx("h1", "VMware ESXi 6.7.0 build-17700523"), esx("h2", "VMware ESXi 7.0.3 build-20036589")), want("medium h1", "medium h2"), 0},
		scenario{"8.0", hosts(estate(), esx("h1", "VMware ESXi 8.0.3 build-24022510")), nil, 0},
		scenario{"unknown", hosts(estate(), esx("h1", "")), nil, 1},
	)
}
