package wave

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// window is one change window; frozen is the index of the freeze that closes
// it, or −1.
type window struct {
	start, end time.Time
	frozen     int
	days       float64 // start, in days after the calendar's start
	release    float64 // MiB that the link can carry from the calendar's start to the earliest replication
	due        float64 // the same to the moment at which replication has to be done
	lead       float64 // days from the earliest replication to the window
}

// calendar is every window between the target dates, frozen ones among them.
type calendar struct {
	loc             *time.Location
	start, deadline time.Time // deadline exclusive
	windows         []window
	horizon         float64 // deadline, in days after start
	linkMiBPerDay   float64 // over a whole day; 0: no limit
	overlaps        [][2]int
}

func newCalendar(cfg *planfile.Config) (*calendar, error) {
	c := &calendar{loc: cfg.Location()}
	c.start = cfg.Target.Start.At(0, c.loc)
	c.deadline = cfg.Target.Deadline.Add(1).At(0, c.loc)
	c.horizon = daysBetween(c.start, c.deadline)
	c.collect(cfg)
	if len(c.windows) == 0 {
		return nil, fmt.Errorf("plan: no change window lies between %s and %s: add windows or move target.deadline", cfg.Target.Start, cfg.Target.Deadline)
	}
	l := newLink(cfg, c.loc)
	c.linkMiBPerDay = l.mibPerHour * l.hoursPerDay()
	lead, margin := cfg.Replication.Lead.Duration(), cfg.Replication.Margin.Duration()
	meter := l.meter(c.start, c.deadline)
	for i := range c.windows {
		w := &c.windows[i]
		first := w.start.Add(-lead)
		if first.Before(c.start) {
			first = c.start
		}
		w.days = daysBetween(c.start, w.start)
		w.lead = daysBetween(first, w.start)
		w.release, w.due = meter.at(first), meter.at(w.start.Add(-margin))
	}
	c.findOverlaps(lead)
	return c, nil
}

func daysBetween(a, b time.Time) float64 { return b.Sub(a).Hours() / 24 }

func (c *calendar) collect(cfg *planfile.Config) {
	add := func(day planfile.Date, clock planfile.Clock, length planfile.Span) {
		start := day.At(clock, c.loc)
		end := start.Add(length.Duration())
		if start.Before(c.start) || end.After(c.deadline) {
			return
		}
		w := window{start: start, end: end, frozen: -1}
		for i, f := range cfg.Freezes {
			if start.Before(f.To.Add(1).At(0, c.loc)) && end.After(f.From.At(0, c.loc)) {
				w.frozen = i
				break
			}
		}
		c.windows = append(c.windows, w)
	}
	for day := cfg.Target.Start; !cfg.Target.Deadline.Before(day); day = day.Add(1) {
		for _, w := range cfg.Windows.Weekly {
			if time.Weekday(w.Day) == day.At(12*60, c.loc).Weekday() {
				add(day, w.Start, w.Length)
			}
		}
	}
	for _, w := range cfg.Windows.Dates {
		add(w.Date, w.Start, w.Length)
	}
	slices.SortStableFunc(c.windows, func(a, b window) int { return cmp.Or(a.start.Compare(b.start), a.end.Compare(b.end)) })
	c.windows = slices.CompactFunc(c.windows, func(a, b window) bool { return a.start.Equal(b.start) })
}

// findOverlaps lists, for each window, the first earlier one whose servers
// still replicate when its own begin.
func (c *calendar) findOverlaps(lead time.Duration) {
	first := 0
	for j := range c.windows {
		release := c.windows[j].start.Add(-lead)
		for !c.windows[first].start.After(release) {
			first++
		}
		c.overlaps = append(c.overlaps, [2]int{first, j})
	}
}

// link is the line's usable rate and hours.
type link struct {
	mibPerHour float64 // 0: no limit
	from, to   planfile.Clock
	loc        *time.Location
}

func newLink(cfg *planfile.Config, loc *time.Location) link {
	bytesPerHour := cfg.Link.Mbps * 1e6 / 8 * cfg.Link.Efficiency * 3600
	return link{mibPerHour: bytesPerHour / 1048576, from: cfg.Link.From, to: cfg.Link.To, loc: loc}
}

func (l link) hoursPerDay() float64 {
	minutes := int(l.to) - int(l.from)
	if minutes <= 0 {
		minutes += 24 * 60
	}
	return float64(minutes) / 60
}

// openings are the moments of one day between which the line may be used.
func (l link) openings(day planfile.Date) [][2]time.Time {
	midnight, next := day.At(0, l.loc), day.Add(1).At(0, l.loc)
	from, to := day.At(l.from, l.loc), day.At(l.to, l.loc)
	switch {
	case l.from == l.to:
		return [][2]time.Time{{midnight, next}}
	case l.from < l.to:
		return [][2]time.Time{{from, to}}
	}
	return [][2]time.Time{{midnight, to}, {from, next}}
}

// meter is the line's cumulative capacity as a function of time.
type meter struct {
	times []time.Time
	mib   []float64 // carried up to times[i]
	open  []bool    // between times[i] and times[i+1]
	rate  float64
}

func (l link) meter(start, end time.Time) *meter {
	m := &meter{rate: l.mibPerHour}
	total := 0.0
	push := func(t time.Time, open bool) {
		m.times, m.mib, m.open = append(m.times, t), append(m.mib, total), append(m.open, open)
	}
	push(start, false)
	for day := planfile.DateOf(start); !day.At(0, l.loc).After(end); day = day.Add(1) {
		for _, o := range l.openings(day) {
			push(o[0], true)
			total += o[1].Sub(o[0]).Hours() * l.mibPerHour
			push(o[1], false)
		}
	}
	return m
}

// at is the MiB that the line can carry until t.
func (m *meter) at(t time.Time) float64 {
	i, found := slices.BinarySearchFunc(m.times, t, func(a, b time.Time) int { return a.Compare(b) })
	if found || i == 0 {
		return m.mib[min(i, len(m.mib)-1)]
	}
	i--
	if !m.open[i] {
		return m.mib[i]
	}
	return m.mib[i] + t.Sub(m.times[i]).Hours()*m.rate
}

// when is the first moment at which the line has carried mib.
func (m *meter) when(mib float64) time.Time {
	i, _ := slices.BinarySearch(m.mib, mib)
	if i == 0 {
		return m.times[0]
	}
	if i == len(m.mib) {
		return m.times[i-1]
	}
	hours := (mib - m.mib[i-1]) / m.rate
	return m.times[i-1].Add(time.Duration(hours * float64(time.Hour))).Truncate(time.Second)
}
