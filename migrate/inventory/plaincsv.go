package inventory

import (
	"context"
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// plainCSV reads a list of servers that people keep by hand: our template, or
// a list of their own under the usual headers. Lists within a cell are parted
// by semicolons. A column that is not known is kept under its header.
type plainCSV struct{}

func (plainCSV) Format() string { return "servers-csv" }

// templateExample is the name of the template's example, which is no server.
const templateExample = "EXAMPLE-delete-this-row"

// templateRows are the template's columns, each with an example.
var templateRows = [][2]string{
	{"name", templateExample}, {"fqdn", "web01.shop.example"}, {"addresses", "10.0.1.11;10.0.9.11"}, {"macs", "00:50:56:00:01:11"},
	{"uuid", "4203b1a2-0000-4000-8000-0000000000a1"}, {"serial", ""}, {"kind", "vm"}, {"power", "on"}, {"os", "Debian GNU/Linux 11"},
	{"cpus", "8"}, {"memory_mib", "16384"}, {"provisioned_gib", "120"}, {"consumed_gib", "64.5"},
	{"datacenter", "dc1"}, {"cluster", "prod-a"}, {"host", "esx01.shop.example"}, {"role", "web"}, {"environment", "production"}, {"application", "storefront"},
	{"owner", "Jane Doe"}, {"team", "web platform"}, {"criticality", "high"}, {"disposition", "replatform"}, {"wave", "2"},
	{"backup_policy", "daily"}, {"last_backup", "2026-07-20 02:15"}, {"rpo_hours", "24"}, {"monitoring", "yes"},
	{"tcp_ports", "80;443"}, {"udp_ports", ""}, {"software", "Apache 2.4.54;PHP 8.1"}, {"time_servers", "10.0.0.1"}, {"dns_servers", "10.0.0.2;10.0.0.3"},
}

// Template is the CSV that `storefront inventory --template` writes: every
// column that is known, with one example row that the reader passes over.
func Template() []byte {
	var head, example []string
	for _, r := range templateRows {
		head, example = append(head, r[0]), append(example, r[1])
	}
	return []byte(strings.Join(head, ",") + "\n" + strings.Join(example, ",") + "\n")
}

var nameNames = []string{"name", "server_name", "server", "hostname", "host_name", "host", "vm", "vm_name", "machine", "machine_name", "computer_name", "device_name", "ci_name", "inventory_hostname"}

// plainFields are the columns with the names that people give them.
var plainFields = []field{
	text(func(s *migrate.Server) *string { return &s.Name }, nameNames...),
	text(func(s *migrate.Server) *string { return &s.FQDN }, "fqdn", "dns_name", "server_fqdn", "full_name", "domain_name"),
	addresses("addresses", "address", "ip", "ips", "ip_address", "ip_addresses", "ipv4", "primary_ip", "private_ip", "primary_ip_address"),
	macs("macs", "mac", "mac_address", "mac_addresses"),
	{[]string{"uuid", "vm_uuid", "smbios_uuid", "bios_uuid", "instance_uuid"}, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		if s.UUID = uuidOf(r.Text(c)); s.UUID == "" {
			acc.Warn(r.Place(c, "is not a UUID: "+table.Quote(r.Text(c))))
		}
	}},
	text(func(s *migrate.Server) *string { return &s.Serial }, "serial", "serial_number", "service_tag"),
	kind("kind", "type", "server_type", "machine_type", "virtual_or_physical"),
	power("power", "power_state", "powerstate", "state", "status"),
	osText("os", "operating_system", "os_name", "guest_os", "server_os", "platform"),
	osVersion("os_version", "server_os_version"),
	count(func(s *migrate.Server) *int { return &s.CPUs }, "cpus", "vcpus", "vcpu", "cpu", "num_cpus", "cpu_count", "cores", "num_cpu", "number_of_cores"),
	size(func(s *migrate.Server) *int64 { return &s.MemoryMiB }, mib, "memory_mib", "mem_size_mib", "ram_mib", "memory_mb", "ram_mb", "mem_mb", "memory (mb)", "memory (mib)"),
	size(func(s *migrate.Server) *int64 { return &s.MemoryMiB }, gib, "memory_gib", "memory_gb", "ram_gib", "ram_gb", "mem_gb", "memory (gb)", "memory (gib)"),
	{[]string{"memory", "ram", "mem"}, memoryWithoutUnit},
	size(func(s *migrate.Server) *int64 { return &s.ProvisionedMiB }, mib, "provisioned_mib", "lvm_size_mib", "disk_mib", "storage_mib", "disk_mb", "storage_mb"),
	size(func(s *migrate.Server) *int64 { return &s.ProvisionedMiB }, gib, "provisioned_gib", "disk_gib", "disk_gb", "storage_gib", "storage_gb", "provisioned_gb", "disk (gb)", "storage (gb)"),
	size(func(s *migrate.Server) *int64 { return &s.ConsumedMiB }, gib, "consumed_gib", "used_gib", "used_gb", "consumed_gb", "disk_used_gb"),
	text(func(s *migrate.Server) *string { return &s.Datacenter }, "datacenter", "data_center", "dc", "site", "location"),
	text(func(s *migrate.Server) *string { return &s.Cluster }, "cluster"),
	{[]string{"host", "vmhost", "vm_host", "esx_host", "hypervisor", "hypervisor_host", "parent_host"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		if s.Host = r.Text(c); s.Host != "" && s.Kind == migrate.KindUnknown {
			s.Kind = migrate.KindVM
		}
	}},
	statedAs(func(s *migrate.Server) *migrate.Inference { return &s.Role }, roleWord, "role", "tier", "function", "server_role", "server_tier"),
	statedAs(func(s *migrate.Server) *migrate.Inference { return &s.Environment }, environmentWord, "environment", "env", "stage", "server_environment"),
	statedAs(func(s *migrate.Server) *migrate.Inference { return &s.Application }, strings.TrimSpace, "application", "app", "app_name", "application_name", "service"),
	text(func(s *migrate.Server) *string { return &s.Owner }, "owner", "contact", "responsible", "app_owner"),
	text(func(s *migrate.Server) *string { return &s.Team }, "team", "owner_group", "support_group"),
	{[]string{"criticality", "business_criticality", "priority"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		s.Criticality = criticalityWord(r.Text(c))
	}},
	disposition("disposition", "strategy", "r_type", "migration_strategy", "treatment"),
	text(func(s *migrate.Server) *string { return &s.Wave }, "wave", "wave_name", "migration_wave"),
	{[]string{"backup_policy", "backup"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) { backupOf(s).Policy = r.Text(c) }},
	{[]string{"last_backup", "backup_date", "last_backup_date"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		if t, ok := r.Time(c); ok {
			backupOf(s).Last = &t
		}
	}},
	{[]string{"rpo_hours", "rpo (hours)", "rpo"}, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		v, ok := r.Float(c)
		if ok && v < 0 {
			acc.Warn(r.Place(c, "is negative: "+table.Quote(r.Text(c))))
		} else if ok {
			backupOf(s).RPOHours = v
		}
	}},
	truth(func(s *migrate.Server, v bool) { s.Monitoring = &v }, "monitoring", "monitored"),
	listens("tcp", "tcp_ports", "ports", "listening_ports", "open_ports"),
	listens("udp", "udp_ports"),
	{[]string{"software", "installed_software", "packages"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		for _, p := range r.List(c) {
			s.Software = append(s.Software, softwareOf(p))
		}
	}},
	{[]string{"time_servers", "ntp", "ntp_servers"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) { s.TimeServers = r.List(c) }},
	{[]string{"dns_servers", "dns", "nameservers"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) { s.DNSServers = r.List(c) }},
}

