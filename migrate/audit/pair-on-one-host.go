package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var pairOnOneHost = Check{
	ID:       "pair-on-one-host",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "All servers of a redundant group run on one host",
	Why:      "The pair looks redundant and is not: one failed host takes both halves away at once.",
	Remedy:   "Move one half to another host now, and add an anti-affinity rule so that they stay apart.",
	Answer:   "Fleets, database members and caches are spread over zones on AWS and by anti-affinity rules on vSphere.",
	Find:     findPairOnOneHost,
}

func findPairOnOneHost(in *Input) (hits []Hit, unjudged []Unjudged) {
	groups := in.redundancyGroups(requestPath...)
	var unknown []string
	for _, key := range keys(groups) {
		group := groups[key]
		if len(group) < 2 {
			continue
		}
		if slices.ContainsFunc(group, func(s *migrate.Server) bool { return s.Host == "" }) {
			unknown = append(unknown, ids(group)...)
			continue
		}
		first := group[0].Host
		if slices.ContainsFunc(group, func(s *migrate.Server) bool { return !strings.EqualFold(s.Host, first) }) {
			continue
		}
		hits = append(hits, Hit{Subjects: ids(group), Severity: lessIfDoubtful(migrate.SeverityHigh, group...), Evidence: []string{
			fmt.Sprintf("all %d servers named %s… run on host %s%s", len(group), stem(group[0]), first, in.sources(group[0], "host")) + roleDoubt(group[0])}})
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the host is not known", Subjects: unknown})
	}
	return hits, unjudged
}
