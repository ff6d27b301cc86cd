// Package wave plans the waves of a migration: which servers move in which
// change window, so that the least traffic crosses between the sites
// meanwhile and every hard condition holds. Solve makes a plan, Explain tells
// why a server is where it is, Compare plans what would be if.
//
// The solver contracts what has to move together, coarsens the rest along the
// heaviest traffic, searches at every level, proves a lower bound, and, where
// there is no plan, names conditions that can't all hold. It is deterministic
// by seed. Package wavecheck judges the result and shares no code with it.
package wave

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// Options steer a solve. The zero value is a plan from nothing at normal effort.
type Options struct {
	Seed uint64
	// Effort scales how many moves the search makes; 0 means 1. Time is no
	// limit, as it would make the result depend on the machine: cancel the
	// context for that, and get the best plan so far.
	Effort float64
	// Keep is a plan to change as little as possible. ChangeCost is what a
	// changed server costs, in GB·days; 0 means more than any exposure.
	Keep       *migrate.Plan
	ChangeCost float64
	// Progress, where it is set, hears of each step.
	Progress func(step string)
}

// Conflict is a smallest set of conditions that can't all hold: without any
// one of them the others can.
type Conflict struct {
	Conditions []string
	// Minimal is false where the set is proven to conflict, but not that it is
	// free of needless members.
	Minimal bool
}

// Infeasible says that no plan keeps all hard conditions, and which of them
// are in conflict. There may be several conflicts that share no condition;
// all have to be resolved.
type Infeasible struct{ Conflicts []Conflict }

func (e *Infeasible) Error() string {
	var b strings.Builder
	b.WriteString("plan: no plan keeps all hard conditions")
	for i, c := range e.Conflicts {
		fmt.Fprintf(&b, "\nconflict %d: these can't all hold; relax, waive or weigh one of them:", i+1)
		for _, text := range summary(c.Conditions) {
			b.WriteString("\n  - " + text)
		}
	}
	return b.String()
}

// summary shortens a long list of one condition's instances.
func summary(conditions []string) []string {
	const shown = 6
	var out []string
	count := map[string]int{}
	for _, text := range conditions {
		id, _, _ := strings.Cut(text, ":")
		if count[id]++; count[id] <= shown {
			out = append(out, text)
		}
	}
	for _, id := range planfile.ConditionIDs {
		if n := count[id]; n > shown {
			out = append(out, fmt.Sprintf("%s: and %d more of this kind", id, n-shown))
		}
	}
	return out
}

// NotFound says that the search found no plan, though it is not proven that
// there is none. Nearest tells what its best attempt breaks.
type NotFound struct {
	Nearest *migrate.Plan
	Stopped bool
}

func (e *NotFound) Error() string {
	why := "raise the effort, or relax what the nearest attempt breaks"
	if e.Stopped {
		why = "it was interrupted"
	}
	text := "plan: found no plan that keeps all hard conditions; none is proven impossible: " + why
	if e.Nearest != nil {
		for _, c := range e.Nearest.Conditions {
			if c.State == "broken" && c.Severity == "hard" {
				text += fmt.Sprintf("\n  - %s: %d of %d broken", c.ID, c.Broken, c.Instances)
			}
		}
	}
	return text
}

// Solve plans the estate. The error is an *Infeasible or a *NotFound where
// there is no plan; an interrupted solve gives its best plan, marked so.
func Solve(ctx context.Context, e *migrate.Estate, cfg *planfile.Config, opts Options) (*migrate.Plan, error) {
	m, err := newModel(e, cfg)
	if err != nil {
		return nil, err
	}
	if opts.Effort <= 0 {
		opts.Effort = 1
	}
	if opts.Progress == nil {
		opts.Progress = func(string) {}
	}
	if opts.Keep != nil {
		if err := m.keepPlan(opts.Keep, opts.ChangeCost); err != nil {
			return nil, err
		}
	}
	opts.Progress("searching")
	best, dead := m.search(ctx, &opts)
	switch {
	case best != nil && best.found:
		opts.Progress("proving a bound")
		return m.finish(ctx, e, best, &opts)
	case dead && ctx.Err() == nil:
		opts.Progress("looking for the conflict")
		return nil, m.conflicts(ctx)
	}
	nf := &NotFound{Stopped: ctx.Err() != nil}
	if best != nil {
		nf.Nearest = m.emit(e, best, "not feasible")
		m.judge(e, nf.Nearest)
	}
	return nil, nf
}

// firsts are the windows in which the first wave may lie, or −1 where there is
// no wave or, with only some conditions active, none of them asks for it.
func (m *model) firsts(active func(int) bool) []int {
	asks := false
	for i, in := range m.instances {
		asks = asks || (in.kind == kindPilot || in.kind == kindNotFirst) && active != nil && active(i)
	}
	acting := slices.ContainsFunc(m.servers, func(s serverFacts) bool { return s.acts() })
	if !acting || active != nil && !asks {
		return []int{-1}
	}
	out := []int{}
	for w := range m.cal.windows {
		out = append(out, w)
	}
	return out
}

