package wave

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

// A baseline orders the groups and says which of them it fills into a window
// as one. Its plain form fills windows up to the size limit and looks at
// nothing else, as the method is published; its careful form takes for each
// group the earliest window in which no hard condition breaks.
type baseline struct {
	name  string
	order func(m *model, p *problem) [][]int32
}

var baselines = []baseline{
	{"connected components", componentsFirst},
	{"topological order, greedy", topologicalOrder},
	{"eight published conditions by priority", priorityOrder},
}

// componentsFirst takes the connected components of the dependencies, small
// ones first; those of one class of environment stay together.
func componentsFirst(m *model, p *problem) [][]int32 {
	u := newUnionFind(len(p.nodes))
	for i := range p.nodes {
		for _, e := range p.nodes[i].edges {
			u.union(int32(i), e.to)
		}
	}
	cluster, k := u.clusters()
	return bySize(p, cluster, k)
}

func bySize(p *problem, cluster []int32, k int) [][]int32 {
	out := make([][]int32, k)
	size := make([]int32, k)
	for _, i := range topologicalNodes(p) {
		out[cluster[i]] = append(out[cluster[i]], i)
		size[cluster[i]] += p.nodes[i].servers
	}
	slices.SortStableFunc(out, func(a, b []int32) int { return cmp.Compare(size[cluster[a[0]]], size[cluster[b[0]]]) })
	return out
}

// topologicalNodes puts a dependency ahead of what depends on it, and
// environments before production ahead of all.
func topologicalNodes(p *problem) []int32 {
	depth := make([]int, len(p.nodes))
	for round := 0; round < len(p.nodes); round++ {
		changed := false
		for i := range p.nodes {
			for _, r := range p.nodes[i].rels {
				if r.kind == relBefore && depth[r.to] <= depth[i] && depth[i] < 30 {
					depth[r.to], changed = depth[i]+1, true
				}
			}
		}
		if !changed {
			break
		}
	}
	order := make([]int32, len(p.nodes))
	for i := range order {
		order[i] = int32(i)
	}
	class := func(i int32) int {
		switch n := &p.nodes[i]; {
		case n.first > 0:
			return 0
		case n.prod == 0:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(class(a), class(b)), cmp.Compare(depth[a], depth[b])) })
	return order
}

func topologicalOrder(m *model, p *problem) [][]int32 {
	var out [][]int32
	for _, i := range topologicalNodes(p) {
		out = append(out, []int32{i})
	}
	return out
}

// priorityOrder groups by application and strong dependency and ranks the
// groups by environment, criticality, complexity and effort, the simplest
// first: the published planning conditions of Azure Migrate's wave planning
// (https://learn.microsoft.com/azure/migrate/automatic-wave-planning-architecture).
func priorityOrder(m *model, p *problem) [][]int32 {
	nodeOf := map[int]int32{}
	for i := range p.nodes {
		for _, s := range p.nodes[i].parts {
			nodeOf[int(s)] = int32(i)
		}
	}
	u := newUnionFind(len(p.nodes))
	for _, in := range m.instances {
		if in.cond == planfile.CondApplication || in.cond == planfile.CondStrong {
			for _, s := range in.a[1:] {
				u.union(nodeOf[in.a[0]], nodeOf[s])
			}
		}
	}
	cluster, k := u.clusters()
	groups := bySize(p, cluster, k)
	score := func(g []int32) float64 { // 0 to 100, high first
		first, critical, complex, servers := 0.0, 0.0, 0.0, 0.0
		for _, i := range g {
			for _, s := range p.nodes[i].parts {
				f := &m.servers[s]
				servers++
				if f.class == classFirst {
					first++
				}
				if f.critical {
					critical++
				}
				if f.complex {
					complex++
				}
			}
		}
		return 50*first/servers + 20*(1-critical/servers) + 20*(1-complex/servers) + 10/servers
	}
	slices.SortStableFunc(groups, func(a, b []int32) int { return cmp.Compare(score(b), score(a)) })
	return groups
}

// plain fills windows in order up to the size limit.
func (b *baseline) plain(m *model, p *problem) []int32 {
	pos := make([]int32, len(p.nodes))
	slot, room := 0, p.limit(0)
	for _, group := range b.order(m, p) {
		for _, i := range group {
			n := p.nodes[i].servers
			for n > room && slot < p.slots()-1 {
				slot++
				room = p.limit(slot)
			}
			pos[i] = int32(slot)
			room -= n
		}
	}
	return pos
}

