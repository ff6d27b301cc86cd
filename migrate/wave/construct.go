package wave

import (
	"cmp"
	"math"
	"slices"
)

// construct puts every node into the slot that is best at its turn. The order
// of turns makes the plan, so there are several of them.
func (s *search) construct(variant int) {
	s.st = newState(s.p)
	turns := s.turns(variant)
	// The heaviest group decides most: each start has it in another slot.
	if hub := s.heaviest(); hub >= 0 && variant > 0 {
		if slot := variant % s.p.slots(); s.p.slotOK(&s.p.nodes[hub], slot) {
			s.st.move(hub, int32(slot))
		}
	}
	for _, i := range turns {
		if s.st.pos[i] < 0 {
			s.placeBest(i)
		}
	}
	s.remember()
}

// heaviest is the node with the most traffic, or −1.
func (s *search) heaviest() int32 {
	best, most := int32(-1), 0.0
	for i := range s.p.nodes {
		gb := 0.0
		for _, e := range s.p.nodes[i].edges {
			gb += e.gb
		}
		if gb > most {
			best, most = int32(i), gb
		}
	}
	return best
}

// turns orders the nodes: by depth in the order of moving and then weight, by
// weight alone, or at random.
func (s *search) turns(variant int) []int32 {
	n := len(s.p.nodes)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	s.rng.Shuffle(n, func(a, b int) { order[a], order[b] = order[b], order[a] })
	if variant%3 == 2 {
		return order
	}
	weight := make([]float64, n)
	for i := range s.p.nodes {
		for _, e := range s.p.nodes[i].edges {
			weight[i] += e.gb
		}
	}
	depth := make([]int, n)
	if variant%3 == 0 {
		depth = s.p.depths()
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(depth[a], depth[b]), cmp.Compare(weight[b], weight[a]))
	})
	return order
}

// depths is each node's place in the longest chain of hard dependencies, which
// first-class environments precede.
func (p *problem) depths() []int {
	depth := make([]int, len(p.nodes))
	for i := range depth {
		if p.nodes[i].prod > 0 {
			depth[i] = 1
		}
	}
	for round, changed := 0, true; changed && round < 64; round++ {
		changed = false
		for i := range p.nodes {
			for _, r := range p.nodes[i].rels {
				if r.kind == relBefore && r.hard && depth[r.to] < depth[i] {
					depth[r.to], changed = depth[i], true
				}
			}
		}
	}
	return depth
}

// placeBest puts a node that is nowhere into its best slot. Where there are
// many it looks at a share of them.
func (s *search) placeBest(i int32) {
	n, slots := &s.p.nodes[i], s.p.slots()
	best, at := math.Inf(1), int32(-1)
	look := func(slot int32) {
		if slot < 0 || !s.p.slotOK(n, int(slot)) {
			return
		}
		before := s.st.tally
		s.st.move(i, slot)
		// Late breaks are those of a plan that is not complete yet.
		if v := s.st.cost + s.st.small() + s.price*(s.st.early+s.st.link); v < best {
			best, at = v, slot
		}
		s.st.move(i, -1)
		s.st.tally = before
	}
	stride := 1
	if slots > 40 {
		stride = slots / 20
		for k := range min(12, len(n.edges)) {
			look(s.st.pos[n.edges[k].to])
		}
		for _, o := range n.olds {
			look(o.window * int32(s.p.lanes))
		}
	}
	for slot := s.rng.IntN(stride); slot < slots; slot += stride {
		look(int32(slot))
	}
	for slot := 0; at < 0 && slot < slots; slot++ {
		look(int32(slot))
	}
	s.st.move(i, at)
}
