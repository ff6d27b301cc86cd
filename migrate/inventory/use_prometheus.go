package inventory

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// prometheusUse reads what Prometheus' HTTP API answers to query_range (or to
// query with a range), and the CSV that Grafana makes of such a query: a
// column for every series, or Series, Time and Value. A query usually drops
// the metric's name; then the file's name tells what was asked for (cpu.json,
// memory.csv). Percentages given as ratios from 0 to 1 are known by it that no
// value exceeds 1. A server's CPUs are averaged, and of the modes of a CPU its
// idle time counts; series that differ in other labels are refused.
type prometheusUse struct{}

func (prometheusUse) Format() string { return "prometheus" }

func (prometheusUse) Detect(in Input) int {
	head := bytes.TrimSpace(headText(in))
	if bytes.HasPrefix(head, []byte("{")) {
		if bytes.Contains(head, []byte(`"resultType"`)) {
			return 95
		}
		return 0
	}
	s := headSheet(in, useHeader)
	if s == nil || s.Has("MetricId", "full label", "label") {
		return 0
	}
	_, named := counterInText(fileWord(in.Name))
	switch {
	case s.Has("value") && s.Has("metric", "__name__") && s.Has("instance", "host", "server"):
		return 75
	case s.Has("series") && s.Has("value") && named, named && len(s.Header) >= 2 && !s.Has(useServers...):
		return 60
	case strings.Contains(strings.Join(s.Header, ","), `{`):
		return 60
	}
	return 0
}

// promAnswer is the answer of the API.
type promAnswer struct {
	Status string `json:"status"`
	Error  string `json:"error"`
	Data   struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Metric map[string]string    `json:"metric"`
			Values [][2]json.RawMessage `json:"values"`
		} `json:"result"`
	} `json:"data"`
}

func (r prometheusUse) Read(ctx context.Context, in Input) (Batch, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(headText(in)), []byte("{")) {
		u, err := readUseTable(ctx, in, r.Format())
		if err != nil {
			return Batch{}, err
		}
		u.set.ratios(u.acc)
		return u.batch(), nil
	}
	var doc promAnswer
	if err := readJSON(in, &doc); err != nil {
		return Batch{}, err
	}
	switch {
	case doc.Status == "error":
		return Batch{}, fmt.Errorf("read %s: Prometheus answered with an error: %s", in.Name, doc.Error)
	case doc.Data.ResultType != "matrix":
		return Batch{}, fmt.Errorf("read %s: a %q and not a \"matrix\" of samples over time: ask query_range", in.Name, doc.Data.ResultType)
	}
	u := &useTable{in: in, acc: newAccount(in, r.Format()), set: newSeriesSet()}
	fall, hasFall := counterInText(fileWord(in.Name))
	for i, res := range doc.Data.Result {
		if err := ctx.Err(); err != nil {
			return Batch{}, err
		}
		c, ok := promCounter(res.Metric, fall, hasFall)
		why := reasonNoCounter
		if name := res.Metric["__name__"]; strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_bytes") {
			why = reasonRawCounter
		}
		k := keyOfLabels(res.Metric["__name__"], res.Metric, c.metric)
		at := migrate.Place{Note: fmt.Sprintf("result %d, %s", i+1, k.server)}
		for _, v := range res.Values {
			u.promSample(k, c, ok, why, v, at)
		}
	}
	u.set.ratios(u.acc)
	b := Batch{Uses: u.set.series(u.acc, true), AsOf: u.set.last}
	b.Source = u.acc.done()
	return b, nil
}

func (u *useTable) promSample(k sampleKey, c counter, ok bool, why string, raw [2]json.RawMessage, at migrate.Place) {
	t, timed := jsonTime(raw[0])
	v, valued := promValue(raw[1])
	switch {
	case !ok:
		u.acc.leave(why, at)
	case !timed:
		u.acc.leave(reasonNoTime, at)
	case !valued:
		u.acc.leave(reasonNoValue, at)
	default:
		if reason := u.set.add(k, c, t, v, 0); reason != "" {
			u.acc.leave(reason, at)
			return
		}
		u.acc.fact()
	}
}

// promCounter knows a series by its name, else by the name of the file.
func promCounter(labels map[string]string, fall counter, hasFall bool) (counter, bool) {
	if name := labels["__name__"]; name != "" {
		return counterOf(name, "")
	}
	return fall, hasFall
}

// ratios turns percentages that were given as ratios into percent: when no
// value of a metric in the whole input exceeds 1, and some lie between.
func (s *seriesSet) ratios(acc *account) {
	for _, m := range []Metric{CPUPercent, MemoryPercent} {
		top, n := 0.0, 0
		distinct := map[float64]bool{}
		for k, r := range s.runs {
			if k.metric != m || r.counter.scale != 1 {
				continue
			}
			for _, v := range r.at {
				top = max(top, v)
				n++
				if len(distinct) < 3 {
					distinct[v] = true
				}
			}
		}
		if n < 2 || top > 1 || len(distinct) < 2 {
			continue
		}
		for k, r := range s.runs {
			if k.metric == m && r.counter.scale == 1 {
				r.counter.scale = 100
			}
		}
		acc.Warn(migrate.Place{Note: string(m) + ": no value exceeds 1 (the highest is " + strconv.FormatFloat(top, 'g', 4, 64) + "), so they are taken as ratios and multiplied by 100"})
	}
}
