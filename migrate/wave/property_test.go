package wave

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

// smallEstate draws an estate in which every condition has something to say.
func smallEstate(t *rapid.T) *migrate.Estate {
	e := &migrate.Estate{Schema: migrate.EstateSchema}
	n := rapid.IntRange(1, 9).Draw(t, "servers")
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	for i := range n {
		s := migrate.Server{ID: fmt.Sprintf("%s%d", pick("stem", "web", "db-", "dns", "x"), i), Kind: migrate.KindVM, Power: migrate.PowerOn}
		s.Role.Value = pick("role", "web", "database", "dns", "")
		s.Environment.Value = pick("environment", "production", "production", "test", "")
		s.Application.Value = pick("application", "shop", "erp", "")
		s.Criticality = pick("criticality", "low", "low", "medium", "high", "")
		s.Disposition = pick("disposition", "", "", "", "rehost", "replatform", "repurchase", "retire", "retain")
		s.ConsumedMiB = int64(rapid.SampledFrom([]int{0, 1000, 50_000, 2_000_000}).Draw(t, "data"))
		e.Servers = append(e.Servers, s)
	}
	for range rapid.IntRange(0, 14).Draw(t, "flows") {
		f := migrate.Flow{From: e.Servers[rapid.IntRange(0, n-1).Draw(t, "from")].ID, To: e.Servers[rapid.IntRange(0, n-1).Draw(t, "to")].ID,
			Protocol: "tcp", Kind: "observed", Class: migrate.FlowApplication, Days: 2}
		f.Port = rapid.SampledFrom([]int{80, 3306, 6379}).Draw(t, "port")
		f.Bytes = int64(rapid.SampledFrom([]int{0, 2e8, 3e9, 4e10}).Draw(t, "bytes"))
		if rapid.IntRange(0, 5).Draw(t, "class") == 0 {
			f.Class = migrate.FlowDNS
		}
		e.Flows = append(e.Flows, f)
	}
	return e
}

// smallConfig draws limits that some estates keep and others break.
func smallConfig(t *rapid.T, e *migrate.Estate) *planfile.Config {
	c := planfile.Default(planfile.Date{Year: 2026, Month: 9, Day: 1}, planfile.Date{Year: 2026, Month: 9, Day: 1}.Add(7*rapid.IntRange(1, 5).Draw(t, "weeks")))
	c.TimeZone = "Europe/Berlin"
	c.Waves = planfile.Waves{Min: rapid.IntRange(1, 3).Draw(t, "min"), Max: rapid.IntRange(3, 6).Draw(t, "max"), Parallel: rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "parallel")}
	c.Link.Mbps = rapid.SampledFrom([]float64{0, 40, 1000}).Draw(t, "mbps")
	if rapid.Bool().Draw(t, "night") {
		c.Link.From, c.Link.To = 20*60, 6*60
	}
	c.Pilot.Max = rapid.SampledFrom([]int{0, 2, 9}).Draw(t, "pilot")
	c.Pilot.MaxRisk = rapid.SampledFrom([]float64{1, 2, 4}).Draw(t, "risk")
	if rapid.Bool().Draw(t, "teams") {
		c.Teams = map[string]planfile.Team{"dba": {People: 1, Hours: float64(rapid.IntRange(2, 8).Draw(t, "hours"))}}
		c.Effort = []planfile.Effort{{Match: planfile.Match{Roles: []string{"database"}}, Team: "dba", Hours: 2}}
	}
	c.Replication.Lead = rapid.SampledFrom([]planfile.Span{3 * 1440, 7 * 1440, 12 * 1440}).Draw(t, "lead")
	c.Movers.Profiles["mgn"] = planfile.Mover{AtOnce: rapid.IntRange(2, 6).Draw(t, "atOnce"), PerJob: 2}
	c.Environments.Scope = rapid.SampledFrom([]string{"estate", "application"}).Draw(t, "scope")
	c.Complexity.Peers = 4
	smallSets(t, c, e)
	for _, id := range planfile.ConditionIDs {
		switch rapid.IntRange(0, 4).Draw(t, "severity of "+id) {
		case 0:
			c.Conditions[id] = planfile.Severity{Hard: true}
		case 1:
			c.Conditions[id] = planfile.Severity{Weight: 3}
		case 2:
			c.Conditions[id] = planfile.Severity{}
		}
	}
	for _, id := range planfile.AlwaysHard {
		c.Conditions[id] = planfile.Severity{Hard: true}
	}
	for _, id := range planfile.MustBeHard {
		if c.Conditions[id].Weight > 0 {
			c.Conditions[id] = planfile.Severity{Hard: true}
		}
	}
	for _, p := range planfile.Validate(c) {
		t.Fatalf("the drawn configuration is wrong: %v", p)
	}
	return c
}

