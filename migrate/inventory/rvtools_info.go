package inventory

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// infoColumns are the columns of vInfo that the estate has a place for.
type infoColumns struct {
	vmColumns
	placeholder, dns, cpus, memory, provisioned, inUse table.Col
	osConfig, osTools, osDetail, firmware, hardware    table.Col
	folder, address                                    table.Col
	keep                                               []table.Col // kept as they are, in Custom
	keepTime                                           []table.Col
	unknown                                            []table.Col
}

// vInfo has no place in the estate for these, but a person or a check may want
// them.
var (
	infoKeep     = []string{"Annotation", "Connection state", "Guest state", "Consolidation Needed", "FT State", "Cluster rule(s)", "Cluster rule name(s)", "Resource pool", "vApp", "CBT", "Path", "VM ID", "VM UUID", "VI SDK Server"}
	infoKeepTime = []string{"PowerOn", "Creation date", "Suspend time"}
)

func (x *rvImport) infoColumns(s *table.Sheet) infoColumns {
	c := infoColumns{
		vmColumns:   vmColumnsOf(s),
		placeholder: s.Col("SRM Placeholder"), dns: s.Col("DNS Name"),
		cpus: s.Col("CPUs", "# CPUs", "Num CPUs"), memory: s.Col("Memory", "Memory MB", "Memory MiB", "Memory Size"),
		provisioned: s.Col("Provisioned MiB", "Provisioned MB"), inUse: s.Col("In Use MiB", "In Use MB"),
		osConfig: s.Col("OS according to the configuration file", "OS"), osTools: s.Col("OS according to the VMware Tools"),
		osDetail: s.Col("Guest Detailed Data"), firmware: s.Col("Firmware"), hardware: s.Col("HW version"),
		folder: s.Col("Folder"), address: s.Col("Primary IP Address"),
	}
	switch {
	case s.Has("Provisioned MiB", "In Use MiB"):
		x.minor = "MiB"
	case s.Has("Provisioned MB", "In Use MB"):
		x.minor = "MB"
	}
	for _, h := range infoKeep {
		if col := s.Col(h); col != table.Absent {
			c.keep = append(c.keep, col)
		}
	}
	for _, h := range infoKeepTime {
		if col := s.Col(h); col != table.Absent {
			c.keepTime = append(c.keepTime, col)
		}
	}
	// vInfo names no server in the only way that findNames could find. Its
	// first column is the name in every version.
	if c.vm == table.Absent && c.power == 1 {
		c.vm = 0
		s.Know(0)
		x.acc.Warn(migrate.Place{Sheet: s.Name, Row: s.HeaderRow, Column: s.Heading(0),
			Note: "the column of server names is headed " + table.Quote(s.Heading(0)) + " instead of \"VM\"; taken for it because it stands before Powerstate"})
	}
	c.unknown = unknownColumns(s)
	return c
}

func (x *rvImport) vInfo(s *table.Sheet) error {
	c := x.infoColumns(s)
	x.index = newVMIndex()
	x.b.Servers = []migrate.Server{}
	if c.vm == table.Absent {
		x.acc.Warn(migrate.Place{Sheet: s.Name, Row: s.HeaderRow, Note: "no column names the servers: name it \"VM\""})
	}
	return x.each(s, func(r table.Row) {
		name := r.Text(c.vm)
		switch {
		case name == "":
			x.acc.leave(reasonNoVM, r.Place(table.Absent, ""))
		case c.isTotal(r):
			x.acc.leave(reasonTotal, r.Place(c.vm, name))
		case !x.index.add(c.keys(r)):
			x.acc.leave(reasonTwice, r.Place(c.vm, name))
		default:
			x.acc.server()
			x.b.Servers = append(x.b.Servers, x.server(s, c, r))
		}
	})
}

var totalName = regexp.MustCompile(`(?i)^(grand |sub)?totals?\b|^sum\b|^count\b|^average\b`)

// isTotal tells a total or a note from a server: the one has no power state
// where the tab has that column, nor CPUs and memory beside a plain name.
func (c infoColumns) isTotal(r table.Row) bool {
	if r.Text(c.power) != "" {
		return false
	}
	sized := r.Text(c.cpus) != "" && r.Text(c.memory) != ""
	return !sized || totalName.MatchString(r.Text(c.vm))
}

