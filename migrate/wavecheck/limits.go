package wavecheck

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

const gbPerMiB = 1048576.0 / 1e9

// dataMiB is what moving the server carries over the link.
func (c *checker) dataMiB(s *subject) int64 {
	if !s.moves || c.moverOf(s) == "none" {
		return 0
	}
	for _, v := range []int64{s.ConsumedMiB, s.InUseMiB, s.ProvisionedMiB} {
		if v != 0 {
			return max(0, v)
		}
	}
	total := int64(0)
	for _, d := range s.Disks {
		total += d.CapacityMiB
	}
	return max(0, total)
}

func (c *checker) changeMiB(s *subject) int64 {
	percent := c.cfg.Replication.DailyChangePercent
	for _, rule := range c.cfg.Replication.Change {
		if rule.Match.Fits(s.Server, s.disposition) {
			percent = rule.Percent
		}
	}
	return int64(math.Round(float64(c.dataMiB(s)) * percent / 100))
}

func (c *checker) moverOf(s *subject) string {
	name := c.cfg.Movers.Default
	for _, rule := range c.cfg.Movers.Rules {
		if rule.Match.Fits(s.Server, s.disposition) {
			name = rule.Mover
		}
	}
	return name
}

func critical(s *subject) bool { return strings.EqualFold(s.Criticality, "high") }

func (c *checker) complex(s *subject) bool {
	k := c.cfg.Complexity
	return len(s.peers) >= k.Peers || k.GB > 0 && float64(c.dataMiB(s))*gbPerMiB >= k.GB
}

// riskOf is 3, 2 or 1 by criticality, half of it before production, and one
// more for a complex server.
func (c *checker) riskOf(s *subject) float64 {
	if !s.moves {
		return 0
	}
	risk := 2.0
	if critical(s) {
		risk = 3
	} else if strings.EqualFold(s.Criticality, "low") {
		risk = 1
	}
	if s.first {
		risk *= 0.5
	}
	if c.complex(s) {
		risk++
	}
	return risk
}

func (c *checker) size(v *verdict) {
	least, most := math.MaxInt, 0
	var beside []string // smaller than asked, and allowed to be
	for n, w := range c.waves {
		wave := &c.plan.Waves[w]
		size := len(wave.Servers)
		pilot := n == 0 && c.cfg.Pilot.Max > 0 && !c.cfg.Severity(planfile.CondPilot).Off()
		last := n == len(c.waves)-1
		small := size < c.cfg.Waves.Min
		switch {
		case small && pilot:
			beside = append(beside, fmt.Sprintf("the pilot of %d", size))
		case small && last:
			beside = append(beside, fmt.Sprintf("the last of %d", size))
		default:
			least, most = min(least, size), max(most, size)
		}
		switch {
		case size > c.cfg.Waves.Max:
			v.broke(1, migrate.PlanBreak{Waves: []string{wave.ID}, Evidence: fmt.Sprintf("%d servers, at most %d", size, c.cfg.Waves.Max)})
		case small && !pilot && !last:
			v.broke(1, migrate.PlanBreak{Waves: []string{wave.ID}, Evidence: fmt.Sprintf("%d servers, at least %d", size, c.cfg.Waves.Min)})
		default:
			v.kept()
		}
	}
	has := strings.Join(beside, " and ")
	if most > 0 {
		has = fmt.Sprintf("%d to %d servers", least, most)
		if len(beside) > 0 {
			has += " beside " + strings.Join(beside, " and ")
		}
	}
	if has != "" {
		v.say("waves have %s; asked are %d to %d", has, c.cfg.Waves.Min, c.cfg.Waves.Max)
	}
}

// load is the work of one window.
type load struct {
	start        time.Time
	ids          []string
	data, change int64
	minutes      map[string]int64
	movers       map[string]int
}

// loads sums the waves of each window, in order of time.
func (c *checker) loads() []*load {
	var out []*load
	for _, w := range c.waves {
		wave := &c.plan.Waves[w]
		if len(out) == 0 || !out[len(out)-1].start.Equal(wave.Start) {
			out = append(out, &load{start: wave.Start, minutes: map[string]int64{}, movers: map[string]int{}})
		}
		l := out[len(out)-1]
		l.ids = append(l.ids, wave.ID)
		for _, member := range wave.Servers {
			s := c.subjects[member.ID]
			if s == nil || !s.acts() {
				continue
			}
			l.data += c.dataMiB(s)
			l.change += c.changeMiB(s)
			if s.moves {
				l.movers[c.moverOf(s)]++
			}
			for _, e := range c.cfg.Effort {
				if e.Match.Fits(s.Server, s.disposition) {
					l.minutes[e.Team] += int64(math.Round(e.Hours * 60))
				}
			}
		}
	}
	return out
}

