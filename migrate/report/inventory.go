package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// AddInventory adds what the exports told of the estate. logShare is the share
// of all requests that the access logs hold, at most 1.
func (d *Document) AddInventory(e *migrate.Estate, logShare float64) {
	d.Data.Estate = e
	s := Section{ID: "inventory", Title: "Inventory", Facts: estateFacts(e)}
	if e.AsOf != nil {
		s.Notes = append(s.Notes, "As of "+moment(*e.AsOf)+", the newest moment that the exports speak of.")
	}
	s.Notes = append(s.Notes, fmt.Sprintf("A question mark stands behind what was concluded with a confidence below %.0f %%.", leastSure*100))
	s.Notes = append(s.Notes, "Disk is what lies in the guests' file systems, or what the hypervisor counts as in use where a guest tells nothing.")
	s.Charts = append(s.Charts, clusterCharts(e)...)
	s.Charts = append(s.Charts, accessChart(e.Access, logShare)...)
	for _, t := range []Table{serverTable(e), eventTable(e.Access), sourceTable(e), leftOutTable(e), contradictionTable(e), hostTable(e), flowTable(e)} {
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	d.Sections = append(d.Sections, s)
}

func estateFacts(e *migrate.Estate) []Fact {
	var vcpus, measured int
	var memory, consumed int64
	for _, s := range e.Servers {
		vcpus += s.CPUs
		memory += s.MemoryMiB
		consumed += diskMiB(s)
		if s.Use != nil {
			measured++
		}
	}
	return []Fact{
		{"servers", whole(len(e.Servers))}, {"with measured use", whole(measured)}, {"vCPU", whole(vcpus)},
		{"TiB of memory", fmt.Sprintf("%.2f", float64(memory)/(1<<20))}, {"TiB on disk", fmt.Sprintf("%.1f", float64(consumed)/(1<<20))},
		{"hosts", whole(len(e.Hosts))}, {"flows", whole(len(e.Flows))}, {"contradictions", whole(len(e.Contradictions))},
	}
}

// diskMiB is what a server holds: in its file systems, else as the hypervisor
// counts it.
func diskMiB(s migrate.Server) int64 {
	if s.ConsumedMiB > 0 {
		return s.ConsumedMiB
	}
	return s.InUseMiB
}

func serverTable(e *migrate.Estate) Table {
	t := Table{ID: "servers", Caption: "Servers", Columns: columns("Server", "Role", "Environment", "Application", "#vCPU", "#GiB", "#Disk GiB", "#CPU p95 %", "#CPU max %", "#Mem p95 %", "@OS", "@Cluster", "@Host", "@Owner", "State")}
	for _, s := range e.Servers {
		var cpu, memory migrate.Measure
		if s.Use != nil && s.Use.CPU != nil {
			cpu = *s.Use.CPU
		}
		if s.Use != nil && s.Use.Memory != nil {
			memory = *s.Use.Memory
		}
		state := string(s.Power)
		if s.Kind != migrate.KindVM {
			state = string(s.Kind) + ", " + state
		}
		t.Rows = append(t.Rows, cells(s.ID, inferred(s.Role), inferred(s.Environment), s.Application.Value, decimal(float64(s.CPUs), 0),
			decimal(float64(s.MemoryMiB)/1024, 1), decimal(float64(diskMiB(s))/1024, 0), decimal(cpu.P95, 0), decimal(cpu.Max, 0), decimal(memory.P95, 0),
			s.OS, s.Cluster, s.Host, s.Owner, state))
	}
	return t
}

// leastSure is the confidence below which a conclusion is marked.
const leastSure = 0.6

// inferred marks what was concluded from little.
func inferred(i migrate.Inference) string {
	if i.Value != "" && i.Confidence < leastSure {
		return i.Value + "?"
	}
	return i.Value
}

func sourceTable(e *migrate.Estate) Table {
	t := Table{ID: "sources", Caption: "Sources and what each gave", Columns: columns("ID", "@Source", "@Format", "#Rows", "#Servers", "#Flows", "#Facts", "#Left out", "~Warnings")}
	for _, s := range e.Sources {
		left := 0
		for _, l := range s.LeftOut {
			left += l.Count
		}
		var warnings []string
		for _, w := range s.Warnings {
			warnings = append(warnings, place(w))
		}
		r := cells(s.ID, s.Name, strings.TrimSpace(s.Format+" "+s.Version), whole(s.Rows), whole(s.Servers), whole(s.Flows), whole(s.Facts), whole(left))
		r.Cells = append(r.Cells, cell(warnings...))
		t.Rows = append(t.Rows, r)
	}
	return t
}

func leftOutTable(e *migrate.Estate) Table {
	t := Table{ID: "left-out", Caption: "Rows left out, and why", Columns: columns("Source", "#Rows", "~Reason", "~Examples")}
	for _, s := range e.Sources {
		for _, l := range s.LeftOut {
			var examples []string
			for _, p := range l.Examples {
				examples = append(examples, place(p))
			}
			r := cells(s.Name, whole(l.Count), l.Reason)
			r.Cells = append(r.Cells, cell(examples...))
			t.Rows = append(t.Rows, r)
		}
	}
	return t
}

func place(p migrate.Place) string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, p.Sheet)
	}
	if p.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column != "" {
		parts = append(parts, "column "+p.Column)
	}
	at := strings.Join(parts, ", ")
	if at != "" && p.Note != "" {
		at += ": "
	}
	return at + p.Note
}

