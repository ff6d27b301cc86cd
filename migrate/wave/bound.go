package wave

import (
	"cmp"
	"math"
	"slices"
)

// stars proves a lower bound. Every edge is split between its two ends; each
// node with its shares is a star, whose cost alone is bounded: in each window
// the node may be in, its heaviest neighbours fill that window, the next ones
// the nearest others (a fractional knapsack), and those that a hard condition
// keeps away count with the nearest window it leaves them. The least over the
// windows is the star's bound, and the sum over stars is a bound of the whole,
// for any split. Subgradient steps look for the best split: a Lagrangian
// decomposition (Guignard and Kim, "Lagrangean decomposition", 1987).
type stars struct {
	p         *problem
	share     [][]float64 // of each node's edges; both ends' shares sum to 1
	mirror    [][]int32   // where the other end keeps the same edge
	modes     [][]mode
	resources []resource
	nearest   map[*bool]*reach
	held      [][]float64 // days that each edge's star charged for it
	constant  float64
}

// mode is where the other end of an edge may be, seen from this one.
type mode struct{ before, same, after bool }

// reach is, for each window, the nearest allowed one at or before, and at or after.
type reach struct{ back, ahead []int }

func newStars(p *problem) *stars {
	s := &stars{p: p, nearest: map[*bool]*reach{}, constant: p.base}
	for i := range p.spreads {
		s.constant += p.spreads[i].weight // every set is in one slot at least
	}
	s.resources = p.resources()[:1]
	if len(p.nodes) <= 3000 {
		s.resources = slices.DeleteFunc(p.resources(), func(r resource) bool { return r.name == linkResource })
	}
	weight := make([]float64, len(p.nodes))
	at := map[[3]int32]int32{}
	for i := range p.nodes {
		for k, e := range p.nodes[i].edges {
			weight[i] += e.gb
			at[[3]int32{int32(i), e.to, int32(e.kind)}] = int32(k)
		}
	}
	mirrored := [edgeKindsCount]edgeKind{edgeBoth, edgeOtherOff, edgeThisOff}
	for i := range p.nodes {
		n := &p.nodes[i]
		share, mirror, modes := make([]float64, len(n.edges)), make([]int32, len(n.edges)), make([]mode, len(n.edges))
		for k, e := range n.edges {
			share[k] = weight[i] / (weight[i] + weight[e.to])
			mirror[k] = at[[3]int32{e.to, int32(i), int32(mirrored[e.kind])}]
			modes[k] = p.modeOf(n, e.to)
		}
		s.share, s.mirror, s.modes = append(s.share, share), append(s.mirror, mirror), append(s.modes, modes)
		s.held = append(s.held, make([]float64, len(n.edges)))
	}
	return s
}

// modeOf reads what hard conditions say about the two ends of an edge.
func (p *problem) modeOf(n *node, other int32) mode {
	m := mode{true, true, true}
	for _, r := range n.rels {
		if r.to != other || !r.hard {
			continue
		}
		switch r.kind {
		case relBefore:
			m.before = false
		case relAfter:
			m.after = false
		case relApart:
			m.same = false
		}
	}
	o := &p.nodes[other]
	for _, x := range n.orders {
		for _, y := range o.orders {
			if x.set != y.set || !p.orders[x.set].hard {
				continue
			}
			if x.a > 0 && y.b > 0 {
				m.before, m.same = false, false
			}
			if x.b > 0 && y.a > 0 {
				m.after, m.same = false, false
			}
		}
	}
	if p.mixHard && p.lanes == 1 && (n.first > 0 && o.prod > 0 || n.prod > 0 && o.first > 0) {
		m.same = false
	}
	return m
}

func (s *stars) reachOf(row []bool) *reach {
	if r := s.nearest[&row[0]]; r != nil {
		return r
	}
	r := &reach{make([]int, len(row)), make([]int, len(row))}
	last := -1
	for w := range row {
		if row[w] {
			last = w
		}
		r.back[w] = last
	}
	last = len(row)
	for w := len(row) - 1; w >= 0; w-- {
		if row[w] {
			last = w
		}
		r.ahead[w] = last
	}
	s.nearest[&row[0]] = r
	return r
}

