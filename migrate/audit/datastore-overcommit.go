package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var datastoreOvercommit = Check{
	ID:       "datastore-overcommit",
	Category: "capacity",
	Severity: migrate.SeverityLow,
	Title:    "A datastore has promised more than it holds",
	Why:      "Thin disks may together grow beyond the datastore; a campaign's logs and orders make many grow in the same night.",
	Remedy:   "Watch its free space through the campaign, or move the fastest-growing servers away.",
	Answer:   "Sizing counts what is used and adds room to grow; volumes on AWS are not overcommitted.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		if len(in.Estate.Datastores) == 0 {
			return nil, []Unjudged{{Reason: "datastores are not known"}}
		}
		for _, d := range in.Estate.Datastores {
			if d.CapacityMiB > 0 && d.ProvisionedMiB > d.CapacityMiB {
				hits = append(hits, Hit{Subjects: []string{d.Name}, Evidence: []string{fmt.Sprintf("%d GiB promised, %d GiB there: %.1f to 1%s",
					d.ProvisionedMiB/1024, d.CapacityMiB/1024, float64(d.ProvisionedMiB)/float64(d.CapacityMiB), in.sourceNames(d.From))}})
			}
		}
		return hits, unjudged
	},
}
