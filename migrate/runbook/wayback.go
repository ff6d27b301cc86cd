package runbook

import "slices"

// Steps of every way back that take nothing back.
const (
	backCall  = "back-call"
	backCheck = "back-check"
)

// wayBack derives the way back from the steps that change something before the
// point of no return: each is taken back, in the reverse of the order in which
// the steps waited for one another. Before anybody writes again the old site
// is checked.
func (rb *Runbook) wayBack(teams map[string]string) error {
	before := rb.precedence()
	for i := range rb.Steps {
		s := &rb.Steps[i]
		if !s.Phase.night() || s.Finish > rb.Timing.Decision {
			continue
		}
		steps, err := rb.backFrom(before, s.Finish, teams)
		if err != nil {
			return err
		}
		s.BackMinutes = length(steps)
		if s.Decision {
			rb.WayBack = steps
		}
	}
	for _, s := range rb.Steps {
		if s.Undo != nil && s.Undo.Later {
			rb.Later = append(rb.Later, takeBack(s))
		}
	}
	rb.Timing.WayBackMinutes = length(rb.WayBack)
	rb.Timing.DecisionLatest = rb.Timing.WindowMinutes - rb.Timing.WayBackMinutes
	return nil
}

func length(steps []BackStep) int {
	end := 0
	for _, s := range steps {
		end = max(end, s.Finish)
	}
	return end
}

func takeBack(s Step) BackStep {
	u := s.Undo
	return BackStep{ID: "back-" + s.ID, Title: u.Title, Owner: u.Owner, Minutes: u.Minutes, Actions: u.Actions, Commands: u.Commands, Checks: u.Checks}
}

// precedence tells for each pair of steps whether the first comes, directly or
// through others, before the second.
func (rb *Runbook) precedence() map[string]map[string]bool {
	after := map[string][]string{}
	for _, s := range rb.Steps {
		after[s.ID] = s.After
	}
	all := map[string]map[string]bool{}
	var walk func(id string) map[string]bool
	walk = func(id string) map[string]bool {
		if done, ok := all[id]; ok {
			return done
		}
		set := map[string]bool{}
		all[id] = set
		for _, a := range after[id] {
			set[a] = true
			for b := range walk(a) {
				set[b] = true
			}
		}
		return set
	}
	for id := range after {
		walk(id)
	}
	return all
}

// backFrom is the way back when everything that ends by the given minute is
// done.
func (rb *Runbook) backFrom(before map[string]map[string]bool, minute int, teams map[string]string) ([]BackStep, error) {
	steps := []BackStep{{ID: backCall, Title: "Announce on the bridge that the night goes back; nobody starts a new step", Owner: teams[dutyLead], Minutes: 2}}
	check := BackStep{ID: backCheck, Title: "Check the old site: every role, one test order a channel where the shop moved", Owner: teams[dutyOps], Minutes: 10, After: []string{backCall},
		Checks: []string{"every service of the old site answers", "last order number and row counts equal those noted"}}
	var undone []Step
	for _, s := range slices.Backward(rb.Steps) {
		if s.Changes && s.Undo != nil && !s.Undo.Later && s.Finish <= minute {
			undone = append(undone, s)
		}
	}
	var reopen []BackStep
	for _, s := range undone {
		b := takeBack(s)
		b.After = []string{backCall}
		for _, o := range undone {
			if before[o.ID][s.ID] {
				b.After = append(b.After, "back-"+o.ID)
			}
		}
		if s.Undo.Reopens {
			b.After = append(b.After, backCheck)
			reopen = append(reopen, b)
			continue
		}
		check.After = append(check.After, b.ID)
		steps = append(steps, b)
	}
	steps = append(append(steps, check), reopen...)
	return steps, timeBack(steps)
}

// timeBack schedules the way back from minute 0.
func timeBack(steps []BackStep) error {
	index := map[string]int{}
	for i, s := range steps {
		index[s.ID] = i
	}
	tasks := make([]task, len(steps))
	for i := range steps {
		slices.Sort(steps[i].After)
		tasks[i] = task{minutes: steps[i].Minutes}
		for _, id := range steps[i].After {
			tasks[i].after = append(tasks[i].after, index[id])
		}
	}
	times, _, path, err := criticalPath(tasks, func(int) bool { return true })
	if err != nil {
		return err
	}
	for i := range steps {
		steps[i].Start, steps[i].Finish = times[i].start, times[i].finish
	}
	for _, i := range path {
		steps[i].Critical = true
	}
	return nil
}
