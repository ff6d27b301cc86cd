package wavecheck

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

type breakT = migrate.PlanBreak

func (c *checker) complete(v *verdict) {
	planned := 0
	for _, id := range c.ids {
		s := c.subjects[id]
		_, placed := c.places[id]
		switch {
		case s.acts() && !placed:
			v.broke(1, c.trouble("is in no wave", id))
		case s.acts():
			v.kept()
			planned++
		case placed && s.stays:
			v.broke(1, c.trouble("is retained and yet in a wave", id))
		case placed:
			v.broke(1, c.trouble("is excluded and yet in a wave", id))
		}
	}
	for _, id := range c.twice {
		v.broke(1, c.trouble("is in two waves", id))
	}
	unknown := []string{}
	for id := range c.places {
		if c.subjects[id] == nil {
			unknown = append(unknown, id)
		}
	}
	slices.Sort(unknown)
	for _, id := range unknown {
		v.broke(1, c.trouble("is not in the estate", id))
	}
	v.say("%d servers are in a wave", planned)
}

func (c *checker) calendar(v *verdict) {
	perWindow := map[time.Time]int{}
	start, end := c.cfg.Target.Start.At(0, c.loc), c.cfg.Target.Deadline.Add(1).At(0, c.loc)
	for _, w := range c.plan.Waves {
		perWindow[w.Start.UTC()]++
		text := ""
		switch {
		case w.Start.Before(start):
			text = "starts before target.start"
		case w.End.After(end):
			text = "ends after target.deadline"
		case !c.isWindow(w.Start, w.End):
			text = "lies in no change window"
		default:
			text = c.frozen(w.Start, w.End)
		}
		if text == "" && perWindow[w.Start.UTC()] > c.cfg.Waves.Parallel {
			text = fmt.Sprintf("is one wave more in its window than the %d that may run in parallel", c.cfg.Waves.Parallel)
		}
		if text == "" {
			v.kept()
			continue
		}
		v.broke(1, migrate.PlanBreak{Waves: []string{w.ID}, Evidence: w.Start.In(c.loc).Format(time.RFC3339) + " " + text})
	}
}

// isWindow tells whether some rule gives a window with this start and end.
func (c *checker) isWindow(start, end time.Time) bool {
	local := start.In(c.loc)
	for _, w := range c.cfg.Windows.Weekly {
		// The day's own arithmetic settles clocks that daylight saving skips.
		day := planfile.DateOf(local)
		if time.Weekday(w.Day) == local.Weekday() && day.At(w.Start, c.loc).Equal(start) && start.Add(w.Length.Duration()).Equal(end) {
			return true
		}
	}
	for _, w := range c.cfg.Windows.Dates {
		if w.Date.At(w.Start, c.loc).Equal(start) && start.Add(w.Length.Duration()).Equal(end) {
			return true
		}
	}
	return false
}

func (c *checker) frozen(start, end time.Time) string {
	for _, f := range c.cfg.Freezes {
		from, to := f.From.At(0, c.loc), f.To.Add(1).At(0, c.loc)
		if end.After(from) && to.After(start) {
			return fmt.Sprintf("lies in the freeze %q", f.Name)
		}
	}
	return ""
}

func (c *checker) pins(v *verdict) {
	for i, p := range c.cfg.Pins {
		for _, id := range c.ids {
			s := c.subjects[id]
			at, placed := c.at(id)
			if !s.acts() || !placed || !p.Match.Fits(s.Server, s.disposition) {
				continue
			}
			day := planfile.DateOf(at.In(c.loc))
			wrong := ""
			switch {
			case p.Window > 0 && c.windowNumber(at) != p.Window:
				wrong = fmt.Sprintf("is in window %d, pins[%d] wants %d", c.windowNumber(at), i, p.Window)
			case !p.On.IsZero() && p.On != day:
				wrong = fmt.Sprintf("moves on %s, pins[%d] wants %s", day, i, p.On)
			case !p.NotBefore.IsZero() && day.Before(p.NotBefore):
				wrong = fmt.Sprintf("moves on %s, pins[%d] wants %s or later", day, i, p.NotBefore)
			case !p.NotAfter.IsZero() && p.NotAfter.Before(day):
				wrong = fmt.Sprintf("moves on %s, pins[%d] wants %s or earlier", day, i, p.NotAfter)
			}
			v.pair(wrong == "", 1, func() breakT { return c.trouble(wrong, id) })
		}
	}
}

// windowNumber counts the windows from target.start up to this one.
func (c *checker) windowNumber(at time.Time) int {
	starts := map[time.Time]bool{}
	limit := c.cfg.Target.Deadline.Add(1).At(0, c.loc)
	begin := c.cfg.Target.Start.At(0, c.loc)
	note := func(day planfile.Date, clock planfile.Clock, length planfile.Span) {
		s := day.At(clock, c.loc)
		if !s.Before(begin) && !s.Add(length.Duration()).After(limit) && !s.After(at) {
			starts[s.UTC()] = true
		}
	}
	last := planfile.DateOf(at.In(c.loc))
	for day := c.cfg.Target.Start; !last.Before(day); day = day.Add(1) {
		for _, w := range c.cfg.Windows.Weekly {
			if day.At(0, c.loc).Weekday() == time.Weekday(w.Day) {
				note(day, w.Start, w.Length)
			}
		}
	}
	for _, w := range c.cfg.Windows.Dates {
		note(w.Date, w.Start, w.Length)
	}
	return len(starts)
}

