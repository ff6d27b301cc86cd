package wave

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

func mustSolve(t testing.TB, e *migrate.Estate, cfg *planfile.Config, opts Options) *migrate.Plan {
	t.Helper()
	plan, err := Solve(context.Background(), e, cfg, opts)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// changed counts servers of the old plan that are in another window of the new.
func changed(old, plan *migrate.Plan) int {
	n, now := 0, windowsOf(plan)
	for s, at := range windowsOf(old) {
		if !now[s].Equal(at) {
			n++
		}
	}
	return n
}

// TestOneServerMoreChangesLittle adds one server of each sort to the sample.
func TestOneServerMoreChangesLittle(t *testing.T) {
	e, cfg := sample.Estate(1), sampleConfig(t)
	old := mustSolve(t, e, cfg, Options{Seed: 1})
	for _, like := range []string{"uk-web01", "stg-web01", "erp-db01", "mon01", "cms01", "db-replica03"} {
		bigger := *e
		at := slices.IndexFunc(e.Servers, func(s migrate.Server) bool { return s.ID == like })
		extra := e.Servers[at]
		extra.ID = strings.TrimRight(like, "0123456789") + "99"
		bigger.Servers = append(slices.Clone(e.Servers), extra)
		bigger.Flows = slices.Clone(e.Flows)
		for _, f := range e.Flows {
			if f.From == like {
				f.From = extra.ID
				bigger.Flows = append(bigger.Flows, f)
			} else if f.To == like {
				f.To = extra.ID
				bigger.Flows = append(bigger.Flows, f)
			}
		}
		kept := mustSolve(t, &bigger, cfg, Options{Seed: 1, Keep: old})
		anew := mustSolve(t, &bigger, cfg, Options{Seed: 1})
		n := changed(old, kept)
		t.Logf("%s: %d of %d others change wave under keep, %d without", extra.ID, n, len(windowsOf(old)), changed(old, anew))
		if n*20 > len(windowsOf(old)) {
			t.Errorf("%s: %d of %d others change wave, more than 5 %%", extra.ID, n, len(windowsOf(old)))
		}
		if len(kept.Changes) != n+1 {
			t.Errorf("%s: %d changes are told, %d servers changed and one is new", extra.ID, len(kept.Changes), n)
		}
		for _, c := range kept.Changes {
			if c.Why == "" || c.To == "" {
				t.Errorf("%s: change without a reason: %+v", extra.ID, c)
			}
		}
	}
}

func TestKeepYieldsToPinAndFreeze(t *testing.T) {
	e, cfg := sample.Estate(1), sampleConfig(t)
	old := mustSolve(t, e, cfg, Options{Seed: 1})
	last := old.Waves[len(old.Waves)-1]
	pinned := *cfg
	pinned.Pins = []planfile.Pin{{Match: planfile.Match{Servers: []string{"cms02"}}, Window: 4}}
	plan := mustSolve(t, e, &pinned, Options{Seed: 1, Keep: old})
	if at := windowsOf(plan)["cms02"]; !at.Equal(plan.Windows[3].Start) {
		t.Errorf("the pin does not hold under keep: %v", at)
	}
	frozen := *cfg
	day := planfile.DateOf(last.Start)
	frozen.Freezes = append(slices.Clone(cfg.Freezes), planfile.Freeze{Name: "stocktaking", From: day, To: day})
	plan, err := Solve(context.Background(), e, &frozen, Options{Seed: 1, Keep: old})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.Changes {
		if strings.HasPrefix(c.From, day.String()) && !strings.Contains(c.Why, `freeze "stocktaking"`) {
			t.Errorf("%s: %s", c.Server, c.Why)
		}
	}
	if len(plan.Changes) < len(last.Servers) {
		t.Errorf("%d changes told, %d servers lost their window", len(plan.Changes), len(last.Servers))
	}
}

// TestKeepingIsStable holds that a plan kept with the same inputs stays as it
// is, whatever the estate and whatever the seed.
func TestKeepingIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := smallEstate(t)
		cfg := smallConfig(t, e)
		old, err := Solve(context.Background(), e, cfg, Options{Seed: 7, Effort: 0.1})
		if err != nil {
			return
		}
		again, err := Solve(context.Background(), e, cfg, Options{Seed: rapid.Uint64().Draw(t, "seed"), Effort: 0.1, Keep: old})
		if err != nil {
			t.Fatal(err)
		}
		if n := changed(old, again); n > 0 {
			t.Fatalf("%d servers change for no reason: %+v", n, again.Changes)
		}
	})
}

