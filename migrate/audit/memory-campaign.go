package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var memoryCampaign = Check{
	ID:       "memory-campaign",
	Category: "capacity",
	Severity: migrate.SeverityHigh,
	Title:    "Memory has no room for the next campaign",
	Why:      "Each request in flight needs its own memory: at a peak the server swaps or the kernel ends a process, and its customers get errors.",
	Remedy:   "Add memory, or lower the number of worker processes to what fits, and spread the load over more servers.",
	Answer:   "Sizing gives web servers the memory that was in use for each vCPU, and the guest sets the number of workers from the memory it finds.",
	Find:     findMemoryCampaign,
}

// memoryGrows are the roles whose memory grows with requests. A database or a
// cache fills what it is given by design, so high use says nothing there.
var memoryGrows = []Role{RoleEdge, RoleWeb, RoleStatic, RolePayment}

// findMemoryCampaign takes the p99, since a single sample may have caught a
// moment in which the page cache was counted.
func findMemoryCampaign(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unmeasured []string
	groups := in.redundancyGroups(memoryGrows...)
	for _, key := range keys(groups) {
		var over []*migrate.Server
		var evidence []string
		for _, s := range groups[key] {
			m := in.memory(s)
			if m == nil {
				unmeasured = append(unmeasured, s.ID)
				continue
			}
			if m.P99 > in.MemoryLimit {
				over = append(over, s)
				evidence = append(evidence, fmt.Sprintf("%s: memory p99 %.0f %%, limit %.0f %%%s", s.ID, m.P99, in.MemoryLimit, in.sources(s, "use")))
			}
		}
		if len(over) > 0 {
			hits = append(hits, Hit{Subjects: ids(over), Evidence: evidence})
		}
	}
	if len(unmeasured) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "memory use is not measured, or for too short a time", Subjects: unmeasured})
	}
	return hits, unjudged
}
