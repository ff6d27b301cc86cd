// Package wavecheck judges a plan, made by the planner or by hand, against
// every condition of plan.yaml. It reads the estate and the plan afresh and
// shares no code with the planner's own reckoning of what is feasible, so that
// a fault of one shows in the other.
package wavecheck

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// Report is the checker's judgement of a plan.
type Report struct {
	Conditions []migrate.PlanCondition `json:"conditions"`
	Objective  migrate.PlanObjective   `json:"objective"` // without bound, gap and moves
	Crossings  []migrate.Crossing      `json:"crossings,omitempty"`
	Flows      []migrate.CrossingFlow  `json:"flows,omitempty"`
	// After is the GB a day that crosses after each wave.
	After []float64 `json:"crossingGBPerDayAfter"`
}

// maxBreaks is how many breaks of one condition are listed.
const maxBreaks = 50

// maxFlows is how many crossing flows are listed.
const maxFlows = 50

// Check judges the plan. Of the plan it believes only which server is in which
// wave and when each wave is; everything else it works out itself.
func Check(e *migrate.Estate, cfg *planfile.Config, plan *migrate.Plan) *Report {
	c := newChecker(e, cfg, plan)
	type judge struct {
		id    string
		title string
		run   func(*verdict)
	}
	judges := []judge{
		{planfile.CondComplete, "every server that moves or is switched off is in one wave", c.complete},
		{planfile.CondCalendar, "waves lie in change windows, outside freezes, in time", c.calendar},
		{planfile.CondPins, "pinned servers are where they are pinned", c.pins},
		{planfile.CondTogether, "servers that must move together share a wave", c.together},
		{planfile.CondApart, "servers that must never move together don't share a window", c.apart},
		{planfile.CondStrong, "strong two-way dependencies share a wave", c.strong},
		{planfile.CondApplication, "an application stays together", c.applications},
		{planfile.CondOrder, "a dependency moves in the same or an earlier wave", c.order},
		{planfile.CondEnvOrder, "development and test move before production", c.environmentOrder},
		{planfile.CondEnvMix, "production is not mixed with other environments", c.environmentMix},
		{planfile.CondCritical, "critical servers are not in the first wave", c.criticalNotFirst},
		{planfile.CondComplex, "complex servers are not in the first wave", c.complexNotFirst},
		{planfile.CondRedundancy, "the halves of a redundant pair don't share a window", c.redundancy},
		{planfile.CondLatency, "chatty clients move with what they call", c.latency},
		{planfile.CondSize, "waves have a size that can be managed", c.size},
		{planfile.CondReplication, "data is over the link before its window", c.replication},
		{planfile.CondMovers, "movers carry no more servers at once than they can", c.movers},
		{planfile.CondHours, "no team works more hours a window than it has", c.hours},
		{planfile.CondPilot, "the first wave is a small pilot of low risk", c.pilot},
		{planfile.CondShared, "shared services serve both sides while clients are on both", c.shared},
		{planfile.CondRetired, "retired servers stay on until their clients have moved", c.retired},
	}
	r := &Report{}
	for _, j := range judges {
		v := &verdict{severity: cfg.Severity(j.id), waivers: cfg.Waivers, id: j.id}
		j.run(v)
		r.Conditions = append(r.Conditions, v.condition(j.title))
	}
	c.measure(r)
	return r
}

// HardBroken tells whether a hard condition is broken.
func (r *Report) HardBroken() bool {
	return slices.ContainsFunc(r.Conditions, func(c migrate.PlanCondition) bool { return c.State == "broken" && c.Severity == "hard" })
}

// Into writes the judgement into the plan.
func (r *Report) Into(plan *migrate.Plan) {
	o := r.Objective
	o.Moves, o.Bound, o.Gap, o.BoundMethod = plan.Objective.Moves, plan.Objective.Bound, plan.Objective.Gap, plan.Objective.BoundMethod
	plan.Objective, plan.Conditions, plan.Crossings, plan.Flows = o, r.Conditions, r.Crossings, r.Flows
	for i := range plan.Waves {
		plan.Waves[i].CrossingGBPerDay = r.After[i]
	}
}

// verdict gathers what one condition finds.
type verdict struct {
	id        string
	severity  planfile.Severity
	waivers   []planfile.Waiver
	instances int
	broken    int
	waived    int
	penalty   float64
	evidence  []string
	breaks    []migrate.PlanBreak
	more      int
}

