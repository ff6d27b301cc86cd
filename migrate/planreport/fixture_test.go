package planreport

import (
	"fmt"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// smallPlan has three waves, a freeze, a retained and a retired server, and a
// condition that is broken.
func smallPlan() *migrate.Plan {
	zone := time.FixedZone("BST", 3600)
	start := time.Date(2026, 9, 1, 0, 0, 0, 0, zone)
	p := &migrate.Plan{Schema: migrate.PlanSchema, Status: "feasible", TimeZone: "Europe/London", Start: start, Deadline: start.AddDate(0, 0, 35),
		Link:     migrate.PlanLink{Mbps: 1000, Efficiency: 0.8, HoursPerDay: 24, GBPerDay: 8640},
		Freezes:  []migrate.PlanFreeze{{Name: "autumn sale", From: start.AddDate(0, 0, 20), To: start.AddDate(0, 0, 22)}},
		Retained: []migrate.LeftOver{{Server: "intranet01", Reason: "disposition retain"}},
		Crossings: []migrate.Crossing{
			{A: "W01", B: "W02", Flows: 2, GBPerDay: 4, Days: 7, GBDays: 28},
			{A: "W02", B: "W03", Flows: 9, GBPerDay: 60, Days: 14, GBDays: 840},
			{A: "W03", B: "stays", Flows: 1, GBPerDay: 0.5, Days: 10, GBDays: 5}},
		Objective: migrate.PlanObjective{Exposure: 868, Risk: 12, Total: 880, Windows: 3, Bound: 860, Gap: 0.0227},
		Conditions: []migrate.PlanCondition{
			{ID: "applications", Title: "An application stays together", Severity: "hard", State: "kept", Instances: 4, Evidence: []string{"4 of 4 kept"}},
			{ID: "shared-services", Title: "Shared services stay reachable", Severity: "weighted", State: "broken", Instances: 5, Broken: 1,
				Breaks: []migrate.PlanBreak{{Servers: []string{"w02-s1"}, Evidence: "w02-s1 has no time server on its side from W02 on"}}}},
		Notes: []string{"3 flows have an end outside the plan and are not counted"}}
	for i, w := range []struct{ day, servers int }{{2, 2}, {9, 5}, {23, 12}} {
		at := start.AddDate(0, 0, w.day).Add(time.Hour)
		from, to := at.AddDate(0, 0, -2), at.AddDate(0, 0, -1)
		wave := migrate.Wave{ID: fmt.Sprintf("W%02d", i+1), Window: i + 1, Lane: 1, Start: at, End: at.Add(4 * time.Hour), Pilot: i == 0,
			DataGB: 100 * float64(w.servers), ChangeGBPerDay: 2, ReplicationGB: 102 * float64(w.servers), ReplicationStart: &from, ReplicationEnd: &to,
			Hours: []migrate.TeamHours{{Team: "platform", Hours: float64(w.servers)}}, Movers: []migrate.MoverLoad{{Mover: "mgn", Servers: w.servers, Jobs: 1}},
			Risk: float64(i), CrossingGBPerDay: []float64{4, 60, 0.5}[i]}
		for s := range w.servers {
			wave.Servers = append(wave.Servers, migrate.WaveServer{ID: fmt.Sprintf("w%02d-s%d", i+1, s+1), Action: "move", Role: "web"})
		}
		p.Waves = append(p.Waves, wave)
	}
	p.Waves[2].Servers[11].Action = "switch-off"
	return p
}
