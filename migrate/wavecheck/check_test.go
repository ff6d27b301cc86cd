package wavecheck

import (
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// hand is an estate, a configuration and a plan made by hand, which keep every
// condition; each case spoils one thing.
type hand struct {
	e    *migrate.Estate
	cfg  *planfile.Config
	plan *migrate.Plan
}

func server(id, role, env, app, criticality string, gib int64) migrate.Server {
	s := migrate.Server{ID: id, Criticality: criticality, ConsumedMiB: gib * 1024, Kind: migrate.KindVM}
	s.Role.Value, s.Environment.Value, s.Application.Value = role, env, app
	return s
}

func flow(from, to string, port int, gb float64) migrate.Flow {
	return migrate.Flow{From: from, To: to, Port: port, Bytes: int64(gb * 1e9), Days: 1, Class: migrate.FlowApplication, Kind: "observed"}
}

var thursday = time.Date(2026, 9, 3, 1, 0, 0, 0, time.UTC)

func handWave(n int, ids ...string) migrate.Wave {
	start := thursday.AddDate(0, 0, 7*n)
	w := migrate.Wave{ID: fmt.Sprintf("W%d", n+1), Window: n + 1, Lane: 1, Start: start, End: start.Add(4 * time.Hour)}
	for _, id := range ids {
		w.Servers = append(w.Servers, migrate.WaveServer{ID: id})
	}
	return w
}

func handMade() *hand {
	h := &hand{e: &migrate.Estate{Schema: migrate.EstateSchema}, cfg: planfile.Default(planfile.Date{Year: 2026, Month: 9, Day: 1}, planfile.Date{Year: 2026, Month: 9, Day: 30})}
	h.cfg.Waves = planfile.Waves{Min: 2, Max: 5, Parallel: 1}
	h.cfg.Teams = map[string]planfile.Team{"dba": {People: 1, Hours: 4}}
	h.cfg.Effort = []planfile.Effort{{Match: planfile.Match{Roles: []string{"database"}}, Team: "dba", Hours: 2}}
	h.cfg.Conditions[planfile.CondOrder] = planfile.Severity{Weight: 5}
	h.e.Servers = []migrate.Server{
		server("test-web", "web", "test", "shop", "low", 10), server("shop-web", "web", "production", "shop", "high", 10),
		server("shop-db", "database", "production", "shop", "high", 100), server("erp-db1", "database", "production", "erp", "medium", 50),
		server("erp-db2", "database", "production", "erp", "medium", 50), server("crm", "app", "production", "", "low", 20),
		server("old", "app", "production", "", "low", 20), server("legacy", "app", "production", "", "low", 5),
		server("dns1", "dns", "production", "", "medium", 5), server("dns2", "dns", "production", "", "medium", 5),
	}
	h.e.Servers[6].Disposition, h.e.Servers[7].Disposition = "retain", "retire"
	h.e.Flows = []migrate.Flow{flow("shop-web", "shop-db", 3306, 10), flow("crm", "erp-db1", 443, 2), flow("crm", "old", 443, 1),
		flow("erp-db1", "legacy", 443, 3), {From: "crm", To: "dns1", Port: 53, Class: migrate.FlowDNS}, flow("test-web", "nobody", 80, 5)}
	h.plan = &migrate.Plan{Waves: []migrate.Wave{handWave(0, "test-web"), handWave(1, "dns1", "shop-web", "shop-db"),
		handWave(2, "erp-db1", "crm", "legacy"), handWave(3, "erp-db2", "dns2")}}
	return h
}

func (h *hand) server(id string) *migrate.Server {
	for i := range h.e.Servers {
		if h.e.Servers[i].ID == id {
			return &h.e.Servers[i]
		}
	}
	panic(id)
}

// move puts a server into another wave.
func (h *hand) move(id string, wave int) {
	for i := range h.plan.Waves {
		var rest []migrate.WaveServer
		for _, s := range h.plan.Waves[i].Servers {
			if s.ID != id {
				rest = append(rest, s)
			}
		}
		h.plan.Waves[i].Servers = rest
	}
	h.plan.Waves[wave].Servers = append(h.plan.Waves[wave].Servers, migrate.WaveServer{ID: id})
}

func condition(r *Report, id string) migrate.PlanCondition {
	for _, c := range r.Conditions {
		if c.ID == id {
			return c
		}
	}
	return migrate.PlanCondition{}
}

func TestAPlanThatKeepsAll(t *testing.T) {
	h := handMade()
	r := Check(h.e, h.cfg, h.plan)
	for _, c := range r.Conditions {
		if c.State == "broken" {
			t.Errorf("%s: %+v", c.ID, c.Breaks)
		}
	}
	if len(r.Conditions) != len(planfile.ConditionIDs) {
		t.Errorf("%d conditions judged, there are %d", len(r.Conditions), len(planfile.ConditionIDs))
	}
	// crm and old: from 17 September 01:00 to the end of the 30th, 1 GB a day;
	// everything else that talks moves together or on the right side.
	want := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).Sub(thursday.AddDate(0, 0, 14)).Hours() / 24
	if math.Abs(r.Objective.Exposure-want) > 1e-9 {
		t.Errorf("exposure %g, want %g", r.Objective.Exposure, want)
	}
	// Risk points: 0.5 in the first week; 2 + 3 + 3 a week on; 2 + 1 two weeks
	// on; 2 + 2 three weeks on.
	if want := 0.5 + 8.0/2 + 3.0/3 + 4.0/4; math.Abs(r.Objective.Risk-want) > 1e-9 {
		t.Errorf("risk %g, want %g", r.Objective.Risk, want)
	}
	if r.Objective.Windows != 4 || r.After[2] != 1 || r.After[1] != 0 {
		t.Errorf("%+v %v", r.Objective, r.After)
	}
}

