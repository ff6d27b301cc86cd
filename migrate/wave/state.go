package wave

import "math"

// state is an assignment of nodes to slots with everything that can be kept
// up to date when one node moves. A node may be in no slot (−1) meanwhile.
type state struct {
	p   *problem
	pos []int32

	slotServers, slotFirst, slotProd []int32
	winServers, winMoving            []int32
	winData, winChange               []int64
	winMinutes                       []int64   // window × teams
	moverLoad                        []int32   // window × movers, servers at once
	spread                           []int32   // spread set × slots
	orderA, orderB                   []int32   // order set × windows
	serveA, serveB                   []int32   // serve set × windows
	orderOff, serveOff               []int32   // what each set breaks now
	orderFirst, orderLast            []int32   // first window of b and last of a in each order set
	done, lateness                   []float64 // of each window's data on the link

	last    int     // slot in use, or −1
	front   int     // first slot in use, or the number of slots
	missing float64 // servers that slots lack to the least size

	used    int32 // windows
	squares int64 // of slot sizes

	tally
}

// tally is what an assignment costs and breaks. early are breaks that only
// grow while nodes are added; late ones may heal.
type tally struct {
	cost  float64 // exposure, risk, penalties that only grow while nodes are added
	serve float64 // penalties that may heal
	early float64 // hard conditions broken
	link  float64
	late  float64
}

func newState(p *problem) *state {
	t, s := p.windows, p.slots()
	st := &state{p: p, pos: make([]int32, len(p.nodes)),
		slotServers: make([]int32, s), slotFirst: make([]int32, s), slotProd: make([]int32, s),
		winServers: make([]int32, t), winMoving: make([]int32, t), winData: make([]int64, t), winChange: make([]int64, t),
		winMinutes: make([]int64, t*len(p.teamLimit)), moverLoad: make([]int32, t*len(p.moverLimit)),
		spread: make([]int32, s*len(p.spreads)), orderA: make([]int32, t*len(p.orders)), orderB: make([]int32, t*len(p.orders)),
		serveA: make([]int32, t*len(p.serves)), serveB: make([]int32, t*len(p.serves)),
		orderOff: make([]int32, len(p.orders)), serveOff: make([]int32, len(p.serves)),
		orderFirst: make([]int32, len(p.orders)), orderLast: make([]int32, len(p.orders)),
		done: make([]float64, t), lateness: make([]float64, t), last: -1, front: s}
	for i := range st.pos {
		st.pos[i] = -1
	}
	for i := range p.orders {
		st.orderFirst[i], st.orderLast[i] = int32(t), -1
	}
	for w := range st.done {
		st.done[w] = math.Inf(-1)
	}
	st.cost = p.base
	st.refreshLate()
	return st
}

// load puts every node where pos says.
func (st *state) load(pos []int32) {
	for i, s := range pos {
		if st.pos[i] != s {
			st.move(int32(i), s)
		}
	}
}

// total is the objective without its tie-breakers.
func (st *state) total() float64 { return st.cost + st.serve }

// broken is how far hard conditions are broken; 0 is a plan.
func (st *state) broken() float64 { return st.early + st.link + st.late }

// small is the part of the score that only breaks ties: windows, then balance.
func (st *state) small() float64 {
	n := float64(max(1, st.p.total))
	return st.p.windowCost*float64(st.used) + st.p.balanceCost*float64(st.squares)/(n*n)
}

// move puts a node into a slot, or out of the plan with −1.
func (st *state) move(i, to int32) {
	n := &st.p.nodes[i]
	from := st.pos[i]
	if from >= 0 {
		st.pairs(n, from, -1)
		st.shift(n, int(from), -1)
	}
	st.pos[i] = to
	if to >= 0 {
		st.pairs(n, to, 1)
		st.shift(n, int(to), 1)
	}
	if st.p.linked && n.data+n.change > 0 {
		if from >= 0 {
			st.refreshLink(int(from) / st.p.lanes)
		}
		if to >= 0 {
			st.refreshLink(int(to) / st.p.lanes)
		}
	}
	st.refreshLate()
}

