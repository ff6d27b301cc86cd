package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var noRecoverySite = Check{
	ID:       "no-recovery-site",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "All production servers stand in one datacenter",
	Why:      "A loss of power, cooling or the line to this one building stops every storefront at once.",
	Remedy:   "Keep backups and a database replica in a second building, and write down how the shop is started there.",
	Answer:   "On AWS a production stack spans three availability zones, which are separate buildings.",
	Find:     findNoRecoverySite,
}

func findNoRecoverySite(in *Input) (hits []Hit, unjudged []Unjudged) {
	sites := map[string]int{}
	unknown, total := 0, 0
	for _, s := range in.live {
		if !production(s) && s.Environment.Value != "recovery" {
			continue
		}
		total++
		if s.Datacenter == "" {
			unknown++
			continue
		}
		sites[s.Datacenter]++
	}
	if total == 0 {
		return nil, nil
	}
	if unknown > 0 {
		return nil, []Unjudged{{Reason: fmt.Sprintf("the datacenter of %d of %d production servers is not known", unknown, total)}}
	}
	if len(sites) == 1 {
		site := keys(sites)[0]
		hits = append(hits, Hit{Subjects: []string{site}, Evidence: []string{
			fmt.Sprintf("all %d production servers are in datacenter %s", total, site)}})
	}
	return hits, nil
}