func smallSets(t *rapid.T, c *planfile.Config, e *migrate.Estate) {
	any := func(label string) planfile.Match {
		ids := []string{}
		for range rapid.IntRange(1, 3).Draw(t, label) {
			ids = append(ids, e.Servers[rapid.IntRange(0, len(e.Servers)-1).Draw(t, label)].ID)
		}
		return planfile.Match{Servers: ids}
	}
	if rapid.IntRange(0, 2).Draw(t, "together") == 0 {
		c.Together = []planfile.Set{{Name: "a", Match: any("in together")}}
	}
	if rapid.IntRange(0, 2).Draw(t, "apart") == 0 {
		c.Apart = []planfile.Set{{Name: "a", Match: any("in apart")}}
	}
	if rapid.IntRange(0, 2).Draw(t, "pin") == 0 {
		c.Pins = []planfile.Pin{{Match: any("pinned"), Window: rapid.IntRange(1, 4).Draw(t, "window")}}
	}
	if rapid.IntRange(0, 2).Draw(t, "freeze") == 0 {
		day := c.Target.Start.Add(rapid.IntRange(0, 20).Draw(t, "freeze day"))
		c.Freezes = []planfile.Freeze{{Name: "sale", From: day, To: day.Add(2)}}
	}
	if rapid.IntRange(0, 3).Draw(t, "waiver") == 0 {
		c.Waivers = []planfile.Waiver{{Condition: rapid.SampledFrom(planfile.Waivable).Draw(t, "waived"), Servers: any("waive").Servers, Reason: "accepted"}}
	}
}

// unproven counts conflicts that are too hard to prove minimal.
var unproven int

// TestPlansPassTheChecker holds every plan of the solver against the checker,
// the objective and bound against each other, and every conflict against what
// a conflict is.
func TestPlansPassTheChecker(t *testing.T) {
	made, refused := 0, 0
	unproven = 0
	rapid.Check(t, func(t *rapid.T) {
		e := smallEstate(t)
		cfg := smallConfig(t, e)
		plan, err := Solve(context.Background(), e, cfg, Options{Seed: 7, Effort: 0.2})
		var conflict *Infeasible
		switch {
		case errors.As(err, &conflict):
			refused++
			checkConflict(t, e, cfg, conflict)
			return
		case err != nil:
			var nf *NotFound
			if !errors.As(err, &nf) && len(cfg.Windows.Weekly) > 0 && len(err.Error()) > 0 {
				if _, calErr := newCalendar(cfg); calErr != nil {
					return
				}
			}
			t.Fatal(err)
		}
		made++
		report := wavecheck.Check(e, cfg, plan)
		if report.HardBroken() {
			t.Fatalf("broken: %+v", report.Conditions)
		}
		checkObjective(t, e, cfg, plan)
		again, err := Solve(context.Background(), e, cfg, Options{Seed: 7, Effort: 0.2})
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(plan)
		b, _ := json.Marshal(again)
		if string(a) != string(b) {
			t.Fatalf("two runs differ:\n%s\n%s", a, b)
		}
	})
	t.Logf("%d plans, %d estates with conflicts, %d conflicts not proven minimal", made, refused, unproven)
	if unproven*100 > refused {
		t.Errorf("%d of %d conflicts are not proven minimal", unproven, refused)
	}
}

