package wave

import "fmt"

// tighten removes windows that a node can't be in, whatever the others do, and
// sets p.dead where it proves that there is no plan. It is sound, not complete:
// what it leaves open is for the search.
func (p *problem) tighten() {
	if p.dead != "" {
		return
	}
	t := &tightener{p: p, rows: map[string][]bool{}, low: make([]int, len(p.nodes)), high: make([]int, len(p.nodes))}
	for i := range p.nodes {
		p.fitAlone(&p.nodes[i], t.rows)
	}
	for round := 0; p.dead == "" && t.narrow() && round < p.windows+2; round++ {
	}
	if p.dead == "" {
		p.proveFirst()
	}
	if p.dead == "" {
		p.proveCapacity(t.low, t.high)
	}
	if p.dead == "" {
		p.proveApart()
	}
}

// fitAlone removes windows whose limits a node exceeds by itself.
func (p *problem) fitAlone(n *node, rows map[string][]bool) {
	tooBig := n.servers > p.maxSize
	for t, limit := range p.teamLimit {
		tooBig = tooBig || limit >= 0 && n.minutes[t] > limit
	}
	for t, limit := range p.moverLimit {
		tooBig = tooBig || limit >= 0 && n.movers[t] > limit
	}
	if tooBig {
		p.dead = fmt.Sprintf("%d servers that have to move together exceed a limit of every window", n.servers)
		return
	}
	row := append([]bool(nil), n.allowed...)
	changed := false
	for w, ok := range row {
		if !ok {
			continue
		}
		work := float64(n.data) + float64(n.change)*p.lead[w]
		if p.pilot && w == p.first && n.servers > p.pilotMax || p.linked && work > 0 && p.release[w]+work > p.due[w]+linkSlack {
			row[w], changed = false, true
		}
	}
	if changed {
		n.allowed = intern(rows, row)
	}
}

type tightener struct {
	p         *problem
	rows      map[string][]bool
	low, high []int
}

// narrow makes one round over all nodes, and tells whether anything changed.
func (t *tightener) narrow() bool {
	p, changed := t.p, false
	for i := range p.nodes {
		t.low[i], t.high[i] = span(p.nodes[i].allowed)
		if t.low[i] > t.high[i] {
			p.dead = "servers have no window that all their conditions allow"
			return false
		}
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		for _, r := range n.rels {
			if r.hard && r.kind == relBefore {
				changed = t.raise(int(r.to), t.low[i]) || changed
				changed = t.lower(i, t.high[r.to]) || changed
			}
		}
	}
	changed = t.orders() || changed
	for i := range p.nodes {
		t.clip(&p.nodes[i], t.low[i], t.high[i])
	}
	return changed
}

func span(row []bool) (int, int) {
	low, high := len(row), -1
	for w, ok := range row {
		if ok {
			low, high = min(low, w), w
		}
	}
	return low, high
}

func (t *tightener) raise(i, low int) bool {
	if low <= t.low[i] {
		return false
	}
	t.low[i] = low
	return true
}

func (t *tightener) lower(i, high int) bool {
	if high >= t.high[i] {
		return false
	}
	t.high[i] = high
	return true
}

// orders keeps both sides of each hard order apart by the bounds of the other.
func (t *tightener) orders() bool {
	p, changed := t.p, false
	for s := range p.orders {
		if !p.orders[s].hard {
			continue
		}
		lowA, highB := -1, p.windows
		t.members(s, func(i int, m member) {
			if m.a > 0 {
				lowA = max(lowA, t.low[i])
			}
			if m.b > 0 {
				highB = min(highB, t.high[i])
			}
		})
		t.members(s, func(i int, m member) {
			if m.b > 0 {
				changed = t.raise(i, lowA+1) || changed
			}
			if m.a > 0 {
				changed = t.lower(i, highB-1) || changed
			}
		})
	}
	return changed
}

func (t *tightener) members(s int, f func(i int, m member)) {
	for i := range t.p.nodes {
		for _, m := range t.p.nodes[i].orders {
			if int(m.set) == s {
				f(i, m)
			}
		}
	}
}

func (t *tightener) clip(n *node, low, high int) {
	a, b := span(n.allowed)
	if low <= a && high >= b {
		return
	}
	row := make([]bool, len(n.allowed))
	for w := range row {
		row[w] = n.allowed[w] && w >= low && w <= high
	}
	n.allowed = intern(t.rows, row)
}

