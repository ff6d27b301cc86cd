package wave

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
)

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
	ceiling int // moves of one start
}

func newEffort(scale float64) effort {
	return effort{perNode: 250 * scale, starts: max(1, int(24*math.Sqrt(scale))), least: int(8000 * scale), ceiling: int(2e5 * scale)}
}

// race runs searches from many starts and leaves half of them behind after
// each round, while the rest get twice as many moves.
func race(ctx context.Context, p *problem, seed uint64, e effort) (*search, int64) {
	field := make([]*search, max(1, min(e.starts, e.starts*500/max(1, len(p.nodes)))))
	first := max(e.least, int(e.perNode/16*float64(len(p.nodes))))
	parallel(len(field), func(start int) {
		s := newSearch(ctx, p, seed+uint64(start)*1009)
		s.construct(start)
		s.anneal(first, 0.3, 0.02)
		s.restore()
		s.descend(6)
		field[start] = s
	})
	moves := int64(0)
	byScore := func(a, b *search) int {
		switch {
		case a.bestScore.less(b.bestScore):
			return -1
		case b.bestScore.less(a.bestScore):
			return 1
		}
		return 0
	}
	for length := 2 * first; ; length *= 2 {
		slices.SortStableFunc(field, byScore)
		for _, s := range field[(len(field)+1)/2:] {
			moves += s.moves
		}
		if len(field) == 1 || field[0].stop() {
			break
		}
		field = field[:(len(field)+1)/2]
		parallel(len(field), func(i int) {
			s := field[i]
			s.restore()
			s.anneal(min(length, e.ceiling), 0.3, 0.01)
			s.restore()
			s.descend(20)
		})
	}
	return field[0], moves + field[0].moves
}

// parallel runs independent work on all processors. Each piece has its own
// memory and source of chance, so the result does not depend on their order.
func parallel(n int, work func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// solveLevels solves each version of the problem in its smallest form, and
// refines the best of them on the way back.
func solveLevels(ctx context.Context, p *problem, seed uint64, e effort) outcome {
	var best *search
	var levels []level
	moves := int64(0)
	versions := p.splits()
	share := e
	share.starts = (e.starts + len(versions) - 1) / len(versions)
	for _, q := range versions {
		coarse := coarsen(q, seed)
		s, m := race(ctx, coarse[len(coarse)-1].p, seed, share)
		moves += m
		if best == nil || s.bestScore.less(best.bestScore) {
			best, levels = s, coarse
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
	if len(versions) > 1 || levels[0].p != p {
		s := newSearch(ctx, p, seed+7) // the borders are free again
		s.price = max(s.price, price)
		s.st.load(pos)
		s.remember()
		s.descend(6)
		moves += s.moves
		best = s
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
