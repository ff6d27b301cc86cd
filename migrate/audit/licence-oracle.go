package audit

import (
	"fmt"
	"regexp"

	"github.com/storefront-toolkit/storefront/migrate"
)

var licenceOracle = Check{
	ID:       "licence-oracle",
	Category: "licence",
	Severity: migrate.SeverityMedium,
	Title:    "Oracle Database runs on a shared cluster",
	Why:      "Oracle's partitioning policy does not accept vSphere as a limit: it asks for licences for every core the server could move to, here and on the new site.",
	Remedy:   "Settle the licence question before the move: a cluster of its own, cloud instances counted by vCPU, or another database.",
	Answer:   "The database tier is MySQL-compatible; an Oracle server stays a retained or separately planned one.",
	Find:     findLicenceOracle,
}

var oracleDatabase = regexp.MustCompile(`(?i)oracle.*(database|rdbms|\bdb\b)|^oracle-?(xe|ee|se2?)$`)

func findLicenceOracle(in *Input) (hits []Hit, unjudged []Unjudged) {
	listed := false
	for _, s := range in.live {
		listed = listed || len(s.Software) > 0
		for _, p := range s.Software {
			if s.Kind != migrate.KindVM || !oracleDatabase.MatchString(p.Name) {
				continue
			}
			cores, hosts := 0, in.clusterHosts(s.Cluster)
			for _, h := range hosts {
				cores += h.Cores
			}
			evidence := fmt.Sprintf("%s %s on %d vCPUs%s", p.Name, p.Version, s.CPUs, in.sources(s, "software"))
			if cores > 0 {
				evidence += fmt.Sprintf("; cluster %s has %d hosts with %d cores", s.Cluster, len(hosts), cores)
			}
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{evidence}})
			break
		}
	}
	if !listed {
		unjudged = append(unjudged, Unjudged{Reason: "no source lists software"})
	}
	return hits, unjudged
}
