package inventory

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate"
)

// Kinds of access events.
const (
	eventSurge   = "surge"
	eventErrors  = "errors"
	eventOutage  = "outage"
	eventCrawler = "crawler"
	eventScan    = "scan"
)

const (
	// A value is an outlier where its modified z-score
	// 0.6745·(x − median) / MAD exceeds 3.5, MAD being the median absolute
	// deviation (Iglewicz and Hoaglin, "How to Detect and Handle Outliers",
	// ASQC Quality Press 1993, section 3.3). Both are medians, so a campaign
	// does not hide itself by raising the average.
	outlierScore = 3.5
	normalMAD    = 0.6745
	// surgeFactor is the least multiple, of the usual load of that hour and of
	// the median hour, that is called a surge: where traffic is steady the
	// score alone would call one tenth more an outlier.
	surgeFactor = 2
	// weekOfHours is how much log it takes to know a daily rhythm.
	weekOfHours = 7 * 24
	// errorShare and fewErrors are the least share and number of 5xx answers
	// in an hour that are called a burst.
	errorShare, fewErrors = 0.05, 20
	// silenceOdds is −ln of the chance at which silence is called an outage:
	// with λ requests a minute k empty minutes have the chance e^(−λk) if
	// requests come as a Poisson process. They come in bursts, so the limit is
	// far beyond any usual level of significance (e⁻³⁰ ≈ 10⁻¹³).
	silenceOdds    = 30
	silenceMinutes = 5
	// quietShare of an hour's usual requests is called an outage where that
	// hour usually has at least quietUsual.
	quietShare, quietUsual = 0.1, 100
	// crawlShare and fewCrawls: the least share and number of an hour's
	// requests by crawlers.
	crawlShare, fewCrawls = 0.3, 100
	// fewProbes is the least number of refused requests for administrators'
	// paths and the like in an hour that is called a scan.
	fewProbes = 20
)

// median of values; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Clone(values)
	slices.Sort(s)
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// outlierLimit is the value beyond which one is an outlier among values.
func outlierLimit(values []float64) float64 {
	m := median(values)
	dev := make([]float64, len(values))
	for i, v := range values {
		dev[i] = math.Abs(v - m)
	}
	return m + outlierScore*median(dev)/normalMAD
}

// usualLoad is what an hour usually has.
type usualLoad struct {
	median float64     // of all hours
	byHour [24]float64 // of each hour of the day (UTC); all the median for short logs
}

func (u usualLoad) of(t time.Time) float64 { return u.byHour[t.Hour()] }

// usualHours learns the rhythm of the day from at least a week of log.
func usualHours(hours []migrate.AccessHour) usualLoad {
	var all []float64
	var day [24][]float64
	for _, h := range hours {
		all = append(all, float64(h.Requests))
		day[h.Start.Hour()] = append(day[h.Start.Hour()], float64(h.Requests))
	}
	u := usualLoad{median: median(all)}
	for i := range u.byHour {
		u.byHour[i] = u.median
		if len(hours) >= weekOfHours {
			u.byHour[i] = median(day[i])
		}
	}
	return u
}

// spans calls one for every run of consecutive hours that is true.
func spans(n int, is func(int) bool, one func(from, to int)) {
	for i := 0; i < n; i++ {
		if !is(i) {
			continue
		}
		j := i
		for j+1 < n && is(j+1) {
			j++
		}
		one(i, j)
		i = j
	}
}

// surges finds hours far above what is usual at their time of day.
func surges(hours []migrate.AccessHour, usual usualLoad) []migrate.AccessEvent {
	ratio := make([]float64, len(hours))
	for i, h := range hours {
		ratio[i] = float64(h.Requests) / max(usual.of(h.Start), 1)
	}
	limit := max(outlierLimit(ratio), surgeFactor)
	var out []migrate.AccessEvent
	is := func(i int) bool {
		return ratio[i] > limit && float64(hours[i].Requests) >= surgeFactor*max(usual.median, 1)
	}
	spans(len(hours), is, func(from, to int) {
		peak := hours[from]
		for _, h := range hours[from : to+1] {
			if h.Requests > peak.Requests {
				peak = h
			}
		}
		m := float64(peak.Requests) / max(usual.median, 1)
		out = append(out, migrate.AccessEvent{Start: hours[from].Start, End: hours[to].Start.Add(time.Hour), Kind: eventSurge, Multiple: round2(m),
			Detail: fmt.Sprintf("%d requests in the hour from %s, %.1f times the median hour; %d in its busiest minute", peak.Requests, clock(peak.Start), m, peak.PeakMinute)})
	})
	return out
}

// errorBursts finds hours with an unusual share of 5xx answers.
func errorBursts(hours []migrate.AccessHour) []migrate.AccessEvent {
	share := make([]float64, len(hours))
	for i, h := range hours {
		share[i] = float64(h.Errors) / max(float64(h.Requests), 1)
	}
	limit := max(outlierLimit(share), errorShare)
	var out []migrate.AccessEvent
	spans(len(hours), func(i int) bool { return share[i] >= limit && hours[i].Errors >= fewErrors }, func(from, to int) {
		var errors, requests int64
		for _, h := range hours[from : to+1] {
			errors += h.Errors
			requests += h.Requests
		}
		out = append(out, migrate.AccessEvent{Start: hours[from].Start, End: hours[to].Start.Add(time.Hour), Kind: eventErrors,
			Detail: fmt.Sprintf("%d of %d requests (%.1f %%) were answered with a 5xx status", errors, requests, 100*float64(errors)/float64(max(requests, 1)))})
	})
	return out
}

