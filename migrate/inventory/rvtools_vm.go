package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// Reasons for which a row of an RVTools tab gives nothing.
const (
	reasonNoVM      = "a row without a server's name: a total or a note"
	reasonTotal     = "a total or a note under the data"
	reasonStranger  = "its server is not in vInfo"
	reasonAmbiguous = "its server's name is that of several in vInfo, and nothing else in the row tells which"
	reasonTwice     = "the same server is listed before"
)

// vmColumns are the columns by which every tab names a server.
type vmColumns struct {
	vm, power, template, id, uuid, instance, sdk, datacenter, cluster, host table.Col
}

var (
	vmHeaders = []string{"VM", "VM Name", "Virtual Machine", "VMName"}
	vmHeader  = normalSet(strings.Join(vmHeaders, "|"))
)

func vmColumnsOf(s *table.Sheet) vmColumns {
	c := vmColumns{
		vm: s.Col(vmHeaders...), power: s.Col("Powerstate", "Power State"), template: s.Col("Template"),
		id: s.Col("VM ID"), uuid: s.Col("SMBIOS UUID"), instance: s.Col("VM UUID"), sdk: s.Col("VI SDK UUID", "vCenter UUID"),
		datacenter: s.Col("Datacenter"), cluster: s.Col("Cluster"), host: s.Col("Host"),
	}
	if c.uuid == table.Absent { // versions before 4 call the SMBIOS UUID so
		c.uuid = c.instance
	}
	return c
}

// columns finds a tab's server columns. A heading that someone has overwritten
// is found again by its content: the column in which the names of vInfo stand.
func (x *rvImport) columns(s *table.Sheet) (vmColumns, *table.Sheet, error) {
	c := vmColumnsOf(s)
	if c.vm != table.Absent || s.Header == nil {
		return c, s, nil
	}
	found, hits, of, err := x.findNames(s)
	if err != nil {
		return c, s, err
	}
	again, err := x.open(s.Name) // the search has used up the rows
	if err != nil {
		return c, s, err
	}
	c = vmColumnsOf(again)
	if found == table.Absent {
		return c, again, nil
	}
	c.vm = found
	again.Know(found)
	x.acc.Warn(migrate.Place{Sheet: s.Name, Row: s.HeaderRow, Column: again.Heading(found),
		Note: fmt.Sprintf("the column of server names is headed %s instead of \"VM\"; taken for it because %d of its first %d cells are names in vInfo",
			table.Quote(again.Heading(found)), hits, of)})
	return c, again, nil
}

// findNames looks for a column, filled in at least half of the rows, of which at
// least four of five cells are names of vInfo.
func (x *rvImport) findNames(s *table.Sheet) (best table.Col, hits, of int, err error) {
	const sample = 300
	counts, filled, rows := make([]int, len(s.Header)), make([]int, len(s.Header)), 0
	for r, err := range s.Rows() {
		if err != nil {
			return table.Absent, 0, 0, fmt.Errorf("read %s: %w", x.in.Name, err)
		}
		if r.Blank() {
			continue
		}
		for i := range counts {
			if name := r.Text(table.Col(i)); name != "" {
				filled[i]++
				if x.index.hasName(name) {
					counts[i]++
				}
			}
		}
		if rows++; rows == sample {
			break
		}
	}
	best = table.Absent
	for i, n := range counts {
		if n*5 >= filled[i]*4 && filled[i]*2 >= rows && n > hits {
			best, hits, of = table.Col(i), n, filled[i]
		}
	}
	return best, hits, of, nil
}

// facts reads a tab whose rows add to servers. fn is told the row's server and
// may refuse the row with a reason.
func (x *rvImport) facts(s *table.Sheet, prepare func(*table.Sheet) func(*migrate.Server, table.Row) string) error {
	c, s, err := x.columns(s)
	if err != nil || s.Header == nil {
		return err
	}
	if c.vm == table.Absent {
		x.acc.Warn(migrate.Place{Sheet: s.Name, Row: s.HeaderRow, Note: "no column names the servers: name it \"VM\""})
		return x.each(s, func(r table.Row) {
			x.acc.leave("in a tab without a column of server names", r.Place(table.Absent, ""))
		})
	}
	add := prepare(s)
	unknown := unknownColumns(s)
	return x.each(s, func(r table.Row) {
		name := r.Text(c.vm)
		if name == "" {
			x.acc.leave(reasonNoVM, r.Place(table.Absent, ""))
			return
		}
		at, reason := x.index.find(c.keys(r))
		if reason != "" {
			x.acc.leave(reason, r.Place(c.vm, name))
			return
		}
		srv := &x.b.Servers[at]
		if reason := add(srv, r); reason != "" {
			x.acc.leave(reason, r.Place(c.vm, name))
			return
		}
		if srv.Name != name {
			x.acc.Warn(r.Place(c.vm, fmt.Sprintf("%s is %s in vInfo, by its ID", table.Quote(name), table.Quote(srv.Name))))
		}
		if srv.UUID == "" {
			srv.UUID = canonUUID(r.Text(c.uuid))
		}
		x.acc.fact()
		keepUnknown(s, unknown, r, srv)
	})
}

