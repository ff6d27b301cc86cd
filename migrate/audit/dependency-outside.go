package audit

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var dependencyOutside = Check{
	ID:       "dependency-outside",
	Category: "network",
	Severity: migrate.SeverityMedium,
	Title:    "Servers depend on something outside the estate",
	Why:      "What is not in the estate is in no wave: after the move the address is out of reach, or the partner refuses a sender it does not know.",
	Remedy:   "Find what stands behind each address; add it to the estate, or have the partner accept the new site's addresses before the night.",
	Answer:   "Outgoing traffic leaves by known addresses (NAT gateway, SNAT) that partners can be told in advance.",
	Find:     findDependencyOutside,
}

// findDependencyOutside reports each unknown address of the company's own
// network, which is a system that the exports forgot, and all addresses of the
// internet together, which are partners.
func findDependencyOutside(in *Input) (hits []Hit, unjudged []Unjudged) {
	if !in.flowsKnown() {
		return nil, []Unjudged{{Reason: "no traffic is known"}}
	}
	own, partners := map[string][]*migrate.Flow{}, map[string][]*migrate.Flow{}
	for _, s := range in.live {
		for _, f := range in.from[s.ID] {
			switch {
			case !f.ToOutside || !production(s) || !business(f) || f.Kind == "allowed":
			case privateAddress(f.To):
				own[f.To] = append(own[f.To], f)
			default:
				partners[f.To] = append(partners[f.To], f)
			}
		}
	}
	for _, to := range keys(own) {
		hit := Hit{Title: "Servers depend on " + to + ", which is not in the estate"}
		for _, f := range own[to] {
			hit.Subjects = append(hit.Subjects, f.From)
			hit.Evidence = append(hit.Evidence, in.flowText(f))
		}
		hits = append(hits, hit)
	}
	if len(partners) > 0 {
		hits = append(hits, in.partnerHit(partners))
	}
	return hits, nil
}

// mostPartners bounds the evidence of one finding; what is left out is counted.
const mostPartners = 20

func (in *Input) partnerHit(partners map[string][]*migrate.Flow) Hit {
	hit := Hit{Severity: migrate.SeverityLow, Title: "Servers call partners on the internet"}
	type partner struct {
		text        string
		connections int64
	}
	var list []partner
	for _, to := range keys(partners) {
		ports, connections := map[int]bool{}, int64(0)
		callers := map[string]bool{}
		for _, f := range partners[to] {
			ports[f.Port], callers[f.From] = true, true
			connections += f.Connections
			hit.Subjects = append(hit.Subjects, f.From)
		}
		list = append(list, partner{fmt.Sprintf("%s port %v from %d servers", to, keys(ports), len(callers)), connections})
	}
	slices.SortStableFunc(list, func(a, b partner) int { return cmp.Compare(b.connections, a.connections) })
	for i, p := range list {
		if i == mostPartners {
			hit.Evidence = append(hit.Evidence, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		hit.Evidence = append(hit.Evidence, p.text)
	}
	return hit
}
