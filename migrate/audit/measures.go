package audit

import (
	"fmt"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// cpu returns a server's measured CPU use, or nil where the samples cover too
// little to judge by.
func (in *Input) cpu(s *migrate.Server) *migrate.Measure {
	if s.Use == nil {
		return nil
	}
	return in.enough(s.Use, s.Use.CPU)
}

// cpuOfWeek is cpu for what only a whole week tells: that a server does nothing
// on any day, or never needs what it has.
func (in *Input) cpuOfWeek(s *migrate.Server) *migrate.Measure {
	if m := in.cpu(s); m != nil && s.Use.MeasuredRhythm(m, in.MinCoverage) {
		return m
	}
	return nil
}

func (in *Input) memory(s *migrate.Server) *migrate.Measure {
	if s.Use == nil {
		return nil
	}
	return in.enough(s.Use, s.Use.Memory)
}

func (in *Input) enough(use *migrate.Use, m *migrate.Measure) *migrate.Measure {
	if !use.Measured(m, in.MinCoverage) {
		return nil
	}
	return m
}

// medianHour is the requests of the median hour of the access logs; 0 where
// none were read.
func (in *Input) medianHour() float64 {
	if in.median == nil {
		m := medianOf(in.Estate.Access)
		in.median = &m
	}
	return *in.median
}

func medianOf(a *migrate.AccessHistory) float64 {
	if a == nil || len(a.Hours) == 0 {
		return 0
	}
	requests := make([]int64, 0, len(a.Hours))
	for _, h := range a.Hours {
		requests = append(requests, h.Requests)
	}
	slices.Sort(requests)
	n := len(requests)
	return float64(requests[(n-1)/2]+requests[n/2]) / 2
}

// period is a time of measurement, which servers mostly share.
type period struct{ from, to time.Time }

// loadSeen is the load, as a multiple of the median hour, of the busiest hour
// that the access logs show within a period of measurement. It is 0 where they
// don't cover that period.
func (in *Input) loadSeen(use *migrate.Use) float64 {
	median := in.medianHour()
	if median == 0 {
		return 0
	}
	p := period{use.From.UTC(), use.To.UTC()}
	if load, known := in.loads[p]; known {
		return load
	}
	peak := int64(0)
	for _, h := range in.Estate.Access.Hours {
		if !h.Start.Before(use.From) && h.Start.Before(use.To) {
			peak = max(peak, h.Requests)
		}
	}
	in.loads[p] = float64(peak) / median
	return in.loads[p]
}

// campaignFactor is what a measured peak has to be multiplied by to stand for
// the next campaign: 1 where that load was already measured, more where the
// period was quieter. It is false where no access log tells.
func (in *Input) campaignFactor(use *migrate.Use) (float64, bool) {
	seen := in.loadSeen(use)
	if seen == 0 {
		return 1, false
	}
	return max(1, in.CampaignMultiple/seen), true
}

func measureText(m *migrate.Measure) string {
	return fmt.Sprintf("p95 %.0f %%, highest %.0f %% of %d samples", m.P95, m.Max, m.Samples)
}
