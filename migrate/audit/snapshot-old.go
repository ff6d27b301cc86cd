package audit

import (
	"fmt"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var snapshotOld = Check{
	ID:       "snapshot-old",
	Category: "data",
	Severity: migrate.SeverityMedium,
	Title:    "A snapshot was left behind",
	Why:      "Every write goes through the chain and the chain grows until the datastore is full, which stops all servers on it; replication can't start cleanly either.",
	Remedy:   "Delete the snapshot in a quiet hour, which consolidates its disks; large ones take hours.",
	Answer:   "New servers start without snapshots; this finding is the list to work off before replication starts.",
	Find:     findSnapshotOld,
}

func findSnapshotOld(in *Input) (hits []Hit, unjudged []Unjudged) {
	var undated []string
	for i := range in.Estate.Servers {
		s := &in.Estate.Servers[i]
		var evidence []string
		for _, snapshot := range s.Snapshots {
			if snapshot.Created == nil || in.AsOf.IsZero() {
				undated = append(undated, s.ID)
				continue
			}
			age := in.AsOf.Sub(*snapshot.Created)
			if age <= time.Duration(in.SnapshotHours*float64(time.Hour)) {
				continue
			}
			text := fmt.Sprintf("%q of %s, %.0f days old", snapshot.Name, snapshot.Created.UTC().Format(time.DateOnly), age.Hours()/24)
			if snapshot.SizeMiB > 0 {
				text += fmt.Sprintf(", %.1f GiB", float64(snapshot.SizeMiB)/1024)
			}
			evidence = append(evidence, text+in.sources(s, "snapshots"))
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
		}
	}
	if len(undated) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the age of a snapshot is not known", Subjects: undated})
	}
	return hits, unjudged
}
