package wave

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// kind is the form that an instance of a condition has for the solver.
type kind int

const (
	kindTogether   kind = iota // servers a: one wave
	kindApart                  // servers a: no two in one window
	kindBefore                 // server a[0] in the same or an earlier window than b[0]
	kindOrder                  // every server of a in an earlier window than every one of b
	kindServe                  // each client b between the first and the last of a
	kindAllow                  // servers a only in allowed windows
	kindFreeze                 // no server in the windows of freeze n
	kindNotFirst               // server a[0] not in the first wave
	kindMix                    // no wave with both classes
	kindSizeMax                // servers a wave
	kindSizeMin                // the same, but for the pilot and the last
	kindMover                  // servers at once, by mover
	kindHours                  // a team's minutes in a window
	kindLink                   // data over the link before each window
	kindPilot                  // the first wave is small and of low risk
	kindImpossible             // a pair of which one half never moves
)

// instance is one condition on named servers, or one limit.
type instance struct {
	cond    string
	kind    kind
	label   string
	hard    bool
	weight  float64
	a, b    []int
	allowed []bool // by window
	n       int    // freeze, mover or team
	limit   int64
}

// model is all that has to hold, in the estate's own servers.
type model struct {
	*facts
	cal       *calendar
	teams     []string
	movers    []string
	instances []instance
	keep      map[int]int // server to its slot in the plan that is kept
	keepCost  float64
}

func newModel(e *migrate.Estate, cfg *planfile.Config) (*model, error) {
	f, err := newFacts(e, cfg)
	if err != nil {
		return nil, err
	}
	cal, err := newCalendar(cfg)
	if err != nil {
		return nil, err
	}
	m := &model{facts: f, cal: cal, teams: slices.Sorted(maps.Keys(cfg.Teams)), movers: slices.Sorted(maps.Keys(cfg.Movers.Profiles))}
	m.calendarInstances()
	m.setInstances()
	m.pairInstances()
	m.applicationInstances()
	m.environmentInstances()
	m.firstWaveInstances()
	m.serviceInstances()
	m.limitInstances()
	return m, nil
}

// add takes an instance in where its condition is not switched off.
func (m *model) add(in instance) {
	s := m.cfg.Severity(in.cond)
	if s.Off() {
		return
	}
	in.hard, in.weight = s.Hard, s.Weight
	in.label = in.cond + ": " + in.label
	m.instances = append(m.instances, in)
}

func (m *model) id(i int) string { return m.servers[i].src.ID }

func (m *model) calendarInstances() {
	for i, f := range m.cfg.Freezes {
		closes := slices.ContainsFunc(m.cal.windows, func(w window) bool { return w.frozen == i })
		if closes {
			m.add(instance{cond: planfile.CondCalendar, kind: kindFreeze, n: i, label: fmt.Sprintf("freeze %q from %s to %s", f.Name, f.From, f.To)})
		}
	}
	for i := range m.cfg.Pins {
		p := &m.cfg.Pins[i]
		picked := m.pick(&p.Match, fmt.Sprintf("pins[%d]", i))
		if len(picked) == 0 {
			continue
		}
		allowed := make([]bool, len(m.cal.windows))
		for w := range m.cal.windows {
			allowed[w] = pinAllows(p, w, planfile.DateOf(m.cal.windows[w].start))
		}
		m.add(instance{cond: planfile.CondPins, kind: kindAllow, a: picked, allowed: allowed, label: fmt.Sprintf("pins[%d] %s (%s)", i, pinText(p), names(m, picked))})
	}
}

func pinAllows(p *planfile.Pin, w int, day planfile.Date) bool {
	return (p.Window == 0 || p.Window == w+1) && (p.On.IsZero() || p.On == day) &&
		(p.NotBefore.IsZero() || !day.Before(p.NotBefore)) && (p.NotAfter.IsZero() || !p.NotAfter.Before(day))
}

func pinText(p *planfile.Pin) string {
	text := ""
	if p.Window > 0 {
		text += fmt.Sprintf(" in window %d", p.Window)
	}
	for _, part := range []struct {
		word string
		date planfile.Date
	}{{"on", p.On}, {"not before", p.NotBefore}, {"not after", p.NotAfter}} {
		if !part.date.IsZero() {
			text += " " + part.word + " " + part.date.String()
		}
	}
	return text[1:]
}

// names lists up to three servers.
func names(m *model, list []int) string {
	text := ""
	for i, s := range list {
		if i == 3 {
			return fmt.Sprintf("%s and %d more", text, len(list)-3)
		}
		if i > 0 {
			text += ", "
		}
		text += m.id(s)
	}
	return text
}

