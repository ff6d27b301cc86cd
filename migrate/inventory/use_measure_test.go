package inventory

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
)

var noon = time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)

// every makes a series of values, one a step.
func every(server string, m Metric, step time.Duration, values ...float64) Series {
	s := Series{Server: server, Metric: m}
	for i, v := range values {
		s.Times = append(s.Times, noon.Add(time.Duration(i)*step))
		s.Values = append(s.Values, v)
	}
	return s
}

func TestMeasureUse(t *testing.T) {
	var hundred []float64
	for i := range 100 {
		hundred = append(hundred, float64(100-i))
	}
	uses := MeasureUse([]Series{
		every("web01", CPUPercent, 5*time.Minute, hundred...),
		every("web01", MemoryPercent, 5*time.Minute, 50, math.NaN(), 70),
		every("db01", DiskIOPS, time.Minute, 1000),
		{Server: "bad", Metric: CPUPercent, Times: []time.Time{noon}},
	})
	cpu := uses["web01"].CPU
	want := migrate.Measure{Samples: 100, Coverage: 1, Mean: 50.5, P50: 50, P95: 95, P99: 99, Max: 100}
	if cpu == nil || *cpu != want {
		t.Errorf("CPU %+v, want %+v", cpu, want)
	}
	// Two samples in the period of a hundred steps, which the CPU series spans.
	if m := uses["web01"].Memory; m == nil || m.Samples != 2 || m.Coverage != 0.02 || m.P95 != 70 {
		t.Errorf("memory %+v, want two samples that cover little of the period", m)
	}
	if u := uses["db01"]; u.DiskIOPS == nil || u.DiskIOPS.Coverage != 1 || u.DiskIOPS.P50 != 1000 || !u.From.Equal(u.To) {
		t.Errorf("one sample: %+v", u)
	}
	if _, ok := uses["bad"]; ok || len(uses) != 2 {
		t.Errorf("a series whose times and values differ in number measures nothing: %v", uses)
	}
}

func TestMeasureUseWithGaps(t *testing.T) {
	s := every("web01", CPUPercent, 5*time.Minute, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	s.Times, s.Values = append(s.Times[:3], s.Times[8:]...), append(s.Values[:3], s.Values[8:]...)
	u := MeasureUse([]Series{s})["web01"]
	if u.CPU.Samples != 5 || u.CPU.Coverage != 0.5 {
		t.Errorf("%+v, want half of the ten steps covered", u.CPU)
	}
}

// Overlapping files of one metric don't count twice, and the larger of two
// samples for one moment stands.
func TestMeasureUseMergesOverlaps(t *testing.T) {
	a := every("web01", CPUPercent, time.Minute, 1, 2, 3)
	b := every("web01", CPUPercent, time.Minute, 5, 2, 1, 9)
	m := MeasureUse([]Series{a, b})["web01"].CPU
	if m.Samples != 4 || m.Max != 9 || m.Mean != (5.0+2+3+9)/4 || m.Coverage != 1 {
		t.Errorf("%+v", m)
	}
}

func TestMeasureProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 300).Draw(t, "values")
		step := time.Duration(rapid.IntRange(1, 3600).Draw(t, "step")) * time.Second
		m := MeasureUse([]Series{every("s", CPUPercent, step, values...)})["s"].CPU
		if m.Samples != len(values) || m.Coverage != 1 {
			t.Fatalf("%d samples, coverage %g, want %d without a gap", m.Samples, m.Coverage, len(values))
		}
		if !(m.P50 <= m.P95 && m.P95 <= m.P99 && m.P99 <= m.Max) {
			t.Fatalf("percentiles fall: %+v", m)
		}
		for _, p := range []float64{m.P50, m.P95, m.P99, m.Max} {
			if !slices.Contains(values, p) {
				t.Fatalf("%g is no sample", p)
			}
		}
		if m.Mean < slices.Min(values)-1e-6 || m.Mean > m.Max+1e-6 {
			t.Fatalf("mean %g lies outside of the samples", m.Mean)
		}
		below := 0
		for _, v := range values {
			if v <= m.P95 {
				below++
			}
		}
		if float64(below) < 0.95*float64(len(values)) {
			t.Fatalf("%d of %d samples are at most the 95th percentile", below, len(values))
		}
	})
}

// Samples in any order, and in pieces, give the same measure.
func TestMeasureOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 100), 2, 60).Draw(t, "values")
		s := every("s", NetMBps, time.Minute, values...)
		order := rapid.Permutation(func() []int {
			var o []int
			for i := range values {
				o = append(o, i)
			}
			return o
		}()).Draw(t, "order")
		shuffled := Series{Server: "s", Metric: NetMBps, Step: time.Minute}
		for _, i := range order {
			shuffled.Times, shuffled.Values = append(shuffled.Times, s.Times[i]), append(shuffled.Values, s.Values[i])
		}
		s.Step = time.Minute
		cut := rapid.IntRange(0, len(values)).Draw(t, "cut")
		head, tail := shuffled, shuffled
		head.Times, head.Values = shuffled.Times[:cut], shuffled.Values[:cut]
		tail.Times, tail.Values = shuffled.Times[cut:], shuffled.Values[cut:]
		a, b := MeasureUse([]Series{s})["s"], MeasureUse([]Series{head, tail})["s"]
		if *a.NetMBps != *b.NetMBps || !a.From.Equal(b.From) || !a.To.Equal(b.To) {
			t.Fatalf("in order %+v, in pieces %+v", *a.NetMBps, *b.NetMBps)
		}
	})
}

func TestCounterOf(t *testing.T) {
	for _, c := range []struct {
		name, unit string
		metric     Metric
		scale      float64
		ok         bool
	}{
		{"cpu.usage.average", "%", CPUPercent, 1, true}, {"CPU|Usage (%)", "", CPUPercent, 1, true}, {"cpu.usagemhz.average", "MHz", "", 0, false}, {"CPU|Usage (MHz)", "", "", 0, false},
		{"Network|Usage Rate (MBps)", "", NetMBps, 1, true}, {"Network|Usage Rate (KBps)", "", NetMBps, 1e-3, true}, {"disk.usage.average", "", DiskMBps, 1e-3, true},
		{"NetworkIn", "Bytes", NetMBps, 1e-6, true}, {"DiskReadOps", "Count", DiskIOPS, 1, true}, {"mem.consumed.average", "KB", "", 0, false}, {"memory_ratio", "", MemoryPercent, 100, true},
	} {
		got, ok := counterOf(c.name, c.unit)
		if ok != c.ok || ok && (got.metric != c.metric || math.Abs(got.scale-c.scale) > 1e-12) {
			t.Errorf("counterOf(%q, %q) = %+v, %v; want %s × %g", c.name, c.unit, got, ok, c.metric, c.scale)
		}
	}
}
