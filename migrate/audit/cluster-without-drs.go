package audit

import "github.com/storefront-toolkit/storefront/migrate"

var clusterWithoutDRS = Check{
	ID:       "cluster-without-drs",
	Category: "resilience",
	Severity: migrate.SeverityLow,
	Title:    "A cluster does not spread load over its hosts",
	Why:      "With DRS off, the servers of one host can wait for CPU at a peak while the host beside it is idle; and rules that keep pairs apart don't work.",
	Remedy:   "Switch DRS on, fully automated, before the campaign.",
	Answer:   "On AWS there is no such cluster; on a private cloud anti-affinity rules need DRS switched on, which the toolkit doesn't check.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.clusterSwitch("vSphere DRS", func(c *migrate.Cluster) *bool { return c.DRS })
	},
}
