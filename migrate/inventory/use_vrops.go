package inventory

import (
	"context"
	"strings"
)

// vropsUse reads views that vRealize (Aria, VCF) Operations exports as CSV: a
// row for an object and a time, a column for every metric ("CPU|Usage (%)"),
// numbers with thousands marks ("49,491.68") and times such as "12:00 AM 21
// July 2026". It serves any table of that shape.
type vropsUse struct{}

func (vropsUse) Format() string { return "vrops" }

func (vropsUse) Detect(in Input) int {
	s := headSheet(in, useHeader)
	if s == nil || !s.Has(useServers...) || s.Has(useValues...) {
		return 0
	}
	best := 0
	for _, h := range s.Header {
		if _, ok := counterOf(h, ""); !ok {
			continue
		}
		best = max(best, 55)
		if strings.Contains(h, "|") {
			best = 90
		}
	}
	return best
}

func (r vropsUse) Read(ctx context.Context, in Input) (Batch, error) {
	u, err := readUseTable(ctx, in, r.Format())
	if err != nil {
		return Batch{}, err
	}
	return u.batch(), nil
}
