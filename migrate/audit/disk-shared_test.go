package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDiskShared(t *testing.T) {
	shared := func(mode string) edit { return disk(migrate.Disk{Label: "Hard disk 2", Sharing: mode}) }
	try(t, diskShared,
		scenario{"multi-writer", estate(server("a", shared("sharingMultiWriter")), server("b", shared("sharingMultiWriter"))), want("medium a", "medium b"), 0},
		scenario{"a shared bus", estate(server("a", shared("physicalSharing"))), want("medium a"), 0},
		scenario{"not shared", estate(server("a", shared("sharingNone")), server("b", shared("No sharing")), server("c", shared("noSharing")), server("d", shared(""))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
