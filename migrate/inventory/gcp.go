package inventory

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// migrationCenter reads the tables of Google's Migration Center (once
// StratoZone): vmInfo.csv, and with it diskInfo.csv, perfInfo.csv and
// tagInfo.csv of the same folder, joined by MachineId. Headers may end in
// "(optional)" as in the template. See
// https://cloud.google.com/migration-center/docs/import-data-tables.
type migrationCenter struct{}

func (migrationCenter) Format() string { return "google-migration-center" }

// Takes joins the tables of a folder that holds vmInfo.csv.
func (migrationCenter) Takes(files []string) []string {
	var out []string
	hasVMs := false
	for _, f := range files {
		switch strings.ToLower(f) {
		case "vminfo":
			hasVMs = true
			out = append(out, f)
		case "diskinfo", "perfinfo", "taginfo":
			out = append(out, f)
		}
	}
	if !hasVMs || len(out) < 2 {
		return nil
	}
	return out
}

func (r migrationCenter) Detect(in Input) int {
	if in.Dir {
		if r.Takes(in.Sheets) != nil {
			return 95
		}
		return 0
	}
	if mcTable(headSheet(in, nil)) != "" {
		return 95
	}
	return 0
}

// mcTable tells which of the tables a sheet is, by its columns.
func mcTable(s *table.Sheet) string {
	switch {
	case !has(s, "MachineId"):
		return ""
	case s.Has("MachineName", "MachineName(optional)"):
		return "vmInfo"
	case s.Has("DiskLabel", "SizeInGib"):
		return "diskInfo"
	case s.Has("TimeStamp") && s.Has("CpuUtilizationPercentage", "CpuUtilizationPercentage(optional)"):
		return "perfInfo"
	case has(s, "Key", "Value"):
		return "tagInfo"
	}
	return ""
}

// optional adds the template's spelling to every name.
func optional(names ...string) []string {
	out := append([]string{}, names...)
	for _, n := range names {
		out = append(out, n+"(optional)")
	}
	return out
}

var mcFields = []field{
	text(func(s *migrate.Server) *string { return &s.Name }, optional("MachineName")...),
	addresses(optional("PrimaryIPAddress")...),
	addresses(optional("IpAddressListSemiColonDelimited")...),
	addresses(optional("PublicIPAddress")...),
	macs(optional("PrimaryMACAddress")...),
	size(func(s *migrate.Server) *int64 { return &s.ProvisionedMiB }, gib, optional("TotalDiskAllocatedGiB")...),
	size(func(s *migrate.Server) *int64 { return &s.InUseMiB }, gib, optional("TotalDiskUsedGiB")...),
	count(func(s *migrate.Server) *int { return &s.CPUs }, optional("AllocatedProcessorCoreCount")...),
	size(func(s *migrate.Server) *int64 { return &s.MemoryMiB }, gib, optional("MemoryGiB")...),
	text(func(s *migrate.Server) *string { return &s.Datacenter }, optional("HostingLocation")...),
	{optional("OsType"), func(s *migrate.Server, r table.Row, c table.Col, _ *account) { s.OSFamily = osFamilyOf(r.Text(c)) }},
	osText(optional("OsName")...),
	osVersion(optional("OsVersion")...),
	power(optional("MachineStatus")...),
	truth(func(s *migrate.Server, physical bool) {
		s.Kind = migrate.KindVM
		if physical {
			s.Kind = migrate.KindPhysical
		}
	}, optional("IsPhysical")...),
}

// mcImport joins the tables by machine.
type mcImport struct {
	in      Input
	acc     *account
	alone   bool // a single table: a machine may be unknown to it
	servers []migrate.Server
	at      map[string]int
	uses    *seriesSet
}

const reasonUnknownMachine = "of a machine that vmInfo does not have"

func (r migrationCenter) Read(ctx context.Context, in Input) (Batch, error) {
	x := &mcImport{in: in, acc: newAccount(in, r.Format()), at: map[string]int{}, uses: newSeriesSet(), alone: !in.Dir}
	read := func(s *table.Sheet) error { return x.sheet(ctx, s) }
	if !in.Dir {
		if err := eachSheet(in, x.acc, nil, read); err != nil {
			return Batch{}, err
		}
		return x.batch(), nil
	}
	book, err := table.Open(in.Path, table.DefaultLimits)
	if err != nil {
		return Batch{}, fmt.Errorf("read %s: %w", in.Name, err)
	}
	defer book.Close()
	for _, name := range vmInfoFirst(in.Sheets) {
		s, err := book.Sheet(name, nil)
		if err != nil {
			return Batch{}, fmt.Errorf("read %s: %w", in.Name, err)
		}
		s.CountInto(&x.acc.Tally)
		if err := read(s); err != nil {
			return Batch{}, err
		}
	}
	return x.batch(), nil
}

