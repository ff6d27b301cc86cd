package inventory

import (
	"context"
	"strings"
)

// vcenterUse reads performance data of a vCenter as PowerCLI's Get-Stat and
// Export-Csv write them (Entity, MetricId, Timestamp, Value, Unit,
// IntervalSecs, Instance), and the charts that the vSphere Client exports
// (Time, then a column for every "counter for object").
type vcenterUse struct{}

func (vcenterUse) Format() string { return "vcenter-performance" }

func (vcenterUse) Detect(in Input) int {
	s := headSheet(in, useHeader)
	switch {
	case s == nil:
		return 0
	case has(s, "MetricId", "Value") && s.Has("Timestamp", "Time"):
		return 90
	}
	for _, h := range s.Header {
		if m := seriesFor.FindStringSubmatch(h); m != nil {
			return 65
		}
		if n := strings.ToLower(h); strings.HasSuffix(n, ".average") || strings.HasSuffix(n, ".latest") {
			return 85
		}
	}
	return 0
}

func (r vcenterUse) Read(ctx context.Context, in Input) (Batch, error) {
	u, err := readUseTable(ctx, in, r.Format())
	if err != nil {
		return Batch{}, err
	}
	return u.batch(), nil
}
