package audit

import "github.com/storefront-toolkit/storefront/migrate"

var loadBalancerSingle = Check{
	ID:       "load-balancer-single",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "A storefront has one load balancer",
	Why:      "All traffic of the storefront passes one server: when it stops, or has to be patched, that storefront sells nothing.",
	Remedy:   "Add a second load balancer on another host and a shared address (VRRP), or use a platform's load balancer.",
	Answer:   "Each channel gets the platform's load balancer, which has no single node: an ALB over all zones, or NSX virtual servers on the edge cluster.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.singles("the only load balancer", migrate.SeverityHigh, RoleEdge), nil
	},
}

// singles reports the groups of a role that have one member.
func (in *Input) singles(what string, severity migrate.Severity, roles ...Role) (hits []Hit) {
	groups := in.redundancyGroups(roles...)
	for _, key := range keys(groups) {
		if group := groups[key]; len(group) == 1 {
			s := group[0]
			hits = append(hits, Hit{Subjects: []string{s.ID}, Severity: lessIfDoubtful(severity, s), Evidence: []string{
				what + " of " + groupName(s) + ", no other server named " + stem(s) + "…" + in.sources(s, "role") + roleDoubt(s)}})
		}
	}
	return hits
}
