package sizing

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

const (
	// cpuTarget is the use, in percent, that a tier other than the web fleet
	// is sized to run at when it is busiest. At 60 % of eight processors work
	// waits for a twentieth of its own length, and one server of three may be
	// lost before 90 % is reached.
	cpuTarget = 60
	// memoryTarget is the most memory in use, in percent. It is the limit from
	// which the audit reports a server.
	memoryTarget = 92
	// meanToPeak is what a stated mean is multiplied by to stand for a busy
	// hour; day curves of shops have their busy hour at 1.5 to 2 times the mean.
	meanToPeak = 2
)

// statedKeys are headers of exports that hold one figure of use without a
// period; peaks first.
var statedKeys = struct{ cpuPeak, cpuMean, memoryPeak, memoryMean []string }{
	cpuPeak:    []string{"CPU.UsagePct.Max"},
	cpuMean:    []string{"CPU.UsagePct.Avg", "CPU Utilization (in %)", "CPU utilization percentage"},
	memoryPeak: []string{"RAM.UsedSizeInMB.Max"},
	memoryMean: []string{"RAM.UsedSizeInMB.Avg", "Memory Utilization (in %)", "Memory utilization percentage"},
}

// need is what one server uses.
type need struct {
	server *migrate.Server
	Server
	normalVCPU float64 // busy at the busy hour of an ordinary day
}

// needs reads the use of servers at a multiple of the median hour. Tiers that
// don't follow the shop's requests are read with follows false.
func (s *sizer) needs(servers []*migrate.Server, follows bool) []need {
	var out []need
	for _, v := range servers {
		n := need{server: v, Server: Server{ID: v.ID, VCPU: v.CPUs, MemoryGiB: gib(v.MemoryMiB)}}
		s.cpuNeed(&n, follows)
		s.memoryNeed(&n)
		out = append(out, n)
	}
	return out
}

// cpuNeed sets the vCPUs that a server keeps busy.
func (s *sizer) cpuNeed(n *need, follows bool) {
	use, vcpu := n.server.Use, float64(n.VCPU)
	grown := vcpu / 100 * (1 + s.options.Headroom)
	if use != nil && s.enough(use, use.CPU) {
		n.CPU = Measured
		if !follows {
			n.PeakVCPU, n.normalVCPU = use.CPU.P95*grown, use.CPU.P95*grown
			return
		}
		seen := s.history.between(use.From, use.To)
		n.PeakVCPU = useAt(*use.CPU, seen, s.multiple) * grown
		n.normalVCPU = useAt(*use.CPU, seen, min(s.history.busy, s.multiple)) * grown
		if seen == 0 && s.multiple > 1 {
			n.Note = fmt.Sprintf("no access log covers the measurement, so that its p95 is taken for the median hour and multiplied by %s, which is an upper bound", number(s.multiple))
		}
		return
	}
	factor := 1.0
	if follows && s.history.most > 0 {
		factor = max(1, s.multiple/s.history.most)
	}
	if percent, peak, known := stated(n.server, statedKeys.cpuPeak, statedKeys.cpuMean); known {
		n.CPU = Stated
		busy, most := min(percent, 100), min(percent, 100)*factor
		if !peak {
			busy = min(100, percent*meanToPeak)
			most = busy
		}
		if !peak && follows {
			most = max(busy, percent*s.multiple)
		}
		if !peak && follows && s.history.most > 0 {
			// Today's servers have carried the greatest hour of the logs.
			most = min(most, 100*factor)
		}
		n.PeakVCPU, n.normalVCPU = most*grown, min(busy, most)*grown
		return
	}
	// A server as large as it was built runs at the target, so that dividing
	// by the target gives its size back.
	n.CPU, n.Note = Nameplate, s.thin(use)
	n.PeakVCPU, n.normalVCPU = vcpu*cpuTarget/100*factor, vcpu*cpuTarget/100
}

