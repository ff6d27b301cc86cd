package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var memoryOvercommit = Check{
	ID:       "memory-overcommit",
	Category: "capacity",
	Severity: migrate.SeverityMedium,
	Title:    "Servers on a host are given more memory than it has",
	Why:      "When they all use what they were given, the hypervisor takes memory back by ballooning and swapping, and a database that swaps stops answering.",
	Remedy:   "Move servers to other hosts, shrink them, or reserve the memory of the databases.",
	Answer:   "Instance types have memory of their own; sizing counts hosts of a private cloud so that they have all the memory their servers are given.",
	Find:     findMemoryOvercommit,
}

func findMemoryOvercommit(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for _, key := range keys(in.byHost) {
		h := in.hosts[key]
		if h == nil || h.MemoryMiB == 0 {
			unknown = append(unknown, in.byHost[key][0].Host)
			continue
		}
		given := int64(0)
		for _, s := range in.byHost[key] {
			if runs(s) {
				given += s.MemoryMiB
			}
		}
		if given > h.MemoryMiB {
			hits = append(hits, Hit{Subjects: []string{h.Name}, Evidence: []string{fmt.Sprintf(
				"%d GiB given to running servers, %d GiB in the host%s", given/1024, h.MemoryMiB/1024, in.sourceNames(h.From))}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the host's memory is not known", Subjects: unknown})
	}
	return hits, unjudged
}
