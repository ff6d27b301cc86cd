package wave

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"slices"
)

// boundNode is a part of all plans: the heaviest groups are each in a given
// window.
type boundNode struct {
	bound float64
	depth int
	rows  [][]bool // allowed windows of each node
	first int      // index of the root problem
	share [][]float64
}

type boundQueue []*boundNode

func (q boundQueue) Len() int           { return len(q) }
func (q boundQueue) Less(i, j int) bool { return q[i].bound < q[j].bound }
func (q boundQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *boundQueue) Push(x any)        { *q = append(*q, x.(*boundNode)) }
func (q *boundQueue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// proveBound bounds the total of every plan, given one problem for each window
// that the first wave may lie in: the plans of all of them are all plans. It
// branches on where the heaviest groups go, always in the part with the least
// bound, and stops at best, which a plan has reached.
func proveBound(ctx context.Context, roots []*problem, best float64, scale float64) (float64, string) {
	stop := func() bool { return ctx.Err() != nil }
	q := &boundQueue{}
	work := 0.0
	for i, p := range roots {
		if p.dead != "" {
			continue
		}
		s := newStars(p)
		rounds := 40
		if len(p.nodes) > 3000 {
			rounds = 6
		}
		n := &boundNode{bound: s.prove(rounds, stop), first: i, share: s.share}
		for k := range p.nodes {
			n.rows = append(n.rows, p.nodes[k].allowed)
			work = max(work, float64(p.windows)*float64(len(p.nodes)))
		}
		heap.Push(q, n)
	}
	if q.Len() == 0 {
		return best, "no part is left open"
	}
	expansions := int(scale * 1.2e5 / max(1, work*float64(roots[0].windows)))
	done := 0
	for ; done < expansions && !stop() && q.Len() > 0 && (*q)[0].bound < best-epsilon; done++ {
		part := heap.Pop(q).(*boundNode)
		children := part.split(roots[part.first], stop)
		if children == nil {
			heap.Push(q, part)
			break
		}
		for _, c := range children {
			if c.bound < best-epsilon {
				heap.Push(q, c)
			}
		}
	}
	method := "Lagrangian decomposition into stars"
	if done > 0 {
		method += fmt.Sprintf(", branched %d times", done)
	}
	if q.Len() == 0 {
		return best, method
	}
	return min(best, (*q)[0].bound), method
}

// split puts the heaviest group that is not settled into each of its windows;
// nil where all are.
func (b *boundNode) split(root *problem, stop func() bool) []*boundNode {
	hub := root.hubFor(b.rows)
	if hub < 0 {
		return nil
	}
	out := []*boundNode{}
	for w, ok := range b.rows[hub] {
		if !ok {
			continue
		}
		p := *root
		p.nodes = slices.Clone(root.nodes)
		for i := range p.nodes {
			p.nodes[i].allowed = b.rows[i]
		}
		only := make([]bool, p.windows)
		only[w] = true
		p.nodes[hub].allowed = only
		p.tighten()
		if p.dead != "" {
			continue
		}
		s := newStars(&p)
		for i := range b.share {
			copy(s.share[i], b.share[i])
		}
		bound := max(b.bound, s.prove(6, stop))
		if math.IsInf(bound, 1) {
			continue
		}
		c := &boundNode{bound: bound, depth: b.depth + 1, first: b.first, share: s.share}
		for i := range p.nodes {
			c.rows = append(c.rows, p.nodes[i].allowed)
		}
		out = append(out, c)
	}
	return out
}

// hubFor is the node with most traffic among those with a choice of windows.
func (p *problem) hubFor(rows [][]bool) int {
	hub, most := -1, 0.0
	for i := range p.nodes {
		if low, high := span(rows[i]); low >= high {
			continue
		}
		gb := 0.0
		for _, e := range p.nodes[i].edges {
			if e.kind == edgeBoth {
				gb += e.gb
			}
		}
		if gb > most {
			hub, most = i, gb
		}
	}
	return hub
}
