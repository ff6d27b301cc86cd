package audit

import (
	"cmp"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var databaseFromDMZ = Check{
	ID:       "database-from-dmz",
	Category: "security",
	Severity: migrate.SeverityMedium,
	Title:    "A database is reached from the DMZ",
	Why:      "The DMZ is where a break-in lands first: from there it is one step to all customers' data and orders.",
	Remedy:   "Let only web and admin servers reach the database, and find out what this one asks it for.",
	Answer:   "Data subnets accept the application tiers alone: by security group on AWS, by NSX group on a private cloud.",
	Find:     findDatabaseFromDMZ,
}

func findDatabaseFromDMZ(in *Input) (hits []Hit, unjudged []Unjudged) {
	named := slices.ContainsFunc(in.live, func(s *migrate.Server) bool { return len(networks(s)) > 0 })
	if !named || len(in.Estate.Flows) == 0 {
		return nil, []Unjudged{{Reason: "the names of networks, or traffic and firewall rules, are not known"}}
	}
	for _, s := range in.live {
		if !inDMZ(s) {
			continue
		}
		reached := map[string][]string{}
		for _, f := range in.from[s.ID] {
			to := in.byID[f.To]
			if to == nil || f.ToOutside || f.Class == migrate.FlowScan || f.Kind == "referenced" || inDMZ(to) {
				continue
			}
			if cmp.Or(databasePorts[f.Port], storePorts[f.Port]) != "" && (roleOf(to) == RoleDatabase || databasePorts[f.Port] != "") {
				reached[to.ID] = append(reached[to.ID], in.flowText(f))
			}
		}
		for _, to := range keys(reached) {
			hits = append(hits, Hit{Subjects: []string{s.ID, to}, Evidence: append(reached[to],
				s.ID+" is in network "+networks(s)[0]+in.sources(s, "nics"))})
		}
	}
	return hits, nil
}