func TestThePilotIsNoWaveOfTheSizeAskedFor(t *testing.T) {
	h := handMade()
	h.cfg.Pilot.Max = 9
	if got, want := condition(Check(h.e, h.cfg, h.plan), planfile.CondSize).Evidence[0], "waves have 2 to 3 servers beside the pilot of 1; asked are 2 to 5"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestEveryConditionIsBrokenByItsOwnFault(t *testing.T) {
	for _, c := range []struct {
		name, id, want string
		spoil          func(h *hand)
	}{
		{"missing", planfile.CondComplete, "is in no wave", func(h *hand) { h.plan.Waves[3].Servers = h.plan.Waves[3].Servers[:1] }},
		{"twice", planfile.CondComplete, "is in two waves", func(h *hand) {
			h.plan.Waves[3].Servers = append(h.plan.Waves[3].Servers, migrate.WaveServer{ID: "crm"})
		}},
		{"unknown", planfile.CondComplete, "is not in the estate", func(h *hand) {
			h.plan.Waves[3].Servers = append(h.plan.Waves[3].Servers, migrate.WaveServer{ID: "ghost"})
		}},
		{"retained", planfile.CondComplete, "is retained and yet in a wave", func(h *hand) {
			h.plan.Waves[3].Servers = append(h.plan.Waves[3].Servers, migrate.WaveServer{ID: "old"})
		}},
		{"no window", planfile.CondCalendar, "lies in no change window", func(h *hand) { h.plan.Waves[1].Start = h.plan.Waves[1].Start.Add(time.Hour) }},
		{"wrong end", planfile.CondCalendar, "lies in no change window", func(h *hand) { h.plan.Waves[1].End = h.plan.Waves[1].End.Add(time.Hour) }},
		{"too late", planfile.CondCalendar, "ends after target.deadline", func(h *hand) { h.cfg.Target.Deadline.Day = 20 }},
		{"freeze", planfile.CondCalendar, `lies in the freeze "sale"`, func(h *hand) {
			d := planfile.Date{Year: 2026, Month: 9, Day: 17}
			h.cfg.Freezes = []planfile.Freeze{{Name: "sale", From: d, To: d}}
		}},
		{"parallel", planfile.CondCalendar, "one wave more", func(h *hand) { h.plan.Waves[3].Start, h.plan.Waves[3].End = h.plan.Waves[2].Start, h.plan.Waves[2].End }},
		{"pin", planfile.CondPins, "is in window 3, pins[0] wants 2", func(h *hand) {
			h.cfg.Pins = []planfile.Pin{{Match: planfile.Match{Servers: []string{"crm"}}, Window: 2}}
		}},
		{"pin date", planfile.CondPins, "or earlier", func(h *hand) {
			h.cfg.Pins = []planfile.Pin{{Match: planfile.Match{Servers: []string{"crm"}}, NotAfter: planfile.Date{Year: 2026, Month: 9, Day: 16}}}
		}},
		{"together", planfile.CondTogether, "spread over 2 waves", func(h *hand) {
			h.cfg.Together = []planfile.Set{{Name: "x", Match: planfile.Match{Servers: []string{"crm", "shop-db"}}}}
		}},
		{"apart", planfile.CondApart, "2 servers of \"x\" move in one window", func(h *hand) {
			h.cfg.Apart = []planfile.Set{{Name: "x", Match: planfile.Match{Servers: []string{"shop-web", "shop-db"}}}}
		}},
		{"strong", planfile.CondStrong, "exchange 2.00 and 3.00", func(h *hand) {
			h.e.Flows = append(h.e.Flows, flow("crm", "shop-db", 443, 2), flow("shop-db", "crm", 443, 3))
		}},
		{"application", planfile.CondApplication, "shop (production): 2 servers in 2 waves", func(h *hand) { h.move("shop-web", 3) }},
		{"order", planfile.CondOrder, "crm moves before erp-db1", func(h *hand) { h.move("crm", 1) }},
		{"environment order", planfile.CondEnvOrder, "does not move before the first production", func(h *hand) { h.move("test-web", 1) }},
		{"mix", planfile.CondEnvMix, "with 1 of other environments", func(h *hand) { h.move("crm", 0) }},
		{"critical", planfile.CondCritical, "is critical", func(h *hand) { h.move("shop-web", 0) }},
		{"complex", planfile.CondComplex, "is complex", func(h *hand) { h.server("test-web").ConsumedMiB = 2e6 }},
		{"pair", planfile.CondRedundancy, "both halves", func(h *hand) { h.move("erp-db2", 2) }},
		{"latency", planfile.CondLatency, "waits 320 ms more", func(h *hand) { h.move("shop-web", 2) }},
		{"too big", planfile.CondSize, "6 servers, at most 5", func(h *hand) {
			for _, id := range []string{"erp-db1", "crm", "erp-db2"} {
				h.move(id, 1)
			}
		}},
		{"too small", planfile.CondSize, "1 servers, at least 2", func(h *hand) { h.move("erp-db1", 1); h.move("legacy", 1) }},
		{"link", planfile.CondReplication, "have to pass between", func(h *hand) { h.cfg.Link.Mbps = 2 }},
		{"movers", planfile.CondMovers, "3 servers replicate by mgn at once", func(h *hand) { h.cfg.Movers.Profiles["mgn"] = planfile.Mover{AtOnce: 2} }},
		{"movers over waves", planfile.CondMovers, "5 servers replicate by mgn at once", func(h *hand) {
			h.cfg.Movers.Profiles["mgn"] = planfile.Mover{AtOnce: 4}
			h.cfg.Replication.Lead = 10 * 1440
		}},
		{"hours", planfile.CondHours, "team dba needs 6.0 hours", func(h *hand) { h.move("erp-db1", 1); h.move("erp-db2", 1) }},
		{"pilot too big", planfile.CondPilot, "has 2 servers, more than 1", func(h *hand) { h.move("dns1", 0); h.cfg.Pilot.Max = 1 }},
		{"pilot risk", planfile.CondPilot, "a risk above 0.4", func(h *hand) { h.cfg.Pilot.MaxRisk = 0.4 }},
		{"shared", planfile.CondShared, "no dns server on the new side", func(h *hand) { h.move("dns1", 3); h.move("dns2", 3) }},
		{"retired", planfile.CondRetired, "legacy is switched off before its client erp-db1", func(h *hand) { h.move("legacy", 1) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := handMade()
			c.spoil(h)
			got := condition(Check(h.e, h.cfg, h.plan), c.id)
			if got.State != "broken" || !strings.Contains(fmt.Sprintf("%+v", got.Breaks), c.want) {
				t.Errorf("%s is %s, want it broken with %q: %+v", c.id, got.State, c.want, got.Breaks)
			}
		})
	}
}

func TestWaiverAndWeight(t *testing.T) {
	h := handMade()
	h.move("shop-web", 2)
	h.cfg.Waivers = []planfile.Waiver{{Condition: planfile.CondLatency, Servers: []string{"shop-web", "shop-db"}, Reason: "cache"}}
	c := condition(Check(h.e, h.cfg, h.plan), planfile.CondLatency)
	if c.State != "kept" || c.Waived != 1 || c.Breaks[0].Waived != "cache" {
		t.Errorf("%+v", c)
	}
	h.cfg.Waivers = nil
	h.cfg.Conditions[planfile.CondLatency] = planfile.Severity{Weight: 4}
	r := Check(h.e, h.cfg, h.plan)
	if c := condition(r, planfile.CondLatency); c.State != "broken" || c.Severity != "weighted" || c.Penalty != 4 {
		t.Errorf("%+v", c)
	}
	if r.Objective.Penalty != 4+20 { // and the application is in two waves
		t.Errorf("penalty %g", r.Objective.Penalty)
	}
	h.cfg.Conditions[planfile.CondLatency] = planfile.Severity{}
	if c := condition(Check(h.e, h.cfg, h.plan), planfile.CondLatency); c.State != "not applicable" || c.Severity != "off" {
		t.Errorf("%+v", c)
	}
}

func TestDaylightSavingAndNightLink(t *testing.T) {
	h := handMade()
	h.cfg.TimeZone = "Europe/Berlin"
	h.cfg.Target = planfile.Target{Start: planfile.Date{Year: 2026, Month: 10, Day: 20}, Deadline: planfile.Date{Year: 2026, Month: 11, Day: 20}}
	h.cfg.Link = planfile.Link{Mbps: 1000, Efficiency: 1, From: 20 * 60, To: 6 * 60}
	berlin := h.cfg.Location()
	for i := range h.plan.Waves { // 22 and 29 October lie on either side of the change of clocks
		start := time.Date(2026, 10, 22+7*i, 1, 0, 0, 0, berlin)
		h.plan.Waves[i].Start, h.plan.Waves[i].End = start, start.Add(4*time.Hour)
	}
	r := Check(h.e, h.cfg, h.plan)
	if c := condition(r, planfile.CondCalendar); c.State != "kept" {
		t.Errorf("%+v", c.Breaks)
	}
	if c := condition(r, planfile.CondReplication); c.State != "kept" {
		t.Errorf("%+v", c.Breaks)
	}
}

// TestSharesNoCodeWithThePlanner holds the checker's independence.
func TestSharesNoCodeWithThePlanner(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Skipf("go list: %v", err)
	}
	for _, line := range strings.Fields(string(out)) {
		if strings.HasSuffix(line, "/migrate/wave") {
			t.Error("wavecheck imports the planner")
		}
	}
}
