package wave

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// randomEstate makes an estate of many applications of three tiers, each in
// production and some in test too, with traffic inside them, less between
// them, and a few shared services.
func randomEstate(seed uint64, servers, flows int) *migrate.Estate {
	rng := rand.New(rand.NewPCG(seed, 4711))
	e := &migrate.Estate{Schema: migrate.EstateSchema}
	add := func(id, role, env, app, criticality string) int {
		s := migrate.Server{ID: id, Kind: migrate.KindVM, Power: migrate.PowerOn, Criticality: criticality}
		s.Role.Value, s.Environment.Value, s.Application.Value = role, env, app
		s.ConsumedMiB = int64(20_000 * math.Exp(rng.NormFloat64()))
		e.Servers = append(e.Servers, s)
		return len(e.Servers) - 1
	}
	var apps [][]int
	for len(e.Servers) < servers {
		app := fmt.Sprintf("app%04d", len(apps))
		env, criticality := "production", []string{"high", "medium", "low", "low"}[rng.IntN(4)]
		if rng.IntN(4) == 0 {
			env, criticality = "test", "low"
		}
		var members []int
		for i := range min(servers-len(e.Servers), 2+rng.IntN(14)) {
			role := []string{"web", "web", "app", "database"}[rng.IntN(4)]
			members = append(members, add(fmt.Sprintf("%s-%s%02d", app, role, i), role, env, app, criticality))
		}
		apps = append(apps, members)
	}
	for range flows {
		i := rng.IntN(len(apps))
		j := i
		if rng.IntN(5) == 0 { // calls to others go to a near one, or to a popular one
			j = min(len(apps)-1, int(float64(len(apps))*math.Pow(rng.Float64(), 3)))
			if rng.IntN(2) == 0 {
				j = (i + 1 + rng.IntN(5)) % len(apps)
			}
		}
		from, to := e.Servers[apps[i][rng.IntN(len(apps[i]))]], e.Servers[apps[j][rng.IntN(len(apps[j]))]]
		e.Flows = append(e.Flows, migrate.Flow{From: from.ID, To: to.ID, Port: []int{443, 8080, 3306}[rng.IntN(3)], Protocol: "tcp",
			Kind: "observed", Class: migrate.FlowApplication, Days: 14, Bytes: int64(2e9 * math.Exp(1.5*rng.NormFloat64()))})
	}
	talks := map[[2]string]bool{}
	for _, f := range e.Flows {
		talks[[2]string{f.From, f.To}] = true
	}
	twoWay := map[string]bool{}
	for pair := range talks {
		if talks[[2]string{pair[1], pair[0]}] {
			twoWay[pair[0]] = true
		}
	}
	for i := range e.Servers {
		// A server that stays and is bound to one that moves would leave no plan.
		if fate := rng.IntN(40); fate < 2 && !twoWay[e.Servers[i].ID] {
			e.Servers[i].Disposition = []string{"retire", "retain"}[fate]
		}
	}
	return e
}

// longConfig plans weekly windows for two years with room for 20,000 servers.
func longConfig(servers int) *planfile.Config {
	start := planfile.Date{Year: 2026, Month: 9, Day: 1}
	weeks := max(8, servers/200+6)
	c := planfile.Default(start, start.Add(7*weeks))
	c.Waves = planfile.Waves{Min: 20, Max: 300, Parallel: 1}
	c.Link.Mbps = 10_000
	c.Movers.Default = "hcx"
	c.Conditions[planfile.CondLatency] = planfile.Severity{Weight: 5}
	c.Freezes = []planfile.Freeze{{Name: "winter sale", From: planfile.Date{Year: 2026, Month: 11, Day: 20}, To: planfile.Date{Year: 2027, Month: 1, Day: 4}}}
	return c
}
