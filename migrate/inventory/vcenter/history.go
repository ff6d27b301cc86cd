package vcenter

import (
	"fmt"
	"time"

	"github.com/vmware/govmomi/performance"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory"
)

// counters are the vCenter's names for what the estate measures, and what makes
// of their unit that of the estate: hundredths of a percent, kilobytes a
// second, operations a second. Reads and writes add up.
var counters = map[string]struct {
	metric inventory.Metric
	factor float64
}{
	"cpu.usage.average":                {inventory.CPUPercent, 0.01},
	"mem.usage.average":                {inventory.MemoryPercent, 0.01},
	"disk.usage.average":               {inventory.DiskMBps, 0.001},
	"net.usage.average":                {inventory.NetMBps, 0.001},
	"disk.numberReadAveraged.average":  {inventory.DiskIOPS, 1},
	"disk.numberWriteAveraged.average": {inventory.DiskIOPS, 1},
}

// serversAtOnce keeps a query below vCenter's limit of 64 entities and
// counters (config.vpxd.stats.maxQueryMetrics) with room to spare.
const serversAtOnce = 10

// readHistory reads what the vCenter keeps, at the finest interval that reaches
// far enough back. A vCenter that keeps none is no error: it is said.
func (r *reading) readHistory() error {
	if r.o.History <= 0 || len(r.vms) == 0 {
		return nil
	}
	m := performance.NewManager(r.c)
	step, err := r.interval(m)
	if err != nil || step == 0 {
		return err
	}
	known, err := m.CounterInfoByName(r.ctx)
	if err != nil {
		return fmt.Errorf("list counters: %w", err)
	}
	var ids []types.PerfMetricId
	for name := range counters {
		if c := known[name]; c != nil {
			ids = append(ids, types.PerfMetricId{CounterId: c.Key, Instance: ""})
		}
	}
	for i := 0; i < len(r.vms); i += serversAtOnce {
		r.progress(i, len(r.vms), "measured use")
		group := r.vms[i:min(i+serversAtOnce, len(r.vms))]
		if err := r.query(m, group, ids, step); err != nil {
			return fmt.Errorf("read measured use: %w", err)
		}
	}
	return nil
}

// interval is the finest one, in seconds, whose samples are kept long enough;
// else the one that is kept longest.
func (r *reading) interval(m *performance.Manager) (int32, error) {
	list, err := m.HistoricalInterval(r.ctx)
	if err != nil {
		return 0, fmt.Errorf("list intervals of measured use: %w", err)
	}
	var step, length int32
	for _, in := range list {
		switch reaches := time.Duration(in.Length)*time.Second >= r.o.History; {
		case !in.Enabled:
		case reaches && (time.Duration(length)*time.Second < r.o.History || in.SamplingPeriod < step), !reaches && in.Length > length && time.Duration(length)*time.Second < r.o.History:
			step, length = in.SamplingPeriod, in.Length
		}
	}
	if step == 0 {
		r.tally.Warn(migrate.Place{Note: "the vCenter keeps no history of measured use"})
	} else if kept := time.Duration(length) * time.Second; kept < r.o.History {
		r.tally.Warn(migrate.Place{Note: fmt.Sprintf("the vCenter keeps %.0f days of measured use, not %.0f", kept.Hours()/24, r.o.History.Hours()/24)})
	}
	return step, nil
}

func (r *reading) query(m *performance.Manager, group []mo.VirtualMachine, ids []types.PerfMetricId, step int32) error {
	start, end := r.b.AsOf.Add(-r.o.History), r.b.AsOf
	name := map[types.ManagedObjectReference]string{}
	var specs []types.PerfQuerySpec
	for _, vm := range group {
		if vm.Config == nil || vm.Config.Template {
			continue // has never run
		}
		name[vm.Self] = vm.Config.InstanceUuid
		if name[vm.Self] == "" {
			name[vm.Self] = vm.Name
		}
		specs = append(specs, types.PerfQuerySpec{Entity: vm.Self, StartTime: &start, EndTime: &end, MetricId: ids, IntervalId: step, Format: string(types.PerfFormatNormal)})
	}
	if len(specs) == 0 {
		return nil
	}
	result, err := m.Query(r.ctx, specs)
	if err != nil {
		return err
	}
	series, err := m.ToMetricSeries(r.ctx, result)
	if err != nil {
		return err
	}
	for _, s := range series {
		r.b.Uses = append(r.b.Uses, seriesOf(name[s.Entity], s, time.Duration(step)*time.Second)...)
	}
	return nil
}

// seriesOf adds up the counters of each metric of one server. A sample of -1
// stands for none.
func seriesOf(server string, m performance.EntityMetric, step time.Duration) []inventory.Series {
	sums := map[inventory.Metric][]float64{}
	for _, v := range m.Value {
		c, ok := counters[v.Name]
		if !ok || v.Instance != "" || len(v.Value) > len(m.SampleInfo) {
			continue
		}
		sum := sums[c.metric]
		for i, x := range v.Value {
			if i >= len(sum) {
				sum = append(sum, 0)
			}
			if x < 0 || sum[i] < 0 {
				sum[i] = -1
				continue
			}
			sum[i] += float64(x) * c.factor
		}
		sums[c.metric] = sum
	}
	var out []inventory.Series
	for _, metric := range []inventory.Metric{inventory.CPUPercent, inventory.MemoryPercent, inventory.DiskIOPS, inventory.DiskMBps, inventory.NetMBps} {
		s := inventory.Series{Server: server, Metric: metric, Step: step}
		for i, v := range sums[metric] {
			if v >= 0 {
				s.Times, s.Values = append(s.Times, m.SampleInfo[i].Timestamp.UTC()), append(s.Values, v)
			}
		}
		if len(s.Times) > 0 {
			out = append(out, s)
		}
	}
	return out
}