func (x *rvImport) server(s *table.Sheet, c infoColumns, r table.Row) migrate.Server {
	srv := migrate.Server{
		Name: r.Text(c.vm), UUID: canonUUID(r.Text(c.uuid)), Kind: x.kind(c, r), Power: x.power(c, r),
		Firmware: strings.ToLower(r.Text(c.firmware)), Folder: r.Text(c.folder),
		Datacenter: r.Text(c.datacenter), Cluster: r.Text(c.cluster), Host: r.Text(c.host),
	}
	srv.CPUs = x.cpus(r, c.cpus)
	srv.MemoryMiB, _ = r.Count(c.memory)
	srv.ProvisionedMiB, _ = r.Count(c.provisioned)
	srv.InUseMiB, _ = r.Count(c.inUse)
	srv.HardwareVersion = hardwareVersion(r.Text(c.hardware))
	srv.OS = firstOf(prettyName(r.Text(c.osDetail)), r.Text(c.osTools), r.Text(c.osConfig))
	srv.Addresses = r.List(c.address)
	if dns := strings.ToLower(strings.TrimSuffix(r.Text(c.dns), ".")); strings.Contains(dns, ".") {
		srv.FQDN = dns
	} else {
		keepCustom(&srv, customDNSName, dns)
	}
	for _, col := range c.keep {
		keepCustom(&srv, s.Heading(col), r.Text(col))
	}
	keepCustom(&srv, customCenter, strings.ToLower(r.Text(c.sdk)))
	if canonUUID(srv.Custom["VM UUID"]) == srv.UUID {
		delete(srv.Custom, "VM UUID")
	}
	for _, col := range c.keepTime {
		if t, ok := r.Time(col); ok {
			keepCustom(&srv, s.Heading(col), t.Format("2006-01-02T15:04:05Z"))
		}
	}
	keepUnknown(s, c.unknown, r, &srv)
	return srv
}

// cpus reads a number of CPUs; one that no server has becomes a warning.
func (x *rvImport) cpus(r table.Row, c table.Col) int {
	n, ok := r.Count(c)
	if ok && n > mostCPUs {
		x.acc.Warn(r.Place(c, "is implausibly large: "+table.Quote(r.Text(c))))
		return 0
	}
	return int(n)
}

// customDNSName is where a host name without a domain is kept. The merge knows
// a server by it.
const customDNSName = "DNS Name"

// customCenter is where the vCenter's own UUID is kept: a UUID of a server is
// unique within one vCenter only.
const customCenter = "VI SDK UUID"

func (x *rvImport) kind(c infoColumns, r table.Row) migrate.Kind {
	if yes, _ := r.Bool(c.placeholder); yes {
		return migrate.KindPlaceholder
	}
	if yes, _ := r.Bool(c.template); yes {
		return migrate.KindTemplate
	}
	return migrate.KindVM
}

func (x *rvImport) power(c infoColumns, r table.Row) migrate.Power {
	p, ok := powers[strings.ToLower(strings.ReplaceAll(r.Text(c.power), " ", ""))]
	if !ok {
		if c.power != table.Absent && r.Text(c.power) != "" {
			x.acc.Warn(r.Place(c.power, "is no power state: "+table.Quote(r.Text(c.power))))
		}
		return migrate.PowerUnknown
	}
	return p
}

var powers = map[string]migrate.Power{
	"poweredon": migrate.PowerOn, "on": migrate.PowerOn, "running": migrate.PowerOn,
	"poweredoff": migrate.PowerOff, "off": migrate.PowerOff, "stopped": migrate.PowerOff,
	"suspended": migrate.PowerSuspended,
}

// hardwareVersion reads "13", "vmx-13" or "vmx-13 (ESXi 6.5)"; 0 for anything
// else.
func hardwareVersion(s string) int {
	s = strings.TrimPrefix(strings.ToLower(s), "vmx-")
	digits, _, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > 1000 {
		return 0
	}
	return n
}

var pretty = regexp.MustCompile(`prettyName='([^']+)'`)

// prettyName takes the system's own name out of the guest's detailed data,
// which tells the exact version where the hypervisor's list doesn't.
func prettyName(detail string) string {
	m := pretty.FindStringSubmatch(detail)
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m[1])
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
