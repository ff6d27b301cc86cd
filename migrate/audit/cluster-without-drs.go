package audit

import "github.com/storefront-toolkit/storefront/migrate"

var clusterWithoutDRS = Check{
	ID:       "cluster-without-drs",
	Category: "resilience",
	Severity: migrate.SeverityLow,
	Title:    "A cluster does not spread load over its hosts",
	Why:      "With DRS off, the servers of one host can wait for CPU at a peak while the host beside it is idle; and rules that keep pairs apart don't work.",
	Remedy:   "Switch DRS on, fully automated, before the campaign.",
	Answer:   "Load is spread by the platform; anti-affinity on vSphere needs DRS and the topology says so.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.clusterSwitch("vSphere DRS", func(c *migrate.Cluster) *bool { return c.DRS })
	},
}
