package wave

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

// Explanation says why a server is in its wave.
type Explanation struct {
	Server  string   `json:"server"`
	Wave    string   `json:"wave,omitempty"`
	Start   string   `json:"start,omitempty"`
	Outside string   `json:"outside,omitempty"` // why it is in no wave
	Group   []string `json:"group,omitempty"`   // what moves with it
	Why     []string `json:"why,omitempty"`     // what binds the group
	Rules   []string `json:"rules,omitempty"`   // other conditions that name the group
	Pulls   []Pull   `json:"pulls,omitempty"`   // traffic with others, heaviest first
	Moves   []Move   `json:"moves,omitempty"`   // every other window
}

// Pull is traffic between the group and another server.
type Pull struct {
	Server   string  `json:"server"`
	Wave     string  `json:"wave"`
	GBPerDay float64 `json:"gbPerDay"`
}

// Move is what it would cost to move the group into another window; below 0 it
// would gain.
type Move struct {
	Window     int      `json:"window"`
	Start      string   `json:"start"`
	Frozen     string   `json:"frozen,omitempty"`
	Exposure   float64  `json:"exposure"`
	Risk       float64  `json:"risk"`
	Penalty    float64  `json:"penalty"`
	HardBreaks []string `json:"hardBreaks,omitempty"`
	SoftBreaks []string `json:"softBreaks,omitempty"`
}

// maxPulls is how many neighbours an explanation lists.
const maxPulls = 12

// Explain tells why the server is where the plan has it, and what moving its
// group to each other window would cost or break.
func Explain(e *migrate.Estate, cfg *planfile.Config, plan *migrate.Plan, server string) (*Explanation, error) {
	m, err := newModel(e, cfg)
	if err != nil {
		return nil, err
	}
	i, ok := m.index[server]
	if !ok {
		return nil, fmt.Errorf("explain: the estate has no server %q%s", server, nearest(server, m))
	}
	out := &Explanation{Server: server}
	for _, w := range plan.Waves {
		if slices.ContainsFunc(w.Servers, func(s migrate.WaveServer) bool { return s.ID == server }) {
			out.Wave, out.Start = w.ID, w.Start.Format(time.RFC3339)
		}
	}
	if out.Wave == "" {
		out.Outside = m.outside(i)
		return out, nil
	}
	out.Group = []string{server}
	p := m.compile(nil, -1)
	for k := range p.nodes {
		if slices.Contains(p.nodes[k].parts, int32(i)) {
			out.Group = nil
			for _, s := range p.nodes[k].parts {
				out.Group = append(out.Group, m.id(int(s)))
			}
		}
	}
	slices.Sort(out.Group)
	m.rules(out)
	m.pulls(out, plan)
	base := wavecheck.Check(e, cfg, plan)
	for w := range plan.Windows {
		if plan.Windows[w].Start.Format(time.RFC3339) != out.Start {
			out.Moves = append(out.Moves, compareMove(e, cfg, plan, base, out.Group, &plan.Windows[w]))
		}
	}
	return out, nil
}

func nearest(server string, m *model) string {
	for id := range m.index {
		if strings.HasPrefix(id, server+".") {
			return fmt.Sprintf("; did you mean %s?", id)
		}
	}
	return ""
}

func (m *model) outside(i int) string {
	switch f := &m.servers[i]; f.fate {
	case fateRetain:
		return "it is retained: it stays at the old site"
	case fateExclude:
		return "it is excluded: " + f.why
	}
	return "the plan has it in no wave, though it should be in one"
}

// rules sorts the conditions that name the group into those that bind it and
// the others.
func (m *model) rules(out *Explanation) {
	in := map[int]bool{}
	for _, s := range out.Group {
		in[m.index[s]] = true
	}
	for _, c := range m.instances {
		if len(c.a) == 0 || len(c.a)+len(c.b) > 50 && c.kind != kindAllow {
			continue
		}
		inside := slices.ContainsFunc(c.a, func(s int) bool { return in[s] }) || slices.ContainsFunc(c.b, func(s int) bool { return in[s] })
		switch {
		case !inside:
		case c.kind == kindTogether && c.hard:
			out.Why = append(out.Why, c.label)
		default:
			out.Rules = append(out.Rules, c.label)
		}
	}
	slices.Sort(out.Rules)
}

