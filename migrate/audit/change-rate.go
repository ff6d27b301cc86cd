package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var changeRate = Check{
	ID:       "change-rate",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "A server may write faster than replication can follow",
	Why:      "Replication that falls behind never becomes ready: the cut-over is called off in its own window.",
	Remedy:   "Measure writes alone, leave temporary and log disks out of replication, or use the database's own replication.",
	Answer:   "Databases move by their own replication; the plan counts daily change against the link before it gives a window.",
	Find:     findChangeRate,
}

// findChangeRate takes the mean disk throughput, which counts reads too, as the
// upper bound of what changes. A server is reported where that alone fills half
// of the line's share for replication.
func findChangeRate(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unmeasured []string
	limit := in.LinkMbps * in.LinkShare / 2 / 8 // MB/s
	for _, s := range in.live {
		if !runs(s) {
			continue
		}
		var m *migrate.Measure
		if s.Use != nil {
			m = in.enough(s.Use, s.Use.DiskMBps)
		}
		if m == nil {
			unmeasured = append(unmeasured, s.ID)
			continue
		}
		if m.Mean > limit {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{fmt.Sprintf(
				"disks read and write %.0f MB/s on average, at most %.1f TB a day; half of the line's share carries %.0f MB/s%s",
				m.Mean, m.Mean*86400/1e6, limit, in.sources(s, "use"))}})
		}
	}
	if len(unmeasured) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "disk throughput is not measured", Subjects: unmeasured})
	}
	return hits, unjudged
}
