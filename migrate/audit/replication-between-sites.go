package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var replicationBetweenSites = Check{
	ID:       "replication-between-sites",
	Category: "security",
	Severity: migrate.SeverityMedium,
	Title:    "A database replicates between sites on a port of clear text",
	Why:      "Orders and customers cross a line that others carry. On this port they are readable unless TLS was switched on, which traffic alone does not show.",
	Remedy:   "Check that the replica demands TLS (in MySQL: Replica_SSL_Allowed, require_secure_transport), or send it through the VPN.",
	Answer:   "On AWS databases accept TLS only; the way between the sites is for your network team.",
	Find:     findReplicationBetweenSites,
}

func findReplicationBetweenSites(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for i := range in.Estate.Flows {
		f := &in.Estate.Flows[i]
		from, to := in.byID[f.From], in.byID[f.To]
		if f.FromOutside || f.ToOutside || from == nil || to == nil || !observed(f) || databasePorts[f.Port] == "" ||
			roleOf(from) != RoleDatabase || roleOf(to) != RoleDatabase {
			continue
		}
		if from.Datacenter == "" || to.Datacenter == "" {
			unknown = append(unknown, from.ID, to.ID)
			continue
		}
		if from.Datacenter != to.Datacenter {
			hits = append(hits, Hit{Subjects: []string{f.From, f.To}, Evidence: []string{
				fmt.Sprintf("%s; %s is in %s and %s in %s", in.flowText(f), f.From, from.Datacenter, f.To, to.Datacenter)}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the datacenter of a database that replicates is not known", Subjects: unknown})
	}
	return hits, unjudged
}
