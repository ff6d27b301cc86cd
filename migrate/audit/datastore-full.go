package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var datastoreFull = Check{
	ID:       "datastore-full",
	Category: "capacity",
	Severity: migrate.SeverityMedium,
	Title:    "A datastore is nearly full",
	Why:      "When a datastore is full, every server with a thin disk or a snapshot on it stops at once; and replication needs room for its own snapshots.",
	Remedy:   "Delete old snapshots and forgotten disks, or grow it, before replication starts.",
	Answer:   "Storage on AWS has no shared pool to fill; on a private cloud the datastore's free space is not checked.",
	Find:     findDatastoreFull,
}

func findDatastoreFull(in *Input) (hits []Hit, unjudged []Unjudged) {
	if len(in.Estate.Datastores) == 0 {
		return nil, []Unjudged{{Reason: "datastores are not known"}}
	}
	for _, d := range in.Estate.Datastores {
		if d.CapacityMiB <= 0 || (d.FreeMiB == 0 && d.ProvisionedMiB == 0) {
			unjudged = append(unjudged, Unjudged{Reason: "the size or the free space of a datastore is not known", Subjects: []string{d.Name}})
			continue
		}
		used := 100 * float64(d.CapacityMiB-d.FreeMiB) / float64(d.CapacityMiB)
		if used >= in.DiskLimit {
			hits = append(hits, Hit{Subjects: []string{d.Name}, Evidence: []string{
				fmt.Sprintf("%.0f %% full: %d of %d GiB are free%s", used, d.FreeMiB/1024, d.CapacityMiB/1024, in.sourceNames(d.From))}})
		}
	}
	return hits, unjudged
}