// least is the days that an edge crosses at least with this end in window w,
// by what its other end may do; +∞ where it has no window left.
func (s *stars) least(e *edge, m mode, w int) float64 {
	row := s.p.nodes[e.to].allowed
	if m.same && row[w] {
		return 0
	}
	r, best := s.reachOf(row), math.Inf(1)
	if m.before && w > 0 && r.back[w-1] >= 0 {
		best = s.p.distance(e.kind, w, r.back[w-1])
	}
	if m.after && w+1 < len(row) && r.ahead[w+1] < len(row) {
		best = min(best, s.p.distance(e.kind, w, r.ahead[w+1]))
	}
	return best
}

// star bounds one node's star and notes the days charged for each edge.
func (s *stars) star(i int, c *starScratch) float64 {
	n := &s.p.nodes[i]
	c.prepare(s, i)
	best := math.Inf(1)
	for w := range s.p.windows {
		if !n.allowed[w] {
			continue
		}
		base := s.p.unary(n, w)
		if base >= best {
			continue
		}
		base += c.place(s, i, w)
		if base >= best {
			continue
		}
		total, pick := base, -1
		for r := range s.resources {
			if k := base + c.knapsack(s, i, w, r, false); k > total {
				total, pick = k, r
			}
		}
		if total < best {
			best = total
			if pick >= 0 {
				c.knapsack(s, i, w, pick, true)
			}
			copy(s.held[i], c.days)
		}
	}
	return best
}

// starScratch is memory that stars share.
type starScratch struct {
	days  []float64 // charged for each edge
	cost  []float64 // of each edge a day apart: its share of the traffic
	free  []bool    // may share the node's window, so it is in the knapsack
	lead  []int32   // the other one of a pair that may not share a window, or −1
	where map[int32]int32
	load  [][]float64 // by resource
	part  [][]float64 // the same, or for one of a pair the lesser of both
	order [][]int32   // edges by worth for each resource
	fresh bool        // order holds for what is in cost
}

// prepare reads a node's edges.
func (c *starScratch) prepare(s *stars, i int) {
	edges := s.p.nodes[i].edges
	if c.where == nil {
		c.where = map[int32]int32{}
		c.load, c.part, c.order = make([][]float64, len(s.resources)), make([][]float64, len(s.resources)), make([][]int32, len(s.resources))
	}
	clear(c.where)
	c.days = append(c.days[:0], make([]float64, len(edges))...)
	c.cost = append(c.cost[:0], make([]float64, len(edges))...)
	c.free = append(c.free[:0], make([]bool, len(edges))...)
	c.lead = c.lead[:0]
	for k := range edges {
		c.lead = append(c.lead, -1)
		if edges[k].kind == edgeBoth {
			c.where[edges[k].to] = int32(k)
		}
	}
	for k := range edges {
		for _, r := range s.p.nodes[edges[k].to].rels {
			if other, ok := c.where[r.to]; ok && r.kind == relApart && r.hard && edges[k].kind == edgeBoth && c.lead[k] < 0 && c.lead[other] < 0 && int(other) != k {
				c.lead[k], c.lead[other] = other, int32(k)
			}
		}
	}
	for r := range s.resources {
		c.load[r], c.order[r] = c.load[r][:0], c.order[r][:0]
		for k := range edges {
			c.load[r] = append(c.load[r], s.resources[r].load(&s.p.nodes[edges[k].to]))
			c.order[r] = append(c.order[r], int32(k))
		}
		c.part[r] = append(c.part[r][:0], c.load[r]...)
	}
	c.fresh = false
}