func contradictionTable(e *migrate.Estate) Table {
	t := Table{ID: "contradictions", Caption: "Contradictions between sources", Columns: columns("Server", "Field", "~Claims", "Taken", "~Because")}
	for _, c := range e.Contradictions {
		var claims []string
		for _, v := range c.Values {
			claims = append(claims, v.Source+": "+v.Value)
		}
		r := cells(c.Server, c.Field, "", c.Chosen, c.Why)
		r.Cells[2] = cell(claims...)
		t.Rows = append(t.Rows, r)
	}
	return t
}

func hostTable(e *migrate.Estate) Table {
	t := Table{ID: "hosts", Caption: "Hypervisor hosts", Columns: columns("@Host", "Cluster", "Model", "#Cores", "#GiB", "Version")}
	for _, h := range e.Hosts {
		t.Rows = append(t.Rows, cells(h.Name, h.Cluster, strings.TrimSpace(h.Vendor+" "+h.Model), decimal(float64(h.Cores), 0), decimal(float64(h.MemoryMiB)/1024, 0), h.Version))
	}
	return t
}

// flowTable sums flows by class: the flows themselves are the planner's.
func flowTable(e *migrate.Estate) Table {
	type total struct {
		class              migrate.FlowClass
		flows, outside     int
		bytes, connections int64
	}
	by := map[migrate.FlowClass]*total{}
	for _, f := range e.Flows {
		t := by[f.Class]
		if t == nil {
			t = &total{class: f.Class}
			by[f.Class] = t
		}
		t.flows++
		t.bytes += f.Bytes
		t.connections += f.Connections
		if f.FromOutside || f.ToOutside {
			t.outside++
		}
	}
	var totals []*total
	for _, t := range by {
		totals = append(totals, t)
	}
	slices.SortFunc(totals, func(a, b *total) int {
		return cmp.Or(b.flows-a.flows, strings.Compare(string(a.class), string(b.class)))
	})
	t := Table{ID: "flows", Caption: "Flows by class", Columns: columns("Class", "#Flows", "#With an end outside", "#GB", "#Connections")}
	for _, x := range totals {
		t.Rows = append(t.Rows, cells(string(x.class), whole(x.flows), whole(x.outside), fmt.Sprintf("%.1f", float64(x.bytes)/1e9), fmt.Sprint(x.connections)))
	}
	return t
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// clusterCharts compare what servers were given with what hosts have.
func clusterCharts(e *migrate.Estate) []Chart {
	type load struct{ vcpus, cores, given, has float64 }
	by := map[string]*load{}
	of := func(name string) *load {
		if name == "" {
			name = "(no cluster)"
		}
		if by[name] == nil {
			by[name] = &load{}
		}
		return by[name]
	}
	for _, s := range e.Servers {
		l := of(s.Cluster)
		l.vcpus += float64(s.CPUs)
		l.given += float64(s.MemoryMiB) / 1024
	}
	for _, h := range e.Hosts {
		l := of(h.Cluster)
		l.cores += float64(h.Cores)
		l.has += float64(h.MemoryMiB) / 1024
	}
	var names []string
	for n := range by {
		names = append(names, n)
	}
	slices.Sort(names)
	cpu := Chart{ID: "cluster-cpu", Title: "vCPUs of servers and cores of hosts, by cluster", Series: []string{"vCPUs given to servers", "cores in hosts"}}
	memory := Chart{ID: "cluster-memory", Title: "Memory of servers and hosts, by cluster, in GiB", Series: []string{"given to servers", "in hosts"}}
	for _, n := range names {
		cpu.Bars = append(cpu.Bars, Bar{Label: n, Values: []float64{by[n].vcpus, by[n].cores}})
		memory.Bars = append(memory.Bars, Bar{Label: n, Values: []float64{by[n].given, by[n].has}})
	}
	if len(names) == 0 {
		return nil
	}
	return []Chart{cpu, memory}
}
