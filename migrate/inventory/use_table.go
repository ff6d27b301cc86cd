package inventory

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// useTable reads measurements in the three shapes that tools write: long (a
// row is one sample: server, counter, time, value), wide by counter (a row is
// one server at one time) and wide by server (a row is one time).
type useTable struct {
	in       Input
	acc      *account
	set      *seriesSet
	sheet    *table.Sheet
	fallback counter // where only the file's name tells the counter
	hasFall  bool

	server, metric, time, value, unit, step, device, mode table.Col
	cells                                                 []useCell // wide
	ignored                                               []table.Col
}

// useCell is a column of samples.
type useCell struct {
	col     table.Col
	key     sampleKey // its server only where wide by server
	counter counter
}

// Names of the columns.
var (
	useTimes   = []string{"timestamp", "time", "date", "datetime", "date time", "start time", "period start", "time stamp", "full label", "label"}
	useServers = []string{"entity", "vm", "vm name", "vmname", "object name", "object", "resource name", "resource", "server", "server name", "host", "hostname", "machine", "series", "name"}
	useMetrics = []string{"metricid", "metric id", "metric", "metric name", "counter", "stat", "__name__"}
	useValues  = []string{"value", "average", "avg", "mean"}
	useUnits   = []string{"unit", "units"}
	useSteps   = []string{"intervalsecs", "interval secs", "interval", "period"}
)

// useHeader says whether a row can be the header of measurements.
func useHeader(cells []string) bool {
	filled := 0
	timed := false
	for _, c := range cells {
		n := table.Normal(c)
		if n != "" {
			filled++
		}
		for _, t := range useTimes {
			timed = timed || n == table.Normal(t)
		}
	}
	return timed && filled >= 2
}

// readUseTable reads a whole table of measurements.
func readUseTable(ctx context.Context, in Input, format string) (*useTable, error) {
	u := &useTable{in: in, acc: newAccount(in, format), set: newSeriesSet()}
	s, done, err := openSheet(in, u.acc, useHeader)
	if err != nil {
		return nil, err
	}
	defer done()
	u.sheet = s
	if err := u.layout(); err != nil {
		return nil, err
	}
	if err := eachRow(ctx, in, s, u.acc, u.row); err != nil {
		return nil, err
	}
	return u, nil
}

// batch turns what was read into a batch.
func (u *useTable) batch() Batch {
	b := Batch{Uses: u.set.series(u.acc, u.long()), AsOf: u.set.last}
	b.Source = u.acc.done()
	return b
}

func (u *useTable) long() bool { return u.value >= 0 && len(u.cells) == 0 }

// layout finds out which shape the table has.
func (u *useTable) layout() error {
	s := u.sheet
	u.fallback, u.hasFall = counterInText(fileWord(u.in.Name))
	u.time = s.Col(useTimes...)
	u.metric = s.Col(useMetrics...)
	u.unit, u.step = s.Col(useUnits...), s.Col(useSteps...)
	u.server = s.Col(useServers...)
	// In vSphere's statistics "Instance" is the device within the server; in
	// Prometheus' it is the server.
	if u.device = table.Absent; u.server >= 0 {
		u.device = s.Col("instance")
	} else {
		u.server = s.Col("instance", "node", "nodename", "exported_instance")
	}
	if u.time < 0 {
		return missing(u.in, s, "the time", useTimes...)
	}
	u.value, u.mode = s.Col(useValues...), table.Absent
	if u.value >= 0 {
		u.mode = s.Col(modeLabel)
		if u.device < 0 {
			u.device = s.Col(deviceLabels...)
		}
		if u.metric < 0 && !u.hasFall {
			return fmt.Errorf("read %s: nothing tells what is measured: add a column metric, or name the file after it (cpu.csv, memory.csv)", u.in.Name)
		}
		if u.server < 0 && u.serverOfFile() == "" {
			return missing(u.in, s, "the server", useServers...)
		}
		u.noteIgnored()
		return nil
	}
	return u.wide()
}

// wide finds the columns of samples.
func (u *useTable) wide() error {
	s := u.sheet
	for _, c := range s.Unknown() {
		name := s.Heading(c)
		if u.server >= 0 {
			if k, ok := counterOf(name, ""); ok {
				u.cells = append(u.cells, useCell{col: c, key: sampleKey{name: name}, counter: k})
				s.Know(c)
			}
			continue
		}
		if key, k, ok := u.seriesName(name); ok {
			u.cells = append(u.cells, useCell{col: c, key: key, counter: k})
			s.Know(c)
		}
	}
	if len(u.cells) == 0 {
		return fmt.Errorf("read %s: row %d: no column of CPU, memory, disk or network use among %v", u.in.Name, s.HeaderRow, s.Header)
	}
	u.noteIgnored()
	return nil
}

func (u *useTable) noteIgnored() {
	for _, c := range u.sheet.Unknown() {
		u.acc.Warn(migrate.Place{Row: u.sheet.HeaderRow, Column: u.sheet.Heading(c), Note: "a column that is not used"})
	}
}

func (u *useTable) serverOfFile() string {
	return hostFromFileName(metricWords.ReplaceAllString(fileWord(u.in.Name), ""))
}

var (
	metricWords = regexp.MustCompile(`(?i)[-_. ]?(cpu|mem(ory)?|ram|disk|net(work)?|iops|mbps|throughput|usage|utili[sz]ation|percent|perf(ormance)?|metrics?|stats?|cloudwatch|vcenter|prometheus|grafana|json|csv)([-_. ]|$)`)
	seriesFor   = regexp.MustCompile(`^(.+?) for (\S.*)$`)
	labelPair   = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"`)
)