// kept counts an instance that holds.
func (v *verdict) kept() { v.instances++ }

// breaks counts an instance that does not hold; times is how often its weight
// counts.
func (v *verdict) broke(times float64, b migrate.PlanBreak) {
	v.instances++
	v.broken++
	if !v.severity.Hard {
		b.Cost = v.severity.Weight * times
		v.penalty += b.Cost
	}
	v.list(b)
}

func (v *verdict) list(b migrate.PlanBreak) {
	if len(v.breaks) >= maxBreaks {
		v.more++
		return
	}
	slices.Sort(b.Servers)
	v.breaks = append(v.breaks, b)
}

// pair judges an instance on named servers, which may be waived.
func (v *verdict) pair(holds bool, times float64, evidence func() migrate.PlanBreak) {
	if holds {
		v.kept()
		return
	}
	b := evidence()
	if reason, ok := v.isWaived(b.Servers); ok {
		v.instances++
		v.waived++
		b.Waived = reason
		v.list(b)
		return
	}
	v.broke(times, b)
}

func (v *verdict) isWaived(servers []string) (string, bool) {
	for _, w := range v.waivers {
		if w.Condition != v.id {
			continue
		}
		missing := slices.ContainsFunc(servers, func(s string) bool { return !slices.Contains(w.Servers, s) })
		if !missing {
			return w.Reason, true
		}
	}
	return "", false
}

func (v *verdict) say(format string, args ...any) {
	v.evidence = append(v.evidence, fmt.Sprintf(format, args...))
}

func (v *verdict) condition(title string) migrate.PlanCondition {
	c := migrate.PlanCondition{ID: v.id, Title: title, Severity: v.severity.Name(), Weight: v.severity.Weight,
		Instances: v.instances, Broken: v.broken, Waived: v.waived, Evidence: v.evidence, Breaks: v.breaks, MoreBreaks: v.more}
	switch {
	case v.severity.Off():
		return migrate.PlanCondition{ID: v.id, Title: title, Severity: "off", State: "not applicable", Evidence: []string{"switched off in plan.yaml"}}
	case v.instances == 0:
		c.State = "not applicable"
	case v.broken > 0:
		c.State = "broken"
		c.Penalty = v.penalty
	default:
		c.State = "kept"
	}
	if v.instances > 0 && len(v.evidence) == 0 {
		c.Evidence = []string{fmt.Sprintf("%d of %d kept", v.instances-v.broken-v.waived, v.instances)}
	}
	return c
}

// place is where a server is: its wave's index, and the window's start.
type place struct {
	wave  int
	start time.Time
}

// subject is what the checker knows of a server.
type subject struct {
	*migrate.Server
	disposition string
	excluded    bool
	moves       bool
	off         bool // is switched off
	stays       bool
	first       bool // an environment before production
	shared      bool
	spare       bool // the second half of a redundant pair
	peers       map[string]bool
}

func (s *subject) acts() bool { return s.moves || s.off }

// checker holds the estate by name and the plan by server.
type checker struct {
	cfg      *planfile.Config
	loc      *time.Location
	plan     *migrate.Plan
	subjects map[string]*subject
	ids      []string // of subjects, sorted
	places   map[string]place
	twice    []string
	calls    map[string]map[string]*traffic // client, server
	callers  []string
	pairs    [][2]string // redundant, first half first
	asked    [][2]string // redundant, but to be moved in one wave
	users    map[string]map[string]bool
	waves    []int // by time
}

// traffic is what one server sends and asks of another.
type traffic struct {
	gb         float64 // a day
	roundTrips float64
}

