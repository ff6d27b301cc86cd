package wave

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

// keepPlan makes every change against an older plan cost. Without a cost given,
// a change costs more than all exposure, risk and penalties could.
func (m *model) keepPlan(plan *migrate.Plan, cost float64) error {
	if plan.Schema != migrate.PlanSchema {
		return fmt.Errorf("plan: the plan to keep has schema %q; this program reads %s", plan.Schema, migrate.PlanSchema)
	}
	m.keep = map[int]int{}
	lanes := m.cfg.Waves.Parallel
	for _, w := range plan.Waves {
		at := slices.IndexFunc(m.cal.windows, func(win window) bool { return win.start.Equal(w.Start) })
		if at < 0 {
			continue
		}
		for _, s := range w.Servers {
			if i, ok := m.index[s.ID]; ok && m.servers[i].acts() {
				m.keep[i] = at*lanes + min(lanes, max(1, w.Lane)) - 1
			}
		}
	}
	m.keepCost = cost
	if cost <= 0 {
		m.keepCost = m.worst() + 1
	}
	return nil
}

// worst is more than any plan's objective.
func (m *model) worst() float64 {
	total := 0.0
	for _, p := range m.pairs {
		total += p.gb * m.cal.horizon
	}
	for i := range m.servers {
		total += m.servers[i].risk * m.cfg.Objective.Risk
	}
	for _, in := range m.instances {
		if !in.hard {
			total += in.weight * float64(max(1, len(in.a))*max(1, len(in.a)))
		}
	}
	return total
}

// startFromKept is the slot of each node in the kept plan, or −1.
func (m *model) startFromKept(p *problem) []int32 {
	out := make([]int32, len(p.nodes))
	for i := range p.nodes {
		out[i] = -1
		votes := map[int]int{}
		for _, s := range p.nodes[i].parts {
			if slot, ok := m.keep[int(s)]; ok {
				if votes[slot]++; out[i] < 0 || votes[slot] > votes[int(out[i])] {
					out[i] = int32(slot)
				}
			}
		}
	}
	return out
}

// maxReasons is for how many changes the reason is looked for by undoing them.
const maxReasons = 200

// tellChanges lists the servers whose window is another than before, and why.
func (m *model) tellChanges(e *migrate.Estate, plan, kept *migrate.Plan) {
	before, after := windowsOf(kept), windowsOf(plan)
	told := map[string]string{}
	undone := 0
	for _, g := range plan.Groups {
		for _, s := range g.Servers {
			from, was := before[s]
			to := after[s]
			if was && from.Equal(to) {
				continue
			}
			change := migrate.PlanChange{Server: s, To: to.In(m.cal.loc).Format(time.RFC3339)}
			if was {
				change.From = from.In(m.cal.loc).Format(time.RFC3339)
			}
			key := g.ID + change.From
			if told[key] == "" {
				told[key] = m.whyChanged(e, plan, g.Servers, from, was, &undone)
			}
			change.Why = told[key]
			plan.Changes = append(plan.Changes, change)
		}
	}
	for s, from := range before {
		if _, still := after[s]; !still {
			plan.Changes = append(plan.Changes, migrate.PlanChange{Server: s, From: from.In(m.cal.loc).Format(time.RFC3339), Why: "it is no longer in any wave"})
		}
	}
	slices.SortFunc(plan.Changes, func(a, b migrate.PlanChange) int { return strings.Compare(a.Server, b.Server) })
}

func windowsOf(plan *migrate.Plan) map[string]time.Time {
	out := map[string]time.Time{}
	for _, w := range plan.Waves {
		for _, s := range w.Servers {
			out[s.ID] = w.Start
		}
	}
	return out
}

// whyChanged undoes a change and reads off what that would break or cost.
func (m *model) whyChanged(e *migrate.Estate, plan *migrate.Plan, group []string, from time.Time, was bool, undone *int) string {
	if !was {
		return "it was not in the kept plan"
	}
	at := slices.IndexFunc(m.cal.windows, func(w window) bool { return w.start.Equal(from) })
	if at < 0 {
		return "its old window is no change window any more"
	}
	if f := m.cal.windows[at].frozen; f >= 0 {
		return fmt.Sprintf("its old window lies in the freeze %q", m.cfg.Freezes[f].Name)
	}
	if *undone++; *undone > maxReasons {
		return "other changes made it necessary"
	}
	o := compareMove(e, m.cfg, plan, wavecheck.Check(e, m.cfg, plan), group, &plan.Windows[at])
	if len(o.HardBreaks) > 0 {
		return "staying would break " + strings.Join(o.HardBreaks, "; ")
	}
	return fmt.Sprintf("staying would cost %.4g GB·days more", o.Exposure+o.Risk+o.Penalty)
}
