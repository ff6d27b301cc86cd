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
		done: make([]float64, t), lateness: make([]float64, t), last: -1}
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
	st.last = max(st.last, slot)
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

func (st *state) shiftSets(n *node, slot, w int, sign int32) {
	p := st.p
	for _, s := range n.spread {
		at := &st.spread[int(s)*p.slots()+slot]
		*at += sign
		// The first slot of a set is free, so a set costs its slots less one.
		switch {
		case sign > 0 && *at == 1:
			st.cost += p.spreads[s].weight
		case sign < 0 && *at == 0:
			st.cost -= p.spreads[s].weight
		}
	}
	for _, m := range n.orders {
		at := int(m.set) * p.windows
		st.orderA[at+w] += sign * m.a
		st.orderB[at+w] += sign * m.b
		st.orderEnds(m, w)
		off := int32(0)
		if st.orderFirst[m.set] <= st.orderLast[m.set] {
			off = orderBreaks(st.orderA[at:at+p.windows], st.orderB[at:at+p.windows], p.orders[m.set].hard)
		}
		change := float64(off - st.orderOff[m.set])
		st.orderOff[m.set] = off
		if p.orders[m.set].hard {
			st.early += change
		}
		st.cost += change * p.orders[m.set].weight
	}
	for _, m := range n.serves {
		at := int(m.set) * p.windows
		st.serveA[at+w] += sign * m.a
		st.serveB[at+w] += sign * m.b
		st.serveOff[m.set] = serveBreaks(st.serveA[at:at+p.windows], st.serveB[at:at+p.windows], p.serves[m.set].always)
	}
}

// orderBreaks counts servers of a that are not before the first of b. For a
// hard order, which only has to be 0, it takes the lesser of that and of the
// servers of b that are not after the last of a, as the nearer way out.
func orderBreaks(a, b []int32, hard bool) int32 {
	late, seen := int32(0), false
	for w := range a {
		seen = seen || b[w] > 0
		if seen {
			late += a[w]
		}
	}
	if !hard || late == 0 {
		return late
	}
	early, seen := int32(0), false
	for w := len(a) - 1; w >= 0; w-- {
		seen = seen || a[w] > 0
		if seen {
			early += b[w]
		}
	}
	return min(late, early)
}

// serveBreaks counts clients that move before the first or after the last of
// the servers a.
func serveBreaks(a, b []int32, always bool) int32 {
	first, last := len(a), -1
	for w := range a {
		if a[w] > 0 {
			first, last = min(first, w), w
		}
	}
	n := int32(0)
	for w := range b {
		if w < first || w > last && !always {
			n += b[w]
		}
	}
	return n
}

// orderEnds keeps the first window of b and the last of a after a change in w.
func (st *state) orderEnds(m member, w int) {
	a, b := st.orderA[int(m.set)*st.p.windows:], st.orderB[int(m.set)*st.p.windows:]
	first, last := &st.orderFirst[m.set], &st.orderLast[m.set]
	if b[w] > 0 {
		*first = min(*first, int32(w))
	}
	for int(*first) < st.p.windows && b[*first] == 0 {
		*first++
	}
	if a[w] > 0 {
		*last = max(*last, int32(w))
	}
	for *last >= 0 && a[*last] == 0 {
		*last--
	}
}

// refreshLink passes the windows' data over the link in order of time: each
// starts when it may and the one before is done. It begins at a window whose
// load has changed and ends where nothing changes any more.
func (st *state) refreshLink(w int) {
	p := st.p
	before := math.Inf(-1)
	if w > 0 {
		before = st.done[w-1]
	}
	for ; w < p.windows; w++ {
		done, late := before, 0.0
		if work := float64(st.winData[w]) + float64(st.winChange[w])*p.lead[w]; work > 0 {
			done = max(before, p.release[w]) + work
			if over := done - p.due[w]; over > linkSlack {
				late = over/1e5 + 1e-3
			}
		}
		st.link += late - st.lateness[w]
		same := done == st.done[w]
		st.lateness[w], st.done[w], before = late, done, done
		if same {
			return
		}
	}
}

// linkSlack is the MiB by which sums of floating point may differ.
const linkSlack = 1e-3

// refreshLate counts what more nodes may still heal: waves that are too small,
// a missing first wave, services.
func (st *state) refreshLate() {
	p := st.p
	late := 0.0
	if p.first >= 0 && st.winServers[p.first] == 0 {
		late++
	}
	if p.pilot && st.winServers[p.first] > 0 && st.winMoving[p.first] == 0 {
		late++
	}
	if p.minSize > 1 {
		late += st.tooSmall()
	}
	st.serve = 0
	for s := range p.serves {
		off := float64(st.serveOff[s])
		st.serve += off * p.serves[s].weight
		if p.serves[s].hard {
			late += off
		}
	}
	st.late = late
}

// tooSmall counts servers that waves lack to the least size. The last wave may
// be small, and so may a pilot.
func (st *state) tooSmall() float64 {
	if st.last < 0 {
		return 0
	}
	return max(0, st.missing-st.lacks(st.last))
}

// lacks is how many servers away a slot is from its least size or from empty.
func (st *state) lacks(slot int) float64 {
	n := st.slotServers[slot]
	if n == 0 || n >= st.p.minSize || st.p.pilot && slot/st.p.lanes == st.p.first {
		return 0
	}
	return float64(min(n, st.p.minSize-n))
}