// checkObjective compares the solver's own total with the checker's.
func checkObjective(t *rapid.T, e *migrate.Estate, cfg *planfile.Config, plan *migrate.Plan) {
	m, err := newModel(e, cfg)
	if err != nil {
		t.Fatal(err)
	}
	first := -1
	if len(plan.Waves) > 0 {
		first = plan.Waves[0].Window - 1
	}
	p := m.compile(nil, first)
	st := newState(p)
	for i := range p.nodes {
		for _, w := range plan.Waves {
			for _, s := range w.Servers {
				if s.ID == m.id(int(p.nodes[i].parts[0])) {
					st.move(int32(i), int32((w.Window-1)*p.lanes+w.Lane-1))
				}
			}
		}
	}
	if got, want := st.total(), plan.Objective.Total; math.Abs(got-want) > 1e-6*(1+want) {
		t.Fatalf("solver says %g, checker %g: %+v", got, want, plan.Objective)
	}
	if st.broken() > epsilon {
		t.Fatalf("the solver's state breaks %g", st.broken())
	}
	if o := plan.Objective; o.Bound > o.Total+1e-6*(1+o.Total) {
		t.Fatalf("bound %g above total %g", o.Bound, o.Total)
	}
}

// TestBoundHolds compares the bound that is proven without knowing a plan with
// the best plan that a complete search finds.
func TestBoundHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := smallEstate(t)
		m, err := newModel(e, smallConfig(t, e))
		if err != nil {
			return
		}
		for _, first := range []int{0, 1, -1} {
			p := m.compile(nil, min(first, len(m.cal.windows)-1))
			p.tighten()
			exact := outcome{exact: true, score: score{total: math.Inf(1)}}
			if p.dead == "" {
				exact = solveExact(context.Background(), p, nil, 1_000_000)
			}
			if !exact.exact {
				continue
			}
			bound, method := proveBound(context.Background(), []*problem{p}, math.Inf(1), 1)
			if p.dead == "" && bound > exact.score.total+1e-6*(1+exact.score.total) {
				t.Fatalf("bound %g (%s) above the best plan's %g, first window %d", bound, method, exact.score.total, first)
			}
		}
	})
}

// checkConflict makes sure that the conditions of all conflicts taken away
// leave a plan, and that each conflict needs every one of its conditions.
func checkConflict(t *rapid.T, e *migrate.Estate, cfg *planfile.Config, found *Infeasible) {
	m, err := newModel(e, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Conflicts) == 0 {
		t.Fatal("infeasible without a conflict")
	}
	named := map[string]bool{}
	for _, c := range found.Conflicts {
		for _, text := range c.Conditions {
			named[text] = true
		}
		if !c.Minimal {
			unproven++
			continue
		}
		for drop := range c.Conditions {
			rest := map[string]bool{}
			for k, text := range c.Conditions {
				rest[text] = k != drop
			}
			if !m.anyPlan(func(i int) bool { return m.instances[i].hard && rest[m.instances[i].label] }) {
				t.Fatalf("%q is not needed in %v", c.Conditions[drop], c.Conditions)
			}
		}
	}
	if !m.anyPlan(func(i int) bool { return m.instances[i].hard && !named[m.instances[i].label] }) {
		t.Fatalf("there is no plan without %v", found.Conflicts)
	}
}

// anyPlan tries every assignment of servers to slots, with nothing but the
// definition of each condition.
func (m *model) anyPlan(active func(int) bool) bool {
	for _, first := range m.firsts(active) {
		p := m.compile(active, first)
		if p.dead != "" {
			continue
		}
		if o := solveExact(context.Background(), p, nil, 50_000_000); o.found {
			return true
		}
	}
	return false
}
