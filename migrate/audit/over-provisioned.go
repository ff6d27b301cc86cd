package audit

import (
	"fmt"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var overProvisioned = Check{
	ID:       "over-provisioned",
	Category: "cost",
	Severity: migrate.SeverityLow,
	Title:    "Servers have far more CPU than they use",
	Why:      "Carried over as they are, these servers cost their nameplate every hour; and on shared hosts they slow the others down.",
	Remedy:   "Take the vCPUs that the measured peak needs, with headroom, and not the old number.",
	Answer:   "Sizing uses measured p95 and p99 where samples cover enough, and says the difference to today.",
	Find:     findOverProvisioned,
}

// findOverProvisioned looks at servers of four vCPUs and more. One on the path
// of an order is judged by its projected campaign peak, or not at all: that it
// is idle in a quiet week proves nothing.
func findOverProvisioned(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unmeasured []string
	spare := map[string][]*migrate.Server{}
	for _, s := range in.live {
		if !runs(s) || s.CPUs < 4 {
			continue
		}
		m := in.cpuOfWeek(s)
		if m == nil {
			unmeasured = append(unmeasured, s.ID)
			continue
		}
		peak := m.Max
		if production(s) && hasRole(s, requestPath) {
			factor, known := in.campaignFactor(s.Use)
			if !known {
				unmeasured = append(unmeasured, s.ID)
				continue
			}
			peak *= factor
		}
		if peak < in.SpareCPUPercent && m.Max > in.IdleCPUPercent {
			spare[stem(s)] = append(spare[stem(s)], s)
		}
	}
	for _, key := range keys(spare) {
		servers := spare[key]
		slices.SortFunc(servers, func(a, b *migrate.Server) int { return b.CPUs - a.CPUs })
		total, evidence := 0, []string{}
		for _, s := range servers {
			total += s.CPUs / 2
			evidence = append(evidence, fmt.Sprintf("%s: %d vCPUs, CPU %s%s", s.ID, s.CPUs, measureText(s.Use.CPU), in.sources(s, "use")))
		}
		evidence = append(evidence, fmt.Sprintf("%d vCPUs could go", total))
		hits = append(hits, Hit{Subjects: ids(servers), Evidence: evidence})
	}
	if len(unmeasured) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "CPU use at a known load is not measured, or for less than a week", Subjects: unmeasured})
	}
	return hits, unjudged
}
