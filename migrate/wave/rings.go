package wave

import (
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/topo"
)

// arcs is a directed graph on numbered nodes in the form that gonum's graph
// algorithms read. gonum's own ready-made graphs bring its linear algebra
// along, which doubles the time the command takes to build.
type arcs map[int64][]int64

// arc is one edge of it.
type arc struct{ from, to int64 }

type vertex int64

func (v vertex) ID() int64 { return int64(v) }

func (a arc) From() graph.Node         { return vertex(a.from) }
func (a arc) To() graph.Node           { return vertex(a.to) }
func (a arc) ReversedEdge() graph.Edge { return arc{a.to, a.from} }

// add puts an edge and both its nodes in.
func (g arcs) add(from, to int64) {
	if g[to] == nil {
		g[to] = []int64{}
	}
	g[from] = append(g[from], to)
}

func nodesOf(ids []int64) graph.Nodes {
	out := make([]graph.Node, len(ids))
	for i, id := range ids {
		out[i] = vertex(id)
	}
	return iterator.NewOrderedNodes(out)
}

func (g arcs) ids() []int64 {
	out := make([]int64, 0, len(g))
	for id := range g {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// Node is part of graph.Directed, as are the methods below.
func (g arcs) Node(id int64) graph.Node {
	if g[id] == nil {
		return nil
	}
	return vertex(id)
}

func (g arcs) Nodes() graph.Nodes                { return nodesOf(g.ids()) }
func (g arcs) From(id int64) graph.Nodes         { return nodesOf(g[id]) }
func (g arcs) HasEdgeFromTo(from, to int64) bool { return slices.Contains(g[from], to) }
func (g arcs) HasEdgeBetween(x, y int64) bool    { return g.HasEdgeFromTo(x, y) || g.HasEdgeFromTo(y, x) }

func (g arcs) Edge(from, to int64) graph.Edge {
	if !g.HasEdgeFromTo(from, to) {
		return nil
	}
	return arc{from, to}
}

func (g arcs) To(id int64) graph.Nodes {
	var from []int64
	for _, other := range g.ids() {
		if g.HasEdgeFromTo(other, id) {
			from = append(from, other)
		}
	}
	return nodesOf(from)
}

// rings are the sets of nodes that reach each other: the strongly connected
// components with more than one node.
func (g arcs) rings() [][]int32 {
	var out [][]int32
	for _, component := range topo.TarjanSCC(g) {
		if len(component) < 2 {
			continue
		}
		ring := make([]int32, len(component))
		for i, n := range component {
			ring[i] = int32(n.ID())
		}
		slices.Sort(ring)
		out = append(out, ring)
	}
	return out
}
