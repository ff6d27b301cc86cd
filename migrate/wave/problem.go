package wave

import (
	"cmp"
	"slices"
)

// relKind is what a pair of nodes asks of each other.
type relKind uint8

const (
	relBefore   relKind = iota // this one's window is not after the other's
	relAfter                   // the mirror image
	relApart                   // not in one window
	relTogether                // in one slot
)

type rel struct {
	to     int32
	kind   relKind
	hard   bool
	weight float64
}

// edgeKind is how the distance of two ends counts as exposure.
type edgeKind uint8

const (
	edgeBoth       edgeKind = iota // both move: the days between them
	edgeThisOff                    // this one is switched off: its days after the other moved
	edgeOtherOff                   // the mirror image
	edgeKindsCount = 3
)

type edge struct {
	to   int32
	kind edgeKind
	gb   float64
}

// member is a node's part in a set: how many of each side it holds.
type member struct {
	set  int32
	a, b int32
}

// set is a condition over many nodes.
type set struct {
	hard   bool
	weight float64
	always bool // kindServe: an instance that never moves serves the old site
}

// node is servers that the solver moves as one.
type node struct {
	servers   int32 // that act
	moving    int32
	first     int32 // by class
	prod      int32
	data      int64 // MiB
	change    int64 // MiB a day
	risk      float64
	stay      float64 // GB a day with servers that stay
	firstCost float64 // weights that its being in the first wave breaks
	olds      []old   // its servers' windows in the plan that is kept
	allowed   []bool  // by window; shared among nodes, never written
	minutes   []int64 // by team
	movers    []int32 // by mover

	edges  []edge
	rels   []rel
	spread []int32  // sets of kindTogether, weighted
	orders []member // sets of kindOrder
	serves []member // sets of kindServe
	parts  []int32  // nodes of the finer problem, or servers of the estate
}

// old counts a node's servers that were in a window before.
type old struct{ window, servers int32 }

// problem is what the solver works on: windows, nodes, pairs, sets, limits.
type problem struct {
	windows, lanes int
	days           []float64
	weeksFactor    []float64 // what a risk point costs in each window
	horizon        float64
	first          int  // the window of the first wave, or −1 where none is asked
	pilot          bool // it is small, of low risk, and single
	pilotMax       int32
	smallFirst     bool // the first wave may be below the least size

	nodes   []node
	spreads []set
	orders  []set
	serves  []set
	base    float64 // penalty that no plan avoids
	dead    string  // why there can be no plan

	maxSize, minSize int32
	teamLimit        []int64 // −1: none
	moverLimit       []int32
	linked           bool
	release, due     []float64
	lead             []float64
	overlaps         [][2]int
	mixHard          bool
	mixWeight        float64
	keepCost         float64
	windowCost       float64
	balanceCost      float64
	total            int32 // servers
}

func (p *problem) slots() int { return p.windows * p.lanes }

// slotOK tells whether a node may be in a slot as far as it alone decides.
func (p *problem) slotOK(n *node, slot int) bool {
	w := slot / p.lanes
	return n.allowed[w] && !(p.pilot && w == p.first && slot%p.lanes != 0)
}

// limit is the most servers that a slot takes.
func (p *problem) limit(slot int) int32 {
	if p.pilot && slot/p.lanes == p.first {
		return min(p.maxSize, p.pilotMax)
	}
	return p.maxSize
}

// unary is what a node costs in a window by itself.
func (p *problem) unary(n *node, w int) float64 {
	c := n.risk*p.weeksFactor[w] + n.stay*(p.horizon-p.days[w])
	if w == p.first {
		c += n.firstCost
	}
	for _, o := range n.olds {
		if int(o.window) != w {
			c += p.keepCost * float64(o.servers)
		}
	}
	return c
}

// distance is the days that an edge crosses between the sites.
func (p *problem) distance(k edgeKind, w, other int) float64 {
	d := p.days[w] - p.days[other]
	switch {
	case k == edgeBoth && d < 0:
		return -d
	case k == edgeThisOff:
		return max(0, d)
	case k == edgeOtherOff:
		return max(0, -d)
	}
	return d
}

// contract joins the nodes of each cluster into one. Clusters are numbered
// from 0 to k−1; what lies inside one is settled.
func (p *problem) contract(cluster []int32, k int) *problem {
	q := *p
	q.nodes = make([]node, k)
	rows := map[string][]bool{}
	for i := range q.nodes {
		q.nodes[i].minutes = make([]int64, len(p.teamLimit))
		q.nodes[i].movers = make([]int32, len(p.moverLimit))
	}
	for i := range p.nodes {
		q.nodes[cluster[i]].absorb(&p.nodes[i], int32(i))
	}
	for i := range q.nodes {
		n := &q.nodes[i]
		n.allowed = intern(rows, n.allowed)
		q.collect(p, n, int32(i), cluster)
	}
	return &q
}