// vmIndex finds the server of a row by what the row says of it.
type vmIndex struct {
	servers                       []string // names, in vInfo's order
	byID, byUUID, byName, byPlace map[string][]int
}

func newVMIndex() vmIndex {
	return vmIndex{byID: map[string][]int{}, byUUID: map[string][]int{}, byName: map[string][]int{}, byPlace: map[string][]int{}}
}

func (v vmIndex) hasName(name string) bool { return len(v.byName[name]) > 0 }

// vmKeys are what a row tells of its server; empty keys find nothing.
type vmKeys struct{ name, id, idInCenter, uuid, instance, place string }

func (c vmColumns) keys(r table.Row) vmKeys {
	k := vmKeys{name: r.Text(c.vm), id: r.Text(c.id), uuid: canonUUID(r.Text(c.uuid)), instance: canonUUID(r.Text(c.instance))}
	k.place = strings.Join([]string{k.name, r.Text(c.host), r.Text(c.cluster), r.Text(c.datacenter)}, "\x00")
	if sdk := r.Text(c.sdk); sdk != "" && k.id != "" {
		k.idInCenter = sdk + "\x00" + k.id
	}
	return k
}

// add enters the next server of vInfo; it says no to one that is there already.
func (v *vmIndex) add(k vmKeys) bool {
	switch {
	case k.idInCenter != "":
		if len(v.byID[k.idInCenter]) > 0 {
			return false
		}
	case k.id != "" && v.sharesName(v.byID[k.id], k.name), k.id == "" && k.uuid == "" && len(v.byPlace[k.place]) > 0:
		return false
	}
	at := len(v.servers)
	v.servers = append(v.servers, k.name)
	for _, e := range []struct {
		index map[string][]int
		key   string
	}{{v.byID, k.idInCenter}, {v.byID, k.id}, {v.byUUID, k.uuid}, {v.byUUID, k.otherUUID()}, {v.byName, k.name}, {v.byPlace, k.place}} {
		if e.key != "" {
			e.index[e.key] = append(e.index[e.key], at)
		}
	}
	return true
}

// otherUUID is the instance UUID where it is not the same column as the UUID.
func (k vmKeys) otherUUID() string {
	if k.instance == k.uuid {
		return ""
	}
	return k.instance
}

func (v vmIndex) sharesName(list []int, name string) bool {
	for _, at := range list {
		if v.servers[at] == name {
			return true
		}
	}
	return false
}

// find gives the row's server, or the reason why there is none. IDs and UUIDs
// tell namesakes apart, and know a server whose name was changed in one tab.
func (v vmIndex) find(k vmKeys) (at int, reason string) {
	if hits := v.byID[k.idInCenter]; len(hits) == 1 {
		return hits[0], ""
	}
	named := v.byName[k.name]
	if len(named) == 1 {
		return named[0], ""
	}
	for _, hits := range [][]int{v.byID[k.id], v.byUUID[k.uuid], v.byPlace[k.place]} {
		if len(named) > 0 {
			hits = both(hits, named)
		}
		if len(hits) == 1 {
			return hits[0], ""
		}
	}
	if len(named) == 0 {
		return 0, reasonStranger
	}
	return 0, reasonAmbiguous
}

// both are the members of two lists in order.
func both(a, b []int) []int {
	var out []int
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

// unknownColumns are the columns of a tab that RVTools doesn't have: custom attributes
// and what people add by hand.
func unknownColumns(s *table.Sheet) []table.Col {
	var out []table.Col
	for _, c := range s.Unknown() {
		h := s.Heading(c)
		if rvOwn[table.Normal(h)] {
			continue
		}
		if s.Label(c) == h {
			s.Col(h) // known from here on, so that a namesake is told
		}
		out = append(out, c)
	}
	return out
}

// keepUnknown keeps them under their headers, a namesake with its letter. Custom
// attributes stand in every tab; vInfo's word counts.
func keepUnknown(s *table.Sheet, cols []table.Col, r table.Row, srv *migrate.Server) {
	for _, col := range cols {
		if label := s.Label(col); label != s.Heading(col) {
			keepCustom(srv, label, r.Text(col))
			continue
		}
		SetStated(srv, s.Heading(col), statedText(s, r, col))
	}
}