func vmInfoFirst(names []string) []string {
	var first, rest []string
	for _, n := range names {
		if strings.EqualFold(n, "vmInfo") {
			first = append(first, n)
			continue
		}
		rest = append(rest, n)
	}
	return append(first, rest...)
}

func (x *mcImport) batch() Batch {
	// Rows of perfInfo carry several counters, so no row is taken back.
	b := Batch{Servers: x.servers, Uses: x.uses.series(x.acc, false), AsOf: x.uses.last}
	b.Source = x.acc.done()
	return b
}

func (x *mcImport) sheet(ctx context.Context, s *table.Sheet) error {
	id := s.Col("MachineId")
	switch mcTable(s) {
	case "vmInfo":
		return x.vmInfo(ctx, s, id)
	case "diskInfo":
		return x.diskInfo(ctx, s, id)
	case "perfInfo":
		return x.perfInfo(ctx, s, id)
	case "tagInfo":
		return x.tagInfo(ctx, s, id)
	}
	return missing(x.in, s, "the machine", "MachineId")
}

func (x *mcImport) vmInfo(ctx context.Context, s *table.Sheet, id table.Col) error {
	cols := columnsOf(s, mcFields)
	return eachRow(ctx, x.in, s, x.acc, func(r table.Row) {
		srv := migrate.Server{Kind: migrate.KindUnknown, Power: migrate.PowerUnknown, UUID: uuidOf(r.Text(id))}
		for _, c := range cols {
			if r.Text(c.at) != "" {
				c.set(&srv, r, c.at, x.acc)
			}
		}
		key := r.Text(id)
		if srv.Name == "" {
			srv.Name = key
		}
		nameServer(&srv)
		if srv.Name == "" {
			x.acc.leave(reasonNoName, r.Place(table.Absent, ""))
			return
		}
		keepCustom(&srv, "MachineId", key)
		custom(s, r, &srv)
		if i, known := x.at[key]; known && key != "" {
			addFacts(&x.servers[i], srv)
			x.acc.Warn(r.Place(id, "the machine stands here a second time"))
			x.acc.fact()
			return
		}
		x.at[key] = len(x.servers)
		x.servers = append(x.servers, srv)
		x.acc.server()
	})
}

// machine is the server of a row of another table. A table that is read alone
// declares its machines itself, by their IDs.
func (x *mcImport) machine(r table.Row, id table.Col) (srv *migrate.Server, declared bool) {
	key := r.Text(id)
	if i, ok := x.at[key]; ok {
		return &x.servers[i], false
	}
	if !x.alone || key == "" {
		return nil, false
	}
	if len(x.servers) == 0 {
		x.acc.Warn(migrate.Place{Note: filepath.Base(x.in.Name) + " was read without vmInfo.csv: machines are known by their MachineId alone"})
	}
	x.at[key] = len(x.servers)
	x.servers = append(x.servers, migrate.Server{Name: key, Kind: migrate.KindUnknown, Power: migrate.PowerUnknown, UUID: uuidOf(key), Custom: map[string]string{"MachineId": key}})
	return &x.servers[len(x.servers)-1], true
}

// fact counts a row of another table.
func (x *mcImport) fact(declared bool) {
	if declared {
		x.acc.server()
		return
	}
	x.acc.fact()
}

func (x *mcImport) diskInfo(ctx context.Context, s *table.Sheet, id table.Col) error {
	label, total, used := s.Col(optional("DiskLabel")...), s.Col(optional("SizeInGib")...), s.Col(optional("UsedInGib")...)
	return eachRow(ctx, x.in, s, x.acc, func(r table.Row) {
		srv, declared := x.machine(r, id)
		if srv == nil {
			x.acc.leave(reasonUnknownMachine, r.Place(id, r.Text(id)))
			return
		}
		if v, ok := r.Float(total); ok && v > 0 && v < 1<<30 {
			srv.Disks = append(srv.Disks, migrate.Disk{Label: r.Text(label), CapacityMiB: int64(v*gib + 0.5)})
		}
		if v, ok := r.Float(used); ok && v > 0 && v < 1<<30 {
			srv.ConsumedMiB += int64(v*gib + 0.5)
		}
		x.fact(declared)
	})
}

