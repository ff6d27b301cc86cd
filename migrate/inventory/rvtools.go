package inventory

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// rvtools reads an export of RVTools 3.x or 4.x: a workbook (.xlsx or the old
// .xls), or a folder with one CSV a tab. Both "MB" and "MiB" columns hold MiB:
// the headers were only put right in version 4.
type rvtools struct{ format string }

const (
	formatRVToolsXLSX = "rvtools-xlsx"
	formatRVToolsXLS  = "rvtools-xls"
	formatRVToolsCSV  = "rvtools-csv"
)

// rvTabs are the tabs of all versions. Those with a function are read, in this
// order; of the others the rows are counted.
var rvTabs = []struct {
	name string
	read func(*rvImport, *table.Sheet) error
}{
	{"vInfo", (*rvImport).vInfo},
	{"vCPU", (*rvImport).vCPU},
	{"vMemory", (*rvImport).vMemory},
	{"vDisk", (*rvImport).vDisk},
	{"vPartition", (*rvImport).vPartition},
	{"vNetwork", (*rvImport).vNetwork},
	{"vSnapshot", (*rvImport).vSnapshot},
	{"vTools", (*rvImport).vTools},
	{"vHost", (*rvImport).vHost},
	{"vCluster", (*rvImport).vCluster},
	{"vDatastore", (*rvImport).vDatastore},
	{"vHealth", (*rvImport).vHealth},
	{"vMetaData", (*rvImport).vMetaData},
	{name: "vFloppy"}, {name: "vCD"}, {name: "vUSB"}, {name: "vRP"}, {name: "vHBA"}, {name: "vNIC"}, {name: "vSwitch"},
	{name: "vPort"}, {name: "dvSwitch"}, {name: "dvPort"}, {name: "vSC_VMK"}, {name: "vMultiPath"}, {name: "vLicense"},
	{name: "vFileInfo"}, {name: "vSource"}, {name: "vPath"},
}

// rvTab gives the tab that a sheet or file is: "vInfo", "tabvInfo",
// "RVTools_tabvInfo" and the like; empty for none.
func rvTab(sheet string) string {
	name := strings.ToLower(strings.TrimSpace(sheet))
	for _, t := range rvTabs {
		before, ok := strings.CutSuffix(name, strings.ToLower(t.name))
		if ok && (before == "" || strings.HasSuffix(before, "tab") || strings.HasSuffix(before, "_") || strings.HasSuffix(before, "-")) {
			return t.name
		}
	}
	return ""
}

func (r rvtools) Format() string { return r.format }

func (r rvtools) Detect(in Input) int {
	tabs := 0
	for _, s := range in.Sheets {
		if rvTab(s) != "" {
			tabs++
		}
	}
	ole := bytes.HasPrefix(in.Head, []byte("\xd0\xcf\x11\xe0"))
	zip := bytes.HasPrefix(in.Head, []byte("PK"))
	switch {
	case in.Dir && r.format == formatRVToolsCSV && tabs > 0,
		ole && r.format == formatRVToolsXLS && tabs > 0,
		zip && r.format == formatRVToolsXLSX && tabs > 0:
		return 90
	case !in.Dir && !ole && !zip && r.format == formatRVToolsCSV && has(headSheet(in, rvHeader), "VM", "Powerstate"):
		return 90
	}
	return 0
}

// Takes gives the tabs of an export among a folder's files.
func (r rvtools) Takes(files []string) []string {
	if r.format != formatRVToolsCSV {
		return nil
	}
	var out []string
	for _, f := range files {
		if rvTab(f) != "" {
			out = append(out, f)
		}
	}
	return out
}

// Read gives the servers of vInfo with what the other tabs add to them.
func (r rvtools) Read(ctx context.Context, in Input) (Batch, error) {
	book, err := table.Open(in.Path, table.DefaultLimits)
	if err != nil {
		return Batch{}, fmt.Errorf("read %s: %w", in.Name, err)
	}
	defer book.Close()
	x := &rvImport{ctx: ctx, in: in, book: book, acc: newAccount(in, r.format)}
	sheets, err := x.tabs(book.Sheets())
	if err != nil {
		return Batch{}, err
	}
	for _, t := range rvTabs {
		for _, sheet := range sheets[t.name] {
			if err := x.tab(t.name, sheet, t.read); err != nil {
				return Batch{}, err
			}
		}
	}
	if err := x.strangers(sheets[""]); err != nil {
		return Batch{}, err
	}
	return x.batch(), nil
}

// rvImport is the reading of one export.
type rvImport struct {
	ctx   context.Context
	in    Input
	book  table.Book
	acc   *account
	b     Batch
	index vmIndex
	asOf  time.Time
	minor string // "MB" or "MiB", which tells the version where nothing else does
}

// tabs sorts the sheets by the tab that they are, "" for none. A lone CSV is
// vInfo whatever its name, where it has vInfo's columns.
func (x *rvImport) tabs(sheets []string) (map[string][]string, error) {
	if x.in.Dir {
		sheets = x.in.Sheets
	}
	out := map[string][]string{}
	for _, s := range sheets {
		out[rvTab(s)] = append(out[rvTab(s)], s)
	}
	if len(out["vInfo"]) == 0 && len(sheets) == 1 && !x.in.Dir {
		if s := headSheet(x.in, rvHeader); has(s, "VM", "Powerstate", "CPUs", "Memory") {
			return map[string][]string{"vInfo": sheets}, nil
		}
	}
	if len(out["vInfo"]) > 0 {
		return out, nil
	}
	have := append([]string(nil), sheets...)
	sort.Strings(have)
	return nil, fmt.Errorf("read %s: an RVTools export without vInfo, the tab that lists the servers: it has %s: export again with File > Export all to Excel, or save tabvInfo beside the others",
		x.in.Name, strings.Join(firstN(have, 30), ", "))
}