// useAt is the CPU use, in percent, at a multiple m of the median hour, where
// seen is the greatest multiple during the measurement. Below seen it lies on
// the line from the median sample to the highest one; above, use grows with
// requests from there (the utilisation law U = X·S of Denning and Buzen, "The
// Operational Analysis of Queueing Network Models", 1978), which overstates the
// part that doesn't grow and so errs to the safe side. Without a log the p95
// stands for an ordinary hour.
func useAt(c migrate.Measure, seen, m float64) float64 {
	switch {
	case seen <= 0:
		return c.P95 * m
	case m >= seen || seen <= 1:
		return max(c.P50, c.Max) * m / max(seen, 1)
	default:
		return c.P50 + max(0, c.Max-c.P50)*(m-1)/(seen-1)
	}
}

// memoryNeed sets the GiB that a server needs: the p99 of what it used, since
// memory follows settings more than requests.
func (s *sizer) memoryNeed(n *need) {
	if use := n.server.Use; use != nil && s.enough(use, use.Memory) {
		n.Memory, n.UsedGiB = Measured, n.MemoryGiB*use.Memory.P99/100
		return
	}
	if percent, peak, known := statedMemory(n.server); known {
		if !peak {
			percent = min(100, percent*meanToPeak)
		}
		n.Memory, n.UsedGiB = Stated, n.MemoryGiB*percent/100
		return
	}
	n.Memory, n.UsedGiB = Nameplate, n.MemoryGiB*memoryTarget/100
}

func (s *sizer) enough(use *migrate.Use, m *migrate.Measure) bool {
	return use.Measured(m, s.options.MinCoverage)
}

// thin says why a server's CPU use is not enough to size by.
func (s *sizer) thin(use *migrate.Use) string {
	switch {
	case use == nil || use.CPU == nil:
		return "CPU was not measured"
	case use.CPU.Coverage < s.options.MinCoverage:
		return fmt.Sprintf("CPU samples cover %.0f %% of their period", use.CPU.Coverage*100)
	}
	return fmt.Sprintf("CPU samples: %d over %s, where %d over %s are the least", use.CPU.Samples, hours(use.Length(use.CPU)), migrate.LeastSamples, hours(migrate.LeastMeasured))
}

func hours(d time.Duration) string { return number(d.Hours()) + " h" }

// warnOfPeriods tells of servers whose measurement is too short to size by, or
// to know a week by. A figure alone doesn't show it.
func (s *sizer) warnOfPeriods() {
	var brief, partial []string
	for _, name := range tierOrder {
		for _, v := range s.members[name] {
			switch use := v.Use; {
			case use == nil || use.CPU == nil || use.CPU.Coverage < s.options.MinCoverage:
			case !s.enough(use, use.CPU):
				brief = append(brief, v.ID)
			case !use.MeasuredRhythm(use.CPU, s.options.MinCoverage):
				partial = append(partial, v.ID)
			}
		}
	}
	if len(brief) > 0 {
		s.warn("CPU use was measured for less than %s or with fewer than %d samples, so it is not sized by: %s. Measure a week, with a campaign in it where you can",
			hours(migrate.LeastMeasured), migrate.LeastSamples, names(brief))
	}
	if len(partial) > 0 {
		s.warn("CPU use was measured for less than a week, whose busiest day may be missing: %s", names(partial))
	}
}

// stated reads one figure in percent that an export gives beside its columns.
func stated(v *migrate.Server, peaks, means []string) (percent float64, peak, known bool) {
	for i, keys := range [][]string{peaks, means} {
		for _, k := range keys {
			f, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(v.Custom[k], "%")), 64)
			if err == nil && f > 0 && !math.IsInf(f, 0) {
				return f, i == 0, true
			}
		}
	}
	return 0, false, false
}

// statedMemory is stated for memory, where some exports give MB.
func statedMemory(v *migrate.Server) (percent float64, peak, known bool) {
	f, peak, known := stated(v, statedKeys.memoryPeak, statedKeys.memoryMean)
	if known && (v.Custom[statedKeys.memoryPeak[0]] != "" || v.Custom[statedKeys.memoryMean[0]] != "") {
		if v.MemoryMiB == 0 {
			return 0, false, false
		}
		f = f / float64(v.MemoryMiB) * 100
	}
	return min(f, 100), peak, known
}

func gib(mib int64) float64 { return float64(mib) / 1024 }

// number writes a number without needless zeros.
func number(v float64) string {
	if v == 0 || math.Abs(v) >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
