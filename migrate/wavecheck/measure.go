package wavecheck

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// measure adds up exposure, risk, penalties, windows and balance.
func (c *checker) measure(r *Report) {
	o := &r.Objective
	c.exposure(r)
	begin, _ := c.firstStart()
	windows := map[time.Time]bool{}
	for _, w := range c.plan.Waves {
		windows[w.Start.UTC()] = true
		weeks := w.Start.Sub(begin).Hours() / (7 * 24)
		for _, member := range w.Servers {
			if s := c.subjects[member.ID]; s != nil {
				o.Risk += c.cfg.Objective.Risk * c.riskOf(s) / (1 + weeks)
			}
		}
	}
	for _, cond := range r.Conditions {
		o.Penalty += cond.Penalty
	}
	o.Windows = len(windows)
	o.Total = o.Exposure + o.Risk + o.Penalty
	o.Imbalance = c.imbalance()
}

// imbalance is the standard deviation of wave sizes over their mean.
func (c *checker) imbalance() float64 {
	n, sum, squares := float64(len(c.plan.Waves)), 0.0, 0.0
	if n == 0 {
		return 0
	}
	for _, w := range c.plan.Waves {
		size := float64(len(w.Servers))
		sum += size
		squares += size * size
	}
	mean := sum / n
	if mean == 0 {
		return 0
	}
	return math.Sqrt(max(0, squares/n-mean*mean)) / mean
}

// staysWave names the old site among waves.
const staysWave = "stays"

// exposure is Σ GB a day × days for which the two ends lie on different sites:
// from the first to the second move, to the end of the plan where one stays,
// and to the switching off where one is retired.
func (c *checker) exposure(r *Report) {
	crossings := map[[2]string]*migrate.Crossing{}
	r.After = make([]float64, len(c.plan.Waves))
	seen := map[[2]string]bool{}
	c.eachCall(func(a, b *subject, t *traffic) {
		if b.ID < a.ID {
			a, b = b, a
		}
		key := [2]string{a.ID, b.ID}
		if seen[key] {
			return
		}
		seen[key] = true
		gb := 0.0
		for _, half := range []*traffic{c.calls[a.ID][b.ID], c.calls[b.ID][a.ID]} {
			if half != nil {
				gb += half.gb
			}
		}
		from, to, ok := c.apartFrom(a, b)
		if !ok || !to.After(from) {
			return
		}
		days := to.Sub(from).Hours() / 24
		r.Objective.Exposure += gb * days
		r.Flows = append(r.Flows, migrate.CrossingFlow{A: a.ID, B: b.ID, GBPerDay: gb, Days: days, GBDays: gb * days})
		for i := range c.plan.Waves {
			if at := c.plan.Waves[i].Start; !at.Before(from) && at.Before(to) {
				r.After[i] += gb
			}
		}
		c.addCrossing(crossings, a, b, gb, days)
	})
	for _, x := range crossings {
		r.Crossings = append(r.Crossings, *x)
	}
	slices.SortFunc(r.Crossings, func(x, y migrate.Crossing) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	slices.SortFunc(r.Flows, func(x, y migrate.CrossingFlow) int {
		return cmp.Or(cmp.Compare(y.GBDays, x.GBDays), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	if len(r.Flows) > maxFlows {
		r.Flows = r.Flows[:maxFlows]
	}
}

// apartFrom is the time in which the two servers are on different sites.
func (c *checker) apartFrom(a, b *subject) (from, to time.Time, ok bool) {
	if b.moves && !a.moves {
		a, b = b, a
	}
	if !a.moves {
		return from, to, false // neither leaves
	}
	x, placed := c.at(a.ID)
	if !placed {
		return from, to, false
	}
	y, other := c.at(b.ID)
	switch {
	case b.stays:
		return x, c.cfg.Target.Deadline.Add(1).At(0, c.loc), true
	case !other:
		return from, to, false
	case b.moves && y.Before(x):
		return y, x, true
	}
	return x, y, true // a retired b that is off before a moves leaves nothing
}

func (c *checker) addCrossing(all map[[2]string]*migrate.Crossing, a, b *subject, gb, days float64) {
	name := func(s *subject) string {
		if s.stays {
			return staysWave
		}
		return c.waveID(s.ID)
	}
	x, y := name(a), name(b)
	if y < x {
		x, y = y, x
	}
	key := [2]string{x, y}
	if all[key] == nil {
		all[key] = &migrate.Crossing{A: x, B: y, Days: days}
	}
	all[key].Flows++
	all[key].GBPerDay += gb
	all[key].GBDays += gb * days
}