// tab reads one sheet, or counts its rows where the estate has no use for it.
func (x *rvImport) tab(tab, sheet string, read func(*rvImport, *table.Sheet) error) error {
	s, err := x.open(sheet)
	if err != nil {
		return err
	}
	if read == nil {
		return x.each(s, func(r table.Row) {
			x.acc.leave("in tab "+tab+", of which the estate keeps nothing", r.Place(table.Absent, ""))
		})
	}
	if tab != "vInfo" || x.b.Servers == nil {
		return read(x, s)
	}
	return fmt.Errorf("read %s: it has vInfo twice (%s): give the exports one by one", x.in.Name, sheet)
}

// open starts to read a sheet. Its header may stand under titles: it is the
// first row that names a server's name and power state, else the first of
// several cells, else the first that is not empty.
func (x *rvImport) open(sheet string) (*table.Sheet, error) {
	var s *table.Sheet
	for _, isHeader := range []func([]string) bool{rvHeader, severalCells, nil} {
		var err error
		if s, err = x.book.Sheet(sheet, isHeader); err != nil {
			return nil, fmt.Errorf("read %s: %w", x.in.Name, err)
		}
		if s.Header != nil {
			break
		}
	}
	s.CountInto(&x.acc.Tally)
	return s, nil
}

// rvHeader says whether a row is the header of a tab of servers.
func rvHeader(cells []string) bool {
	name, power := false, false
	for _, c := range cells {
		n := table.Normal(c)
		name = name || vmHeader[n]
		power = power || n == "powerstate"
	}
	return name && power
}

func severalCells(cells []string) bool {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n >= 3
}

// strangers counts the rows of sheets that RVTools doesn't write.
func (x *rvImport) strangers(sheets []string) error {
	for _, name := range sheets {
		s, err := x.book.Sheet(name, nil)
		if err != nil {
			return fmt.Errorf("read %s: %w", x.in.Name, err)
		}
		err = x.each(s, func(r table.Row) {
			x.acc.leave("in a sheet that is no tab of RVTools", r.Place(table.Absent, ""))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each is eachRow with a progress that counts over all tabs.
func (x *rvImport) each(s *table.Sheet, fn func(table.Row)) error {
	in := x.in
	if report, before := x.in.Progress, x.acc.Rows; report != nil {
		in.Progress = func(rows int) { report(before + rows) }
	}
	return eachRow(x.ctx, in, s, x.acc, fn)
}

func (x *rvImport) batch() Batch {
	for i := range x.b.Servers {
		Complete(&x.b.Servers[i])
	}
	x.b.Source = x.acc.done()
	if x.b.Source.Version == "" && x.minor != "" {
		x.b.Source.Version = map[string]string{"MB": "3.x", "MiB": "4.x"}[x.minor]
	}
	x.b.AsOf = x.asOf
	if x.asOf.IsZero() {
		x.b.AsOf = timeInName(x.in.Name)
	}
	return x.b
}

// Complete brings a server that a hypervisor describes into the estate's form:
// sums its file systems, gathers the addresses of its cards, and drops what
// can't tell a server from another.
func Complete(s *migrate.Server) {
	s.ConsumedMiB = 0
	for _, p := range s.Partitions {
		s.ConsumedMiB += p.ConsumedMiB
	}
	var macs []string
	addresses := append([]string(nil), s.Addresses...)
	for i := range s.NICs {
		n := &s.NICs[i]
		n.MAC, n.Addresses = canonMAC(n.MAC), usableAddresses(n.Addresses)
		macs = append(macs, n.MAC)
		addresses = append(addresses, n.Addresses...)
	}
	s.UUID, s.OSFamily = canonUUID(s.UUID), osFamilyOf(s.OS)
	s.MACs = distinct(map[string]bool{}, s.MACs, macs)
	s.Addresses = usableAddresses(addresses)
	s.DNSServers = distinct(map[string]bool{}, s.DNSServers)
	if len(s.Custom) == 0 {
		s.Custom = nil
	}
}

// distinct joins lists into one that is sorted and holds each value once.
func distinct(seen map[string]bool, lists ...[]string) []string {
	var out []string
	for _, l := range lists {
		for _, v := range l {
			if v != "" && !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	sort.Strings(out)
	return out
}

// timeInName finds the moment in a name such as
// "RVTools_export_all_2026-07-01_12.34.56.xlsx"; zero where there is none.
func timeInName(name string) time.Time {
	m := nameTime.FindStringSubmatch(filepath.Base(name))
	if m == nil {
		return time.Time{}
	}
	clock := strings.NewReplacer(".", ":", "-", ":").Replace(m[2])
	if clock == "" {
		clock = "00:00:00"
	}
	t, err := time.Parse("2006-01-02 15:04:05", m[1]+" "+clock)
	if err != nil {
		return time.Time{}
	}
	return t
}

var nameTime = regexp.MustCompile(`(20\d\d-[01]\d-[0-3]\d)(?:[_ T]([0-2]\d[.-][0-5]\d[.-][0-5]\d))?`)
