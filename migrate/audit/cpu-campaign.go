package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var cpuCampaign = Check{
	ID:       "cpu-campaign",
	Category: "capacity",
	Severity: migrate.SeverityHigh,
	Title:    "CPU has no room for the next campaign",
	Why:      "Above the limit, requests queue: pages slow down, customers reload, and the queue grows until the load balancer answers with errors.",
	Remedy:   "Add servers or vCPUs before the campaign, cache more in front, and rehearse with a load test.",
	Answer:   "Sizing projects measured use to the campaign multiple with headroom; on AWS the web fleet scales out on load, and before a campaign by schedule.",
	Find:     findCPUCampaign,
}

// findCPUCampaign takes CPU use on the path of an order to grow with requests,
// as in the utilisation law (U = X·S: use is throughput times service demand).
// Where access logs cover the measurement, the highest sample is scaled by the
// load still to come; else it is taken as it is, and that is said.
func findCPUCampaign(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unmeasured, unscaled []string
	groups := in.redundancyGroups(requestPath...)
	for _, key := range keys(groups) {
		var over []*migrate.Server
		var evidence []string
		for _, s := range groups[key] {
			m := in.cpu(s)
			if m == nil {
				unmeasured = append(unmeasured, s.ID)
				continue
			}
			factor, known := in.campaignFactor(s.Use)
			if !known {
				unscaled = append(unscaled, s.ID)
			}
			if m.Max*factor > in.CPULimit {
				over = append(over, s)
				evidence = append(evidence, in.cpuEvidence(s, m, factor, known))
			}
		}
		if len(over) > 0 {
			hits = append(hits, Hit{Subjects: ids(over), Evidence: evidence})
		}
	}
	if len(unmeasured) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "CPU use is not measured, or for too short a time", Subjects: unmeasured})
	}
	if len(unscaled) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no access log covers the measurement, so its peak was not scaled to the campaign", Subjects: unscaled})
	}
	return hits, unjudged
}

func (in *Input) cpuEvidence(s *migrate.Server, m *migrate.Measure, factor float64, known bool) string {
	text := s.ID + ": CPU " + measureText(m)
	switch {
	case !known:
		text += " at unknown load"
	case factor > 1:
		text += fmt.Sprintf(" at %.1f times the median hour; %.0f %% at %.0f times", in.CampaignMultiple/factor, m.Max*factor, in.CampaignMultiple)
	default:
		text += fmt.Sprintf(" at %.1f times the median hour", in.loadSeen(s.Use))
	}
	return text + fmt.Sprintf("; limit %.0f %%", in.CPULimit) + in.sources(s, "use")
}
