package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var hypervisorEndOfLife = Check{
	ID:       "hypervisor-end-of-life",
	Category: "lifecycle",
	Severity: migrate.SeverityMedium,
	Title:    "Hosts run a hypervisor past its end of life",
	Why:      "A host that fails in the campaign week gets no help from its maker, and current movers drop support for old versions.",
	Remedy:   "Check that the mover supports this version; if it does, move rather than upgrade.",
	Answer:   "AWS runs no hypervisor of yours; on a private cloud the version of its hosts is not checked.",
	Find:     findHypervisorEndOfLife,
}

func findHypervisorEndOfLife(in *Input) (hits []Hit, unjudged []Unjudged) {
	if in.AsOf.IsZero() {
		return nil, []Unjudged{{Reason: "the date to judge at is not known"}}
	}
	dead, releases := map[string][]string{}, map[string]support{}
	var unknown []string
	for _, h := range in.Estate.Hosts {
		release, ok := hypervisorSupport(h.Version)
		switch {
		case !ok:
			unknown = append(unknown, h.Name)
		case release.over(in.AsOf):
			dead[release.name()] = append(dead[release.name()], h.Name)
			releases[release.name()] = release
		}
	}
	for _, name := range keys(dead) {
		r := releases[name]
		hits = append(hits, Hit{Subjects: dead[name], Evidence: []string{fmt.Sprintf("general support of %s %s (%s)", name, r.ended(), r.source)}})
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the hypervisor's version is not known", Subjects: unknown})
	}
	return hits, unjudged
}