func (m *model) pulls(out *Explanation, plan *migrate.Plan) {
	waves := map[string]string{}
	for _, w := range plan.Waves {
		for _, s := range w.Servers {
			waves[s.ID] = w.ID
		}
	}
	gb := map[string]float64{}
	for _, p := range m.pairs {
		a, b := m.id(p.a), m.id(p.b)
		if slices.Contains(out.Group, b) {
			a, b = b, a
		}
		if slices.Contains(out.Group, a) && !slices.Contains(out.Group, b) {
			gb[b] += p.gb
		}
	}
	for s, g := range gb {
		out.Pulls = append(out.Pulls, Pull{Server: s, Wave: cmp.Or(waves[s], "stays"), GBPerDay: g})
	}
	slices.SortFunc(out.Pulls, func(a, b Pull) int {
		return cmp.Or(cmp.Compare(b.GBPerDay, a.GBPerDay), cmp.Compare(a.Server, b.Server))
	})
	out.Pulls = out.Pulls[:min(len(out.Pulls), maxPulls)]
}

// compareMove judges the plan with a group in another window.
func compareMove(e *migrate.Estate, cfg *planfile.Config, plan *migrate.Plan, base *wavecheck.Report, group []string, to *migrate.PlanWindow) Move {
	r := wavecheck.Check(e, cfg, moved(plan, group, to))
	o := Move{Window: to.Number, Start: to.Start.Format(time.RFC3339), Frozen: to.Frozen,
		Exposure: round(r.Objective.Exposure - base.Objective.Exposure), Risk: round(r.Objective.Risk - base.Objective.Risk),
		Penalty: round(r.Objective.Penalty - base.Objective.Penalty)}
	for i, c := range r.Conditions {
		was := base.Conditions[i]
		if c.Broken <= was.Broken {
			continue
		}
		text := c.ID
		for _, b := range c.Breaks {
			if !slices.ContainsFunc(was.Breaks, func(x migrate.PlanBreak) bool { return x.Evidence == b.Evidence }) {
				text += ": " + b.Evidence
				if c.Broken-was.Broken > 1 {
					text += fmt.Sprintf(" (and %d more)", c.Broken-was.Broken-1)
				}
				break
			}
		}
		if c.Severity == "hard" {
			o.HardBreaks = append(o.HardBreaks, text)
		} else {
			o.SoftBreaks = append(o.SoftBreaks, text)
		}
	}
	return o
}

// moved is a copy of the plan with the group in the first wave of a window, or
// in a new one where it has none.
func moved(plan *migrate.Plan, group []string, to *migrate.PlanWindow) *migrate.Plan {
	q := *plan
	q.Waves = nil
	var taken []migrate.WaveServer
	placed := -1
	for _, w := range plan.Waves {
		var rest []migrate.WaveServer
		for _, s := range w.Servers {
			if slices.Contains(group, s.ID) {
				taken = append(taken, s)
			} else {
				rest = append(rest, s)
			}
		}
		w.Servers = rest
		if w.Start.Equal(to.Start) && placed < 0 {
			placed = len(q.Waves)
			q.Waves = append(q.Waves, w)
		} else if len(rest) > 0 {
			q.Waves = append(q.Waves, w)
		}
	}
	if placed < 0 {
		placed = len(q.Waves)
		q.Waves = append(q.Waves, migrate.Wave{ID: fmt.Sprintf("window %d", to.Number), Window: to.Number, Lane: 1, Start: to.Start, End: to.End})
	}
	q.Waves[placed].Servers = append(slices.Clone(q.Waves[placed].Servers), taken...)
	return &q
}
