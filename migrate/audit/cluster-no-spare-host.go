package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var clusterNoSpareHost = Check{
	ID:       "cluster-no-spare-host",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "A cluster can't carry its servers after the loss of one host",
	Why:      "When the largest host fails, the memory left is less than what runs: some servers won't start again.",
	Remedy:   "Add a host, shrink over-provisioned servers, or move test servers to another cluster.",
	Answer:   "On AWS capacity is not the estate's worry; on a private cloud add one host to the number that sizing gives.",
	Find:     findClusterNoSpareHost,
}

// findClusterNoSpareHost counts configured memory, which is what a host must
// hold at worst. vCPUs may be overcommitted and are judged by another check.
func findClusterNoSpareHost(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for _, name := range in.clusterNames() {
		hosts, used := in.clusterHosts(name), in.clusterMemory(name)
		total, largest := int64(0), int64(0)
		known := len(hosts) > 0
		for _, h := range hosts {
			known = known && h.MemoryMiB > 0
			total, largest = total+h.MemoryMiB, max(largest, h.MemoryMiB)
		}
		switch {
		case !known:
			unknown = append(unknown, name)
		case used > total-largest:
			hits = append(hits, Hit{Subjects: []string{name}, Evidence: []string{fmt.Sprintf(
				"running servers are given %d GiB; %d hosts have %d GiB, and %d GiB without the largest",
				used/1024, len(hosts), total/1024, (total-largest)/1024)}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the memory of its hosts is not known", Subjects: unknown})
	}
	return hits, unjudged
}

// clusterNames lists the clusters that hosts, servers or the estate name.
func (in *Input) clusterNames() []string {
	names := map[string]bool{}
	for _, c := range in.Estate.Clusters {
		names[c.Name] = true
	}
	for _, h := range in.Estate.Hosts {
		names[h.Cluster] = true
	}
	for _, s := range in.live {
		names[s.Cluster] = true
	}
	delete(names, "")
	return keys(names)
}

func (in *Input) clusterHosts(name string) (hosts []*migrate.Host) {
	for i := range in.Estate.Hosts {
		if strings.EqualFold(in.Estate.Hosts[i].Cluster, name) {
			hosts = append(hosts, &in.Estate.Hosts[i])
		}
	}
	return hosts
}

// clusterMemory sums the memory, in MiB, of what runs in a cluster.
func (in *Input) clusterMemory(name string) (mib int64) {
	for _, s := range in.live {
		if runs(s) && strings.EqualFold(s.Cluster, name) {
			mib += s.MemoryMiB
		}
	}
	return mib
}
