package wave

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
