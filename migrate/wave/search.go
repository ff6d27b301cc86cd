package wave

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// search improves an assignment by single moves, swaps and emptied windows. It
// goes through assignments that break hard conditions at a price that rises
// for as long as they are broken, and keeps the best that breaks none.
type search struct {
	p     *problem
	st    *state
	rng   *rand.Rand
	price float64 // of a broken hard condition
	unit  float64 // a typical move's change of the objective
	moves int64
	stop  func() bool

	best      []int32
	any       bool
	bestScore score
	bestFound bool // it breaks nothing
}

// score orders assignments: what is broken, then the objective, then ties.
type score struct{ broken, total, small float64 }

const epsilon = 1e-7

func (a score) less(b score) bool {
	if math.Abs(a.broken-b.broken) > epsilon {
		return a.broken < b.broken
	}
	if d := a.total - b.total; math.Abs(d) > epsilon*(1+math.Abs(b.total)) {
		return d < 0
	}
	return a.small < b.small-1e-12
}

func (st *state) score() score {
	b := st.broken()
	if b < epsilon {
		b = 0
	}
	return score{b, st.total(), st.small()}
}

func newSearch(ctx context.Context, p *problem, seed uint64) *search {
	s := &search{p: p, st: newState(p), rng: rand.New(rand.NewPCG(seed, uint64(len(p.nodes))))}
	s.stop = func() bool { return ctx.Err() != nil }
	gap := 7.0
	if p.windows > 1 {
		gap = (p.days[p.windows-1] - p.days[0]) / float64(p.windows-1)
	}
	gb, risk := 0.0, 0.0
	for i := range p.nodes {
		risk += p.nodes[i].risk*p.weeksFactor[0] + p.nodes[i].stay*gap
		for _, e := range p.nodes[i].edges {
			gb += e.gb
		}
	}
	s.unit = max(1e-3, (gb*gap+risk)/float64(max(1, len(p.nodes))))
	s.price = 4 * s.unit
	return s
}

// value is the score as one number, at the present price.
func (s *search) value() float64 {
	return s.st.total() + s.st.small() + s.price*s.st.broken()
}

// remember keeps the assignment where it is the best so far.
func (s *search) remember() {
	now := s.st.score()
	if !s.any || now.less(s.bestScore) {
		s.best = append(s.best[:0], s.st.pos...)
		s.any, s.bestScore, s.bestFound = true, now, now.broken == 0
	}
}

// restore goes back to the best assignment.
func (s *search) restore() {
	s.st = newState(s.p)
	s.st.load(s.best)
}

// try moves a node and takes the move back unless accept says yes.
func (s *search) try(i, slot int32, accept func(change float64) bool) bool {
	before, value, from := s.st.tally, s.value(), s.st.pos[i]
	s.moves++
	s.st.move(i, slot)
	if accept(s.value() - value) {
		return true
	}
	s.st.move(i, from)
	s.st.tally = before
	return false
}

func (s *search) trySwap(i, j int32, accept func(change float64) bool) bool {
	before, value := s.st.tally, s.value()
	a, b := s.st.pos[i], s.st.pos[j]
	s.moves++
	s.st.move(i, b)
	s.st.move(j, a)
	if accept(s.value() - value) {
		return true
	}
	s.st.move(j, b)
	s.st.move(i, a)
	s.st.tally = before
	return false
}

// anneal cools from hot to cold times the problem's unit over so many moves.
func (s *search) anneal(moves int, hot, cold float64) {
	n := len(s.p.nodes)
	if n == 0 || s.p.slots() < 2 {
		s.remember()
		return
	}
	epochs := max(1, moves/max(n, 200))
	perEpoch := moves / epochs
	for e := range epochs {
		if s.stop() {
			break
		}
		temperature := s.unit * hot * math.Pow(cold/hot, float64(e)/float64(max(1, epochs-1)))
		accept := func(change float64) bool {
			return change <= 0 || s.rng.Float64() < math.Exp(-change/temperature)
		}
		kept := 0
		for k := range perEpoch {
			if n <= 500 && k%256 == 255 {
				s.exchange(int32(s.rng.IntN(s.p.slots())), int32(s.rng.IntN(s.p.slots())), accept)
			}
			s.step(accept)
			if s.st.broken() < epsilon {
				kept++
				if n <= 500 {
					s.remember()
				}
			}
		}
		s.remember()
		s.reprice(float64(kept) / float64(perEpoch))
	}
}

// reprice raises the price of broken conditions while they are mostly broken,
// and lowers it while they are mostly kept, so that the search stays near the
// border where the best plans lie.
func (s *search) reprice(kept float64) {
	switch {
	case kept < 0.2:
		s.price = min(s.price*1.4, s.unit*1e5)
	case kept > 0.8:
		s.price = max(s.price*0.9, s.unit*0.5)
	}
}

// step tries one random move or swap.
func (s *search) step(accept func(float64) bool) {
	i := int32(s.rng.IntN(len(s.p.nodes)))
	slot := s.target(i)
	if slot == s.st.pos[i] || !s.p.slotOK(&s.p.nodes[i], int(slot)) {
		return
	}
	if s.rng.IntN(4) == 0 {
		j := int32(s.rng.IntN(len(s.p.nodes)))
		if from, to := s.st.pos[i], s.st.pos[j]; from != to && s.p.slotOK(&s.p.nodes[i], int(to)) && s.p.slotOK(&s.p.nodes[j], int(from)) {
			s.trySwap(i, j, accept)
		}
		return
	}
	s.try(i, slot, accept)
}