// backupOf is a server's backup, made where it has none yet.
func backupOf(s *migrate.Server) *migrate.Backup {
	if s.Backup == nil {
		s.Backup = &migrate.Backup{}
	}
	return s.Backup
}

// softwareOf parts "Apache 2.4.54" into name and version.
func softwareOf(s string) migrate.Software {
	if i := strings.LastIndexByte(s, ' '); i > 0 && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
		return migrate.Software{Name: strings.TrimSpace(s[:i]), Version: s[i+1:]}
	}
	return migrate.Software{Name: s}
}

// memoryWithoutUnit reads a column that is headed only "memory": no server has
// 1,024 GiB by accident and none has under 1,024 MiB any more, so the size
// tells the unit. It says so each time.
func memoryWithoutUnit(s *migrate.Server, r table.Row, c table.Col, acc *account) {
	v, ok := sizeOf(r, c, gib, acc)
	switch {
	case !ok || v == 0:
	case v < 1024*gib:
		s.MemoryMiB = v
		acc.Warn(r.Place(c, "has no unit: taken as GiB"))
	default:
		s.MemoryMiB = v / gib
		acc.Warn(r.Place(c, "has no unit: taken as MiB"))
	}
}

// plainHeader says whether a row is the header of a list of servers: a name
// and two more columns that are known.
func plainHeader(cells []string) bool { return plainKnown(cells) >= 3 }