// intern makes equal rows one, so that nodes compare them by address.
func intern(rows map[string][]bool, row []bool) []bool {
	key := make([]byte, len(row))
	for i, ok := range row {
		if ok {
			key[i] = 1
		}
	}
	if known := rows[string(key)]; known != nil {
		return known
	}
	rows[string(key)] = row
	return row
}

// absorb adds what sums up: loads, risk, old windows.
func (n *node) absorb(o *node, part int32) {
	n.parts = append(n.parts, part)
	n.servers += o.servers
	n.moving += o.moving
	n.first += o.first
	n.prod += o.prod
	n.data += o.data
	n.change += o.change
	n.risk += o.risk
	n.stay += o.stay
	n.firstCost += o.firstCost
	for t, m := range o.minutes {
		n.minutes[t] += m
	}
	for t, m := range o.movers {
		n.movers[t] += m
	}
	for _, x := range o.olds {
		at := slices.IndexFunc(n.olds, func(y old) bool { return y.window == x.window })
		if at < 0 {
			n.olds = append(n.olds, x)
		} else {
			n.olds[at].servers += x.servers
		}
	}
	if n.allowed == nil {
		n.allowed = slices.Clone(o.allowed)
		return
	}
	for w := range n.allowed {
		n.allowed[w] = n.allowed[w] && o.allowed[w]
	}
}

// collect gathers a node's pairs and sets from its parts.
func (p *problem) collect(fine *problem, n *node, self int32, cluster []int32) {
	apartInside := 0.0
	for _, part := range n.parts {
		o := &fine.nodes[part]
		for _, e := range o.edges {
			if to := cluster[e.to]; to != self {
				n.edges = append(n.edges, edge{to, e.kind, e.gb})
			}
		}
		for _, r := range o.rels {
			if to := cluster[r.to]; to != self {
				n.rels = append(n.rels, rel{to, r.kind, r.hard, r.weight})
			} else if r.kind == relApart {
				if r.hard {
					p.dead = "servers that have to move together may not be in one window"
				}
				apartInside += r.weight / 2 // it is listed at both ends
			}
		}
		n.spread = append(n.spread, o.spread...)
		n.orders = append(n.orders, o.orders...)
		n.serves = append(n.serves, o.serves...)
	}
	p.base += apartInside
	n.edges = mergeEdges(n.edges)
	n.rels = mergeRels(n.rels)
	slices.Sort(n.spread)
	n.spread = slices.Compact(n.spread)
	n.orders = mergeMembers(n.orders)
	n.serves = mergeMembers(n.serves)
	for _, o := range n.orders {
		if p.orders[o.set].hard && o.a > 0 && o.b > 0 {
			p.dead = "servers that have to move together belong to both sides of the order of environments"
		}
	}
	if p.mixHard && n.first > 0 && n.prod > 0 {
		p.dead = "servers that have to move together are in production and before it"
	}
}

func mergeEdges(list []edge) []edge {
	slices.SortStableFunc(list, func(x, y edge) int { return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.kind, y.kind)) })
	out := list[:0]
	for _, e := range list {
		if n := len(out); n > 0 && out[n-1].to == e.to && out[n-1].kind == e.kind {
			out[n-1].gb += e.gb
			continue
		}
		out = append(out, e)
	}
	return out
}

// mergeRels keeps one hard pair of each kind, and sums the weights of others.
func mergeRels(list []rel) []rel {
	order := func(r rel) int {
		if r.hard {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(x, y rel) int {
		return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.kind, y.kind), cmp.Compare(order(x), order(y)))
	})
	out := list[:0]
	for _, r := range list {
		if n := len(out); n > 0 && out[n-1].to == r.to && out[n-1].kind == r.kind && out[n-1].hard == r.hard {
			out[n-1].weight += r.weight
			continue
		}
		out = append(out, r)
	}
	return out
}

func mergeMembers(list []member) []member {
	slices.SortStableFunc(list, func(x, y member) int { return cmp.Compare(x.set, y.set) })
	out := list[:0]
	for _, m := range list {
		if n := len(out); n > 0 && out[n-1].set == m.set {
			out[n-1].a += m.a
			out[n-1].b += m.b
			continue
		}
		out = append(out, m)
	}
	return out
}