// proveFirst looks for a server that may be in the first wave.
func (p *problem) proveFirst() {
	if p.first < 0 {
		return
	}
	for i := range p.nodes {
		if p.nodes[i].allowed[p.first] && (!p.pilot || p.nodes[i].moving > 0) {
			return
		}
	}
	p.dead = "no server may be in the first wave"
}

// proveCapacity compares, for every run of windows, the load of the nodes that
// fit nowhere else with what the run holds.
func (p *problem) proveCapacity(low, high []int) {
	resources := p.resources()
	for i := range p.nodes {
		low[i], high[i] = span(p.nodes[i].allowed)
	}
	usable := make([]bool, p.windows)
	for i := range p.nodes {
		for w, ok := range p.nodes[i].allowed {
			usable[w] = usable[w] || ok
		}
	}
	for _, r := range resources {
		// load[a][b] would be quadratic in memory; a's row is rebuilt instead.
		byLow := make([][]int, p.windows)
		for i := range p.nodes {
			byLow[low[i]] = append(byLow[low[i]], i)
		}
		byHigh := make([]float64, p.windows)
		for a := p.windows - 1; a >= 0; a-- {
			for _, i := range byLow[a] {
				byHigh[high[i]] += r.load(&p.nodes[i])
			}
			need, hold, before := 0.0, 0.0, -1
			for b := a; b < p.windows; b++ {
				need += byHigh[b]
				if usable[b] {
					hold += max(0, r.capacity(b, before))
					before = b
				}
				if need > hold*(1+1e-9)+1e-9 {
					p.dead = fmt.Sprintf("windows %d to %d hold %.4g %s, and %.4g have to fit in", a+1, b+1, hold, r.name, need)
					return
				}
			}
		}
	}
}

// resource is something of which a window holds so much and no more.
type resource struct {
	name     string
	load     func(n *node) float64
	capacity func(w, before int) float64 // before: the usable window ahead of it in the run, or −1
}

func (p *problem) resources() []resource {
	out := []resource{{"servers", func(n *node) float64 { return float64(n.servers) }, func(w, _ int) float64 {
		if p.pilot && w == p.first {
			return float64(min(p.maxSize, p.pilotMax))
		}
		return float64(p.maxSize) * float64(p.lanes)
	}}}
	for t, limit := range p.teamLimit {
		if limit >= 0 {
			out = append(out, resource{"minutes of a team", func(n *node) float64 { return float64(n.minutes[t]) }, func(int, int) float64 { return float64(limit) }})
		}
	}
	for t, limit := range p.moverLimit {
		if limit >= 0 {
			out = append(out, resource{"servers of a mover", func(n *node) float64 { return float64(n.movers[t]) }, func(int, int) float64 { return float64(limit) }})
		}
	}
	if p.linked {
		out = append(out, resource{linkResource, func(n *node) float64 { return float64(n.data) }, func(w, before int) float64 {
			if before < 0 {
				return p.due[w] - p.release[w]
			}
			return p.due[w] - max(p.release[w], p.due[before])
		}})
	}
	return out
}

// proveApart looks for nodes that exclude each other and have too few windows
// among them (the pigeonhole argument, on greedily found cliques).
func (p *problem) proveApart() {
	for i := range p.nodes {
		clique := []int32{int32(i)}
		for _, r := range p.nodes[i].rels {
			if r.kind == relApart && r.hard && p.apartFromAll(r.to, clique[1:]) {
				clique = append(clique, r.to)
			}
		}
		if len(clique) < 2 {
			continue
		}
		count := 0
		for w := range p.windows {
			for _, c := range clique {
				if p.nodes[c].allowed[w] {
					count++
					break
				}
			}
		}
		if count < len(clique) {
			p.dead = fmt.Sprintf("%d groups that may not share a window have %d windows among them", len(clique), count)
			return
		}
	}
}

func (p *problem) apartFromAll(i int32, list []int32) bool {
	for _, other := range list {
		found := false
		for _, r := range p.nodes[i].rels {
			found = found || r.kind == relApart && r.hard && r.to == other
		}
		if !found {
			return false
		}
	}
	return true
}

const linkResource = "MiB of the link"
