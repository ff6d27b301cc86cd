package inventory

import (
	"context"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// field is a column of a table of servers: the names it goes by and what it
// says of a server.
type field struct {
	names []string
	set   func(s *migrate.Server, r table.Row, c table.Col, acc *account)
}

// column is a field that a sheet has.
type column struct {
	field
	at table.Col
}

// columnsOf finds the fields among a sheet's headers. A column belongs to the
// first field that asks for it: "host" is the server's name in one list and
// its hypervisor in another that has a column "name" too.
func columnsOf(s *table.Sheet, fields []field) []column {
	var out []column
	taken := map[table.Col]bool{}
	for _, f := range fields {
		for _, n := range f.names {
			if c := s.Col(n); c >= 0 && !taken[c] {
				taken[c] = true
				out = append(out, column{f, c})
				break
			}
		}
	}
	return out
}

// reasonNoName is for rows that name no server.
const reasonNoName = "a row without a server's name"

// reasonSameRow is for rows that say nothing new.
const reasonSameRow = "the same row stands above"

// readServers turns every row of a sheet into a server, keeping columns that
// no field knows. Rows that stand there twice and totals are no servers.
func readServers(ctx context.Context, in Input, s *table.Sheet, acc *account, fields []field) ([]migrate.Server, error) {
	cols := columnsOf(s, fields)
	var out []migrate.Server
	before := listed{rows: map[string]bool{}, names: map[string]int{}}
	err := eachRow(ctx, in, s, acc, func(row table.Row) {
		srv := migrate.Server{Kind: migrate.KindUnknown, Power: migrate.PowerUnknown}
		for _, c := range cols {
			if row.Text(c.at) != "" {
				c.set(&srv, row, c.at, acc)
			}
		}
		nameServer(&srv)
		switch {
		case srv.Name == "":
			acc.leave(reasonNoName, row.Place(table.Absent, ""))
			return
		case isTotal(&srv):
			acc.leave(reasonTotal, row.Place(table.Absent, srv.Name))
			return
		case before.has(row):
			acc.leave(reasonSameRow, row.Place(table.Absent, srv.Name))
			return
		}
		if at := before.name(srv.Name, row.Num); at > 0 {
			acc.Warn(row.Place(cols[0].at, fmt.Sprintf("%s stands in row %d too, with other values: both are read", table.Quote(srv.Name), at)))
		}
		custom(s, row, &srv)
		acc.server()
		out = append(out, srv)
	})
	return out, err
}

// isTotal tells a total or a note under a list from a server: it is named so
// ("total-cache" is not) and nothing in its row could tell one server from
// another.
func isTotal(s *migrate.Server) bool {
	at := totalName.FindStringIndex(s.Name)
	if at == nil || at[1] < len(s.Name) && !strings.ContainsRune(" :(=", rune(s.Name[at[1]])) {
		return false
	}
	return s.FQDN == "" && s.UUID == "" && s.Serial == "" && s.OS == "" && s.Power == migrate.PowerUnknown && len(s.Addresses)+len(s.MACs) == 0
}

// listed is what a list has had so far.
type listed struct {
	rows  map[string]bool
	names map[string]int // the row, by name
}

// has says whether a row of the same cells came before.
func (l listed) has(r table.Row) bool {
	var key strings.Builder
	for i := range r.Cells {
		key.WriteString(r.Text(table.Col(i)))
		key.WriteByte(0)
	}
	k := strings.TrimRight(key.String(), "\x00")
	before := l.rows[k]
	l.rows[k] = true
	return before
}

// name gives the row that had the name before; 0 for none.
func (l listed) name(name string, row int) int {
	k := strings.ToLower(name)
	before := l.names[k]
	if before == 0 {
		l.names[k] = row
	}
	return before
}

// nameServer gives a server that has only another identity its name, and its
// host name with domain where the name is one.
func nameServer(s *migrate.Server) {
	switch {
	case s.Name != "":
	case s.FQDN != "":
		s.Name = s.FQDN
	case len(s.Addresses) > 0:
		s.Name = s.Addresses[0]
	}
	if _, isAddr := parseAddr(s.Name); s.FQDN == "" && !isAddr && fqdnLike.MatchString(s.Name) {
		s.FQDN = strings.ToLower(strings.TrimSuffix(s.Name, "."))
	}
	sort.Slice(s.Listens, func(i, j int) bool { return portLess(s.Listens[i], s.Listens[j]) })
}

var fqdnLike = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)+\.?$`)

// text sets a string.
func text(to func(*migrate.Server) *string, names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) { *to(s) = r.Text(c) }}
}

// statedAs sets an inference that a source states, under one of a few words.
func statedAs(to func(*migrate.Server) *migrate.Inference, word func(string) string, names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		*to(s) = statedIn(r, c, word)
	}}
}

// size sets a number of MiB from one in another unit, given in MiB.
func size(to func(*migrate.Server) *int64, unit float64, names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		if v, ok := sizeOf(r, c, unit, acc); ok {
			*to(s) = v
		}
	}}
}

// sizeOf reads a size in a unit, given in MiB, into whole MiB. What no server
// has becomes a warning, except for -1, which programs write for "unknown".
func sizeOf(r table.Row, c table.Col, unit float64, acc *account) (int64, bool) {
	const most = 1 << 50
	v, ok := r.Float(c)
	switch {
	case !ok, v == -1:
		return 0, false
	case v < 0:
		acc.Warn(r.Place(c, "is negative: "+table.Quote(r.Text(c))))
		return 0, false
	case v*unit >= most:
		acc.Warn(r.Place(c, "is implausibly large: "+table.Quote(r.Text(c))))
		return 0, false
	}
	return int64(v*unit + 0.5), true
}

const (
	mib = 1
	gib = 1024
	tib = 1024 * 1024
)

// mostCPUs is above what any server has.
const mostCPUs = 1 << 20

// count sets a small number, such as that of CPUs.
func count(to func(*migrate.Server) *int, names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		n, ok := r.Count(c)
		if ok && n > mostCPUs {
			acc.Warn(r.Place(c, "is implausibly large: "+table.Quote(r.Text(c))))
			return
		}
		if ok {
			*to(s) = int(n)
		}
	}}
}

// addresses adds usable addresses; what is none becomes a warning.
func addresses(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		for _, a := range r.List(c) {
			addr, ok := parseAddr(strings.SplitN(a, "/", 2)[0])
			switch {
			case !ok:
				acc.Warn(r.Place(c, "is not an address: "+table.Quote(a)))
			case usableAddr(addr):
				s.Addresses = distinct(map[string]bool{}, s.Addresses, []string{addr.String()})
			}
		}
	}}
}

// macs adds hardware addresses.
func macs(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		for _, m := range r.List(c) {
			mac := canonMAC(m)
			if strings.Trim(m, "0:-.") == "" {
				continue // the loopback's, or "unknown"
			}
			if mac == "" {
				acc.Warn(r.Place(c, "is not a MAC address: "+table.Quote(m)))
				continue
			}
			s.MACs = distinct(map[string]bool{}, s.MACs, []string{mac})
		}
	}}
}

var uuidWithin = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// uuidOf finds a UUID in text, in lower case; empty where there is none or
// where it is one that stands for "unknown".
func uuidOf(s string) string {
	all := uuidWithin.FindAllString(s, -1)
	if len(all) == 0 {
		return ""
	}
	return canonUUID(all[len(all)-1])
}

// listens adds listening ports.
func listens(protocol string, names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		ports, note := parsePorts(r.Text(c))
		if note != "" {
			acc.Warn(r.Place(c, note))
		}
		for _, p := range ports {
			if p > 0 {
				s.Listens = append(s.Listens, migrate.Port{Port: p, Protocol: protocol})
			}
		}
	}}
}

// truth sets a yes or no.
func truth(to func(*migrate.Server, bool), names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		if v, ok := r.Bool(c); ok {
			to(s, v)
		}
	}}
}

// osText sets the operating system and its family.
func osText(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		s.OS = r.Text(c)
		if f := osFamilyOf(s.OS); f != "" && s.OSFamily == "" {
			s.OSFamily = f
		}
	}}
}

// osVersion puts a version behind the name of the operating system.
func osVersion(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		v := r.Text(c)
		if !strings.Contains(s.OS, v) {
			s.OS = strings.TrimSpace(s.OS + " " + v)
		}
		if f := osFamilyOf(s.OS); f != "" && s.OSFamily == "" {
			s.OSFamily = f
		}
	}}
}

var (
	linuxName   = regexp.MustCompile(`(?i)linux|ubuntu|debian|red ?hat|rhel|centos|alma|rocky|suse|sles|fedora|amazon|coreos|photon|oracle enterprise`)
	windowsName = regexp.MustCompile(`(?i)windows|win\d|win32`)
	otherName   = regexp.MustCompile(`(?i)solaris|aix|hp-?ux|bsd|mac ?os|darwin|netware|esxi?`)
)

// osFamilyOf is linux, windows, other, or empty where the name tells nothing.
func osFamilyOf(os string) string {
	switch {
	case windowsName.MatchString(os):
		return "windows"
	case linuxName.MatchString(os):
		return "linux"
	case otherName.MatchString(os):
		return "other"
	}
	return ""
}

// words maps spellings to the estate's word; what is not among them stays as
// it is, in lower case.
func words(m map[string]string) func(string) string {
	return func(s string) string {
		l := strings.ToLower(strings.TrimSpace(s))
		if w, ok := m[l]; ok {
			return w
		}
		return l
	}
}

var (
	environmentWord = words(map[string]string{
		"prod": "production", "prd": "production", "production": "production", "live": "production", "p": "production",
		"stg": "staging", "stage": "staging", "staging": "staging", "preprod": "staging", "pre-prod": "staging", "pre-production": "staging", "acceptance": "staging", "acc": "staging",
		"test": "test", "tst": "test", "qa": "test", "uat": "test", "int": "test", "integration": "test", "testing": "test",
		"dev": "development", "development": "development", "devel": "development", "sandbox": "development",
		"dr": "recovery", "recovery": "recovery", "disaster recovery": "recovery",
	})
	roleWord = words(map[string]string{
		"db": "database", "database": "database", "mysql": "database", "mariadb": "database", "webserver": "web", "web server": "web", "www": "web",
		"redis": "cache", "solr": "search", "elasticsearch": "search", "nfs": "media", "lb": "loadbalancer", "load balancer": "loadbalancer",
	})
	dispositionWord = words(map[string]string{
		"lift and shift": "rehost", "lift & shift": "rehost", "re-host": "rehost", "re-platform": "replatform", "re-factor": "refactor", "rearchitect": "refactor",
		"re-architect": "refactor", "decommission": "retire", "decom": "retire", "keep": "retain", "stay": "retain", "revisit": "retain", "re-purchase": "repurchase",
	})
	criticalityWord = words(map[string]string{
		"critical": "high", "mission critical": "high", "business critical": "high", "tier 1": "high", "tier1": "high", "1": "high", "p1": "high", "gold": "high", "very high": "high",
		"tier 2": "medium", "tier2": "medium", "2": "medium", "p2": "medium", "silver": "medium", "moderate": "medium", "normal": "medium",
		"tier 3": "low", "tier3": "low", "3": "low", "p3": "low", "bronze": "low", "non critical": "low", "none": "low",
	})
)

// dispositions are the seven that an estate knows.
var dispositions = map[string]bool{"rehost": true, "replatform": true, "refactor": true, "repurchase": true, "retire": true, "retain": true, "relocate": true}

// disposition sets what becomes of a server; a word that is none of the seven
// is kept as it stands, with a warning.
func disposition(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		w := dispositionWord(r.Text(c))
		if !dispositions[w] {
			acc.Warn(r.Place(c, "is none of rehost, replatform, refactor, repurchase, retire, retain, relocate: "+table.Quote(r.Text(c))))
			keepCustom(s, r.Place(c, "").Column, r.Text(c))
			return
		}
		s.Disposition = w
	}}
}

// powerOf reads a power state as tools word it.
func powerOf(s string) migrate.Power {
	switch l := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), " ", "")); {
	case l == "on", strings.Contains(l, "poweredon"), strings.Contains(l, "running"), l == "started", l == "active":
		return migrate.PowerOn
	case l == "off", strings.Contains(l, "poweredoff"), strings.Contains(l, "stopped"), strings.Contains(l, "deallocated"), l == "terminated", l == "shutdown":
		return migrate.PowerOff
	case strings.Contains(l, "suspend"), strings.Contains(l, "paused"), l == "saved":
		return migrate.PowerSuspended
	}
	return migrate.PowerUnknown
}

func power(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) { s.Power = powerOf(r.Text(c)) }}
}

// kindWord reads whether a machine is virtual.
func kindWord(s string) migrate.Kind {
	switch l := strings.ToLower(strings.TrimSpace(s)); {
	case strings.Contains(l, "template"):
		return migrate.KindTemplate
	case strings.Contains(l, "placeholder"):
		return migrate.KindPlaceholder
	case strings.Contains(l, "phys"), strings.Contains(l, "metal"), l == "hardware":
		return migrate.KindPhysical
	case strings.Contains(l, "virt"), strings.Contains(l, "vm"), strings.Contains(l, "guest"), strings.Contains(l, "instance"):
		return migrate.KindVM
	}
	return migrate.KindUnknown
}

func kind(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		if k := kindWord(r.Text(c)); k != migrate.KindUnknown {
			s.Kind = k
		}
	}}
}

// firmware sets bios or efi.
func firmware(names ...string) field {
	return field{names, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		switch l := strings.ToLower(r.Text(c)); {
		case strings.Contains(l, "efi"):
			s.Firmware = "efi"
		case strings.Contains(l, "bios"):
			s.Firmware = "bios"
		}
	}}
}
