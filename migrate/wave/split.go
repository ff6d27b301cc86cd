package wave

import "slices"

// manyNodes is from where on a search does not move a border by itself.
const manyNodes = 1500

// splits are versions of a problem in which the border of each wide hard
// order, such as that of environments over a whole estate, lies at a fixed
// window. A search that has to carry the border along finds it hard to move,
// as many nodes would have to move at once; with it fixed, both sides are
// problems of their own. The first version has the earliest border at which
// the first side fits, the next ones leave it more room.
func (p *problem) splits() []*problem {
	wide := p.wideOrders()
	if len(wide) == 0 || len(p.nodes) <= manyNodes {
		return []*problem{p}
	}
	var out []*problem
	for extra := range 4 {
		q := *p
		q.nodes = slices.Clone(p.nodes)
		rows := map[string][]bool{}
		for _, s := range wide {
			border := q.border(s) + extra
			for i := range q.nodes {
				q.nodes[i].clipTo(s, border, rows)
			}
		}
		q.tighten()
		if q.dead == "" {
			q.dropSettled()
			out = append(out, &q)
		}
	}
	if len(out) == 0 {
		return []*problem{p}
	}
	return out
}

// wideOrders are the hard orders that a good part of the nodes belong to.
func (p *problem) wideOrders() []int32 {
	count := make([]int, len(p.orders))
	for i := range p.nodes {
		for _, m := range p.nodes[i].orders {
			count[m.set]++
		}
	}
	var out []int32
	for s := range p.orders {
		if p.orders[s].hard && count[s]*4 >= len(p.nodes) {
			out = append(out, int32(s))
		}
	}
	return out
}

// border is the first window up to which the first side of an order fits, with
// a little to spare.
func (p *problem) border(s int32) int {
	border := 0
	for _, r := range p.resources() {
		need := 0.0
		for i := range p.nodes {
			for _, m := range p.nodes[i].orders {
				if m.set == s && m.a > 0 {
					need += r.load(&p.nodes[i])
				}
			}
		}
		held, before := 0.0, -1
		for w := range p.windows {
			if !p.usable(w) {
				continue
			}
			held += max(0, r.capacity(w, before))
			before = w
			if held*0.95 >= need {
				border = max(border, w)
				break
			}
		}
	}
	return border
}

func (p *problem) usable(w int) bool {
	for i := range p.nodes {
		if p.nodes[i].allowed[w] {
			return true
		}
	}
	return false
}

// clipTo keeps a node on its side of the border: up to it, or after it.
func (n *node) clipTo(s int32, border int, rows map[string][]bool) {
	for _, m := range n.orders {
		if m.set != s {
			continue
		}
		row := slices.Clone(n.allowed)
		for w := range row {
			row[w] = row[w] && (m.a == 0 || w <= border) && (m.b == 0 || w > border)
		}
		n.allowed = intern(rows, row)
	}
}

// dropSettled takes away orders that the allowed windows keep by themselves.
func (p *problem) dropSettled() {
	last, first := make([]int, len(p.orders)), make([]int, len(p.orders))
	for s := range p.orders {
		last[s], first[s] = -1, p.windows
	}
	for i := range p.nodes {
		low, high := span(p.nodes[i].allowed)
		for _, m := range p.nodes[i].orders {
			if m.a > 0 {
				last[m.set] = max(last[m.set], high)
			}
			if m.b > 0 {
				first[m.set] = min(first[m.set], low)
			}
		}
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		n.orders = slices.DeleteFunc(slices.Clone(n.orders), func(m member) bool {
			return p.orders[m.set].hard && last[m.set] < first[m.set]
		})
	}
}
