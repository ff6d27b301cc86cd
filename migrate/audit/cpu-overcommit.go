package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var cpuOvercommit = Check{
	ID:       "cpu-overcommit",
	Category: "capacity",
	Severity: migrate.SeverityMedium,
	Title:    "A cluster promises more vCPUs than its cores can serve at a peak",
	Why:      "At a campaign all servers want CPU in the same minute and wait for each other; the guests see it as slowness without a cause.",
	Remedy:   "Shrink over-provisioned servers, move test servers away, or add hosts.",
	Answer:   "Sizing works from measured use; on a private cloud it counts hosts for at most 4 vCPUs a core.",
	Find:     findCPUOvercommit,
}

func findCPUOvercommit(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for _, name := range in.clusterNames() {
		vcpus, cores, known := 0, 0, true
		for _, s := range in.live {
			if runs(s) && strings.EqualFold(s.Cluster, name) {
				vcpus += s.CPUs
			}
		}
		hosts := in.clusterHosts(name)
		for _, h := range hosts {
			known = known && h.Cores > 0
			cores += h.Cores
		}
		switch ratio := float64(vcpus) / float64(max(cores, 1)); {
		case vcpus == 0:
		case !known || len(hosts) == 0:
			unknown = append(unknown, name)
		case ratio > in.VCPUsPerCore:
			hits = append(hits, Hit{Subjects: []string{name}, Evidence: []string{fmt.Sprintf(
				"%d vCPUs run on %d cores: %.1f to 1, over %.1f to 1", vcpus, cores, ratio, in.VCPUsPerCore)}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the cores of its hosts are not known", Subjects: unknown})
	}
	return hits, unjudged
}