func TestInterruptedGivesTheBestSoFar(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	plan, err := Solve(ctx, sample.Estate(1), sampleConfig(t), Options{Seed: 1, Progress: func(string) {
		if calls++; calls == 2 { // the search is over, the proof begins
			cancel()
		}
	}})
	if err != nil || plan.Status != "interrupted" || len(plan.Waves) == 0 {
		t.Fatalf("plan %v, %v", plan != nil, err)
	}
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	plan, err = Solve(cancelled, sample.Estate(1), sampleConfig(t), Options{Seed: 1})
	var nf *NotFound
	if err == nil && plan.Status != "interrupted" || err != nil && (!errors.As(err, &nf) || !nf.Stopped) {
		t.Fatalf("stopped at once: %v", err)
	}
}

func TestExplainOnTheSample(t *testing.T) {
	e, cfg := sample.Estate(1), sampleConfig(t)
	plan := mustSolve(t, e, cfg, Options{Seed: 1})
	x, err := Explain(e, cfg, plan, "uk-web01")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(x.Group, "db-primary01") || len(x.Why) == 0 || len(x.Moves) != len(plan.Windows)-1 || len(x.Pulls) == 0 {
		t.Errorf("%+v", x)
	}
	if x, err = Explain(e, cfg, plan, "intranet01"); err != nil || !strings.Contains(x.Outside, "retained") {
		t.Errorf("%+v, %v", x, err)
	}
	if _, err = Explain(e, cfg, plan, "nobody"); err == nil {
		t.Error("a server that does not exist is explained")
	}
	// Every other window is no better than the plan's own, or breaks something
	// hard, for most groups: the search would have moved them.
	better := 0
	for _, s := range []string{"cms02", "erp-app01", "mon01", "file01", "pay01", "vpn02"} {
		x, err := Explain(e, cfg, plan, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range x.Moves {
			if len(m.HardBreaks) == 0 && m.Exposure+m.Risk+m.Penalty < -1e-6 {
				better++
				t.Logf("%s in window %d: %+v", s, m.Window, m)
			}
		}
	}
	if better > 0 {
		t.Errorf("%d single moves would be better", better)
	}
}

func TestWhatIf(t *testing.T) {
	cfg := sampleConfig(t)
	e := sample.Estate(1)
	list, err := Compare(context.Background(), e, cfg, Options{Seed: 1, Effort: 0.3}, []string{"deadline=+2w", "bandwidth=2%", "team.dba=-1,waves.max=100", "deadline=-4w"})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 5 || list[0].Name != "as configured" {
		t.Fatalf("%d scenarios", len(list))
	}
	for _, s := range list[:2] {
		if s.Err != nil {
			t.Errorf("%s: %v", s.Name, s.Err)
		}
	}
	var conflict *Infeasible
	if !errors.As(list[4].Err, &conflict) {
		t.Errorf("two windows for the whole estate: %v", list[4].Err)
	}
	if !errors.As(list[2].Err, &conflict) || !strings.Contains(list[2].Err.Error(), "replication") {
		t.Errorf("a fiftieth of the line: %v", list[2].Err)
	}
	if cfg.Target.Deadline != (planfile.Date{Year: 2026, Month: 10, Day: 12}) || cfg.Teams["dba"].People != 2 {
		t.Error("a what-if changed the configuration it was given")
	}
	for text, want := range map[string]string{"x=1": "is none of deadline", "deadline": "write KEY=VALUE", "team.xyz=-1": "there is no team",
		"deadline=+2y": "is not a span", "bandwidth=much": "is not a number", "freeze.none=off": "there is none named", "condition.pilot=3": "hard or off", "start=2027-01-01": "lies before"} {
		if _, err := Apply(cfg, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	changed, err := Apply(cfg, "bandwidth=+10%,lead=3d,mover.mgn=-50,condition.latency=off,freeze.autumn sale=off,parallel=2")
	if err != nil || fmt.Sprint(changed.Link.Mbps) != "1100" || changed.Movers.Profiles["mgn"].AtOnce != 100 || len(changed.Freezes) != 0 || changed.Waves.Parallel != 2 {
		t.Errorf("%+v, %v", changed, err)
	}
}
