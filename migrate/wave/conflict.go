package wave

import (
	"context"
)

// maxConflicts is how many conflicts without a common condition are looked for
// in a large estate; the next run names the next ones.
const maxConflicts = 20

// conflicts names smallest sets of hard conditions that can't all hold. It
// takes conditions away, in ever smaller parts, for as long as the rest still
// conflicts (deletion; see Marques-Silva, "Minimal Unsatisfiability: Models,
// Algorithms and Applications", 2010), and looks for further conflicts in what
// is left without those found.
func (m *model) conflicts(ctx context.Context) error {
	removed := map[int]bool{}
	out := &Infeasible{}
	for i, in := range m.instances {
		if in.hard && in.kind == kindImpossible { // a conflict by itself
			removed[i] = true
			out.Conflicts = append(out.Conflicts, Conflict{Conditions: []string{in.label}, Minimal: true})
		}
	}
	for len(out.Conflicts) < maxConflicts || len(m.servers) < 50 {
		var list []int
		for i, in := range m.instances {
			if in.hard && !removed[i] {
				list = append(list, i)
			}
		}
		if conflicting, _ := m.conflicting(ctx, list); !conflicting {
			break
		}
		found, minimal := m.shrink(ctx, list)
		c := Conflict{Minimal: minimal}
		for _, i := range found {
			removed[i] = true
			c.Conditions = append(c.Conditions, m.instances[i].label)
		}
		out.Conflicts = append(out.Conflicts, c)
		if len(found) == 0 || ctx.Err() != nil {
			break
		}
	}
	return out
}

// shrink takes away parts of a conflicting list: halves, quarters, at last one
// by one.
func (m *model) shrink(ctx context.Context, list []int) ([]int, bool) {
	minimal := true
	for part := max(1, len(list)/2); ; part = max(1, part/2) {
		for at := 0; at < len(list); {
			end := min(len(list), at+part)
			rest := append(append([]int(nil), list[:at]...), list[end:]...)
			conflicting, sure := m.conflicting(ctx, rest)
			if conflicting {
				list = rest
				continue
			}
			if part == 1 && !sure {
				minimal = false
			}
			at = end
		}
		if part == 1 || ctx.Err() != nil {
			return list, minimal && ctx.Err() == nil
		}
	}
}

// conflicting tells whether it is proven that these conditions can't all hold;
// sure tells that a no is proven as well.
func (m *model) conflicting(ctx context.Context, list []int) (conflict, sure bool) {
	in := make([]bool, len(m.instances))
	for _, i := range list {
		in[i] = true
	}
	active := func(i int) bool { return in[i] }
	if p := m.compile(active, -1); p.provenDead() {
		return true, true
	}
	conflict, sure = true, true
	for _, first := range m.firsts(active) {
		p := m.compile(active, first)
		if p.provenDead() {
			continue
		}
		found, exact := p.feasible(ctx)
		if found {
			return false, true
		}
		if !exact {
			conflict, sure = false, false
		}
	}
	return conflict, sure
}

// largeProblem is from how many groups on a conflict is only looked for by
// reasoning, without a search for a plan among what is left.
const largeProblem = 2000

func (p *problem) provenDead() bool {
	p.tighten()
	return p.dead != ""
}

// feasible looks for any plan, with a short search first and a complete one
// where the problem is small.
func (p *problem) feasible(ctx context.Context) (found, exact bool) {
	if len(p.nodes) > largeProblem {
		return false, false
	}
	q := *p
	q.nodes = append([]node(nil), p.nodes...)
	for i := range q.nodes { // any plan will do, so nothing costs anything
		n := &q.nodes[i]
		n.edges, n.risk, n.stay, n.firstCost, n.olds, n.spread = nil, 0, 0, 0, nil, nil
	}
	q.spreads, q.base = nil, 0
	s := newSearch(ctx, &q, 1)
	for variant := range 3 {
		s.construct(variant)
		s.descend(8)
		if s.bestFound {
			return true, true
		}
	}
	if len(q.nodes) <= exactNodes {
		if o := solveExact(ctx, &q, nil, feasibleBudget); o.found || o.exact {
			return o.found, true
		}
	}
	s.repair(3)
	return s.bestFound, s.bestFound
}