// place charges what the conditions of single edges and of pairs ask with the
// node in window w, and leaves the rest to the knapsack.
//
// Of two neighbours that may not share a window, one is in another window than
// the node: the lighter one is charged with the nearest other window, and the
// heavier one goes into the knapsack with what it weighs more. Whichever of
// them is away, and both, costs at least that.
func (c *starScratch) place(s *stars, i, w int) float64 {
	n := &s.p.nodes[i]
	base, paired := 0.0, false
	for k := range n.edges {
		e := &n.edges[k]
		d := s.least(e, s.modes[i][k], w)
		c.days[k], c.cost[k] = d, s.share[i][k]*e.gb
		base += c.cost[k] * d
		c.free[k] = d == 0 && e.kind == edgeBoth
		paired = paired || c.lead[k] >= 0
	}
	if paired {
		for r := range c.load {
			copy(c.part[r], c.load[r])
		}
		gap := s.gap(w)
		for k := range n.edges {
			if other := c.lead[k]; other >= 0 && c.free[k] && c.free[other] && (c.cost[k] < c.cost[other] || c.cost[k] == c.cost[other] && k < int(other)) {
				base += c.cost[k] * gap
				c.days[k], c.free[k] = gap, false
				c.cost[other] -= c.cost[k]
				for r := range c.part {
					c.part[r][other] = min(c.part[r][k], c.part[r][other])
				}
			}
		}
	}
	if paired || !c.fresh {
		c.sort()
		c.fresh = !paired
	}
	return base
}

// gap is the days from window w to the nearest other one.
func (s *stars) gap(w int) float64 {
	gap := math.Inf(1)
	if w > 0 {
		gap = s.p.days[w] - s.p.days[w-1]
	}
	if w+1 < s.p.windows {
		gap = min(gap, s.p.days[w+1]-s.p.days[w])
	}
	return gap
}

// sort orders the edges by their worth for each unit of load.
func (c *starScratch) sort() {
	for r := range c.order {
		load := c.part[r]
		slices.SortFunc(c.order[r], func(a, b int32) int {
			return cmp.Or(cmp.Compare(c.cost[b]*load[a], c.cost[a]*load[b]), cmp.Compare(a, b))
		})
	}
}

// knapsack fills the node's own window with the free neighbours that are worth
// most, then the nearest others. With note it records each edge's days.
func (c *starScratch) knapsack(s *stars, i, w, r int, note bool) float64 {
	p, res := s.p, &s.resources[r]
	room, days, cost := res.capacity(w, -1)-res.load(&p.nodes[i]), 0.0, 0.0
	back, ahead := w-1, w+1
	for _, k := range c.order[r] {
		load := c.part[r][k]
		if !c.free[k] || load == 0 {
			continue
		}
		left, charged := load, 0.0
		for left > room {
			charged += max(0, room) * days
			left -= max(0, room)
			switch {
			case back < 0 && ahead >= p.windows:
				return math.Inf(1)
			case ahead >= p.windows || back >= 0 && p.days[w]-p.days[back] <= p.days[ahead]-p.days[w]:
				room, days = res.capacity(back, -1), p.days[w]-p.days[back]
				back--
			default:
				room, days = res.capacity(ahead, -1), p.days[ahead]-p.days[w]
				ahead++
			}
		}
		room -= left
		charged += left * days
		cost += c.cost[k] * charged / load
		if note {
			c.days[k] = charged / load
		}
	}
	return cost
}

// prove makes so many rounds and returns the best bound of them.
func (s *stars) prove(rounds int, stop func() bool) float64 {
	best := math.Inf(-1)
	scratch := &starScratch{}
	for round := range rounds {
		sum := s.constant
		for i := range s.p.nodes {
			sum += s.star(i, scratch)
		}
		best = max(best, sum)
		if round == rounds-1 || math.IsInf(sum, 1) || stop() {
			break
		}
		s.reshare(0.5 / (1 + 0.3*float64(round)))
	}
	return best
}

// reshare gives more of each edge to the end that charges more days for it.
func (s *stars) reshare(step float64) {
	scale := 0.0
	for i := range s.held {
		for k, d := range s.held[i] {
			scale = max(scale, math.Abs(d-s.otherHeld(i, k)))
		}
	}
	if scale == 0 {
		return
	}
	for i := range s.p.nodes {
		for k, e := range s.p.nodes[i].edges {
			if int32(i) > e.to {
				continue
			}
			d := (s.held[i][k] - s.otherHeld(i, k)) / scale
			share := min(1, max(0, s.share[i][k]+step*d))
			s.share[i][k], s.share[e.to][s.mirror[i][k]] = share, 1-share
		}
	}
}

func (s *stars) otherHeld(i, k int) float64 {
	return s.held[s.p.nodes[i].edges[k].to][s.mirror[i][k]]
}