func (c *checker) together(v *verdict) {
	for _, set := range c.cfg.Together {
		var members []string
		stays := false
		for _, id := range c.ids {
			s := c.subjects[id]
			if s.excluded || !set.Match.Fits(s.Server, s.disposition) {
				continue
			}
			if s.stays {
				stays = true
			} else {
				members = append(members, id)
			}
		}
		if len(members) == 0 || len(members) == 1 && !stays {
			continue
		}
		waves := c.wavesOf(members)
		v.pair(waves == 1 && !stays, 1, func() breakT {
			return c.trouble(fmt.Sprintf("%q is spread over %d waves or holds a retained server", set.Name, waves), members...)
		})
	}
}

// wavesOf counts the waves that servers are in.
func (c *checker) wavesOf(servers []string) int {
	seen := map[int]bool{}
	for _, s := range servers {
		if p, ok := c.places[s]; ok {
			seen[p.wave] = true
		}
	}
	return len(seen)
}

func (c *checker) apart(v *verdict) {
	for _, set := range c.cfg.Apart {
		byWindow := map[time.Time][]string{}
		members := 0
		for _, id := range c.ids {
			s := c.subjects[id]
			if at, ok := c.at(id); ok && s.acts() && set.Match.Fits(s.Server, s.disposition) {
				byWindow[at.UTC()] = append(byWindow[at.UTC()], id)
				members++
			}
		}
		if members < 2 {
			continue
		}
		clean := true
		for _, w := range c.waves {
			same := byWindow[c.plan.Waves[w].Start.UTC()]
			delete(byWindow, c.plan.Waves[w].Start.UTC())
			if n := float64(len(same)); n > 1 {
				clean = false
				v.broke(n*(n-1)/2, c.trouble(fmt.Sprintf("%d servers of %q move in one window", len(same), set.Name), same...))
			}
		}
		if clean {
			v.kept()
		}
	}
}

func (c *checker) strong(v *verdict) {
	least := c.cfg.Dependencies.StrongGBPerDay
	c.eachCall(func(a, b *subject, t *traffic) {
		back := c.calls[b.ID][a.ID]
		if back == nil || a.ID > b.ID || t.gb < least || back.gb < least || !c.bound(a, b) {
			return
		}
		v.pair(c.shareWave(a, b), 1, func() breakT {
			return c.trouble(fmt.Sprintf("they exchange %.2f and %.2f GB a day and are not in one wave", t.gb, back.gb), a.ID, b.ID)
		})
	})
}

func (c *checker) latency(v *verdict) {
	l := c.cfg.Latency
	c.eachCall(func(a, b *subject, t *traffic) {
		delay := t.roundTrips * l.AddedMs
		if delay <= l.BudgetMs || !c.bound(a, b) {
			return
		}
		v.pair(c.shareWave(a, b), 1, func() breakT {
			return c.trouble(fmt.Sprintf("%s waits %.0f ms more for each request to %s, the budget is %.0f ms", a.ID, delay, b.ID, l.BudgetMs), a.ID, b.ID)
		})
	})
	if v.instances > 0 {
		v.say("%d calls need more than %.0f ms over the link, at %.0f ms a round trip", v.instances, l.BudgetMs, l.AddedMs)
	}
}

// bound tells that a dependency between the two may bind them to one wave:
// neither is the spare half of a pair, a shared service or switched off, and
// one of them moves.
func (c *checker) bound(a, b *subject) bool {
	for _, s := range []*subject{a, b} {
		if s.spare || s.shared || s.off {
			return false
		}
	}
	return a.moves || b.moves
}

func (c *checker) shareWave(a, b *subject) bool {
	p, okA := c.places[a.ID]
	q, okB := c.places[b.ID]
	return okA && okB && p.wave == q.wave
}

func (c *checker) applications(v *verdict) {
	members := map[string][]string{}
	var names []string
	for _, id := range c.ids {
		s := c.subjects[id]
		if !s.moves || s.shared || s.spare || s.Application.Value == "" {
			continue
		}
		key := s.Application.Value + " (production)"
		if s.first {
			key = s.Application.Value + " (before production)"
		}
		if members[key] == nil {
			names = append(names, key)
		}
		members[key] = append(members[key], id)
	}
	slices.Sort(names)
	for _, name := range names {
		list := members[name]
		if len(list) < 2 {
			continue
		}
		waves := c.wavesOf(list)
		if waves <= 1 {
			v.kept()
			continue
		}
		b := c.trouble(fmt.Sprintf("%s: %d servers in %d waves", name, len(list), waves), list...)
		if len(b.Servers) > 10 {
			b.Evidence += fmt.Sprintf(", %s and others", strings.Join(b.Servers[:3], ", "))
			b.Servers = nil
		}
		v.broke(float64(waves-1), b)
	}
}

func (c *checker) order(v *verdict) {
	c.eachCall(func(client, server *subject, t *traffic) {
		if !client.moves || !server.moves || server.spare || client.shared || server.shared ||
			t.gb < c.cfg.Dependencies.MinGBPerDay || c.isPair(client.ID, server.ID) {
			return
		}
		from, okFrom := c.at(client.ID)
		to, okTo := c.at(server.ID)
		v.pair(!okFrom || !okTo || !to.After(from), 1, func() breakT {
			return c.trouble(fmt.Sprintf("%s moves before %s, on which it depends", client.ID, server.ID), client.ID, server.ID)
		})
	})
}

func (c *checker) retired(v *verdict) {
	c.eachCall(func(client, server *subject, _ *traffic) {
		if !client.moves || !server.off {
			return
		}
		from, okFrom := c.at(client.ID)
		to, okTo := c.at(server.ID)
		v.pair(!okFrom || !okTo || !to.Before(from), 1, func() breakT {
			return c.trouble(fmt.Sprintf("%s is switched off before its client %s has moved", server.ID, client.ID), client.ID, server.ID)
		})
	})
}
