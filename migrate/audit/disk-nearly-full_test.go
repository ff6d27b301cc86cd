package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

// partition is a file system of gib GiB, used to a share in percent.
func partition(path string, gib, percent int64) edit {
	return func(s *migrate.Server) {
		used := gib * 1024 * percent / 100
		s.Partitions = append(s.Partitions, migrate.Partition{Path: path, CapacityMiB: gib * 1024, ConsumedMiB: used, FreeMiB: gib*1024 - used})
	}
}

func TestDiskNearlyFull(t *testing.T) {
	onlyFree := func(s *migrate.Server) {
		s.Partitions = []migrate.Partition{{Path: "/", CapacityMiB: 10240, FreeMiB: 5000}}
	}
	try(t, diskNearlyFull,
		scenario{"a database", estate(server("db01", role("database"), partition("/var/lib/mysql", 200, 95))), want("high db01"), 0},
		scenario{"a web server", estate(server("web01", role("web"), partition("/", 40, 90))), want("medium web01"), 0},
		scenario{"a test database", estate(server("db01", role("database"), env("test"), partition("/", 40, 99))), want("low db01"), 0},
		scenario{"just under", estate(server("db01", role("database"), partition("/", 100, 89))), nil, 0},
		scenario{"plenty left in a large one", estate(server("nfs01", role("media"), partition("/export", 10240, 91))), nil, 0},
		scenario{"boot partitions are full by nature", estate(server("web01", partition("/boot", 2, 95), partition("/boot/efi", 2, 95))), nil, 0},
		scenario{"a mounted image", estate(server("web01", partition("/media/cdrom", 4, 100))), nil, 0},
		scenario{"only the free space is told", estate(server("web01", onlyFree)), nil, 0},
		scenario{"unknown", estate(server("web01")), nil, 1},
	)
}