// replication holds, for every run of windows, what has to pass the link
// between the first one's earliest start and the last one's due time against
// what it can carry in between: that is enough for all to be done in time, as
// both moments come in the same order (the processor demand criterion of
// Baruah, Mok and Rosier, 1990).
func (c *checker) replication(v *verdict) {
	if c.cfg.Link.Mbps == 0 {
		return
	}
	var jobs []*job
	for _, l := range c.loads() {
		if l.data == 0 && l.change == 0 {
			continue
		}
		j := &job{load: l, from: l.start.Add(-c.cfg.Replication.Lead.Duration()), due: l.start.Add(-c.cfg.Replication.Margin.Duration())}
		if begin := c.cfg.Target.Start.At(0, c.loc); j.from.Before(begin) {
			j.from = begin
		}
		j.mib = float64(l.data) + float64(l.change)*l.start.Sub(j.from).Hours()/24
		jobs = append(jobs, j)
	}
	c.measureJobs(jobs)
	worst := 0.0
	for j, last := range jobs {
		need, tight, needed, held := 0.0, -1, 0.0, 0.0
		for i := j; i >= 0; i-- {
			need += jobs[i].mib
			hold := last.toDue - jobs[i].toFrom
			if need > hold+1e-2 && tight < 0 {
				tight, needed, held = i, need, hold
			}
			if hold > 0 {
				worst = max(worst, need/hold)
			}
		}
		if tight < 0 {
			v.kept()
			continue
		}
		v.broke(1, migrate.PlanBreak{Waves: last.ids, Evidence: fmt.Sprintf("%.1f GB have to pass between %s and %s, the link carries %.1f",
			needed*gbPerMiB, jobs[tight].from.In(c.loc).Format(time.DateTime), last.due.In(c.loc).Format(time.DateTime), held*gbPerMiB)})
	}
	if len(jobs) > 0 {
		v.say("the link is used to %.0f %% at the tightest", worst*100)
	}
}

// job is one window's replication; toFrom and toDue are the link's capacity up
// to these moments.
type job struct {
	*load
	from, due     time.Time
	mib           float64
	toFrom, toDue float64
}

// measureJobs adds up the link's open hours day by day.
func (c *checker) measureJobs(jobs []*job) {
	if len(jobs) == 0 {
		return
	}
	rate := c.cfg.Link.Mbps * c.cfg.Link.Efficiency * 1e6 / 8 / 1048576 * 3600
	upTo := func(t time.Time) float64 {
		hours := 0.0
		for day := c.cfg.Target.Start; day.At(0, c.loc).Before(t); day = day.Add(1) {
			hours += c.openHours(day, t)
		}
		return hours * rate
	}
	for _, j := range jobs {
		j.toFrom, j.toDue = upTo(j.from), upTo(j.due)
	}
}

// openHours is for how long the link is open on a day, up to t.
func (c *checker) openHours(day planfile.Date, t time.Time) float64 {
	l := c.cfg.Link
	part := func(a, b time.Time) float64 {
		if b.After(t) {
			b = t
		}
		return math.Max(0, b.Sub(a).Hours())
	}
	begin, end := day.At(0, c.loc), day.Add(1).At(0, c.loc)
	from, to := day.At(l.From, c.loc), day.At(l.To, c.loc)
	if l.From == l.To {
		return part(begin, end)
	}
	if l.From < l.To {
		return part(from, to)
	}
	return part(begin, to) + part(from, end)
}

func (c *checker) movers(v *verdict) {
	loads := c.loads()
	for _, name := range slices.Sorted(maps.Keys(c.cfg.Movers.Profiles)) {
		limit := c.cfg.Movers.Profiles[name].AtOnce
		most := 0
		for j, l := range loads {
			if limit == 0 || l.movers[name] == 0 {
				continue
			}
			// All that replicate at the moment this window's servers begin.
			begins := l.start.Add(-c.cfg.Replication.Lead.Duration())
			n := 0
			var waves []string
			for _, earlier := range loads[:j+1] {
				if earlier.start.After(begins) {
					n += earlier.movers[name]
					waves = append(waves, earlier.ids...)
				}
			}
			most = max(most, n)
			if n > limit {
				v.broke(1, migrate.PlanBreak{Waves: waves, Evidence: fmt.Sprintf("%d servers replicate by %s at once, at most %d can", n, name, limit)})
			} else {
				v.kept()
			}
		}
		if most > 0 {
			v.say("%s: %d servers at once at most, limit %d", name, most, limit)
		}
	}
}

func (c *checker) hours(v *verdict) {
	loads := c.loads()
	for _, name := range slices.Sorted(maps.Keys(c.cfg.Teams)) {
		limit := int64(c.cfg.Teams[name].PeopleHours() * 60)
		most := int64(0)
		for _, l := range loads {
			need := l.minutes[name]
			most = max(most, need)
			if need == 0 {
				continue
			}
			if need > limit {
				v.broke(1, migrate.PlanBreak{Waves: l.ids, Evidence: fmt.Sprintf("team %s needs %.1f hours and has %.1f", name, float64(need)/60, float64(limit)/60)})
			} else {
				v.kept()
			}
		}
		if most > 0 {
			v.say("%s: %.1f of %.1f hours at most", name, float64(most)/60, float64(limit)/60)
		}
	}
}