// careful takes the earliest slot for each group, or for each of its nodes,
// that breaks nothing hard.
func (b *baseline) careful(m *model, p *problem) []int32 {
	st := newState(p)
	place := func(nodes []int32) bool {
		for slot := range int32(p.slots()) {
			fits := true
			for _, i := range nodes {
				fits = fits && p.slotOK(&p.nodes[i], int(slot))
			}
			if !fits {
				continue
			}
			before := st.tally
			for _, i := range nodes {
				st.move(i, slot)
			}
			if st.early+st.link < epsilon {
				return true
			}
			for _, i := range nodes {
				st.move(i, -1)
			}
			st.tally = before
		}
		return false
	}
	groups := b.order(m, p)
	// The class that has to go first is placed first, whatever the ranking says.
	for _, production := range []bool{false, true} {
		for _, g := range groups {
			var mine []int32
			for _, i := range g {
				if (p.nodes[i].prod > 0) == production {
					mine = append(mine, i)
				}
			}
			if len(mine) > 0 && !place(mine) {
				for _, i := range mine {
					if !place([]int32{i}) {
						st.move(i, int32(p.slots()-1))
					}
				}
			}
		}
	}
	return st.pos
}

type result struct {
	name   string
	plan   *migrate.Plan
	took   time.Duration
	memory uint64
}

func (r *result) hard() int {
	n := 0
	for _, c := range r.plan.Conditions {
		if c.State == "broken" && c.Severity == "hard" {
			n++
		}
	}
	return n
}

// compareBaselines runs the planner and every baseline on one input.
func compareBaselines(t testing.TB, e *migrate.Estate, cfg *planfile.Config) []result {
	t.Helper()
	m, err := newModel(e, cfg)
	if err != nil {
		t.Fatal(err)
	}
	p := m.compile(nil, 0)
	p.tighten()
	if p.dead != "" {
		t.Fatal(p.dead)
	}
	var out []result
	run := func(name string, plan func() *migrate.Plan) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		made := plan()
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		wavecheck.Check(e, cfg, made).Into(made)
		out = append(out, result{name, made, took, after.TotalAlloc - before.TotalAlloc})
	}
	run("storefront plan", func() *migrate.Plan {
		plan, err := Solve(context.Background(), e, cfg, Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		return plan
	})
	for _, b := range baselines {
		run(b.name, func() *migrate.Plan { return m.emit(e, &outcome{p: p, pos: b.plain(m, p)}, "baseline") })
		run(b.name+", careful", func() *migrate.Plan { return m.emit(e, &outcome{p: p, pos: b.careful(m, p)}, "baseline") })
	}
	return out
}

func table(results []result) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "METHOD\tEXPOSURE\tRISK\tPENALTY\tHARD BROKEN\tWEIGHTED BROKEN\tWINDOWS\tIMBALANCE\tTIME\tALLOCATED MB")
	for _, r := range results {
		weighted := 0
		var hard []string
		for _, c := range r.plan.Conditions {
			if c.State == "broken" && c.Severity == "hard" {
				hard = append(hard, c.ID)
			} else if c.State == "broken" {
				weighted += c.Broken
			}
		}
		o := r.plan.Objective
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t%d %s\t%d\t%d\t%.2f\t%v\t%.0f\n", r.name, o.Exposure, o.Risk, o.Penalty, len(hard), strings.Join(hard, " "), weighted, o.Windows, o.Imbalance, r.took.Round(time.Millisecond), float64(r.memory)/1e6)
	}
	w.Flush()
	return b.String()
}

// TestBetterThanBaselines holds the planner's exposure on the sample estate at
// least 30 % under that of the best baseline that keeps the hard conditions.
func TestBetterThanBaselines(t *testing.T) {
	e, cfg := sample.Estate(1), sampleConfig(t)
	results := compareBaselines(t, e, cfg)
	t.Logf("\n%s", table(results))
	ours, best := results[0].plan.Objective.Exposure, 0.0
	if results[0].hard() > 0 {
		t.Fatal("our plan breaks a hard condition")
	}
	for i := range results[1:] {
		if r := &results[1+i]; r.hard() == 0 && (best == 0 || r.plan.Objective.Exposure < best) {
			best = r.plan.Objective.Exposure
		}
	}
	if best == 0 {
		t.Fatal("no baseline keeps the hard conditions: there is nothing to compare with")
	}
	t.Logf("exposure %.1f against %.1f: %.0f %% less", ours, best, 100*(1-ours/best))
	if ours > 0.7*best {
		t.Errorf("exposure %.1f is not 30 %% under the best baseline's %.1f", ours, best)
	}
}

// BenchmarkBaselines prints the table for the sample and a larger estate.
func BenchmarkBaselines(b *testing.B) {
	for b.Loop() {
		fmt.Fprintf(os.Stderr, "sample estate\n%s\n", table(compareBaselines(b, sample.Estate(1), sampleConfig(b))))
		fmt.Fprintf(os.Stderr, "2,000 random servers\n%s\n", table(compareBaselines(b, randomEstate(1, 2000, 6000), longConfig(2000))))
	}
}
