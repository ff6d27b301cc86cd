package wave

import "math"

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
// be small, and so may the first where it is a pilot.
func (st *state) tooSmall() float64 {
	if st.last < 0 {
		return 0
	}
	missing := st.missing - st.lacks(st.last)
	if st.p.smallFirst && st.front != st.last {
		missing -= st.lacks(st.front)
	}
	return max(0, missing)
}

// lacks is how many servers away a slot is from its least size or from empty.
func (st *state) lacks(slot int) float64 {
	n := st.slotServers[slot]
	if n == 0 || n >= st.p.minSize {
		return 0
	}
	return float64(min(n, st.p.minSize-n))
}
