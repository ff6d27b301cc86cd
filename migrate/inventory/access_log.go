package inventory

import (
	"context"
	"fmt"
	"sort"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// accessLog reads web servers' access logs in the common and the combined
// format of Apache and NGINX, gzip files too. It keeps load by the hour and
// what was unusual; no client's address leaves it.
type accessLog struct{}

func (accessLog) Format() string { return "access-log" }

func (accessLog) Detect(in Input) int {
	if in.Dir {
		return 0
	}
	good, lines := 0, headLines(in, 20)
	var p accessParser
	for _, l := range lines {
		if _, ok := p.line(l); ok {
			good++
		}
	}
	if good > 0 && good*2 >= len(lines) {
		return 92
	}
	return 0
}

// mostAccessYears is the longest span of one log. A longer one holds a line
// with a wrong clock, and hours without gaps would fill decades.
const mostAccessYears = 20

// mostNames bounds the clients and crawlers that are kept for one hour.
const mostNames = 2000

// accessTally is one hour in detail.
type accessTally struct {
	migrate.AccessHour
	minutes  [60]int64
	crawlers map[string]int64
	probes   int64
	probers  map[string]int64
}

func (r accessLog) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	hours := map[time.Time]*accessTally{}
	parts := accessParts{}
	var last time.Time
	var p accessParser
	err := eachLine(ctx, in, func(n int, line string) error {
		if line == "" {
			return nil
		}
		l, ok := p.line(line)
		if !ok {
			acc.leave("not a line of the common or combined log format", migrate.Place{Row: n, Note: table.Quote(line)})
			return nil
		}
		acc.fact()
		if l.at.After(last) {
			last = l.at
		}
		countRequest(hours, l, p.crawler(l.agent))
		parts.count(in.Name, l)
		return nil
	})
	if err != nil {
		return Batch{}, err
	}
	if len(hours) == 0 {
		return Batch{}, fmt.Errorf("read %s: no line of the common or combined log format in it", in.Name)
	}
	h, err := history(in, hours, last)
	if err != nil {
		return Batch{}, err
	}
	h.Parts = parts.sorted()
	return Batch{Source: acc.done(), Access: h, AsOf: last}, nil
}

func countRequest(hours map[time.Time]*accessTally, l accessLine, crawler string) {
	start := l.at.Truncate(time.Hour)
	h := hours[start]
	if h == nil {
		h = &accessTally{AccessHour: migrate.AccessHour{Start: start}, crawlers: map[string]int64{}, probers: map[string]int64{}}
		hours[start] = h
	}
	h.Requests++
	h.Bytes += l.bytes
	if l.status >= 500 && l.status < 600 {
		h.Errors++
	}
	m := l.at.Minute()
	if h.minutes[m]++; h.minutes[m] > h.PeakMinute {
		h.PeakMinute = h.minutes[m]
	}
	if crawler != "" {
		countName(h.crawlers, crawler)
	}
	if l.probe() {
		h.probes++
		countName(h.probers, l.client)
	}
}

// countName counts a name, and those beyond mostNames together.
func countName(m map[string]int64, name string) {
	if _, known := m[name]; !known && len(m) >= mostNames {
		name = "others"
	}
	m[name]++
}

// history fills the hours without requests and finds what was unusual.
func history(in Input, hours map[time.Time]*accessTally, last time.Time) (*migrate.AccessHistory, error) {
	starts := make([]time.Time, 0, len(hours))
	for t := range hours {
		starts = append(starts, t)
	}
	sort.Slice(starts, func(i, j int) bool { return starts[i].Before(starts[j]) })
	from, to := starts[0], starts[len(starts)-1]
	if to.Sub(from) > mostAccessYears*366*24*time.Hour {
		return nil, fmt.Errorf("read %s: its lines span from %s to %s: take out those with a wrong clock", in.Name, from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	h := &migrate.AccessHistory{From: from, To: last}
	var detail []*accessTally
	for t := from; !t.After(to); t = t.Add(time.Hour) {
		d := hours[t]
		if d == nil {
			d = &accessTally{AccessHour: migrate.AccessHour{Start: t}}
		}
		detail = append(detail, d)
		h.Hours = append(h.Hours, d.AccessHour)
	}
	usual := usualHours(h.Hours)
	h.Events = append(h.Events, surges(h.Hours, usual)...)
	h.Events = append(h.Events, errorBursts(h.Hours)...)
	h.Events = append(h.Events, silences(detail, usual, from, last)...)
	h.Events = append(h.Events, crawls(detail)...)
	h.Events = append(h.Events, doorTries(detail)...)
	sortEvents(h.Events)
	return h, nil
}

func sortEvents(ev []migrate.AccessEvent) {
	sort.SliceStable(ev, func(i, j int) bool {
		if !ev[i].Start.Equal(ev[j].Start) {
			return ev[i].Start.Before(ev[j].Start)
		}
		return ev[i].Kind < ev[j].Kind
	})
}

// MergeAccess sums the histories of several servers into one of the shop.
// Surges, error bursts and outages are found anew in the sums, since one
// server's silence is not the shop's; crawlers and scans are taken over. The
// busiest minutes of the servers may differ, so their sum is an upper bound.
func MergeAccess(list []*migrate.AccessHistory) *migrate.AccessHistory {
	sum := map[time.Time]*migrate.AccessHour{}
	out := &migrate.AccessHistory{}
	sources, parts := map[string]bool{}, accessParts{}
	for _, h := range list {
		if h == nil || len(h.Hours) == 0 {
			continue
		}
		if out.From.IsZero() || h.From.Before(out.From) {
			out.From = h.From
		}
		if h.To.After(out.To) {
			out.To = h.To
		}
		for _, s := range h.Sources {
			sources[s] = true
		}
		for _, a := range h.Hours {
			addHour(sum, a)
		}
		parts.add(h.Parts)
		for _, e := range h.Events {
			if e.Kind == eventCrawler || e.Kind == eventScan {
				out.Events = append(out.Events, e)
			}
		}
	}
	if len(sum) == 0 {
		return nil
	}
	out.Sources, out.Parts = sortedKeys(sources), parts.sorted()
	out.Hours = withoutGaps(sum, out.From, out.To)
	usual := usualHours(out.Hours)
	out.Events = append(out.Events, surges(out.Hours, usual)...)
	out.Events = append(out.Events, errorBursts(out.Hours)...)
	out.Events = append(out.Events, quietHours(out.Hours, usual)...)
	sortEvents(out.Events)
	return out
}

func addHour(sum map[time.Time]*migrate.AccessHour, a migrate.AccessHour) {
	s := sum[a.Start]
	if s == nil {
		s = &migrate.AccessHour{Start: a.Start}
		sum[a.Start] = s
	}
	s.Requests += a.Requests
	s.PeakMinute += a.PeakMinute
	s.Errors += a.Errors
	s.Bytes += a.Bytes
}

func withoutGaps(sum map[time.Time]*migrate.AccessHour, from, to time.Time) []migrate.AccessHour {
	var out []migrate.AccessHour
	for t := from.Truncate(time.Hour); !t.After(to); t = t.Add(time.Hour) {
		if h := sum[t]; h != nil {
			out = append(out, *h)
			continue
		}
		out = append(out, migrate.AccessHour{Start: t})
	}
	return out
}