// labelsOf reads the labels in the name of a series.
func labelsOf(name string) map[string]string {
	labels := map[string]string{}
	for _, m := range labelPair.FindAllStringSubmatch(name, -1) {
		labels[m[1]] = m[2]
	}
	return labels
}

// seriesName takes key and counter out of the name of a series:
// "Usage for web01", "web01 CPUUtilization", `node_cpu{instance="web01:9100"}`.
func (u *useTable) seriesName(name string) (sampleKey, counter, bool) {
	if i := strings.IndexByte(name, '{'); i >= 0 {
		c, ok := counterOf(name[:i], "")
		if !ok {
			c, ok = u.fallback, u.hasFall
		}
		k := keyOfLabels(strings.TrimSpace(name[:i]), labelsOf(name[i:]), c.metric)
		return k, c, ok && k.server != ""
	}
	server, c, ok := u.plainSeriesName(name)
	return sampleKey{server: server, name: name}, c, ok
}

func (u *useTable) plainSeriesName(name string) (string, counter, bool) {
	fall := func(server string) (string, counter, bool) {
		return serverOfLabel(server), u.fallback, u.hasFall && server != ""
	}
	if m := seriesFor.FindStringSubmatch(name); m != nil {
		server, unit := m[2], ""
		if u := unitInName.FindStringSubmatchIndex(server); u != nil {
			server, unit = server[:u[0]], server[u[2]:u[3]]
		}
		if c, ok := counterOf(m[1], unit); ok {
			return serverOfLabel(server), c, true
		}
		return fall(server)
	}
	if words := strings.Fields(name); len(words) >= 2 {
		if c, ok := counterOf(words[len(words)-1], ""); ok {
			return serverOfLabel(strings.Join(words[:len(words)-1], " ")), c, true
		}
		if c, ok := counterOf(words[0], ""); ok {
			return serverOfLabel(strings.Join(words[1:], " ")), c, true
		}
	}
	if c, ok := counterOf(name, ""); ok {
		return u.serverOfFile(), c, u.serverOfFile() != ""
	}
	return fall(name)
}

// fileWord is a file's name without its folders.
func fileWord(name string) string {
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// row accounts for one row.
func (u *useTable) row(row table.Row) {
	at := row.Place(table.Absent, "")
	t, ok := row.Time(u.time)
	if !ok {
		u.acc.leave(reasonNoTime, at)
		return
	}
	if !u.long() {
		u.wideRow(row, t)
		return
	}
	c, known := u.fallback, u.hasFall
	if u.metric >= 0 {
		c, known = counterOf(row.Text(u.metric), row.Text(u.unit))
	}
	if !known {
		u.acc.leave(reasonNoCounter, at)
		return
	}
	v, ok := row.Float(u.value)
	if !ok {
		u.acc.leave(reasonNoValue, at)
		return
	}
	k := u.longKey(row, c)
	if reason := u.set.add(k, c, t, v, u.rowStep(row)); reason != "" {
		u.acc.leave(reason, at)
		return
	}
	u.acc.fact()
}

// longKey is the key of a row that holds one sample. Grafana writes a series'
// labels where others have the server.
func (u *useTable) longKey(row table.Row, c counter) sampleKey {
	server := row.Text(u.server)
	if i := strings.IndexByte(server, '{'); i >= 0 {
		return keyOfLabels(firstOf(row.Text(u.metric), strings.TrimSpace(server[:i])), labelsOf(server[i:]), c.metric)
	}
	k := sampleKey{server: serverOfLabel(server), name: row.Text(u.metric), instance: deviceName(row.Text(u.device))}
	if c.metric == CPUPercent {
		k.mode = strings.ToLower(row.Text(u.mode))
	}
	if u.server < 0 {
		k.server = u.serverOfFile()
	}
	return k
}

// deviceName is empty for the server as a whole, which some tools call *.
func deviceName(s string) string {
	if s == "*" || strings.EqualFold(s, "total") || strings.EqualFold(s, "_total") {
		return ""
	}
	return s
}

// rowStep is the sampling interval that a row tells.
func (u *useTable) rowStep(row table.Row) time.Duration {
	if n, ok := row.Count(u.step); ok && n > 0 && n < 1<<31 {
		return time.Duration(n) * time.Second
	}
	return 0
}

// notMeasured are the ways in which tools write that there is no value.
var notMeasured = map[string]bool{"-": true, "--": true, "n/a": true, "na": true, "nan": true, "null": true, "none": true, "no data": true}

func (u *useTable) wideRow(row table.Row, t time.Time) {
	used, reason := false, reasonNoValue
	for _, cell := range u.cells {
		if notMeasured[strings.ToLower(row.Text(cell.col))] {
			continue
		}
		v, ok := row.Float(cell.col)
		if !ok {
			continue
		}
		k := cell.key
		if u.server >= 0 {
			k.server, k.instance = serverOfLabel(row.Text(u.server)), deviceName(row.Text(u.device))
		}
		if why := u.set.add(k, cell.counter, t, v, u.rowStep(row)); why != "" {
			reason = why
			continue
		}
		used = true
	}
	if used {
		u.acc.fact()
		return
	}
	u.acc.leave(reason, row.Place(table.Absent, ""))
}
