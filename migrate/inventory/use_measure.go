package inventory

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// MeasureUse summarises measured series by the server they name. All measures
// of a server share one period, from its first sample to its last, and a
// measure's coverage is the share of the period's steps that hold a sample of
// it. Series of the same metric are put together; of two samples for one
// moment the larger counts.
//
// Percentiles are nearest-rank: the p-th is the smallest sample that at least
// p percent of the samples don't exceed, that is sample ⌈p/100·N⌉ in ascending
// order (Hyndman and Fan, "Sample Quantiles in Statistical Packages", The
// American Statistician 50, 1996, definition 1). It is always a load that was
// seen, where interpolation would give one that was not.
func MeasureUse(series []Series) map[string]migrate.Use {
	by := map[string]map[Metric][]Series{}
	for _, s := range series {
		if len(s.Times) == 0 || len(s.Times) != len(s.Values) {
			continue
		}
		if by[s.Server] == nil {
			by[s.Server] = map[Metric][]Series{}
		}
		by[s.Server][s.Metric] = append(by[s.Server][s.Metric], s)
	}
	out := map[string]migrate.Use{}
	for server, metrics := range by {
		if u, ok := useOf(metrics); ok {
			out[server] = u
		}
	}
	return out
}

func useOf(metrics map[Metric][]Series) (migrate.Use, bool) {
	merged := map[Metric]samples{}
	var u migrate.Use
	for m, list := range metrics {
		s := mergeSamples(list)
		if len(s.times) == 0 {
			continue
		}
		merged[m] = s
		if first := s.times[0]; u.From.IsZero() || first.Before(u.From) {
			u.From = first
		}
		if last := s.times[len(s.times)-1]; last.After(u.To) {
			u.To = last
		}
	}
	for m, s := range merged {
		v := s.measure(u.From, u.To)
		switch m {
		case CPUPercent:
			u.CPU = v
		case MemoryPercent:
			u.Memory = v
		case DiskIOPS:
			u.DiskIOPS = v
		case DiskMBps:
			u.DiskMBps = v
		case NetMBps:
			u.NetMBps = v
		}
	}
	return u, len(merged) > 0
}

// samples are sorted by time and hold one value a moment.
type samples struct {
	times  []time.Time
	values []float64
	step   time.Duration
}

// mergeSamples puts series of one metric together. The longest step of them
// judges the coverage: a fine series beside a coarse one must not make the
// coarse one look thin.
func mergeSamples(list []Series) samples {
	at := map[time.Time]float64{}
	var out samples
	for _, s := range list {
		for i, t := range s.Times {
			v := s.Values[i]
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			t = t.UTC()
			if old, ok := at[t]; !ok || v > old {
				at[t] = v
			}
		}
		step := s.Step
		if step <= 0 {
			step = medianStep(s.Times)
		}
		out.step = max(out.step, step)
	}
	for t := range at {
		out.times = append(out.times, t)
	}
	slices.SortFunc(out.times, time.Time.Compare)
	for _, t := range out.times {
		out.values = append(out.values, at[t])
	}
	return out
}

// medianStep is the median distance between consecutive moments; 0 for fewer
// than two.
func medianStep(times []time.Time) time.Duration {
	sorted := slices.Clone(times)
	slices.SortFunc(sorted, time.Time.Compare)
	var d []time.Duration
	for i := 1; i < len(sorted); i++ {
		if gap := sorted[i].Sub(sorted[i-1]); gap > 0 {
			d = append(d, gap)
		}
	}
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[len(d)/2]
}

// measure summarises samples over the period from first to last.
func (s samples) measure(first, last time.Time) *migrate.Measure {
	sorted := slices.Clone(s.values)
	sort.Float64s(sorted)
	mean := 0.0
	for i, v := range s.values {
		mean += (v - mean) / float64(i+1) // running mean: no overflow of the sum
	}
	return &migrate.Measure{
		Samples: len(sorted), Coverage: s.coverage(first, last), Mean: mean,
		P50: nearestRank(sorted, 50), P95: nearestRank(sorted, 95), P99: nearestRank(sorted, 99), Max: sorted[len(sorted)-1],
	}
}

// nearestRank is the p-th percentile of ascending samples.
func nearestRank(sorted []float64, p float64) float64 {
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// coverage is the share of the period's steps in which a sample lies.
func (s samples) coverage(first, last time.Time) float64 {
	if s.step <= 0 || !last.After(first) {
		if last.After(first) {
			return 0 // one sample says nothing of a longer period
		}
		return 1
	}
	steps := map[int64]bool{}
	for _, t := range s.times {
		// Half a step of slack keeps a sampling clock's jitter from putting
		// two samples into one step and none into the next.
		steps[int64((t.Sub(first)+s.step/2)/s.step)] = true
	}
	expected := float64(last.Sub(first)/s.step) + 1
	return min(1, float64(len(steps))/expected)
}