func (x *mcImport) tagInfo(ctx context.Context, s *table.Sheet, id table.Col) error {
	key, value := s.Col("Key"), s.Col("Value")
	return eachRow(ctx, x.in, s, x.acc, func(r table.Row) {
		srv, declared := x.machine(r, id)
		if srv == nil {
			x.acc.leave(reasonUnknownMachine, r.Place(id, r.Text(id)))
			return
		}
		setTag(srv, r.Text(key), r.Text(value))
		x.fact(declared)
	})
}

// setTag takes a tag for what it says where an estate has a place for it, and
// keeps every tag as it stands.
func setTag(s *migrate.Server, key, value string) {
	if key == "" {
		return
	}
	keepCustom(s, "tag:"+key, value)
	said := func(v string) migrate.Inference {
		return migrate.Inference{Value: v, Confidence: 1, Evidence: []string{"stated: tag " + key + " " + table.Quote(value)}}
	}
	switch strings.ToLower(key) {
	case "owner":
		s.Owner = value
	case "team":
		s.Team = value
	case "env", "environment", "stage":
		s.Environment = said(environmentWord(value))
	case "role":
		s.Role = said(roleWord(value))
	case "app", "application":
		s.Application = said(value)
	}
}

// mcCounters are perfInfo's columns that are samples as they stand.
var mcCounters = []string{"CpuUtilizationPercentage", "MemoryUtilizationPercentage", "DiskReadOperationsPerSec", "DiskWriteOperationsPerSec", "NetworkBytesPerSecSent", "NetworkBytesPerSecReceived"}

func (x *mcImport) perfInfo(ctx context.Context, s *table.Sheet, id table.Col) error {
	at := s.Col("TimeStamp")
	used, free := s.Col(optional("UtilizedMemoryBytes")...), s.Col(optional("AvailableMemoryBytes")...)
	var cells []useCell
	hasMemory := false
	for _, n := range mcCounters {
		if c := s.Col(optional(n)...); c >= 0 {
			k, _ := counterOf(n, "")
			cells = append(cells, useCell{col: c, key: sampleKey{name: n}, counter: k})
			hasMemory = hasMemory || k.metric == MemoryPercent
		}
	}
	return eachRow(ctx, x.in, s, x.acc, func(r table.Row) {
		t, ok := r.Time(at)
		if !ok {
			x.acc.leave(reasonNoTime, r.Place(at, ""))
			return
		}
		srv, declared := x.machine(r, id)
		if srv == nil {
			x.acc.leave(reasonUnknownMachine, r.Place(id, r.Text(id)))
			return
		}
		reason := reasonNoValue
		gave := declared
		for _, c := range cells {
			v, ok := r.Float(c.col)
			if !ok {
				continue
			}
			if why := x.uses.add(sampleKey{server: srv.Name, name: c.key.name}, c.counter, t, v, 0); why != "" {
				reason = why
				continue
			}
			gave = true
		}
		if v, ok := memoryShare(r, used, free, srv.MemoryMiB); ok && !hasMemory {
			gave = x.uses.add(sampleKey{server: srv.Name, name: "memory"}, counter{metric: MemoryPercent, scale: 1}, t, v, 0) == "" || gave
		}
		if !gave {
			x.acc.leave(reason, r.Place(table.Absent, ""))
			return
		}
		x.fact(declared)
	})
}

// memoryShare is the percentage of memory in use, from the bytes in use or
// available. The AWS collector writes 0 for available bytes that it doesn't
// know.
func memoryShare(r table.Row, used, free table.Col, totalMiB int64) (float64, bool) {
	if totalMiB <= 0 {
		return 0, false
	}
	total := float64(totalMiB) * (1 << 20)
	if v, ok := r.Float(used); ok && v > 0 && v <= total*1.1 {
		return 100 * v / total, true
	}
	if v, ok := r.Float(free); ok && v > 0 && v <= total {
		return 100 * (total - v) / total, true
	}
	return 0, false
}
