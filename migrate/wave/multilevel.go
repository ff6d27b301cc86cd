package wave

import "context"

// outcome is what a search or a proof gave for one problem.
type outcome struct {
	p       *problem
	pos     []int32 // slot of each node; nil: no assignment at all
	score   score
	found   bool // the assignment breaks nothing hard
	exact   bool // the search was complete: it is best, or there is none
	moves   int64
	stopped bool // interrupted
}

// effort is how many moves a search makes.
type effort struct {
	perNode float64
	starts  int
	least   int
}

func newEffort(scale float64) effort {
	return effort{perNode: 60 * scale, starts: max(1, int(3*scale)), least: int(12000 * scale)}
}

// solveLevels coarsens the problem, solves the smallest version from several
// starts, and refines the best on the way back.
func solveLevels(ctx context.Context, p *problem, seed uint64, e effort) outcome {
	levels := coarsen(p, seed)
	top := levels[len(levels)-1]
	var best *search
	moves := int64(0)
	for start := range e.starts {
		s := newSearch(ctx, top.p, seed+uint64(start)*1009)
		s.construct(start)
		s.anneal(max(e.least, int(e.perNode*2*float64(len(top.p.nodes)))), 1, 0.01)
		s.restore()
		s.descend(20)
		moves += s.moves
		if best == nil || s.bestScore.less(best.bestScore) {
			best = s
		}
		if s.stop() {
			break
		}
	}
	pos, price := best.best, best.price
	for l := len(levels) - 1; l > 0; l-- {
		fine := levels[l-1].p
		start := make([]int32, len(fine.nodes))
		for i, c := range levels[l].cluster {
			start[i] = pos[c]
		}
		s := newSearch(ctx, fine, seed+uint64(l)*31)
		s.price = max(s.price, price/2)
		s.st.load(start)
		s.remember()
		s.anneal(max(e.least, int(e.perNode*float64(len(fine.nodes)))), 0.15, 0.003)
		s.restore()
		s.descend(12)
		moves += s.moves
		pos, price, best = s.best, s.price, s
	}
	if !best.bestFound {
		best.repair(6)
		moves += best.moves
	}
	return outcome{p: p, pos: best.best, score: best.bestScore, found: best.bestFound, moves: moves, stopped: ctx.Err() != nil}
}

// repair looks for any assignment that breaks nothing, at prices that make the
// objective count for little.
func (s *search) repair(rounds int) {
	for round := range rounds {
		if s.bestFound || s.stop() {
			return
		}
		s.price = (s.unit + s.p.keepCost) * float64(int(20)<<(2*round))
		s.restore()
		s.anneal(20*len(s.p.nodes)+20000, 2, 0.05)
		s.restore()
		s.descend(20)
	}
}

// solveFrom improves a given assignment without going far from it: what a plan
// that is to be kept asks for. Nodes without a slot are placed first.
func solveFrom(ctx context.Context, p *problem, start []int32, seed uint64, e effort) outcome {
	s := newSearch(ctx, p, seed)
	s.price = s.unit*10 + 4*p.keepCost
	for i, slot := range start {
		if slot >= 0 && p.slotOK(&p.nodes[i], int(slot)) {
			s.st.move(int32(i), slot)
		}
	}
	for i := range p.nodes {
		if s.st.pos[i] < 0 {
			s.placeBest(int32(i))
		}
	}
	s.remember()
	s.descend(30)
	s.anneal(max(e.least, int(e.perNode/2*float64(len(p.nodes)))), 0.05, 0.002)
	s.restore()
	s.descend(30)
	s.repair(6)
	return outcome{p: p, pos: s.best, score: s.bestScore, found: s.bestFound, moves: s.moves, stopped: ctx.Err() != nil}
}
