package wave

import (
	"math"

	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// compiler turns a model, or some of its instances, into a problem.
type compiler struct {
	*model
	p      *problem
	active func(i int) bool // by instance; nil: all
	first  int
	node   []int32 // of a server, or −1
	server []int   // of a node
	join   *unionFind
	pilot  bool
}

// compile builds the problem in which the first wave lies in window first. With
// first −1 it leaves out all that speaks of the first wave: a relaxation.
func (m *model) compile(active func(i int) bool, first int) *problem {
	c := &compiler{model: m, active: active, first: first, node: make([]int32, len(m.servers))}
	for i := range m.servers {
		c.node[i] = -1
		if m.servers[i].acts() {
			c.node[i] = int32(len(c.server))
			c.server = append(c.server, i)
		}
	}
	c.join = newUnionFind(len(c.server))
	c.problem()
	c.limits()
	c.nodes()
	c.flows()
	c.apply()
	if c.p.lanes == 1 {
		c.joinCycles()
	}
	cluster, k := c.join.clusters()
	q := c.p.contract(cluster, k)
	for i := range q.nodes {
		for j, part := range q.nodes[i].parts {
			q.nodes[i].parts[j] = int32(c.server[part])
		}
	}
	return q
}

func (c *compiler) problem() {
	cal, obj := c.cal, c.cfg.Objective
	p := &problem{windows: len(cal.windows), lanes: c.cfg.Waves.Parallel, horizon: cal.horizon, first: c.first,
		maxSize: math.MaxInt32, minSize: 0, overlaps: cal.overlaps, keepCost: c.keepCost,
		smallFirst: c.cfg.Pilot.Max > 0 && !c.cfg.Severity(planfile.CondPilot).Off(),
		windowCost: obj.Window, balanceCost: obj.Balance, total: int32(len(c.server))}
	for _, w := range cal.windows {
		p.days = append(p.days, w.days)
		// A team learns from the first wave on, not by waiting for it. Without a
		// first wave given, the earliest is the least that a risk point can cost.
		weeks := (w.days - cal.windows[max(0, c.first)].days) / 7
		p.weeksFactor = append(p.weeksFactor, obj.Risk/(1+max(0, weeks)))
		p.release, p.due, p.lead = append(p.release, w.release), append(p.due, w.due), append(p.lead, w.lead)
	}
	p.teamLimit, p.moverLimit = make([]int64, len(c.teams)), make([]int32, len(c.movers))
	for i := range p.teamLimit {
		p.teamLimit[i] = -1
	}
	for i := range p.moverLimit {
		p.moverLimit[i] = -1
	}
	c.p = p
}

// each calls f for every active instance.
func (c *compiler) each(f func(in *instance)) {
	for i := range c.instances {
		if c.active == nil || c.active(i) {
			f(&c.instances[i])
		}
	}
}

func (c *compiler) limits() {
	c.each(func(in *instance) {
		switch in.kind {
		case kindSizeMax:
			c.p.maxSize = int32(in.limit)
		case kindSizeMin:
			c.p.minSize = int32(in.limit)
		case kindMover:
			c.p.moverLimit[in.n] = int32(in.limit)
		case kindHours:
			c.p.teamLimit[in.n] = in.limit
		case kindLink:
			c.p.linked = true
		case kindMix:
			c.p.mixHard, c.p.mixWeight = in.hard, in.weight
		case kindPilot:
			c.p.pilot, c.p.pilotMax = c.first >= 0, int32(in.limit)
		}
	})
}

func (c *compiler) nodes() {
	open := make([]bool, c.p.windows)
	for w := range open {
		open[w] = w >= c.p.first
	}
	c.each(func(in *instance) {
		for w := range open {
			if in.kind == kindFreeze && c.cal.windows[w].frozen == in.n {
				open[w] = false
			}
		}
	})
	noFirst := append([]bool(nil), open...)
	if c.p.first >= 0 {
		noFirst[c.p.first] = false
	}
	teams, movers := index(c.teams), index(c.movers)
	c.p.nodes = make([]node, len(c.server))
	for i, s := range c.server {
		f, n := &c.servers[s], &c.p.nodes[i]
		*n = node{servers: 1, data: f.dataMiB, change: f.changeMiB, risk: f.risk, allowed: open,
			minutes: make([]int64, len(c.teams)), movers: make([]int32, len(c.movers))}
		if f.fate == fateMove {
			n.moving = 1
			n.movers[movers[f.mover]] = 1
			switch f.class {
			case classFirst:
				n.first = 1
			case classProduction:
				n.prod = 1
			}
		}
		for team, minutes := range f.minutes {
			n.minutes[teams[team]] = minutes
		}
		if c.p.pilot && f.risk > c.cfg.Pilot.MaxRisk {
			n.allowed = noFirst
		}
		if w, ok := c.keep[s]; ok {
			n.olds = []old{{int32(w / c.p.lanes), 1}}
		}
	}
}

func index(list []string) map[string]int {
	out := make(map[string]int, len(list))
	for i, s := range list {
		out[s] = i
	}
	return out
}

// flows turns traffic into edges, or into a cost of its own where one end stays.
func (c *compiler) flows() {
	for _, pair := range c.pairs {
		a, b := &c.servers[pair.a], &c.servers[pair.b]
		na, nb := c.node[pair.a], c.node[pair.b]
		switch {
		case a.fate == fateRetain && b.fate == fateMove:
			c.p.nodes[nb].stay += pair.gb
		case b.fate == fateRetain && a.fate == fateMove:
			c.p.nodes[na].stay += pair.gb
		case a.fate == fateMove && b.fate == fateMove:
			c.edge(na, nb, edgeBoth, edgeBoth, pair.gb)
		case a.fate == fateRetire && b.fate == fateMove:
			c.edge(na, nb, edgeThisOff, edgeOtherOff, pair.gb)
		case a.fate == fateMove && b.fate == fateRetire:
			c.edge(na, nb, edgeOtherOff, edgeThisOff, pair.gb)
		}
	}
}

func (c *compiler) edge(a, b int32, ka, kb edgeKind, gb float64) {
	c.p.nodes[a].edges = append(c.p.nodes[a].edges, edge{b, ka, gb})
	c.p.nodes[b].edges = append(c.p.nodes[b].edges, edge{a, kb, gb})
}

func (c *compiler) relate(a, b int, ka, kb relKind, in *instance) {
	x, y := c.node[a], c.node[b]
	c.p.nodes[x].rels = append(c.p.nodes[x].rels, rel{y, ka, in.hard, in.weight})
	c.p.nodes[y].rels = append(c.p.nodes[y].rels, rel{x, kb, in.hard, in.weight})
}

// apply takes in the instances that speak of servers.
func (c *compiler) apply() {
	c.each(func(in *instance) {
		switch in.kind {
		case kindTogether:
			c.together(in)
		case kindApart:
			for i := range in.a {
				for j := range i {
					c.relate(in.a[j], in.a[i], relApart, relApart, in)
				}
			}
		case kindBefore:
			c.relate(in.a[0], in.b[0], relBefore, relAfter, in)
		case kindAllow:
			for _, s := range in.a {
				n := &c.p.nodes[c.node[s]]
				row := make([]bool, c.p.windows)
				for w := range row {
					row[w] = n.allowed[w] && in.allowed[w]
				}
				n.allowed = row
			}
		case kindNotFirst:
			c.notFirst(in)
		case kindOrder:
			c.p.orders = append(c.p.orders, set{hard: in.hard, weight: in.weight})
			c.sides(in, int32(len(c.p.orders)-1), func(n *node, m member) { n.orders = append(n.orders, m) })
		case kindServe:
			c.p.serves = append(c.p.serves, set{hard: in.hard, weight: in.weight, always: in.n > 0})
			c.sides(in, int32(len(c.p.serves)-1), func(n *node, m member) { n.serves = append(n.serves, m) })
		case kindImpossible:
			if in.hard {
				c.p.dead = in.label
			}
			c.p.base += in.weight
		}
	})
}

func (c *compiler) together(in *instance) {
	switch {
	case in.hard:
		for _, s := range in.a[1:] {
			c.join.union(c.node[in.a[0]], c.node[s])
		}
	case len(in.a) == 2:
		c.relate(in.a[0], in.a[1], relTogether, relTogether, in)
	default:
		c.p.spreads = append(c.p.spreads, set{weight: in.weight})
		c.p.base -= in.weight // the state counts every slot of a set; the first is free
		for _, s := range in.a {
			n := &c.p.nodes[c.node[s]]
			n.spread = append(n.spread, int32(len(c.p.spreads)-1))
		}
	}
}

func (c *compiler) notFirst(in *instance) {
	if c.p.first < 0 {
		return
	}
	n := &c.p.nodes[c.node[in.a[0]]]
	if !in.hard {
		n.firstCost += in.weight
		return
	}
	row := append([]bool(nil), n.allowed...)
	row[c.p.first] = false
	n.allowed = row
}

func (c *compiler) sides(in *instance, number int32, add func(*node, member)) {
	for _, s := range in.a {
		add(&c.p.nodes[c.node[s]], member{number, 1, 0})
	}
	for _, s := range in.b {
		add(&c.p.nodes[c.node[s]], member{number, 0, 1})
	}
}

// joinCycles joins servers that depend on each other in a ring: each has to
// move no later than the next, so all of them in one window.
func (c *compiler) joinCycles() {
	g := arcs{}
	for i := range c.p.nodes {
		from := int64(c.join.find(int32(i)))
		for _, r := range c.p.nodes[i].rels {
			to := int64(c.join.find(r.to))
			if r.kind == relBefore && r.hard && from != to {
				g.add(from, to)
			}
		}
	}
	for _, ring := range g.rings() {
		for _, n := range ring[1:] {
			c.join.union(ring[0], n)
		}
	}
}

// unionFind joins numbers into clusters; the least number stands for each.
type unionFind struct{ parent []int32 }

func newUnionFind(n int) *unionFind {
	u := &unionFind{make([]int32, n)}
	for i := range u.parent {
		u.parent[i] = int32(i)
	}
	return u
}

func (u *unionFind) find(i int32) int32 {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

func (u *unionFind) union(a, b int32) {
	a, b = u.find(a), u.find(b)
	if a != b {
		u.parent[max(a, b)] = min(a, b)
	}
}

// clusters numbers the clusters from 0 in the order of their least members.
func (u *unionFind) clusters() ([]int32, int) {
	number, k := make([]int32, len(u.parent)), int32(0)
	for i := range u.parent {
		if root := u.find(int32(i)); root == int32(i) {
			number[i], k = k, k+1
		} else {
			number[i] = number[root]
		}
	}
	return number, int(k)
}