func newChecker(e *migrate.Estate, cfg *planfile.Config, plan *migrate.Plan) *checker {
	c := &checker{cfg: cfg, loc: cfg.Location(), plan: plan, subjects: map[string]*subject{}, places: map[string]place{},
		calls: map[string]map[string]*traffic{}, users: map[string]map[string]bool{}}
	for i := range e.Servers {
		s := c.subject(&e.Servers[i])
		c.subjects[s.ID] = s
		c.ids = append(c.ids, s.ID)
	}
	slices.Sort(c.ids)
	for i, w := range plan.Waves {
		c.waves = append(c.waves, i)
		for _, s := range w.Servers {
			if _, double := c.places[s.ID]; double {
				c.twice = append(c.twice, s.ID)
				continue
			}
			c.places[s.ID] = place{i, w.Start}
		}
	}
	slices.SortStableFunc(c.waves, func(a, b int) int {
		return cmp.Or(plan.Waves[a].Start.Compare(plan.Waves[b].Start), cmp.Compare(plan.Waves[a].Lane, plan.Waves[b].Lane))
	})
	for i := range e.Flows {
		c.flow(&e.Flows[i])
	}
	for _, from := range c.ids {
		if c.calls[from] != nil {
			c.callers = append(c.callers, from)
		}
	}
	c.findPairs()
	return c
}

func (c *checker) subject(s *migrate.Server) *subject {
	out := &subject{Server: s, disposition: "rehost", peers: map[string]bool{}}
	if d := strings.ToLower(s.Disposition); slices.Contains(planfile.KnownDispositions, d) {
		out.disposition = d
	}
	for _, rule := range c.cfg.Dispositions {
		if rule.Match.Fits(s, out.disposition) {
			out.disposition = rule.Disposition
		}
	}
	for _, rule := range c.cfg.Exclude {
		out.excluded = out.excluded || rule.Match.Fits(s, out.disposition)
	}
	for _, rule := range c.cfg.SharedServices {
		out.shared = out.shared || rule.Fits(s, out.disposition)
	}
	out.first = !out.shared && slices.Contains(c.cfg.Environments.First, s.Environment.Value)
	if !out.excluded {
		out.off, out.stays = out.disposition == "retire", out.disposition == "retain"
		out.moves = !out.off && !out.stays
	}
	return out
}

func (c *checker) flow(f *migrate.Flow) {
	a, b := c.subjects[f.From], c.subjects[f.To]
	if f.FromOutside || f.ToOutside || a == nil || b == nil || a == b || a.excluded || b.excluded {
		return
	}
	if b.shared && !b.off && f.Class != migrate.FlowScan && f.Class != migrate.FlowCollector {
		role := b.Role.Value
		if c.users[role] == nil {
			c.users[role] = map[string]bool{}
		}
		c.users[role][a.ID] = true
	}
	if !slices.Contains(c.cfg.Dependencies.Classes, string(f.Class)) {
		return
	}
	if c.calls[a.ID] == nil {
		c.calls[a.ID] = map[string]*traffic{}
	}
	t := c.calls[a.ID][b.ID]
	if t == nil {
		t = &traffic{}
		c.calls[a.ID][b.ID] = t
	}
	a.peers[b.ID], b.peers[a.ID] = true, true
	if f.Bytes <= 0 {
		t.gb += c.cfg.Dependencies.UnmeasuredGBPerDay
	} else {
		days := f.Days
		if days <= 0 {
			days = c.cfg.Dependencies.AssumeDays
		}
		t.gb += float64(f.Bytes) / 1e9 / days
	}
	for _, r := range c.cfg.Latency.RoundTrips {
		if slices.Contains(r.Ports, f.Port) {
			t.roundTrips = math.Max(t.roundTrips, r.PerRequest)
		}
	}
}

// eachCall visits the traffic of every ordered pair, in order.
func (c *checker) eachCall(visit func(client, server *subject, t *traffic)) {
	for _, from := range c.callers {
		names := make([]string, 0, len(c.calls[from]))
		for to := range c.calls[from] {
			names = append(names, to)
		}
		slices.Sort(names)
		for _, to := range names {
			visit(c.subjects[from], c.subjects[to], c.calls[from][to])
		}
	}
}

func (c *checker) waveID(s string) string {
	if p, ok := c.places[s]; ok {
		return c.plan.Waves[p.wave].ID
	}
	return "no wave"
}

// trouble describes servers and their waves.
func (c *checker) trouble(text string, servers ...string) migrate.PlanBreak {
	b := migrate.PlanBreak{Servers: slices.Clone(servers), Evidence: text}
	for _, s := range servers {
		b.Waves = append(b.Waves, c.waveID(s))
	}
	slices.Sort(b.Waves)
	b.Waves = slices.Compact(b.Waves)
	return b
}

// at is a server's window, and whether it has one.
func (c *checker) at(s string) (time.Time, bool) {
	p, ok := c.places[s]
	return p.start, ok
}
