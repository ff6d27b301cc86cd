package runbook

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
)

type migrateServer = migrate.Server

// drawPlan makes plans of a few waves with servers of any role, mover and fate.
func drawPlan(t *rapid.T) *migrate.Plan {
	p := shopPlan()
	p.Link.Mbps = rapid.SampledFrom([]float64{0, 10, 1000}).Draw(t, "mbps")
	p.Waves = nil
	n := 0
	for w := range rapid.IntRange(1, 3).Draw(t, "waves") {
		start := night.AddDate(0, 0, 7*w)
		wave := migrate.Wave{ID: fmt.Sprintf("W%02d", w+1), Start: start, End: start.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "hours")) * time.Hour)}
		if rapid.Bool().Draw(t, "replicates") {
			from := start.AddDate(0, 0, -7)
			to := from.Add(time.Duration(rapid.IntRange(0, 180).Draw(t, "copy")) * time.Hour)
			wave.ReplicationStart, wave.ReplicationEnd = &from, &to
		}
		for range rapid.IntRange(1, 12).Draw(t, "servers") {
			n++
			role := rapid.SampledFrom([]string{"", "database", "web", "edge", "media", "search", "sessions", "cache", "mail", "dns", "admin", "unheard-of"}).Draw(t, "role")
			s := server(fmt.Sprintf("uk-s%02d", n), role, rapid.SampledFrom([]string{"", "shop", "erp"}).Draw(t, "app"), rapid.Float64Range(0, 5000).Draw(t, "gb"))
			s.Mover = rapid.SampledFrom([]string{"", "mgn", "hcx", "veeam", "copy", "lorry"}).Draw(t, "mover")
			s.Environment = rapid.SampledFrom([]string{"", "production", "test"}).Draw(t, "env")
			s.Disposition = rapid.SampledFrom([]string{"rehost", "replatform"}).Draw(t, "disposition")
			if rapid.IntRange(0, 5).Draw(t, "fate") == 0 {
				s.Action, s.Mover = "switch-off", ""
			}
			wave.Servers = append(wave.Servers, s)
		}
		p.Waves = append(p.Waves, wave)
	}
	return p
}

func TestEveryRunbookHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		for _, w := range p.Waves {
			rb, err := Build(p, w.ID, &migrate.Estate{}, rapid.SampledFrom([]Options{{}, shopOptions}).Draw(t, "options"))
			if err != nil {
				t.Fatal(err)
			}
			checkWaits(t, rb)
			checkCritical(t, rb)
			checkWayBack(t, rb)
		}
	})
}

// checkWaits: no step starts before what it waits for has ended.
func checkWaits(t *rapid.T, rb *Runbook) {
	finish := map[string]int{}
	for _, s := range rb.Steps {
		finish[s.ID] = s.Finish
	}
	for _, s := range rb.Steps {
		for _, a := range s.After {
			end, ok := finish[a]
			if !ok || end > s.Start {
				t.Fatalf("%s starts at %d, %s (there: %v) ends at %d", s.ID, s.Start, a, ok, end)
			}
		}
		if s.NotBefore != nil && s.Start < *s.NotBefore || s.Finish-s.Start != s.Minutes || s.Slack < 0 || s.Owner == "" {
			t.Fatalf("%+v", s)
		}
	}
}

// checkCritical: the critical path has no gap, no slack, and ends the night.
func checkCritical(t *rapid.T, rb *Runbook) {
	path := rb.Timing.Critical
	last := 0
	for i, id := range path {
		s := rb.step(id)
		if s.Slack != 0 || !s.Critical || i > 0 && (s.Start != last || !slices.Contains(s.After, path[i-1])) {
			t.Fatalf("critical path %v breaks at %s: %+v", path, id, s)
		}
		last = s.Finish
	}
	if last != rb.Timing.NightMinutes {
		t.Fatalf("critical path ends at %d, the night at %d", last, rb.Timing.NightMinutes)
	}
}

// checkWayBack: each change before the point of no return has its way back,
// and the way back runs in the reverse order.
func checkWayBack(t *rapid.T, rb *Runbook) {
	back := map[string]BackStep{}
	for _, s := range slices.Concat(rb.WayBack, rb.Later) {
		back[s.ID] = s
	}
	var decided *Step
	points := 0
	for i := range rb.Steps {
		if rb.Steps[i].Decision {
			decided = &rb.Steps[i]
		}
		if rb.Steps[i].PointOfNoReturn {
			points++
		}
	}
	if decided == nil || points != 1 {
		t.Fatalf("%d points of no return, decision %v", points, decided)
	}
	before := rb.precedence()
	for _, s := range rb.Steps {
		if !s.Changes || s.PointOfNoReturn || before[s.ID]["take"] {
			continue
		}
		if s.Undo == nil {
			t.Fatalf("%s changes something before the point of no return and has no way back", s.ID)
		}
		if _, ok := back["back-"+s.ID]; !ok {
			t.Fatalf("%s is not in the way back", s.ID)
		}
		if !before[decided.ID][s.ID] {
			t.Fatalf("%s changes something and the decision doesn't wait for it", s.ID)
		}
		for other := range before[s.ID] {
			b, ok := back["back-"+other]
			if ok && !s.Undo.Later && !rb.step(other).Undo.Later && b.Start < back["back-"+s.ID].Finish {
				t.Fatalf("%s is taken back before %s", other, s.ID)
			}
		}
	}
}

// TestNetworkIsTheLongestPath compares with all paths of small random networks.
func TestNetworkIsTheLongestPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "tasks")
		tasks := make([]task, n)
		for i := range tasks {
			tasks[i] = task{minutes: rapid.IntRange(0, 30).Draw(t, "minutes"), release: rapid.IntRange(-50, 50).Draw(t, "release")}
			for j := range i {
				if rapid.IntRange(0, 2).Draw(t, "wait") == 0 {
					tasks[i].after = append(tasks[i].after, j)
				}
			}
		}
		times, end, path, err := criticalPath(tasks, func(int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		longest := free
		var walk func(i, tail int)
		walk = func(i, tail int) {
			tail += tasks[i].minutes
			longest = max(longest, tasks[i].release+tail)
			for _, j := range tasks[i].after {
				walk(j, tail)
			}
		}
		for i := range tasks {
			walk(i, 0)
		}
		sum := tasks[path[0]].release
		for _, i := range path {
			sum += tasks[i].minutes
			if times[i].lateStart != times[i].start {
				t.Fatalf("task %d of the critical path has slack", i)
			}
		}
		if end != longest || sum != longest {
			t.Fatalf("end %d, path %v sums to %d, the longest of all paths is %d", end, path, sum, longest)
		}
	})
}

func TestCircleIsRefused(t *testing.T) {
	if _, _, _, err := criticalPath([]task{{after: []int{1}}, {after: []int{0}}}, func(int) bool { return true }); err == nil {
		t.Fatal("no error")
	}
}
