package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDiskLarge(t *testing.T) {
	try(t, diskLarge,
		scenario{"large", estate(server("nfs01", disk(migrate.Disk{CapacityMiB: 10 << 20}))), want("low nfs01"), 0},
		scenario{"many smaller ones", estate(server("nfs01", disk(migrate.Disk{CapacityMiB: 2 << 20}), disk(migrate.Disk{CapacityMiB: 3 << 20}))), nil, 0},
		scenario{"unknown", estate(server("nfs01")), nil, 1},
	)
	// 10 TiB over 700 Mbit/s: 10·2^40·8 / 7·10^8 s = 125,667 s = 34.9 hours.
	options := DefaultOptions()
	e := estate(server("nfs01", disk(migrate.Disk{Label: "d", CapacityMiB: 10 << 20})))
	hits, _ := diskLarge.Find(newInput(e, options))
	if got, want := hits[0].Evidence[0], "d (10240 GiB): 35 hours at 70 % of 1000 Mbit/s"; got != want {
		t.Errorf("evidence %q, want %q", got, want)
	}
}
