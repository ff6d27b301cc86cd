package audit

import (
	"fmt"
	"regexp"

	"github.com/storefront-toolkit/storefront/migrate"
)

var adapterOld = Check{
	ID:       "adapter-old",
	Category: "capacity",
	Severity: migrate.SeverityLow,
	Title:    "Servers have an emulated network card",
	Why:      "An emulated card costs the host CPU for every packet, which is felt on load balancers and web servers first, and at a peak.",
	Remedy:   "Replace the card by VMXNET3 with the next planned restart; the guest sees a new card, so keep its address at hand.",
	Answer:   "New servers have VMXNET3 on vSphere and ENA on AWS.",
	Find:     findAdapterOld,
}

var emulated = regexp.MustCompile(`(?i)^(virtual)?(e1000e?|vlance|pcnet.*|flexible)$`)

func findAdapterOld(in *Input) (hits []Hit, unjudged []Unjudged) {
	var old, unknown, evidence []string
	for _, s := range in.live {
		told := false
		for _, n := range s.NICs {
			told = told || n.Adapter != ""
			if emulated.MatchString(n.Adapter) {
				old = append(old, s.ID)
				evidence = append(evidence, fmt.Sprintf("%s: %s%s", s.ID, n.Adapter, in.sources(s, "nics")))
				break
			}
		}
		if !told && s.Kind == migrate.KindVM {
			unknown = append(unknown, s.ID)
		}
	}
	if len(old) > 0 {
		hits = append(hits, Hit{Subjects: old, Evidence: evidence})
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the kind of network card is not known", Subjects: unknown})
	}
	return hits, unjudged
}
