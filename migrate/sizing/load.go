package sizing

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// mostMultiple bounds what a history is believed to say: a log with hours of
// almost nothing makes any ratio.
const mostMultiple = 100.0

// history is what the access logs tell of load.
type history struct {
	hours  []migrate.AccessHour
	median float64 // requests of the median hour; 0 where nothing is known
	busy   float64 // the 95th percentile of hours over the median: the busy hour of an ordinary day
	most   float64 // the greatest hour over the median
	parts  []migrate.AccessPart
}

func newHistory(a *migrate.AccessHistory) history {
	if a == nil || len(a.Hours) == 0 {
		return history{busy: 1}
	}
	requests := make([]float64, len(a.Hours))
	for i, h := range a.Hours {
		requests[i] = float64(h.Requests)
	}
	slices.Sort(requests)
	n := len(requests)
	h := history{hours: a.Hours, parts: a.Parts, median: (requests[(n-1)/2] + requests[n/2]) / 2, busy: 1}
	if h.median > 0 {
		h.busy = max(1, requests[(n-1)*95/100]/h.median)
		h.most = requests[n-1] / h.median
	}
	return h
}

// between is the busiest hour within a period of measurement, in multiples of
// the median hour; 0 where the logs don't cover it.
func (h history) between(from, to time.Time) float64 {
	if h.median == 0 {
		return 0
	}
	peak := int64(0)
	for _, hour := range h.hours {
		if !hour.Start.Before(from) && !hour.Start.After(to) {
			peak = max(peak, hour.Requests)
		}
	}
	return float64(peak) / h.median
}

// files is the share of requests that were for files; known is false where no
// log tells.
func (h history) files() (share float64, known bool) {
	var all, files int64
	for _, p := range h.parts {
		all += p.Requests
		files += p.Files
	}
	if all == 0 {
		return 0, false
	}
	return float64(files) / float64(all), true
}

// rate is the requests a second of the median hour.
func (h history) rate(logShare float64) float64 { return h.median / 3600 / logShare }

// chooseMultiple decides the load to size for, and says why.
func (s *sizer) chooseMultiple() (float64, string) {
	if m := s.options.CampaignMultiple; m > 0 {
		return m, fmt.Sprintf("%s times the median hour, as asked for", number(m))
	}
	m, why := 1.0, "the load of every day: no access log tells of a surge and no campaign is declared; give --campaign-multiple"
	if s.environment == "staging" {
		return 1, "a staging stack carries no campaign; give --campaign-multiple for load tests"
	}
	if seen := math.Round(s.history.most*10) / 10; seen > m {
		m, why = seen, fmt.Sprintf("%s times the median hour, the greatest hour in the access logs", number(seen))
	}
	for _, c := range s.base.Campaigns {
		if c.Multiple > m {
			m, why = c.Multiple, fmt.Sprintf("%s times normal traffic, which the declared campaign %s expects", number(c.Multiple), c.Name)
		}
	}
	if m > mostMultiple {
		return mostMultiple, fmt.Sprintf("%s; capped at %s: beyond that, logs mostly tell of a gap in themselves", why, number(mostMultiple))
	}
	return m, why
}

// waits is the mean wait for a processor in an M/M/c queue, in multiples of the
// mean time of service: C(c, ρ)/(c(1-ρ)) with Erlang's C formula (Harchol-
// Balter, "Performance Modeling and Design of Computer Systems", 2013, ch. 14).
func waits(c int, use float64) float64 {
	a := float64(c) * use
	blocked := 1.0 // Erlang B by its recursion, which doesn't overflow
	for i := 1; i <= c; i++ {
		blocked = a * blocked / (float64(i) + a*blocked)
	}
	return blocked / (1 - use*(1-blocked)) / (float64(c) * (1 - use))
}
