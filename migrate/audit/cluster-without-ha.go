package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var clusterWithoutHA = Check{
	ID:       "cluster-without-ha",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "A cluster that runs the shop does not restart servers of a failed host",
	Why:      "With vSphere HA off, the servers of a failed host stay down until somebody starts them by hand elsewhere.",
	Remedy:   "Switch vSphere HA on, with admission control for one failed host.",
	Answer:   "On AWS fleets replace lost servers by themselves; on a private cloud they need vSphere HA switched on, which the toolkit doesn't check.",
	Find:     findClusterWithoutHA,
}

func findClusterWithoutHA(in *Input) ([]Hit, []Unjudged) {
	return in.clusterSwitch("vSphere HA", func(c *migrate.Cluster) *bool { return c.HA })
}

// clusterSwitch reports clusters that run production servers of the request
// path and have a switch off; one that no source tells is not judged.
func (in *Input) clusterSwitch(what string, get func(*migrate.Cluster) *bool) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for i := range in.Estate.Clusters {
		c := &in.Estate.Clusters[i]
		servers := 0
		for _, s := range in.live {
			if s.Cluster == c.Name && production(s) && hasRole(s, requestPath) {
				servers++
			}
		}
		value := get(c)
		switch {
		case servers == 0:
		case value == nil:
			unknown = append(unknown, c.Name)
		case !*value:
			hits = append(hits, Hit{Subjects: []string{c.Name}, Evidence: []string{
				fmt.Sprintf("%s is off; %d production servers of the shop run here%s", what, servers, in.sourceNames(c.From))}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no source tells whether " + what + " is on", Subjects: unknown})
	}
	return hits, unjudged
}