// pairs adds or takes away what a node in a slot costs with its neighbours.
func (st *state) pairs(n *node, slot int32, sign float64) {
	p := st.p
	w := int(slot) / p.lanes
	cost := p.unary(n, w)
	for i := range n.edges {
		e := &n.edges[i]
		if o := st.pos[e.to]; o >= 0 {
			cost += e.gb * p.distance(e.kind, w, int(o)/p.lanes)
		}
	}
	breaks := 0.0
	for i := range n.rels {
		r := &n.rels[i]
		o := st.pos[r.to]
		if o < 0 || !r.breaks(slot, o, p.lanes) {
			continue
		}
		if r.hard {
			breaks++
		}
		cost += r.weight
	}
	st.cost += sign * cost
	st.early += sign * breaks
}

// breaks tells whether a pair in these two slots breaks what it asks.
func (r *rel) breaks(slot, other int32, lanes int) bool {
	a, b := int(slot)/lanes, int(other)/lanes
	switch r.kind {
	case relBefore:
		return a > b
	case relAfter:
		return a < b
	case relApart:
		return a == b
	}
	return slot != other
}

// shift adds or takes away a node's loads and its part in sets.
func (st *state) shift(n *node, slot int, sign int32) {
	p := st.p
	w := slot / p.lanes
	st.early -= st.slotBreaks(slot)
	st.cost -= st.mixCost(slot)
	size := int64(st.slotServers[slot])
	st.missing -= st.lacks(slot)
	st.slotServers[slot] += sign * n.servers
	st.missing += st.lacks(slot)
	st.last, st.front = max(st.last, slot), min(st.front, slot)
	for st.front < len(st.slotServers) && st.slotServers[st.front] == 0 {
		st.front++
	}
	for st.last >= 0 && st.slotServers[st.last] == 0 {
		st.last--
	}
	st.squares += int64(st.slotServers[slot])*int64(st.slotServers[slot]) - size*size
	st.slotFirst[slot] += sign * n.first
	st.slotProd[slot] += sign * n.prod
	st.early += st.slotBreaks(slot)
	st.cost += st.mixCost(slot)

	if st.winServers[w] == 0 {
		st.used++
	}
	st.winServers[w] += sign * n.servers
	if st.winServers[w] == 0 {
		st.used--
	}
	st.winMoving[w] += sign * n.moving
	st.winData[w] += int64(sign) * n.data
	st.winChange[w] += int64(sign) * n.change
	st.shiftTeams(n, w, sign)
	st.shiftMovers(n, w, sign)
	st.shiftSets(n, slot, w, sign)
}

// slotBreaks is what a slot breaks by its size and mixture.
func (st *state) slotBreaks(slot int) float64 {
	b := float64(max(0, st.slotServers[slot]-st.p.limit(slot)))
	if st.p.mixHard {
		b += float64(min(st.slotFirst[slot], st.slotProd[slot]))
	}
	return b
}

func (st *state) mixCost(slot int) float64 {
	if st.slotFirst[slot] > 0 && st.slotProd[slot] > 0 {
		return st.p.mixWeight
	}
	return 0
}

func (st *state) shiftTeams(n *node, w int, sign int32) {
	for t, limit := range st.p.teamLimit {
		if n.minutes[t] == 0 {
			continue
		}
		at := &st.winMinutes[w*len(st.p.teamLimit)+t]
		st.early -= over(*at, limit)
		*at += int64(sign) * n.minutes[t]
		st.early += over(*at, limit)
	}
}

// over counts minutes above a limit as so many hours.
func over(minutes, limit int64) float64 {
	if limit < 0 || minutes <= limit {
		return 0
	}
	return float64(minutes-limit) / 60
}

// shiftMovers counts the servers at once: at the moment window j starts to
// replicate, all windows from overlaps[j][0] to j do.
func (st *state) shiftMovers(n *node, w int, sign int32) {
	for t, limit := range st.p.moverLimit {
		if n.movers[t] == 0 || limit < 0 {
			continue
		}
		for j := w; j < st.p.windows && st.p.overlaps[j][0] <= w; j++ {
			at := &st.moverLoad[j*len(st.p.moverLimit)+t]
			st.early -= float64(max(0, *at-limit))
			*at += sign * n.movers[t]
			st.early += float64(max(0, *at-limit))
		}
	}
}
