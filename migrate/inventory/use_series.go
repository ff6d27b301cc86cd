package inventory

import (
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// sampleKey is one run of samples before parts and devices are summed.
type sampleKey struct {
	server   string
	metric   Metric
	part     string
	name     string // the counter's own name
	instance string // the device; empty for the server as a whole
	mode     string // what a CPU spends its time on; empty for all that it does
	rest     string // labels that nobody knows
}

// sampleRun holds the samples of one key, and how many rows gave nothing else.
type sampleRun struct {
	counter counter
	at      map[time.Time]float64
	step    time.Duration
	rows    int
}

// seriesSet gathers samples and makes series of them.
type seriesSet struct {
	runs map[sampleKey]*sampleRun
	last time.Time
}

func newSeriesSet() *seriesSet { return &seriesSet{runs: map[sampleKey]*sampleRun{}} }

// Why a sample is not used.
const (
	reasonNoTime      = "no time that can be read"
	reasonNoValue     = "no value"
	reasonNoServer    = "no server's name"
	reasonNegative    = "a value below zero, which stands for \"not measured\""
	reasonNoCounter   = "a counter that gives none of CPU, memory, disk or network use"
	reasonRawCounter  = "a raw counter that only grows: query its rate"
	reasonDevice      = "of one device, where the file has the server's total too"
	reasonAlternative = "a second counter for what another counter in the file gives"
	reasonMode        = "of one mode of a CPU, where its idle time tells the rest"
	reasonIdle        = "an idle time above 100 %, which is a sum over CPUs: ask for the average"
	reasonLabel       = "of a series that differs from another of the server in a label of unknown meaning"
	reasonHalf        = "reads without writes (or received without sent data) at that moment"
)

// add takes in a sample; the reason says why it can't be used.
func (s *seriesSet) add(k sampleKey, c counter, t time.Time, v float64, step time.Duration) string {
	switch {
	case k.server == "":
		return reasonNoServer
	case math.IsNaN(v) || math.IsInf(v, 0):
		return reasonNoValue
	case v < 0:
		return reasonNegative
	}
	k.metric, k.part = c.metric, c.part
	r := s.runs[k]
	if r == nil {
		r = &sampleRun{counter: c, at: map[time.Time]float64{}}
		s.runs[k] = r
	}
	r.at[t] = max(r.at[t], v)
	r.step = max(r.step, step)
	r.rows++
	if t.After(s.last) {
		s.last = t
	}
	return ""
}

// series puts modes and devices together, sums halves, and turns sums over a step into rates. Where
// rows is true every sample was one row of the input, and the rows of what is
// not used move from the facts to the rows left out.
func (s *seriesSet) series(acc *account, rows bool) []Series {
	groups := map[[2]string][]sampleKey{}
	for k := range s.runs {
		g := [2]string{k.server, string(k.metric)}
		groups[g] = append(groups[g], k)
	}
	var out []Series
	for g, keys := range groups {
		sort.Slice(keys, func(i, j int) bool { return keyLess(keys[i], keys[j]) })
		drop := func(k sampleKey, reason string) {
			if rows {
				acc.Facts -= s.runs[k].rows
				for range s.runs[k].rows {
					acc.LeaveOut(reason, migrate.Place{Note: k.server + " " + k.name + " " + k.instance})
				}
			}
			delete(s.runs, k)
		}
		if s.strange(keys, acc, drop) {
			continue
		}
		if se, ok := s.sum(s.modes(keys, drop), drop); ok {
			se.Server, se.Metric = g[0], Metric(g[1])
			out = append(out, se)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Server != out[j].Server {
			return out[i].Server < out[j].Server
		}
		return out[i].Metric < out[j].Metric
	})
	return out
}

func keyLess(a, b sampleKey) bool {
	if a.part != b.part {
		return a.part < b.part
	}
	if a.name != b.name {
		return a.name < b.name
	}
	if a.instance != b.instance {
		return a.instance < b.instance
	}
	if a.mode != b.mode {
		return a.mode < b.mode
	}
	return a.rest < b.rest
}

// sum makes one series of the runs of a server's metric: the whole where it
// was counted, else the sum of both halves at the moments that have both.
func (s *seriesSet) sum(keys []sampleKey, drop func(sampleKey, string)) (Series, bool) {
	parts := map[string][]sampleKey{}
	for _, k := range keys {
		parts[k.part] = append(parts[k.part], k)
	}
	if len(keys) == 0 {
		return Series{}, false
	}
	if whole := parts[""]; len(whole) > 0 {
		for _, p := range []string{"in", "out"} {
			for _, k := range parts[p] {
				drop(k, reasonAlternative)
			}
		}
		at, step := s.devices(whole, drop)
		return toSeries(at, step), true
	}
	in, inStep := s.devices(parts["in"], drop)
	outs, outStep := s.devices(parts["out"], drop)
	both := map[time.Time]float64{}
	for t, v := range in {
		if w, ok := outs[t]; ok {
			both[t] = v + w
		}
	}
	if len(both) == 0 {
		for _, k := range append(parts["in"], parts["out"]...) {
			if s.runs[k] != nil {
				drop(k, reasonHalf)
			}
		}
		return Series{}, false
	}
	return toSeries(both, max(inStep, outStep)), true
}

// devices takes the first counter by name, and of it the total where there is
// one, else the sum over its devices: bytes and operations add up, while four
// CPUs that are half busy make a server that is half busy.
func (s *seriesSet) devices(keys []sampleKey, drop func(sampleKey, string)) (map[time.Time]float64, time.Duration) {
	at := map[time.Time]float64{}
	n := map[time.Time]float64{}
	var step time.Duration
	if len(keys) == 0 {
		return at, 0
	}
	name, total := keys[0].name, keys[0].instance == ""
	for _, k := range keys {
		switch {
		case k.name != name:
			drop(k, reasonAlternative)
			continue
		case total && k.instance != "":
			drop(k, reasonDevice)
			continue
		}
		r := s.runs[k]
		scale, rate := r.counter.scale, r.rate()
		for t, v := range r.at {
			at[t] += v * scale / rate
			n[t]++
		}
		step = max(step, r.step)
	}
	if keys[0].metric.dimension() == "percent" {
		for t := range at {
			at[t] /= n[t]
		}
	}
	return at, step
}

// rate is what a sum over a step is divided by: the step's seconds.
func (r *sampleRun) rate() float64 {
	if !r.counter.perStep {
		return 1
	}
	step := r.step
	if step <= 0 {
		times := make([]time.Time, 0, len(r.at))
		for t := range r.at {
			times = append(times, t)
		}
		step = medianStep(times)
	}
	if step <= 0 {
		step = 5 * time.Minute // CloudWatch's basic monitoring
	}
	return step.Seconds()
}

func toSeries(at map[time.Time]float64, step time.Duration) Series {
	s := Series{Step: step}
	for t := range at {
		s.Times = append(s.Times, t)
	}
	slices.SortFunc(s.Times, time.Time.Compare)
	for _, t := range s.Times {
		s.Values = append(s.Values, at[t])
	}
	return s
}

// serverOfLabel takes the server out of what monitoring calls an instance:
// "web01:9100" is web01, "[fd00::1]:9100" is fd00::1.
func serverOfLabel(s string) string {
	s = strings.TrimSpace(s)
	if a, ok := parseAddr(s); ok {
		return a.String()
	}
	if i := strings.LastIndexByte(s, ':'); i > 0 && isDigits(s[i+1:]) && !strings.Contains(s, " ") {
		host := s[:i]
		if a, ok := parseAddr(host); ok {
			return a.String()
		}
		if !strings.Contains(host, ":") {
			return host
		}
	}
	return s
}
