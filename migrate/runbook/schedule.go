package runbook

import (
	"fmt"
	"slices"
)

// task is a step as the schedule sees it.
type task struct {
	after   []int
	minutes int
	release int // earliest start; below every other time where there is none
}

// free is the release of a task that may start at any time. It lies a hundred
// years before T.
const free = -100 * 366 * 24 * 60

// times are a task's earliest and latest times.
type times struct{ start, finish, lateStart, lateFinish int }

// criticalPath computes the critical path method (Kelley and Walker, 1959) over
// tasks with releases: every task starts as early as its waits and its release
// allow, and as late as the end of the target tasks allows. It returns the
// times, the latest finish of a target, and a chain of tasks without slack
// that leads to it, from the first to the last.
func criticalPath(tasks []task, target func(int) bool) ([]times, int, []int, error) {
	order, err := topological(tasks)
	if err != nil {
		return nil, 0, nil, err
	}
	out := make([]times, len(tasks))
	end, last := free, -1
	for _, i := range order {
		t := &out[i]
		t.start = tasks[i].release
		for _, j := range tasks[i].after {
			t.start = max(t.start, out[j].finish)
		}
		t.finish = t.start + tasks[i].minutes
		if target(i) && (last < 0 || t.finish > end) {
			end, last = t.finish, i
		}
	}
	backward(tasks, order, out, end, target)
	return out, end, chain(tasks, out, last), nil
}

// backward gives each task the latest times that delay no target. A task that
// no target waits for is as late as it is early.
func backward(tasks []task, order []int, out []times, end int, target func(int) bool) {
	const never = 1 << 40
	late := make([]int, len(tasks))
	for i := range late {
		late[i] = never
		if target(i) {
			late[i] = end
		}
	}
	for _, i := range slices.Backward(order) {
		t := &out[i]
		t.lateFinish = late[i]
		if late[i] == never {
			t.lateFinish = t.finish
		}
		t.lateStart = t.lateFinish - tasks[i].minutes
		if late[i] == never {
			continue
		}
		for _, j := range tasks[i].after {
			late[j] = min(late[j], t.lateStart)
		}
	}
}

// chain walks back from the last task along the waits that made it start when
// it does; the first in order wins among equals.
func chain(tasks []task, out []times, last int) []int {
	var path []int
	for i := last; i >= 0; {
		path = append(path, i)
		next := -1
		for _, j := range tasks[i].after {
			if out[j].finish == out[i].start && (next < 0 || j < next) {
				next = j
			}
		}
		i = next
	}
	slices.Reverse(path)
	return path
}

// topological orders the tasks so that each comes after what it waits for,
// lower numbers first.
func topological(tasks []task) ([]int, error) {
	waits := make([]int, len(tasks))
	then := make([][]int, len(tasks))
	var ready, order []int
	for i, t := range tasks {
		waits[i] = len(t.after)
		for _, j := range t.after {
			then[j] = append(then[j], i)
		}
		if waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		i := ready[0]
		ready = ready[1:]
		order = append(order, i)
		for _, k := range then[i] {
			if waits[k]--; waits[k] == 0 {
				at, _ := slices.BinarySearch(ready, k)
				ready = slices.Insert(ready, at, k)
			}
		}
	}
	if len(order) < len(tasks) {
		return nil, fmt.Errorf("schedule steps: %d of %d wait for one another in a circle", len(tasks)-len(order), len(tasks))
	}
	return order, nil
}