// pick lists the acting servers that match, and notes a match of none.
func (m *model) pick(match *planfile.Match, at string) []int {
	var out []int
	for i := range m.servers {
		if s := &m.servers[i]; s.acts() && match.Fits(s.src, s.disposition) {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		m.notes = append(m.notes, at+" matches no server that acts in a wave")
	}
	return out
}

func (m *model) setInstances() {
	for i := range m.cfg.Together {
		s := &m.cfg.Together[i]
		picked := m.pick(&s.Match, fmt.Sprintf("together[%d]", i))
		label := fmt.Sprintf("together[%d] %q (%s)", i, s.Name, names(m, picked))
		stays := slices.ContainsFunc(m.servers, func(f serverFacts) bool { return f.fate == fateRetain && s.Match.Fits(f.src, f.disposition) })
		if stays && len(picked) > 0 {
			m.add(instance{cond: planfile.CondTogether, kind: kindImpossible, label: label + " holds a server that is retained"})
		} else if len(picked) > 1 {
			m.add(instance{cond: planfile.CondTogether, kind: kindTogether, a: picked, label: label})
		}
	}
	for i := range m.cfg.Apart {
		s := &m.cfg.Apart[i]
		if picked := m.pick(&s.Match, fmt.Sprintf("apart[%d]", i)); len(picked) > 1 {
			m.add(instance{cond: planfile.CondApart, kind: kindApart, a: picked, label: fmt.Sprintf("apart[%d] %q (%s)", i, s.Name, names(m, picked))})
		}
	}
	for _, h := range m.halves {
		m.add(instance{cond: planfile.CondRedundancy, kind: kindApart, a: h[:], label: fmt.Sprintf("%s and %s are halves of a pair", m.id(h[0]), m.id(h[1]))})
	}
}

// halvesOf tells that two servers are one redundant pair.
func (m *model) halvesOf(a, b int) bool {
	return slices.Contains(m.halves, [2]int{a, b}) || slices.Contains(m.halves, [2]int{b, a})
}

// pairInstances turns dependencies into order, and strong or chatty ones into
// one wave.
func (m *model) pairInstances() {
	reverse := make(map[[2]int]float64, len(m.deps))
	for _, d := range m.deps {
		reverse[[2]int{d.to, d.from}] = d.gb
	}
	for _, d := range m.deps {
		m.orderInstance(d)
		back, both := reverse[[2]int{d.from, d.to}]
		if both && d.from < d.to && d.gb >= m.cfg.Dependencies.StrongGBPerDay && back >= m.cfg.Dependencies.StrongGBPerDay {
			m.bind(planfile.CondStrong, d.from, d.to, fmt.Sprintf("%s and %s exchange %.2f and %.2f GB a day", m.id(d.from), m.id(d.to), d.gb, back))
		}
		if delay := d.roundTrips * m.cfg.Latency.AddedMs; delay > m.cfg.Latency.BudgetMs {
			m.bind(planfile.CondLatency, d.from, d.to, fmt.Sprintf("%s calls %s and would wait %.0f ms more a request, budget %.0f ms", m.id(d.from), m.id(d.to), delay, m.cfg.Latency.BudgetMs))
		}
	}
}

// orderInstance makes the dependency of a client move no later than it; a
// retired one is switched off no earlier.
func (m *model) orderInstance(d dependency) {
	client, server := &m.servers[d.from], &m.servers[d.to]
	if client.fate != fateMove {
		return
	}
	if server.fate == fateRetire {
		if !m.waived(planfile.CondRetired, d.from, d.to) {
			m.add(instance{cond: planfile.CondRetired, kind: kindBefore, a: []int{d.from}, b: []int{d.to},
				label: fmt.Sprintf("%s needs %s until it has moved itself", m.id(d.from), m.id(d.to))})
		}
		return
	}
	if server.fate != fateMove || server.secondHalf || client.class == classShared || server.class == classShared ||
		m.waived(planfile.CondOrder, d.from, d.to) || d.gb < m.cfg.Dependencies.MinGBPerDay || m.halvesOf(d.from, d.to) {
		return
	}
	m.add(instance{cond: planfile.CondOrder, kind: kindBefore, a: []int{d.to}, b: []int{d.from},
		label: fmt.Sprintf("%s depends on %s", m.id(d.from), m.id(d.to))})
}

// bind makes two servers share a wave, unless the second half of a pair, a
// shared service or a retired server is one of them.
func (m *model) bind(cond string, a, b int, label string) {
	x, y := &m.servers[a], &m.servers[b]
	if x.secondHalf || y.secondHalf || x.class == classShared || y.class == classShared ||
		x.fate == fateRetire || y.fate == fateRetire || m.waived(cond, a, b) {
		return
	}
	switch {
	case x.fate == fateRetain && y.fate == fateRetain:
	case x.fate == fateRetain || y.fate == fateRetain:
		m.add(instance{cond: cond, kind: kindImpossible, label: label + "; one of them is retained"})
	default:
		m.add(instance{cond: cond, kind: kindTogether, a: []int{a, b}, label: label})
	}
}

func (m *model) applicationInstances() {
	type key struct {
		app   string
		class envClass
	}
	apps := map[key][]int{}
	for i := range m.servers {
		s := &m.servers[i]
		if s.fate == fateMove && s.class != classShared && !s.secondHalf && s.src.Application.Value != "" {
			k := key{s.src.Application.Value, s.class}
			apps[k] = append(apps[k], i)
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(apps), func(x, y key) int {
		return cmp.Or(cmp.Compare(x.app, y.app), cmp.Compare(x.class, y.class))
	}) {
		if list := apps[k]; len(list) > 1 {
			m.add(instance{cond: planfile.CondApplication, kind: kindTogether, a: list, label: fmt.Sprintf("application %s (%s) of %d servers", k.app, k.class, len(list))})
		}
	}
}

func (c envClass) String() string {
	return [...]string{"production", "before production", "shared"}[c]
}

func (m *model) environmentInstances() {
	first, production := map[string][]int{}, map[string][]int{}
	scope := func(s *serverFacts) string {
		if m.cfg.Environments.Scope == "application" {
			return s.src.Application.Value
		}
		return "the estate"
	}
	for i := range m.servers {
		s := &m.servers[i]
		if s.fate != fateMove {
			continue
		}
		switch s.class {
		case classFirst:
			first[scope(s)] = append(first[scope(s)], i)
		case classProduction:
			production[scope(s)] = append(production[scope(s)], i)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(first)) {
		if k != "" && len(production[k]) > 0 {
			m.add(instance{cond: planfile.CondEnvOrder, kind: kindOrder, a: first[k], b: production[k],
				label: fmt.Sprintf("%d servers before production ahead of %d in production (%s)", len(first[k]), len(production[k]), k)})
		}
	}
	if len(first) > 0 && len(production) > 0 {
		m.add(instance{cond: planfile.CondEnvMix, kind: kindMix, label: "no wave with production and other environments"})
	}
}

func (m *model) firstWaveInstances() {
	for i := range m.servers {
		s := &m.servers[i]
		if s.fate != fateMove {
			continue
		}
		if s.critical && !m.waived(planfile.CondCritical, i) {
			m.add(instance{cond: planfile.CondCritical, kind: kindNotFirst, a: []int{i}, label: m.id(i) + " is critical"})
		}
		if s.complex && !m.waived(planfile.CondComplex, i) {
			m.add(instance{cond: planfile.CondComplex, kind: kindNotFirst, a: []int{i}, label: m.id(i) + " is complex"})
		}
	}
	if m.cfg.Pilot.Max > 0 && slices.ContainsFunc(m.servers, func(s serverFacts) bool { return s.fate == fateMove }) {
		m.add(instance{cond: planfile.CondPilot, kind: kindPilot, limit: int64(m.cfg.Pilot.Max),
			label: fmt.Sprintf("a first wave of 1 to %d servers with a risk of %g at most", m.cfg.Pilot.Max, m.cfg.Pilot.MaxRisk)})
	}
}

func (m *model) serviceInstances() {
	for _, role := range slices.Sorted(maps.Keys(m.services)) {
		list := m.services[role]
		var acting, clients []int
		for _, i := range list {
			if m.servers[i].fate == fateMove {
				acting = append(acting, i)
			}
		}
		for _, i := range m.clients[role] {
			if m.servers[i].acts() && !slices.Contains(list, i) {
				clients = append(clients, i)
			}
		}
		if len(list) > 1 && len(acting) > 0 && len(clients) > 0 {
			m.add(instance{cond: planfile.CondShared, kind: kindServe, a: acting, b: clients, n: len(list) - len(acting),
				label: fmt.Sprintf("%s (%s) serves %d clients on both sides", role, names(m, list), len(clients))})
		}
	}
}

func (m *model) limitInstances() {
	open := 0
	for _, w := range m.cal.windows {
		if w.frozen < 0 {
			open++
		}
	}
	w := m.cfg.Waves
	m.add(instance{cond: planfile.CondSize, kind: kindSizeMax, limit: int64(w.Max),
		label: fmt.Sprintf("at most %d servers a wave, %d waves a window, %d open windows", w.Max, w.Parallel, open)})
	if w.Min > 1 {
		m.add(instance{cond: planfile.CondSize, kind: kindSizeMin, limit: int64(w.Min), label: fmt.Sprintf("at least %d servers a wave", w.Min)})
	}
	for i, name := range m.movers {
		if n := m.cfg.Movers.Profiles[name].AtOnce; n > 0 {
			m.add(instance{cond: planfile.CondMovers, kind: kindMover, n: i, limit: int64(n), label: fmt.Sprintf("%s replicates at most %d servers at once", name, n)})
		}
	}
	for i, name := range m.teams {
		t := m.cfg.Teams[name]
		m.add(instance{cond: planfile.CondHours, kind: kindHours, n: i, limit: int64(t.PeopleHours() * 60),
			label: fmt.Sprintf("team %s has %g hours a window", name, t.PeopleHours())})
	}
	if m.cal.linkMiBPerDay > 0 {
		m.add(instance{cond: planfile.CondReplication, kind: kindLink,
			label: fmt.Sprintf("the link carries %.0f GB a day, replication leads by %s", m.cal.linkMiBPerDay*gbPerMiB, m.cfg.Replication.Lead)})
	}
}
