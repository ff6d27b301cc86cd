package audit

import (
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func snapshot(name string, hoursAgo int) edit {
	return func(s *migrate.Server) {
		made := now.Add(-time.Duration(hoursAgo) * time.Hour)
		s.Snapshots = append(s.Snapshots, migrate.Snapshot{Name: name, Created: &made, SizeMiB: 2048})
	}
}

func TestSnapshotOld(t *testing.T) {
	undated := func(s *migrate.Server) { s.Snapshots = []migrate.Snapshot{{Name: "x"}} }
	try(t, snapshotOld,
		scenario{"forty days", estate(server("a", snapshot("before upgrade", 960))), want("medium a"), 0},
		scenario{"two on one server", estate(server("a", snapshot("x", 100), snapshot("y", 960))), want("medium a"), 0},
		scenario{"last night's", estate(server("a", snapshot("backup", 8))), nil, 0},
		scenario{"exactly 72 hours", estate(server("a", snapshot("x", 72))), nil, 0},
		scenario{"on a server that is off", estate(server("a", off, snapshot("x", 960))), want("medium a"), 0},
		scenario{"undated", estate(server("a", undated)), nil, 1},
		scenario{"none", estate(server("a")), nil, 0},
	)
}
