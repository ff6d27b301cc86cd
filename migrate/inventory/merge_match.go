package inventory

import (
	"fmt"
	"sort"
	"strings"
)

// matcher puts entries of several sources together.
type matcher struct {
	entries []*entry
	warn    func(source int, note string)
}

func (m *matcher) clusters() []*cluster {
	for _, e := range m.entries {
		e.cluster = &cluster{entries: []*entry{e}}
	}
	for _, t := range tiers {
		m.apply(t)
	}
	var out []*cluster
	seen := map[*cluster]bool{}
	for _, e := range m.entries {
		if !seen[e.cluster] {
			seen[e.cluster] = true
			out = append(out, e.cluster)
		}
	}
	return out
}

// apply joins what a tier's keys join. A key that several servers of one
// source share says nothing, and is left alone.
func (m *matcher) apply(t tier) {
	by := map[string][]*entry{}
	for _, e := range m.entries {
		for _, k := range distinct(map[string]bool{}, t.keys(e)) {
			by[k] = append(by[k], e)
		}
	}
	var pairs [][2]*entry
	for _, k := range sortedKeys(by) {
		if shared := sharedInSource(by[k]); len(shared) > 0 {
			m.tellShared(t, k, shared, by[k])
			continue
		}
		pairs = append(pairs, m.alike(t, k, by[k])...)
	}
	pairs = m.unambiguous(t, pairs)
	for _, p := range pairs {
		m.join(t, p[0], p[1])
	}
}

// alike pairs the entries that have one key. Where two of them are two servers
// after all, the key says nothing of the others either: which of the two would
// they be?
func (m *matcher) alike(t tier, key string, entries []*entry) [][2]*entry {
	var pairs [][2]*entry
	for i, a := range entries {
		for _, b := range entries[i+1:] {
			if why := m.unlike(t, a, b); why != "" {
				m.warn(b.source, fmt.Sprintf("%s and %s share the %s %s: %s; both stay", a.s.Name, b.s.Name, t.name, key, why))
				return nil
			}
			pairs = append(pairs, [2]*entry{a, b})
		}
	}
	return pairs
}

func (m *matcher) unlike(t tier, a, b *entry) string {
	if t.unlike == nil || a.cluster == b.cluster || !t.may(a.cluster, b.cluster) {
		return ""
	}
	return t.unlike(a.cluster, b.cluster)
}

// sharedInSource gives the first source's entries that have the same key
// though they are different servers.
func sharedInSource(entries []*entry) []*entry {
	bySource := map[int][]*entry{}
	for _, e := range entries {
		bySource[e.source] = append(bySource[e.source], e)
	}
	for _, e := range entries {
		if list := bySource[e.source]; len(list) > 1 {
			return list
		}
	}
	return nil
}

// tellShared warns where the source itself is odd, or where another source's
// server could not be placed because of it.
func (m *matcher) tellShared(t tier, key string, shared, all []*entry) {
	waiting := false
	for _, e := range all {
		waiting = waiting || len(e.cluster.entries) == 1 && e.source != shared[0].source
	}
	if t.tell || waiting {
		m.warn(shared[0].source, fmt.Sprintf("%d servers share the %s %s (%s): no server is known by it", len(shared), t.name, key, strings.Join(firstN(entryNames(shared), 4), ", ")))
	}
}

func entryNames(entries []*entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.s.Name)
	}
	sort.Strings(out)
	return out
}

// unambiguous drops the matches of an entry that could be several servers of
// one source: two of its addresses may point to two of them.
func (m *matcher) unambiguous(t tier, pairs [][2]*entry) [][2]*entry {
	near := map[*cluster]map[int]map[*cluster]bool{}
	note := func(a, b *cluster) {
		for _, e := range b.entries {
			if near[a] == nil {
				near[a] = map[int]map[*cluster]bool{}
			}
			if near[a][e.source] == nil {
				near[a][e.source] = map[*cluster]bool{}
			}
			near[a][e.source][b] = true
		}
	}
	for _, p := range pairs {
		if a, b := p[0].cluster, p[1].cluster; a != b && t.may(a, b) {
			note(a, b)
			note(b, a)
		}
	}
	torn := func(c *cluster) bool {
		for _, others := range near[c] {
			if len(others) > 1 {
				return true
			}
		}
		return false
	}
	var out [][2]*entry
	told := map[*cluster]bool{}
	for _, p := range pairs {
		keep := true
		for _, e := range p {
			if torn(e.cluster) {
				keep = false
				if !told[e.cluster] {
					told[e.cluster] = true
					m.warn(e.source, fmt.Sprintf("%s could by its %s be several servers of another source: it stays a server of its own", e.s.Name, t.name))
				}
			}
		}
		if keep {
			out = append(out, p)
		}
	}
	return out
}

// join makes two clusters one, unless a source knows both as different servers
// or other facts speak against it.
func (m *matcher) join(t tier, a, b *entry) {
	x, y := a.cluster, b.cluster
	if x == y || !t.may(x, y) {
		return
	}
	for _, e := range x.entries {
		for _, f := range y.entries {
			if e.source == f.source {
				return
			}
		}
	}
	x.entries = append(x.entries, y.entries...)
	for _, e := range y.entries {
		e.cluster = x
	}
}
