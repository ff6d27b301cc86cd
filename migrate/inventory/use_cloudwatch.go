package inventory

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// cloudwatchUse reads the answers of CloudWatch's GetMetricData and
// GetMetricStatistics as the command line prints them (JSON), and the CSV that
// its console exports: a column for every label ("i-0abc CPUUtilization")
// under rows of titles. EC2's and EBS's bytes and operations are sums over the
// period and become rates.
type cloudwatchUse struct{}

func (cloudwatchUse) Format() string { return "cloudwatch" }

func (cloudwatchUse) Detect(in Input) int {
	head := bytes.TrimSpace(headText(in))
	if bytes.HasPrefix(head, []byte("{")) {
		if bytes.Contains(head, []byte(`"MetricDataResults"`)) || bytes.Contains(head, []byte(`"Datapoints"`)) {
			return 95
		}
		return 0
	}
	s := headSheet(in, useHeader)
	if s == nil {
		return 0
	}
	for _, h := range s.Header {
		for _, n := range []string{"CPUUtilization", "NetworkIn", "NetworkOut", "DiskReadOps", "DiskWriteOps", "mem_used_percent"} {
			if strings.HasSuffix(h, n) {
				return 80
			}
		}
	}
	if s.Has("full label") {
		return 70
	}
	return 0
}

// cloudwatchAnswer holds both calls' answers; one of the two is there.
type cloudwatchAnswer struct {
	MetricDataResults []struct {
		ID         string            `json:"Id"`
		Label      string            `json:"Label"`
		Timestamps []json.RawMessage `json:"Timestamps"`
		Values     []float64         `json:"Values"`
		Status     string            `json:"StatusCode"`
	}
	Label      string
	Datapoints []struct {
		Timestamp             json.RawMessage
		Average, Maximum, Sum *float64
		Unit                  string
	}
	NextToken string
}

func (r cloudwatchUse) Read(ctx context.Context, in Input) (Batch, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(headText(in)), []byte("{")) {
		u, err := readUseTable(ctx, in, r.Format())
		if err != nil {
			return Batch{}, err
		}
		return u.batch(), nil
	}
	var doc cloudwatchAnswer
	if err := readJSON(in, &doc); err != nil {
		return Batch{}, err
	}
	if doc.MetricDataResults == nil && doc.Datapoints == nil {
		return Batch{}, fmt.Errorf("read %s: neither MetricDataResults nor Datapoints in it: give the output of `aws cloudwatch get-metric-data`", in.Name)
	}
	u := &useTable{in: in, acc: newAccount(in, r.Format()), set: newSeriesSet()}
	u.fallback, u.hasFall = counterInText(fileWord(in.Name))
	if doc.NextToken != "" {
		u.acc.Warn(migrate.Place{Note: "the answer goes on (NextToken): ask for the rest too"})
	}
	u.metricData(doc)
	u.statistics(doc)
	b := Batch{Uses: u.set.series(u.acc, true), AsOf: u.set.last}
	b.Source = u.acc.done()
	return b, nil
}

func (u *useTable) metricData(doc cloudwatchAnswer) {
	for i, res := range doc.MetricDataResults {
		at := migrate.Place{Note: fmt.Sprintf("result %d, %s", i+1, res.Label)}
		k, c, ok := u.seriesName(res.Label)
		if res.Status == "PartialData" || res.Status == "InternalError" {
			u.acc.Warn(migrate.Place{Note: res.Label + ": CloudWatch calls the data incomplete (" + res.Status + ")"})
		}
		for j := range max(len(res.Timestamps), len(res.Values)) {
			switch {
			case !ok:
				u.acc.leave("a label that gives no server with its CPU, memory, disk or network use", at)
				continue
			case j >= len(res.Values):
				u.acc.leave(reasonNoValue, at)
				continue
			case j >= len(res.Timestamps):
				u.acc.leave(reasonNoTime, at)
				continue
			}
			t, timed := jsonTime(res.Timestamps[j])
			if !timed {
				u.acc.leave(reasonNoTime, at)
				continue
			}
			if reason := u.set.add(k, c, t, res.Values[j], 0); reason != "" {
				u.acc.leave(reason, at)
				continue
			}
			u.acc.fact()
		}
	}
}

// statistics reads GetMetricStatistics' data points, which don't name the
// server: the file's name has to (i-0abc.cpu.json).
func (u *useTable) statistics(doc cloudwatchAnswer) {
	server := u.serverOfFile()
	for i, d := range doc.Datapoints {
		at := migrate.Place{Note: fmt.Sprintf("data point %d", i+1)}
		c, ok := counterOf(doc.Label, d.Unit)
		v := d.Average
		if c.perStep && d.Sum != nil || v == nil {
			v = d.Sum
		}
		if v == nil {
			v = d.Maximum
		}
		t, timed := jsonTime(d.Timestamp)
		reason := ""
		switch {
		case !ok:
			reason = reasonNoCounter
		case v == nil:
			reason = reasonNoValue
		case !timed:
			reason = reasonNoTime
		case server == "":
			reason = reasonNoServer + ": name the file after it"
		default:
			reason = u.set.add(sampleKey{server: server, name: doc.Label}, c, t, *v, 0)
		}
		if reason != "" {
			u.acc.leave(reason, at)
			continue
		}
		u.acc.fact()
	}
}
