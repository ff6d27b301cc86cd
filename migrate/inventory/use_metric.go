package inventory

import (
	"regexp"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// counter is what a measuring system counts, in terms of a Metric.
type counter struct {
	metric Metric
	// part is empty for the whole, else "in" or "out": reads and received
	// data against writes and sent data, whose sum is the whole.
	part string
	// scale turns a value into the metric's unit.
	scale float64
	// perStep says that the value is a sum over the sampling step and not a
	// rate.
	perStep bool
}

// counters maps names, as table.Normal has them, to what they count.
//
// The names are those of vSphere's performance counters
// (cpu.usage.average), of vRealize/Aria Operations (CPU|Usage), of CloudWatch's
// EC2, EBS, RDS and agent metrics, of Prometheus' node mixin and of Google's
// Migration Center. MBps means 10^6 bytes a second everywhere.
var counters = counterTable([]counterRow{
	{CPUPercent, "", 1, false, "cpu.usage.average cpu.usage cpu|usage cpu|usage_average cpu_usage cpu_usage_percent cpu_percent cpupercent cpu CPUUtilization cpuutilizationpercentage total_cpu_usage_pct cpu_utilization cpu_utilisation cpu.usagepct cpu|workload"},
	{MemoryPercent, "", 1, false, "mem.usage.average mem.usage mem|usage mem|usage_average memory|usage memory_usage memory_usage_percent memory_percent memorypercent memory mem_used_percent mem_percent memoryutilization memoryutilizationpercentage memory_utilization memory_utilisation memory|workload"},
	{CPUPercent, "", 100, false, "instance:node_cpu_utilisation:rate5m instance:node_cpu_utilisation:rate1m instance:node_cpu_utilization:ratio instance:node_cpu:ratio cpu_ratio"},
	{MemoryPercent, "", 100, false, "instance:node_memory_utilisation:ratio instance:node_memory_utilization:ratio memory_ratio"},
	{DiskIOPS, "", 1, false, "disk_iops iops diskiops virtual_disk|total_iops virtual_disk:aggregate_of_all_instances|total_iops virtualdisk:aggregate_of_all_instances|commandsaveraged_average disk|commands_per_second virtualdisk.commandsaveraged.average total_iops"},
	{DiskIOPS, "in", 1, false, "virtualdisk.numberreadaveraged.average datastore.numberreadaveraged.average disk.numberreadaveraged.average readiops diskreadoperationspersec total_disk_read_ops_per_sec virtual_disk|read_iops virtual_disk:aggregate_of_all_instances|read_iops disk_read_iops read_iops"},
	{DiskIOPS, "out", 1, false, "virtualdisk.numberwriteaveraged.average datastore.numberwriteaveraged.average disk.numberwriteaveraged.average writeiops diskwriteoperationspersec total_disk_write_ops_per_sec virtual_disk|write_iops virtual_disk:aggregate_of_all_instances|write_iops disk_write_iops write_iops"},
	{DiskIOPS, "in", 1, true, "diskreadops ebsreadops volumereadops"},
	{DiskIOPS, "out", 1, true, "diskwriteops ebswriteops volumewriteops"},
	{DiskMBps, "", 1, false, "disk_mbps diskmbps"},
	{DiskMBps, "", 1e-3, false, "disk.usage.average disk.usage disk|usage_rate disk|usage_average virtual_disk|total_throughput virtual_disk:aggregate_of_all_instances|total_throughput virtualdisk:aggregate_of_all_instances|usage"},
	{DiskMBps, "in", 1e-3, false, "disk.read.average virtualdisk.read.average datastore.read.average virtual_disk|read_throughput virtual_disk:aggregate_of_all_instances|read_throughput total_disk_bytes_read_per_sec_in_kbps total_disk_bytes_read_per_sec"},
	{DiskMBps, "out", 1e-3, false, "disk.write.average virtualdisk.write.average datastore.write.average virtual_disk|write_throughput virtual_disk:aggregate_of_all_instances|write_throughput total_disk_bytes_written_per_sec_in_kbps total_disk_bytes_written_per_sec"},
	{DiskMBps, "in", 1e-6, false, "readthroughput"},
	{DiskMBps, "out", 1e-6, false, "writethroughput"},
	{DiskMBps, "in", 1e-6, true, "diskreadbytes ebsreadbytes volumereadbytes"},
	{DiskMBps, "out", 1e-6, true, "diskwritebytes ebswritebytes volumewritebytes"},
	{NetMBps, "", 1, false, "net_mbps netmbps network_mbps"},
	{NetMBps, "", 1e-3, false, "net.usage.average net.usage net|usage_rate net|usage_average network|usage_rate network_io|usage_rate network_i/o|usage_rate net:aggregate_of_all_instances|usage_rate network:aggregate_of_all_instances|usage_rate"},
	{NetMBps, "in", 1e-3, false, "net.received.average net.bytesrx.average network|data_receive_rate network_i/o|data_receive_rate total_network_bytes_read_per_sec_in_kbps total_network_bytes_read_per_sec"},
	{NetMBps, "out", 1e-3, false, "net.transmitted.average net.bytestx.average network|data_transmit_rate network_i/o|data_transmit_rate total_network_bytes_written_per_sec_in_kbps total_network_bytes_written_per_sec"},
	{NetMBps, "in", 1e-6, false, "networkreceivethroughput networkbytespersecreceived"},
	{NetMBps, "out", 1e-6, false, "networktransmitthroughput networkbytespersecsent"},
	{NetMBps, "in", 1e-6, true, "networkin"},
	{NetMBps, "out", 1e-6, true, "networkout"},
})

type counterRow struct {
	metric  Metric
	part    string
	scale   float64
	perStep bool
	names   string
}

func counterTable(rows []counterRow) map[string]counter {
	m := map[string]counter{}
	for _, r := range rows {
		for _, n := range strings.Fields(r.names) {
			m[table.Normal(n)] = counter{r.metric, r.part, r.scale, r.perStep}
		}
	}
	return m
}

// units maps spellings of a unit to what one of it is in the metric's unit:
// percent, operations a second, or 10^6 bytes a second.
var units = map[string]struct {
	scale float64
	of    string
}{
	"%": {1, "percent"}, "percent": {1, "percent"}, "pct": {1, "percent"}, "ratio": {100, "percent"},
	"iops": {1, "ops"}, "number": {1, "ops"}, "count/second": {1, "ops"}, "count/sec": {1, "ops"}, "ops": {1, "ops"}, "ops/s": {1, "ops"}, "io/s": {1, "ops"},
	"bps": {1e-6, "bytes"}, "b/s": {1e-6, "bytes"}, "bytes/second": {1e-6, "bytes"}, "bytes/sec": {1e-6, "bytes"}, "bytes/s": {1e-6, "bytes"},
	"kbps": {1e-3, "bytes"}, "kb/s": {1e-3, "bytes"}, "kilobytes/second": {1e-3, "bytes"}, "mbps": {1, "bytes"}, "mb/s": {1, "bytes"}, "megabytes/second": {1, "bytes"},
	"gbps": {1e3, "bytes"}, "gb/s": {1e3, "bytes"}, "kib/s": {1.024e-3, "bytes"}, "mib/s": {1.048576, "bytes"}, "gib/s": {1073.741824, "bytes"},
}

// dimension is what a metric is measured in.
func (m Metric) dimension() string {
	switch m {
	case CPUPercent, MemoryPercent:
		return "percent"
	case DiskIOPS:
		return "ops"
	}
	return "bytes"
}

var unitInName = regexp.MustCompile(`\s*[(\[]([^()\[\]]+)[)\]]\s*$`)

// counterOf knows a counter by its name, with the unit in parentheses behind
// it or given apart. A known name in a unit of another kind (CPU in MHz,
// memory in KB) is refused: without the server's size it gives no metric.
func counterOf(name, unit string) (counter, bool) {
	bare := strings.TrimSpace(name)
	if m := unitInName.FindStringSubmatchIndex(bare); m != nil {
		if unit == "" {
			unit = bare[m[2]:m[3]]
		}
		bare = bare[:m[0]]
	}
	key := table.Normal(strings.TrimSuffix(bare, "%"))
	c, ok := counters[key]
	if !ok {
		return counter{}, false
	}
	if unit == "" {
		return c, true
	}
	u, known := units[strings.ToLower(strings.TrimSpace(unit))]
	switch {
	case !known:
		// "Count" and "Bytes" are CloudWatch's words for sums over a step.
		return c, c.perStep
	case u.of != c.metric.dimension():
		return counter{}, false
	case !c.perStep:
		c.scale = u.scale
	}
	return c, true
}

// wordsOfMetric finds a metric in a file's name, for exports that hold a
// single metric and name only the servers.
var wordsOfMetric = []struct {
	re *regexp.Regexp
	c  counter
}{
	{regexp.MustCompile(`(?i)(^|[^a-z])cpu`), counter{metric: CPUPercent, scale: 1}},
	{regexp.MustCompile(`(?i)(^|[^a-z])(mem|memory|ram)([^a-z]|$)`), counter{metric: MemoryPercent, scale: 1}},
	{regexp.MustCompile(`(?i)iops`), counter{metric: DiskIOPS, scale: 1}},
	{regexp.MustCompile(`(?i)disk.*mbps|disk.*throughput`), counter{metric: DiskMBps, scale: 1}},
	{regexp.MustCompile(`(?i)net(work)?.*mbps|net(work)?.*throughput`), counter{metric: NetMBps, scale: 1}},
}

// counterInText guesses the counter from a file's name or a query.
func counterInText(s string) (counter, bool) {
	for _, w := range wordsOfMetric {
		if w.re.MatchString(s) {
			return w.c, true
		}
	}
	return counter{}, false
}
