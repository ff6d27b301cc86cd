package wave

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// level is one step of coarsening: the problem and the cluster of each node of
// the finer one.
type level struct {
	p       *problem
	cluster []int32 // nil for the finest
}

// coarsen makes ever smaller problems by joining the nodes with most traffic
// between them (heavy-edge matching; Karypis and Kumar, "A Fast and High
// Quality Multilevel Scheme for Partitioning Irregular Graphs", 1998).
func coarsen(p *problem, seed uint64) []level {
	levels := []level{{p: p}}
	rng := rand.New(rand.NewPCG(seed, 77))
	for len(p.nodes) > 80 {
		cluster, k := p.match(rng)
		if k > len(p.nodes)*92/100 {
			break
		}
		q := p.contract(cluster, k)
		if q.dead != "" {
			break
		}
		levels = append(levels, level{q, cluster})
		p = q
	}
	return levels
}

// match joins nodes in pairs: along the heaviest edge, or, where all neighbours
// are taken, two that share their heaviest neighbour.
func (p *problem) match(rng *rand.Rand) ([]int32, int) {
	mate := make([]int32, len(p.nodes))
	order := make([]int32, len(p.nodes))
	for i := range mate {
		mate[i], order[i] = -1, int32(i)
	}
	rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	for _, i := range order {
		if mate[i] >= 0 {
			continue
		}
		best, gb := int32(-1), 0.0
		for _, e := range p.nodes[i].edges {
			if e.gb > gb && mate[e.to] < 0 && p.mayJoin(i, e.to) {
				best, gb = e.to, e.gb
			}
		}
		if best >= 0 {
			mate[i], mate[best] = best, i
		}
	}
	p.matchLeaves(mate, order)
	p.breakRings(mate)
	u := newUnionFind(len(mate))
	for i, m := range mate {
		if m >= 0 {
			u.union(int32(i), m)
		}
	}
	return u.clusters()
}

func (p *problem) matchLeaves(mate, order []int32) {
	waiting := map[int32]int32{}
	for _, i := range order {
		if mate[i] >= 0 || len(p.nodes[i].edges) == 0 {
			continue
		}
		hub := slices.MaxFunc(p.nodes[i].edges, func(a, b edge) int { return cmp.Compare(a.gb, b.gb) }).to
		other, ok := waiting[hub]
		if ok && p.mayJoin(i, other) {
			mate[i], mate[other] = other, i
			delete(waiting, hub)
		} else {
			waiting[hub] = i
		}
	}
}

// mayJoin tells whether two nodes can be one: the same windows, the same side
// of the environments, no reason to be apart, and not too big together.
func (p *problem) mayJoin(i, j int32) bool {
	a, b := &p.nodes[i], &p.nodes[j]
	if &a.allowed[0] != &b.allowed[0] || !sameOlds(a.olds, b.olds) || a.servers+b.servers > max(2, p.maxSize/4) {
		return false
	}
	if p.pilot && a.allowed[p.first] && a.servers+b.servers > p.pilotMax {
		return false
	}
	if (a.first > 0) != (b.first > 0) && (a.prod > 0 || b.prod > 0) {
		return false
	}
	for t, limit := range p.teamLimit {
		if limit >= 0 && a.minutes[t]+b.minutes[t] > limit/4 {
			return false
		}
	}
	for t, limit := range p.moverLimit {
		if limit >= 0 && a.movers[t]+b.movers[t] > max(1, limit/4) {
			return false
		}
	}
	for _, r := range a.rels {
		if r.to == j && r.kind == relApart {
			return false
		}
	}
	for _, x := range a.orders {
		for _, y := range b.orders {
			if x.set == y.set && (x.a > 0) != (y.a > 0) {
				return false
			}
		}
	}
	return true
}

func sameOlds(a, b []old) bool {
	return slices.EqualFunc(a, b, func(x, y old) bool { return x.window == y.window })
}

// breakRings takes pairs apart again that would have to move before themselves:
// u before w before v makes a ring once u and v are one.
func (p *problem) breakRings(mate []int32) {
	for {
		g := arcs{}
		for i := range p.nodes {
			from := int64(pairID(mate, int32(i)))
			for _, r := range p.nodes[i].rels {
				to := int64(pairID(mate, r.to))
				if r.kind == relBefore && r.hard && from != to {
					g.add(from, to)
				}
			}
		}
		broken := false
		for _, ring := range g.rings() {
			for _, i := range ring {
				if m := mate[i]; m >= 0 {
					mate[i], mate[m], broken = -1, -1, true
				}
			}
		}
		if !broken {
			return
		}
	}
}

func pairID(mate []int32, i int32) int32 {
	if mate[i] >= 0 {
		return min(i, mate[i])
	}
	return i
}
