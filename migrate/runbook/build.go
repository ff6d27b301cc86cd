package runbook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Build writes the runbook of one wave of the plan.
func Build(plan *migrate.Plan, waveID string, e *migrate.Estate, o Options) (*Runbook, error) {
	wave, err := findWave(plan, waveID)
	if err != nil {
		return nil, err
	}
	f := newFacts(plan, wave, e, o)
	window := int(wave.End.Sub(wave.Start).Minutes())
	rb := &Runbook{Schema: Schema, Wave: wave.ID, Pilot: wave.Pilot, TimeZone: plan.TimeZone, T: wave.Start, End: wave.End,
		DataGB: wave.DataGB, Servers: f.list(), Switch: f.channels, Notes: f.notes}
	if loc, err := time.LoadLocation(plan.TimeZone); err == nil {
		rb.T, rb.End = rb.T.In(loc), rb.End.In(loc)
	}
	var candidates []candidate
	for _, part := range []struct {
		phase Phase
		steps []candidate
	}{{PhasePrepare, prepareSteps(f)}, {PhaseHold, holdSteps(f)}, {PhaseMove, moveSteps(f)}, {PhaseData, dataSteps(f)},
		{PhaseVerify, verifySteps(f)}, {PhaseSwitch, switchSteps(f)}, {PhaseOpen, openSteps(f)}, {PhaseAfter, afterSteps(f, window)}} {
		for _, c := range part.steps {
			c.step.Phase = part.phase
			candidates = append(candidates, c)
		}
	}
	rb.Steps = keep(candidates)
	assign(rb.Steps, owners(plan))
	rb.Timing.WindowMinutes = window
	if err := rb.plan(f); err != nil {
		return nil, fmt.Errorf("runbook of wave %s: %w", wave.ID, err)
	}
	slices.SortStableFunc(rb.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Phase.rank(), b.Phase.rank()), cmp.Compare(a.Start, b.Start))
	})
	rb.Criteria = criteria(f, rb)
	rb.Messages = messages(f, rb)
	rb.warn(f)
	return rb, nil
}

func findWave(plan *migrate.Plan, id string) (*migrate.Wave, error) {
	var known []string
	for i := range plan.Waves {
		if plan.Waves[i].ID == id {
			return &plan.Waves[i], nil
		}
		known = append(known, plan.Waves[i].ID)
	}
	return nil, fmt.Errorf("wave %q is not in the plan, which has %s", id, strings.Join(known, ", "))
}

func (f *facts) list() []Server {
	var out []Server
	for _, s := range f.wave.Servers {
		v := Server{ID: s.ID, Action: s.Action, Role: role(s), Application: s.Application, Environment: s.Environment, Mover: s.Mover, Owner: s.Owner, DataGB: s.DataGB}
		if src := f.servers[s.ID]; src != nil && len(src.Addresses) > 0 {
			v.Address = src.Addresses[0]
		}
		out = append(out, v)
	}
	return out
}

// keep drops the steps that the wave doesn't call for. What waits for a
// dropped step waits for what that one waits for.
func keep(candidates []candidate) []Step {
	dropped := map[string][]string{}
	known := map[string]bool{}
	for _, c := range candidates {
		known[c.step.ID] = known[c.step.ID] || c.when
		if !c.when {
			dropped[c.step.ID] = c.step.After
		}
	}
	var out []Step
	for _, c := range candidates {
		if !c.when {
			continue
		}
		s := c.step
		s.After = bridge(s.After, dropped, known)
		out = append(out, s)
	}
	return out
}

func bridge(after []string, dropped map[string][]string, known map[string]bool) []string {
	var out []string
	seen := map[string]bool{}
	var walk func([]string)
	walk = func(ids []string) {
		for _, id := range ids {
			if seen[id] {
				continue
			}
			seen[id] = true
			if known[id] {
				out = append(out, id)
			} else {
				walk(dropped[id])
			}
		}
	}
	walk(after)
	slices.Sort(out)
	return out
}

func assign(steps []Step, teams map[string]string) {
	for i := range steps {
		s := &steps[i]
		s.Owner = teams[s.Owner]
		if s.Undo == nil {
			continue
		}
		undo := *s.Undo
		if undo.Owner == "" {
			undo.Owner = s.Owner
		} else {
			undo.Owner = teams[undo.Owner]
		}
		s.Undo = &undo
	}
}

// plan computes all times.
func (rb *Runbook) plan(f *facts) error {
	if err := rb.schedule(); err != nil {
		return err
	}
	t := &rb.Timing
	for _, s := range rb.Steps {
		if s.Phase.night() {
			t.NightMinutes = max(t.NightMinutes, s.Finish)
		}
		if s.Decision {
			t.Decision = s.Finish
		}
		if s.PointOfNoReturn {
			t.PointOfNoReturn = s.Start
		}
	}
	t.SlackMinutes = t.WindowMinutes - t.NightMinutes
	if f.wave.ReplicationStart != nil && f.wave.ReplicationEnd != nil {
		t.ReplicationStart, t.ReplicationEnd = at(f.minute(*f.wave.ReplicationStart)), at(f.minute(*f.wave.ReplicationEnd))
	}
	return rb.wayBack(owners(f.plan))
}

// schedule gives every step its times; the night's end is the target.
func (rb *Runbook) schedule() error {
	tasks, err := rb.tasks()
	if err != nil {
		return err
	}
	times, _, path, err := criticalPath(tasks, func(i int) bool { return rb.Steps[i].Phase.night() })
	if err != nil {
		return err
	}
	for i := range rb.Steps {
		s := &rb.Steps[i]
		s.Start, s.Finish, s.Slack = times[i].start, times[i].finish, times[i].lateStart-times[i].start
	}
	for _, i := range path {
		rb.Steps[i].Critical = true
		rb.Timing.Critical = append(rb.Timing.Critical, rb.Steps[i].ID)
	}
	return nil
}

func (rb *Runbook) tasks() ([]task, error) {
	index := map[string]int{}
	for i, s := range rb.Steps {
		if _, twice := index[s.ID]; twice {
			return nil, fmt.Errorf("step %q is there twice", s.ID)
		}
		index[s.ID] = i
	}
	tasks := make([]task, len(rb.Steps))
	for i, s := range rb.Steps {
		tasks[i] = task{minutes: s.Minutes, release: free}
		if s.NotBefore != nil {
			tasks[i].release = *s.NotBefore
		}
		for _, id := range s.After {
			j, ok := index[id]
			if !ok {
				return nil, fmt.Errorf("step %q waits for %q, which is not there", s.ID, id)
			}
			tasks[i].after = append(tasks[i].after, j)
		}
	}
	return tasks, nil
}