// silences finds runs of minutes without a request that chance does not
// explain, and hours with a tenth of their usual requests. The first and last
// minutes belong to the log's edges and count only between its requests.
func silences(detail []*accessTally, usual usualLoad, from, last time.Time) []migrate.AccessEvent {
	var out []migrate.AccessEvent
	var start time.Time
	run, odds := 0, 0.0
	flush := func(end time.Time) {
		if run >= silenceMinutes && odds >= silenceOdds {
			out = append(out, migrate.AccessEvent{Start: start, End: end, Kind: eventOutage,
				Detail: fmt.Sprintf("no request for %d minutes, in which %.0f are usual: an outage, or a part of the log is missing", run, odds)})
		}
		run, odds = 0, 0
	}
	seen := false
	for _, d := range detail {
		for m := range 60 {
			t := d.Start.Add(time.Duration(m) * time.Minute)
			switch {
			case d.minutes[m] > 0:
				flush(t)
				seen = true
			case seen && !t.After(last):
				if run == 0 {
					start = t
				}
				run++
				odds += usual.of(d.Start) / 60
			}
		}
	}
	return mergeQuiet(out, quietHours(inner(detail, from, last), usual))
}

// inner leaves out the first and the last hour, which the log holds in part.
func inner(detail []*accessTally, from, last time.Time) []migrate.AccessHour {
	var out []migrate.AccessHour
	for _, d := range detail {
		if d.Start.After(from) && !d.Start.Add(time.Hour).After(last) {
			out = append(out, d.AccessHour)
		}
	}
	return out
}

// quietHours finds hours with a tenth of their usual requests or less.
func quietHours(hours []migrate.AccessHour, usual usualLoad) []migrate.AccessEvent {
	var out []migrate.AccessEvent
	is := func(i int) bool {
		u := usual.of(hours[i].Start)
		return u >= quietUsual && float64(hours[i].Requests) <= quietShare*u
	}
	spans(len(hours), is, func(from, to int) {
		var got int64
		expected := 0.0
		for _, h := range hours[from : to+1] {
			got += h.Requests
			expected += usual.of(h.Start)
		}
		out = append(out, migrate.AccessEvent{Start: hours[from].Start, End: hours[to].Start.Add(time.Hour), Kind: eventOutage,
			Detail: fmt.Sprintf("%d requests, in a time in which %.0f are usual: an outage, or a part of the log is missing", got, expected)})
	})
	return out
}

// mergeQuiet adds the quiet hours that no silence touches.
func mergeQuiet(silences, quiet []migrate.AccessEvent) []migrate.AccessEvent {
	out := silences
	for _, q := range quiet {
		touched := false
		for _, s := range silences {
			touched = touched || s.Start.Before(q.End) && q.Start.Before(s.End)
		}
		if !touched {
			out = append(out, q)
		}
	}
	return out
}

// crawls finds hours in which crawlers made an unusual share of the requests.
func crawls(detail []*accessTally) []migrate.AccessEvent {
	count, share := make([]int64, len(detail)), make([]float64, len(detail))
	for i, d := range detail {
		for _, n := range d.crawlers {
			count[i] += n
		}
		share[i] = float64(count[i]) / max(float64(d.Requests), 1)
	}
	limit := max(outlierLimit(share), crawlShare)
	var out []migrate.AccessEvent
	spans(len(detail), func(i int) bool { return share[i] >= limit && count[i] >= fewCrawls }, func(from, to int) {
		names := map[string]int64{}
		var made, requests int64
		for i := from; i <= to; i++ {
			made += count[i]
			requests += detail[i].Requests
			for n, c := range detail[i].crawlers {
				names[n] += c
			}
		}
		out = append(out, migrate.AccessEvent{Start: detail[from].Start, End: detail[to].Start.Add(time.Hour), Kind: eventCrawler,
			Detail: fmt.Sprintf("crawlers made %d of %d requests (%.0f %%), most of them %s", made, requests, 100*float64(made)/float64(max(requests, 1)), most(names))})
	})
	return out
}

// doorTries finds hours in which clients asked in vain for administrators'
// paths and for files that are never served.
func doorTries(detail []*accessTally) []migrate.AccessEvent {
	var out []migrate.AccessEvent
	spans(len(detail), func(i int) bool { return detail[i].probes >= fewProbes }, func(from, to int) {
		clients := map[string]int64{}
		var probes int64
		for _, d := range detail[from : to+1] {
			probes += d.probes
			for c, n := range d.probers {
				clients[c] += n
			}
		}
		out = append(out, migrate.AccessEvent{Start: detail[from].Start, End: detail[to].Start.Add(time.Hour), Kind: eventScan,
			Detail: fmt.Sprintf("%d refused requests for /admin and other paths that scanners try, from %s", probes, phrase.Count(len(clients), "client"))})
	})
	return out
}

// most is the name with the highest count; of equals the first by name.
func most(m map[string]int64) string {
	best, n := "", int64(0)
	for _, k := range sortedKeys(m) {
		if m[k] > n {
			best, n = k, m[k]
		}
	}
	return best
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