// target picks a slot for a node: a neighbour's, one beside its own, or any.
func (s *search) target(i int32) int32 {
	n, slots := &s.p.nodes[i], s.p.slots()
	kind := s.rng.IntN(10)
	switch {
	case kind < 6 && len(n.edges) > 0:
		e := n.edges[s.rng.IntN(len(n.edges))]
		if other := n.edges[s.rng.IntN(len(n.edges))]; other.gb > e.gb {
			e = other
		}
		return s.st.pos[e.to]
	case kind < 8:
		step := s.p.lanes * (1 - 2*s.rng.IntN(2))
		return int32(min(slots-1, max(0, int(s.st.pos[i])+step)))
	}
	return int32(s.rng.IntN(slots))
}

// descend takes every improving move until there is none.
func (s *search) descend(passes int) {
	better := func(change float64) bool { return change < -epsilon*s.unit }
	order := make([]int32, len(s.p.nodes))
	for i := range order {
		order[i] = int32(i)
	}
	for range passes {
		if s.stop() {
			break
		}
		s.rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		improved := false
		for _, i := range order {
			for _, slot := range s.candidates(i) {
				improved = s.try(i, slot, better) || improved
			}
		}
		improved = s.emptyWindows(better) || improved
		improved = s.exchangeWindows(better) || improved
		if !improved {
			break
		}
	}
	s.remember()
}

// candidates are the slots worth trying for a node: its neighbours' and those
// around its own; all of them where there are few.
func (s *search) candidates(i int32) []int32 {
	n, slots := &s.p.nodes[i], s.p.slots()
	var out []int32
	add := func(slot int32) {
		if slot >= 0 && int(slot) < slots && slot != s.st.pos[i] && s.p.slotOK(n, int(slot)) && !slices.Contains(out, slot) {
			out = append(out, slot)
		}
	}
	if slots <= 12 {
		for slot := range slots {
			add(int32(slot))
		}
		return out
	}
	for k := range n.edges {
		if add(s.st.pos[n.edges[k].to]); len(out) >= 8 {
			break
		}
	}
	for d := -2; d <= 2; d++ {
		add(s.st.pos[i] + int32(d*s.p.lanes))
	}
	for _, o := range n.olds {
		add(o.window * int32(s.p.lanes))
	}
	return out
}

// emptyWindows moves the whole of a slot into another where that is better:
// a step of many moves that single ones don't find.
func (s *search) emptyWindows(accept func(float64) bool) bool {
	inSlot := make([][]int32, s.p.slots())
	for i, slot := range s.st.pos {
		inSlot[slot] = append(inSlot[slot], int32(i))
	}
	improved := false
	for from := range inSlot {
		for to := max(0, from-3); to <= min(len(inSlot)-1, from+3); to++ {
			if from == to || len(inSlot[from]) == 0 || s.st.slotServers[from]+s.st.slotServers[to] > s.p.limit(to) && len(inSlot[to]) > 0 {
				continue
			}
			if s.tryAll(inSlot[from], int32(to), accept) {
				inSlot[to] = append(inSlot[to], inSlot[from]...)
				inSlot[from] = nil
				improved = true
			}
		}
	}
	return improved
}

// tryAll moves several nodes into one slot, or none.
func (s *search) tryAll(nodes []int32, to int32, accept func(float64) bool) bool {
	for _, i := range nodes {
		if !s.p.slotOK(&s.p.nodes[i], int(to)) {
			return false
		}
	}
	before, value, from := s.st.tally, s.value(), s.st.pos[nodes[0]]
	for _, i := range nodes {
		s.moves++
		s.st.move(i, to)
	}
	if accept(s.value() - value) {
		return true
	}
	for _, i := range nodes {
		s.st.move(i, from)
	}
	s.st.tally = before
	return false
}

// exchangeWindows swaps the whole contents of slots that lie near each other.
func (s *search) exchangeWindows(accept func(float64) bool) bool {
	improved, slots, near := false, s.p.slots(), 2
	switch {
	case slots <= 12:
		near = slots
	case slots > 40:
		near = 1
	}
	for a := range slots {
		for b := a + 1; b < min(slots, a+near+1); b++ {
			improved = s.exchange(int32(a), int32(b), accept) || improved
		}
	}
	return improved
}

// exchange swaps two slots' nodes, as far as they may be in the other one.
func (s *search) exchange(a, b int32, accept func(float64) bool) bool {
	if a == b {
		return false
	}
	var moved []int32
	before, value := s.st.tally, s.value()
	for i := range s.st.pos {
		to := b
		switch s.st.pos[i] {
		case b:
			to = a
		case a:
		default:
			continue
		}
		if s.p.slotOK(&s.p.nodes[i], int(to)) {
			moved = append(moved, int32(i))
		}
	}
	flip := func() {
		for _, i := range moved {
			s.moves++
			s.st.move(i, a+b-s.st.pos[i])
		}
	}
	flip()
	if accept(s.value() - value) {
		return true
	}
	flip()
	s.st.tally = before
	return false
}