// exactBudget is how many placements a complete search may try.
const exactBudget = 400_000

// feasibleBudget is the same where the question is whether there is any plan.
const feasibleBudget = 5_000_000

// search looks for the best plan. dead tells that there is proven to be none.
func (m *model) search(ctx context.Context, opts *Options) (best *outcome, dead bool) {
	dead = true
	tried := 0
	for _, first := range m.firsts(nil) {
		p := m.compile(nil, first)
		p.tighten()
		if p.dead != "" {
			continue
		}
		o := m.searchOne(ctx, p, opts)
		if o.exact && !o.found {
			continue
		}
		dead = false
		if best == nil || o.score.less(best.score) {
			moves := o.moves
			if best != nil {
				moves += best.moves
			}
			best = &o
			best.moves = moves
		}
		tried++
		// A later start of all that moves is looked at where the search is
		// complete, and else only to find a plan at all.
		if ctx.Err() != nil || !o.exact && (o.found || tried == 3) {
			break
		}
	}
	return best, dead
}

func (m *model) searchOne(ctx context.Context, p *problem, opts *Options) outcome {
	e := newEffort(opts.Effort)
	var o outcome
	if m.keep != nil {
		o = solveFrom(ctx, p, m.startFromKept(p), opts.Seed, e)
	} else {
		o = solveLevels(ctx, p, opts.Seed, e)
	}
	if len(p.nodes) <= exactNodes && ctx.Err() == nil {
		budget := int(exactBudget * opts.Effort)
		if !o.found {
			budget = feasibleBudget
		}
		x := solveExact(ctx, p, &o, budget)
		x.moves += o.moves
		if x.found || x.exact {
			return x
		}
		o.moves = x.moves
	}
	return o
}

// finish proves a bound, writes the plan and has it judged.
func (m *model) finish(ctx context.Context, e *migrate.Estate, best *outcome, opts *Options) (*migrate.Plan, error) {
	status := "feasible"
	if ctx.Err() != nil {
		status = "interrupted"
	}
	plan := m.emit(e, best, status)
	plan.Seed = opts.Seed
	m.judge(e, plan)
	if err := hardBroken(plan); err != nil {
		return nil, err
	}
	m.bound(ctx, plan, opts)
	if opts.Keep != nil {
		m.tellChanges(e, plan, opts.Keep)
	}
	return plan, nil
}

// hardBroken guards against a plan that the solver takes for whole and the
// checker does not: a fault of the program that must not reach a user.
func hardBroken(plan *migrate.Plan) error {
	var errs []error
	for _, c := range plan.Conditions {
		if c.State == "broken" && c.Severity == "hard" {
			errs = append(errs, fmt.Errorf("plan: the checker finds %s broken in the solver's plan (%s): please report this", c.ID, firstBreak(c)))
		}
	}
	return errors.Join(errs...)
}

func firstBreak(c migrate.PlanCondition) string {
	if len(c.Breaks) == 0 {
		return "no detail"
	}
	return c.Breaks[0].Evidence
}

// bound fills in the proven bound of the plan's total. What a kept plan costs
// to change is no part of it, so it is proven without that.
func (m *model) bound(ctx context.Context, plan *migrate.Plan, opts *Options) {
	free := *m
	free.keep = nil
	firsts := free.firsts(nil)
	if len(firsts) > 24 {
		firsts = []int{-1} // a relaxation that holds for every first wave
	}
	var roots []*problem
	for _, first := range firsts {
		p := free.compile(nil, first)
		p.tighten()
		roots = append(roots, p)
	}
	total := plan.Objective.Total
	low, method := proveBound(ctx, roots, total, opts.Effort)
	if len(firsts) == 1 && firsts[0] < 0 && len(free.firsts(nil)) > 1 {
		method += ", without the conditions on the first wave"
	}
	if small := m.smallEnough(roots); small && low < total-epsilon && ctx.Err() == nil {
		if exact, ok := exactBound(ctx, roots, total, opts.Effort); ok {
			low, method = max(low, exact), "complete search"
		}
	}
	low = max(0, low)
	plan.Objective.Bound, plan.Objective.BoundMethod = low, method
	if total > epsilon {
		plan.Objective.Gap = max(0, (total-low)/total)
	}
	if plan.Status == "feasible" && total-low <= 1e-6*(1+total) {
		plan.Objective.Gap, plan.Status = 0, "optimal"
	}
}

func (m *model) smallEnough(roots []*problem) bool {
	for _, p := range roots {
		if len(p.nodes) > exactNodes {
			return false
		}
	}
	return true
}

// exactBound searches all roots completely below a total that was reached; it
// is the least total of all plans where it is done.
func exactBound(ctx context.Context, roots []*problem, total, scale float64) (float64, bool) {
	least := total
	for _, p := range roots {
		if p.dead != "" {
			continue
		}
		known := &outcome{p: p, score: score{0, least, 0}, found: true}
		o := solveExact(ctx, p, known, int(exactBudget*scale))
		if !o.exact {
			return 0, false
		}
		least = min(least, o.score.total)
	}
	return least, true
}