func plainKnown(cells []string) int {
	have := map[string]bool{}
	for _, c := range cells {
		have[table.Normal(c)] = true
	}
	known, named := 0, false
	for i, f := range plainFields {
		for _, n := range f.names {
			if have[table.Normal(n)] {
				known++
				named = named || i < 2
				break
			}
		}
	}
	if !named {
		return 0
	}
	return known
}

func (plainCSV) Detect(in Input) int {
	if len(in.Sheets) > 0 {
		if known := plainSheets(in); len(known) == 1 {
			return min(40+known[0], 60)
		}
		return 0
	}
	s := headSheet(in, plainHeader)
	if !isPlain(s) {
		return 0
	}
	return min(40+plainKnown(s.Header), 60)
}

// isPlain tells a list of servers from one of flows, whose sources are servers
// too.
func isPlain(s *table.Sheet) bool {
	return s != nil && plainHeader(s.Header) && !s.Has(toNames...)
}

// plainSheets are the sheets of a workbook that are lists of servers: for each
// the number of columns that are known. Sheets are named as people like. A tab of
// RVTools is none: its memory is in MiB though it does not say so.
func plainSheets(in Input) []int {
	const mostSheets = 8 // more are the export of a tool
	if len(in.Sheets) > mostSheets {
		return nil
	}
	book, err := table.Open(in.Path, table.DefaultLimits)
	if err != nil {
		return nil
	}
	defer book.Close()
	var known []int
	for _, name := range in.Sheets {
		if s, err := book.Sheet(name, plainHeader); err == nil && isPlain(s) && !rvHeader(s.Header) {
			known = append(known, plainKnown(s.Header))
		}
	}
	return known
}

// Read reads a delimited file, or the sheets of a workbook that are lists.
func (r plainCSV) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	var servers []migrate.Server
	found := false
	err := eachSheet(in, acc, plainHeader, func(s *table.Sheet) error {
		if s.Header == nil {
			if len(in.Sheets) > 0 {
				acc.Warn(migrate.Place{Sheet: s.Name, Note: "is no list of servers, so nothing of it is read"})
			}
			return nil
		}
		found = true
		got, err := readServers(ctx, in, s, acc, plainFields)
		servers = append(servers, got...)
		return err
	})
	if err != nil {
		return Batch{}, err
	}
	if !found {
		return Batch{}, fmt.Errorf("read %s: no header with a server's name (%s) and two more known columns in its first rows; `storefront inventory --template` writes one",
			in.Name, strings.Join(nameNames[:6], ", "))
	}
	kept := servers[:0]
	for _, srv := range servers {
		if srv.Name == templateExample {
			acc.src.Servers--
			acc.LeaveOut("the template's example", migrate.Place{Note: srv.Name})
			continue
		}
		kept = append(kept, srv)
	}
	return Batch{Servers: kept, Source: acc.done()}, nil
}
