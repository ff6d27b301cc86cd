package inventory

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate"
)

// flows gives the ends of flows their servers' IDs. Where two of a source's
// flows become one (a server has several addresses), they are summed; how those
// of several sources become one, traffic says.
func (m *merger) flows() {
	m.tracks = tracksOf(m.batches)
	all := map[flowKey][]*sighting{}
	for i, b := range m.batches {
		own := map[flowKey]*sighting{}
		within := 0
		for _, f := range b.Flows {
			talk := b.talks[keyOf(f)]
			f.From, f.FromOutside = m.end(i, f.From)
			f.To, f.ToOutside = m.end(i, f.To)
			if f.From == f.To && !f.FromOutside {
				within++
				continue
			}
			f.Sources = []string{m.stand[i].id}
			s := own[keyOf(f)]
			if s == nil {
				s = &sighting{source: i, flow: f}
				own[keyOf(f)] = s
			} else {
				sumFlow(&s.flow, f)
			}
			if talk != nil {
				s.talks = append(s.talks, talk)
			}
		}
		if within > 0 {
			m.warn(i, fmt.Sprintf("%s between addresses of one and the same server: not kept as traffic", phrase.Count(within, "flow")))
		}
		for k, s := range own {
			all[k] = append(all[k], s)
		}
	}
	for _, list := range all {
		f := m.traffic(list)
		slices.Sort(f.Sources)
		m.e.Flows = append(m.e.Flows, f)
	}
	sortFlows(m.e.Flows)
}

// end resolves one end. What no server is called stays as it is, outside.
func (m *merger) end(source int, name string) (end string, outside bool) {
	id, ambiguous := m.look.find(name)
	if ambiguous != "" {
		m.warn(source, fmt.Sprintf("%s is an address or name of %s: the end of its flows stays outside", name, ambiguous))
	}
	if id == "" {
		return name, true
	}
	return id, false
}

func sumFlow(to *migrate.Flow, f migrate.Flow) {
	to.Bytes += f.Bytes
	to.Connections += f.Connections
	combineFlow(to, f)
}

func combineFlow(to *migrate.Flow, f migrate.Flow) {
	to.First, to.Last, to.Days = earlier(to.First, f.First), later(to.Last, f.Last), max(to.Days, f.Days)
	if to.Process == "" {
		to.Process = f.Process
	}
	if to.Class == "" {
		to.Class, to.ClassReason = f.Class, f.ClassReason
	}
	for _, s := range f.Sources {
		if !slices.Contains(to.Sources, s) {
			to.Sources = append(to.Sources, s)
		}
	}
}

// uses puts measurements with their servers.
func (m *merger) uses() {
	var series []Series
	sources := map[string]map[string]bool{}
	for i, b := range m.batches {
		strangers := map[string]bool{}
		for _, s := range b.Uses {
			id, ambiguous := m.look.find(s.Server)
			if ambiguous != "" {
				m.warn(i, fmt.Sprintf("measured use of %s could be that of %s: it is not used", s.Server, ambiguous))
				continue
			}
			if id == "" {
				strangers[s.Server] = true
				continue
			}
			s.Server = id
			series = append(series, s)
			if sources[id] == nil {
				sources[id] = map[string]bool{}
			}
			sources[id][m.stand[i].id] = true
		}
		if names := sortedKeys(strangers); len(names) > 0 {
			m.warn(i, fmt.Sprintf("measured use of %s that no server has: %v", phrase.Count(len(names), "name"), firstN(names, 5)))
		}
	}
	measured := MeasureUse(series)
	for i := range m.e.Servers {
		s := &m.e.Servers[i]
		if u, ok := measured[s.ID]; ok {
			s.Use = &u
			setFrom(s, "use", sortedKeys(sources[s.ID]))
		}
	}
	m.shortUses()
}

// shortUses tells of measurements that say little of their servers, however
// well their samples cover them.
func (m *merger) shortUses() {
	brief, partial := map[string]int{}, map[string]int{} // by source
	for _, s := range m.e.Servers {
		if s.Use == nil {
			continue
		}
		best := cmp.Or(s.Use.CPU, s.Use.Memory)
		if best == nil {
			continue
		}
		for _, id := range s.From["use"] {
			switch {
			case s.Use.MeasuredRhythm(best, 0):
			case s.Use.Measured(best, 0):
				partial[id]++
			default:
				brief[id]++
			}
		}
	}
	for i, st := range m.stand {
		if brief[st.id] > 0 {
			m.warn(i, fmt.Sprintf("the use of %s is measured for less than %.0f hours or with fewer than %d samples: too little to size or judge by",
				phrase.Count(brief[st.id], "server"), migrate.LeastMeasured.Hours(), migrate.LeastSamples))
		}
		if partial[st.id] > 0 {
			m.warn(i, fmt.Sprintf("the use of %s is measured for less than a week: their busiest day may be missing", phrase.Count(partial[st.id], "server")))
		}
	}
}
