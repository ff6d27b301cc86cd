package wave

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// exactNodes is the most groups for which a complete search is tried.
const exactNodes = 26

// exactSearch is a branch and bound over all assignments.
type exactSearch struct {
	p      *problem
	st     *state
	order  []int32
	budget int
	best   score
	pos    []int32
	found  bool
	ctx    context.Context
}

// solveExact searches all assignments, from an upper limit that another search
// has reached. It gives up after so many placements; then exact is false.
func solveExact(ctx context.Context, p *problem, known *outcome, budget int) outcome {
	x := &exactSearch{p: p, st: newState(p), budget: budget, ctx: ctx, best: score{0, math.Inf(1), 0}}
	if known != nil && known.found {
		x.best, x.pos, x.found = known.score, known.pos, true
	}
	x.order = make([]int32, len(p.nodes))
	key := make([]float64, len(p.nodes))
	for i := range p.nodes {
		x.order[i] = int32(i)
		for _, e := range p.nodes[i].edges {
			key[i] += e.gb
		}
		for range p.nodes[i].rels {
			key[i] += 0.5
		}
		windows := 0
		for _, ok := range p.nodes[i].allowed {
			if ok {
				windows++
			}
		}
		key[i] = float64(windows)*1e12 - key[i] - float64(p.nodes[i].servers)
	}
	slices.SortStableFunc(x.order, func(a, b int32) int { return cmp.Compare(key[a], key[b]) })
	done := x.branch(0)
	return outcome{p: p, pos: x.pos, score: x.best, found: x.found, exact: done, moves: int64(budget - x.budget), stopped: ctx.Err() != nil}
}

// branch places the node of this depth everywhere it may be; false means that
// the budget ran out.
func (x *exactSearch) branch(depth int) bool {
	if depth == len(x.order) {
		if x.st.broken() < epsilon && x.st.total() < x.best.total-epsilon {
			x.best, x.pos, x.found = x.st.score(), slices.Clone(x.st.pos), true
		}
		return true
	}
	i := x.order[depth]
	type option struct {
		slot  int32
		bound float64
	}
	var options []option
	for slot := range x.p.slots() {
		if x.budget--; x.budget < 0 || x.budget%1024 == 0 && x.ctx.Err() != nil {
			x.budget = min(x.budget, 0)
			return false
		}
		if !x.p.slotOK(&x.p.nodes[i], slot) {
			continue
		}
		before := x.st.tally
		x.st.move(i, int32(slot))
		if x.st.early+x.st.link < epsilon {
			if b := x.bound(depth + 1); b < x.best.total-epsilon {
				options = append(options, option{int32(slot), b})
			}
		}
		x.st.move(i, -1)
		x.st.tally = before
	}
	slices.SortStableFunc(options, func(a, b option) int { return cmp.Compare(a.bound, b.bound) })
	for _, o := range options {
		if o.bound >= x.best.total-epsilon {
			continue
		}
		before := x.st.tally
		x.st.move(i, o.slot)
		done := x.branch(depth + 1)
		x.st.move(i, -1)
		x.st.tally = before
		if !done {
			return false
		}
	}
	return true
}

// bound adds to the cost so far what each node that is still to be placed costs
// at least with those that are; +∞ where one has no place left.
func (x *exactSearch) bound(depth int) float64 {
	p, total := x.p, x.st.cost
	if p.minSize > 1 && !x.canFill(depth) {
		return math.Inf(1)
	}
	for _, i := range x.order[depth:] {
		n := &p.nodes[i]
		least := math.Inf(1)
		for w := range p.windows {
			if !n.allowed[w] || !x.roomFor(n, w) {
				continue
			}
			c := p.unary(n, w)
			for _, e := range n.edges {
				if o := x.st.pos[e.to]; o >= 0 {
					c += e.gb * p.distance(e.kind, w, int(o)/p.lanes)
				}
			}
			if c < least && x.relsAllow(n, w) {
				least = c
			}
		}
		total += least
		if math.IsInf(total, 1) {
			break
		}
	}
	return total
}

func (x *exactSearch) roomFor(n *node, w int) bool {
	for lane := range x.p.lanes {
		slot := w*x.p.lanes + lane
		if x.st.slotServers[slot]+n.servers <= x.p.limit(slot) {
			return true
		}
	}
	return false
}

// relsAllow looks at hard pairs with nodes in other windows only, as lanes of
// one window are not told apart here.
func (x *exactSearch) relsAllow(n *node, w int) bool {
	for i := range n.rels {
		r := &n.rels[i]
		o := x.st.pos[r.to]
		if !r.hard || o < 0 || r.kind == relTogether {
			continue
		}
		if r.breaks(int32(w*x.p.lanes), o, x.p.lanes) {
			return false
		}
	}
	return true
}

// canFill tells whether the servers that are still to be placed could bring
// every wave but the last, and a pilot, to its least size.
func (x *exactSearch) canFill(depth int) bool {
	left := int32(0)
	for _, i := range x.order[depth:] {
		left += x.p.nodes[i].servers
	}
	missing, most, second := int32(0), int32(0), int32(0)
	for _, n := range x.st.slotServers {
		if n == 0 || n >= x.p.minSize {
			continue
		}
		lack := x.p.minSize - n
		missing += lack
		second = max(second, min(most, lack))
		most = max(most, lack)
	}
	if !x.p.smallFirst {
		second = 0
	}
	return missing-most-second <= left
}
