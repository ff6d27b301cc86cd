package inventory

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// Each of these prepares a tab's columns and returns what a row adds to its
// server, or why it adds nothing.

func (x *rvImport) vCPU(s *table.Sheet) error {
	return x.facts(s, func(s *table.Sheet) func(*migrate.Server, table.Row) string {
		cpus, sockets := s.Col("CPUs"), s.Col("Sockets")
		limit, reservation := s.Col("Limit"), s.Col("Reservation")
		return func(srv *migrate.Server, r table.Row) string {
			if n, ok := r.Count(cpus); ok && srv.CPUs == 0 {
				srv.CPUs = int(n)
			}
			keepCustom(srv, "Sockets", r.Text(sockets))
			keepPositive(srv, "CPU limit MHz", r, limit)
			keepPositive(srv, "CPU reservation MHz", r, reservation)
			return ""
		}
	})
}

func (x *rvImport) vMemory(s *table.Sheet) error {
	return x.facts(s, func(s *table.Sheet) func(*migrate.Server, table.Row) string {
		size := s.Col("Size MiB", "Size MB")
		kept := map[string]table.Col{
			"Memory limit MiB": s.Col("Limit"), "Memory reservation MiB": s.Col("Reservation"),
			"Memory swapped MiB": s.Col("Swapped"), "Memory ballooned MiB": s.Col("Ballooned"),
		}
		return func(srv *migrate.Server, r table.Row) string {
			if n, ok := r.Count(size); ok && srv.MemoryMiB == 0 {
				srv.MemoryMiB = n
			}
			for name, col := range kept {
				keepPositive(srv, name, r, col)
			}
			return ""
		}
	})
}

// keepPositive keeps a limit or reservation where one is set: -1 and 0 mean
// none.
func keepPositive(srv *migrate.Server, name string, r table.Row, c table.Col) {
	if n, ok := r.Count(c); ok && n > 0 {
		keepCustom(srv, name, r.Text(c))
	}
}

func (x *rvImport) vDisk(s *table.Sheet) error {
	return x.facts(s, func(s *table.Sheet) func(*migrate.Server, table.Row) string {
		label, size, raw := s.Col("Disk"), s.Col("Capacity MiB", "Capacity MB"), s.Col("Raw")
		mode, thin, sharing := s.Col("Disk Mode"), s.Col("Thin"), s.Col("Sharing mode")
		bus, controller, path := s.Col("Shared Bus"), s.Col("Controller"), s.Col("Path", "Disk Path")
		return func(srv *migrate.Server, r table.Row) string {
			d := migrate.Disk{Label: r.Text(label), Mode: r.Text(mode), Controller: r.Text(controller), Path: r.Text(path)}
			d.CapacityMiB, _ = r.Count(size)
			d.Raw, _ = r.Bool(raw)
			d.Thin, _ = r.Bool(thin)
			d.Sharing = r.Text(sharing)
			if b := strings.ToLower(r.Text(bus)); b == "physicalsharing" || b == "virtualsharing" {
				d.Sharing = r.Text(bus)
			}
			srv.Disks = append(srv.Disks, d)
			return ""
		}
	})
}

func (x *rvImport) vPartition(s *table.Sheet) error {
	return x.facts(s, func(s *table.Sheet) func(*migrate.Server, table.Row) string {
		path, size := s.Col("Disk"), s.Col("Capacity MiB", "Capacity MB")
		consumed, free := s.Col("Consumed MiB", "Consumed MB"), s.Col("Free MiB", "Free MB")
		return func(srv *migrate.Server, r table.Row) string {
			p := migrate.Partition{Path: r.Text(path)}
			var hasFree bool
			p.CapacityMiB, _ = r.Count(size)
			p.FreeMiB, hasFree = r.Count(free)
			used, ok := r.Count(consumed)
			if !ok && hasFree && p.CapacityMiB >= p.FreeMiB { // versions before 3.7 leave it to the reader
				used = p.CapacityMiB - p.FreeMiB
			}
			p.ConsumedMiB = used
			srv.Partitions = append(srv.Partitions, p)
			return ""
		}
	})
}

func (x *rvImport) vNetwork(s *table.Sheet) error {
	return x.facts(s, func(s *table.Sheet) func(*migrate.Server, table.Row) string {
		adapter, network, connected := s.Col("Adapter"), s.Col("Network"), s.Col("Connected")
		mac, v4, v6 := s.Col("Mac Address"), s.Col("IPv4 Address", "IP Address"), s.Col("IPv6 Address")
		return func(srv *migrate.Server, r table.Row) string {
			n := migrate.NIC{MAC: r.Text(mac), Network: r.Text(network), Adapter: r.Text(adapter)}
			n.Connected, _ = r.Bool(connected)
			n.Addresses = append(r.List(v4), r.List(v6)...)
			srv.NICs = append(srv.NICs, n)
			return ""
		}
	})
}

func (x *rvImport) vSnapshot(s *table.Sheet) error {
	return x.facts(s, func(s *table.Sheet) func(*migrate.Server, table.Row) string {
		name, created := s.Col("Name"), s.Col("Date / time", "Date/time", "Created")
		size := s.Col("Size MiB (total)", "Size MB (total)", "Size MiB", "Size MB")
		return func(srv *migrate.Server, r table.Row) string {
			snap := migrate.Snapshot{Name: r.Text(name)}
			if t, ok := r.Time(created); ok {
				snap.Created = &t
			}
			snap.SizeMiB, _ = r.Count(size)
			srv.Snapshots = append(srv.Snapshots, snap)
			return ""
		}
	})
}

// toolsStates are RVTools' words, which are the API's, in the estate's.
var toolsStates = map[string]string{
	"toolsok": "running", "ok": "running", "toolsold": "old", "toolsnotrunning": "notRunning", "notrunning": "notRunning",
	"toolsnotinstalled": "notInstalled", "notinstalled": "notInstalled", "guesttoolsrunning": "running", "guesttoolsnotrunning": "notRunning",
}

func (x *rvImport) vTools(s *table.Sheet) error {
	return x.facts(s, func(s *table.Sheet) func(*migrate.Server, table.Row) string {
		tools, version, sync, hardware := s.Col("Tools"), s.Col("Tools Version"), s.Col("Sync time"), s.Col("VM Version")
		return func(srv *migrate.Server, r table.Row) string {
			state := toolsStates[strings.ToLower(r.Text(tools))]
			if state == "" && r.Text(tools) != "" {
				state = r.Text(tools)
			}
			srv.ToolsStatus = state
			keepCustom(srv, "Tools Version", r.Text(version))
			keepCustom(srv, "Sync time", r.Text(sync))
			if srv.HardwareVersion == 0 {
				srv.HardwareVersion = hardwareVersion(r.Text(hardware))
			}
			return ""
		}
	})
}
