package audit

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var environmentsMixed = Check{
	ID:       "environments-mixed",
	Category: "separation",
	Severity: migrate.SeverityHigh,
	Title:    "Production and test use each other's servers",
	Why:      "A load test or a wrong script reaches live orders; and when test is switched off or moved, the shop stops with it.",
	Remedy:   "Give each environment its own back ends, change the passwords that both know, and block the path between them.",
	Answer:   "Each stack is one environment with its own network, database and secrets; security groups and NSX rules let nothing across.",
	Find:     findEnvironmentsMixed,
}

// betweenEnvironments are the roles that serve all environments by design. Who
// comes through a VPN or a jump host is a person and no dependency.
var betweenEnvironments = []Role{RoleDeploy, RoleMonitoring, RoleBackup, RoleDNS, RoleTime, RoleDirectory, RoleMail, RoleVPN}

// findEnvironmentsMixed is grave where test can touch live data, or where the
// path of an order leads through test; other mixing is of medium weight.
func findEnvironmentsMixed(in *Input) (hits []Hit, unjudged []Unjudged) {
	if !in.flowsKnown() {
		return nil, []Unjudged{{Reason: "no traffic is known"}}
	}
	type pair struct{ from, to string }
	evidence, severity := map[pair][]string{}, map[pair]migrate.Severity{}
	var pairs []pair
	for i := range in.Estate.Flows {
		f := &in.Estate.Flows[i]
		from, to := in.byID[f.From], in.byID[f.To]
		if f.FromOutside || f.ToOutside || from == nil || to == nil || !observed(f) || !business(f) ||
			!stated(from) || !stated(to) || rehearsal(from) == rehearsal(to) ||
			hasRole(from, betweenEnvironments) || hasRole(to, betweenEnvironments) {
			continue
		}
		p := pair{f.From, f.To}
		if evidence[p] == nil {
			pairs = append(pairs, p)
			severity[p] = mixedSeverity(from, to)
		}
		evidence[p] = append(evidence[p], fmt.Sprintf("%s (%s to %s)", in.flowText(f), from.Environment.Value, to.Environment.Value))
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for _, p := range pairs {
		hits = append(hits, Hit{Subjects: []string{p.from, p.to}, Evidence: evidence[p], Severity: severity[p]})
	}
	return hits, nil
}

// stated tells whether a source or the inference names an environment: silence
// is no evidence of a mixture.
func stated(s *migrate.Server) bool { return s.Environment.Value != "" }

func mixedSeverity(from, to *migrate.Server) migrate.Severity {
	data := []Role{RoleDatabase, RoleSessions, RoleCache, RoleSearch, RoleMedia, RolePayment}
	if (rehearsal(from) && hasRole(to, data)) || (rehearsal(to) && hasRole(from, requestPath)) {
		return migrate.SeverityHigh
	}
	return migrate.SeverityMedium
}
