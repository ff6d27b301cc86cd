package audit

import (
	"fmt"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var campaignErrors = Check{
	ID:       "campaign-errors",
	Category: "capacity",
	Severity: migrate.SeverityHigh,
	Title:    "The last campaign answered customers with errors",
	Why:      "Each 5xx in a campaign hour is a customer who wanted to buy and could not; the next campaign meets the same limit.",
	Remedy:   "Find which tier gave way in that hour (CPU, connections, locks) before it moves, or the fault moves too.",
	Answer:   "Caches and sessions have tiers of their own, the web fleet is sized for the campaign, and visitors can be moved share by share.",
	Find:     findCampaignErrors,
}

// findCampaignErrors looks at the hours whose requests are a multiple of the
// median hour, and joins neighbouring ones into one finding.
func findCampaignErrors(in *Input) (hits []Hit, unjudged []Unjudged) {
	median := in.medianHour()
	if median == 0 {
		return nil, []Unjudged{{Reason: "no access log was read"}}
	}
	surges, last := 0, time.Time{}
	for _, h := range in.Estate.Access.Hours {
		if float64(h.Requests) < in.SurgeMultiple*median {
			continue
		}
		surges++
		share := float64(h.Errors) / float64(h.Requests)
		if share < in.ErrorShare {
			continue
		}
		text := fmt.Sprintf("%s: %d requests (%.1f times the median hour), %d of them answered 5xx (%.1f %%)%s",
			h.Start.UTC().Format("2006-01-02 15:04"), h.Requests, float64(h.Requests)/median, h.Errors, share*100,
			in.sourceNames(in.Estate.Access.Sources))
		if len(hits) > 0 && h.Start.Equal(last.Add(time.Hour)) {
			hits[len(hits)-1].Evidence = append(hits[len(hits)-1].Evidence, text)
		} else {
			hits = append(hits, Hit{Evidence: []string{text}})
		}
		last = h.Start
	}
	if surges == 0 {
		unjudged = append(unjudged, Unjudged{Reason: fmt.Sprintf("the access logs show no hour of %.0f times the median", in.SurgeMultiple)})
	}
	return hits, unjudged
}

// inSurge tells whether an event overlaps a campaign hour.
func (in *Input) inSurge(e migrate.AccessEvent) bool {
	median := in.medianHour()
	for _, h := range in.Estate.Access.Hours {
		if median > 0 && float64(h.Requests) >= in.SurgeMultiple*median &&
			h.Start.Before(e.End) && e.Start.Before(h.Start.Add(time.Hour)) {
			return true
		}
	}
	return false
}
