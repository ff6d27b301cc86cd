package wavecheck

import (
	"fmt"
	"slices"
	"time"
)

func (c *checker) environmentOrder(v *verdict) {
	scopes := map[string][]*subject{}
	var names []string
	for _, id := range c.ids {
		s := c.subjects[id]
		if _, placed := c.places[id]; !placed || !s.moves || s.shared {
			continue
		}
		name := "the estate"
		if c.cfg.Environments.Scope == "application" {
			name = s.Application.Value
		}
		if name == "" {
			continue
		}
		if scopes[name] == nil {
			names = append(names, name)
		}
		scopes[name] = append(scopes[name], s)
	}
	slices.Sort(names)
	for _, name := range names {
		c.orderIn(v, name, scopes[name])
	}
}

func (c *checker) orderIn(v *verdict, name string, list []*subject) {
	var production time.Time
	firsts := 0
	for _, s := range list {
		if s.first {
			firsts++
		} else if at, _ := c.at(s.ID); production.IsZero() || at.Before(production) {
			production = at
		}
	}
	if firsts == 0 || production.IsZero() {
		return
	}
	for _, s := range list {
		if !s.first {
			continue
		}
		at, _ := c.at(s.ID)
		v.pair(at.Before(production), 1, func() breakT {
			return c.trouble(fmt.Sprintf("%s (%s) does not move before the first production server of %s", s.ID, s.Environment.Value, name), s.ID)
		})
	}
}

func (c *checker) environmentMix(v *verdict) {
	for _, w := range c.plan.Waves {
		first, production := 0, 0
		for _, member := range w.Servers {
			s := c.subjects[member.ID]
			switch {
			case s == nil || !s.moves || s.shared:
			case s.first:
				first++
			default:
				production++
			}
		}
		if first+production == 0 {
			continue
		}
		if first == 0 || production == 0 {
			v.kept()
			continue
		}
		v.broke(1, breakT{Waves: []string{w.ID}, Evidence: fmt.Sprintf("%d servers of production with %d of other environments", production, first)})
	}
}

// firstStart is the start of the first wave.
func (c *checker) firstStart() (time.Time, bool) {
	if len(c.waves) == 0 {
		return time.Time{}, false
	}
	return c.plan.Waves[c.waves[0]].Start, true
}

func (c *checker) notFirst(v *verdict, which func(*subject) bool, word string) {
	start, any := c.firstStart()
	for _, id := range c.ids {
		s := c.subjects[id]
		at, placed := c.at(id)
		if any && placed && s.moves && which(s) {
			v.pair(!at.Equal(start), 1, func() breakT { return c.trouble("is "+word+" and in the first window", id) })
		}
	}
}

func (c *checker) criticalNotFirst(v *verdict) { c.notFirst(v, critical, "critical") }

func (c *checker) complexNotFirst(v *verdict) { c.notFirst(v, c.complex, "complex") }

func (c *checker) pilot(v *verdict) {
	start, any := c.firstStart()
	movers := slices.ContainsFunc(c.ids, func(id string) bool { return c.subjects[id].moves })
	if c.cfg.Pilot.Max == 0 || !any || !movers {
		return
	}
	lanes, moving, wrong := 0, 0, ""
	var risky []string
	size := 0
	for _, w := range c.plan.Waves {
		if !w.Start.Equal(start) {
			continue
		}
		lanes++
		size += len(w.Servers)
		for _, member := range w.Servers {
			s := c.subjects[member.ID]
			if s == nil {
				continue
			}
			if s.moves {
				moving++
			}
			if c.riskOf(s) > c.cfg.Pilot.MaxRisk {
				risky = append(risky, s.ID)
			}
		}
	}
	switch {
	case lanes > 1:
		wrong = fmt.Sprintf("%d waves run in the first window", lanes)
	case size > c.cfg.Pilot.Max:
		wrong = fmt.Sprintf("the first wave has %d servers, more than %d", size, c.cfg.Pilot.Max)
	case moving == 0:
		wrong = "the first wave moves no server"
	case len(risky) > 0:
		wrong = fmt.Sprintf("%d servers of the first wave have a risk above %g", len(risky), c.cfg.Pilot.MaxRisk)
	}
	if wrong != "" {
		v.broke(1, c.trouble(wrong, risky...))
		return
	}
	v.kept()
	v.say("%d servers, none with a risk above %g", size, c.cfg.Pilot.MaxRisk)
}

func (c *checker) shared(v *verdict) {
	roles := map[string][]*subject{}
	var names []string
	for _, id := range c.ids {
		if s := c.subjects[id]; s.shared && (s.moves || s.stays) {
			if roles[s.Role.Value] == nil {
				names = append(names, s.Role.Value)
			}
			roles[s.Role.Value] = append(roles[s.Role.Value], s)
		}
	}
	slices.Sort(names)
	single := 0
	for _, name := range names {
		if len(roles[name]) < 2 {
			single++
			continue
		}
		c.serves(v, name, roles[name])
	}
	if single > 0 {
		v.say("%d services have one server and are reached over the link", single)
	}
	if v.instances > 0 {
		v.say("%d of %d clients always have a server on their side", v.instances-v.broken, v.instances)
	}
}

func (c *checker) serves(v *verdict, name string, servers []*subject) {
	var first, last time.Time
	remains, moves := false, false
	for _, s := range servers {
		at, ok := c.at(s.ID)
		if s.stays || !ok {
			remains = remains || s.stays
			continue
		}
		if !moves || at.Before(first) {
			first = at
		}
		if !moves || at.After(last) {
			last = at
		}
		moves = true
	}
	if !moves {
		return
	}
	for _, id := range c.ids {
		client := c.subjects[id]
		at, ok := c.at(id)
		if !c.users[name][id] || !ok || !client.acts() || slices.Contains(servers, client) {
			continue
		}
		early, late := at.Before(first), at.After(last) && !remains
		v.pair(!early && !late, 1, func() breakT {
			side := "new"
			if late {
				side = "old"
			}
			return c.trouble(fmt.Sprintf("%s has no %s server on the %s side for a while", id, name, side), id)
		})
	}
}
