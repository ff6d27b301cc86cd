package audit

import (
	"fmt"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var backupStale = Check{
	ID:       "backup-stale",
	Category: "data",
	Severity: migrate.SeverityMedium,
	Title:    "The last backup is older than the owner accepts to lose",
	Why:      "A restore today would lose more orders than was agreed; and a job that fails in silence will fail on the night too.",
	Remedy:   "Find why the job stopped, run it, and let monitoring watch the age of the last good backup.",
	Answer:   "On AWS the services take backups by themselves with a stated retention; watching them is yours.",
	Find:     findBackupStale,
}

func findBackupStale(in *Input) (hits []Hit, unjudged []Unjudged) {
	var undated []string
	for _, s := range in.live {
		if s.Backup == nil || noPolicy(s.Backup.Policy) {
			continue
		}
		if s.Backup.Last == nil || in.AsOf.IsZero() {
			undated = append(undated, s.ID)
			continue
		}
		rpo, agreed := s.Backup.RPOHours, "agreed"
		if rpo <= 0 {
			rpo, agreed = in.RPOHours, "assumed"
		}
		age := in.AsOf.Sub(*s.Backup.Last)
		if age <= time.Duration(rpo*float64(time.Hour)) {
			continue
		}
		hits = append(hits, Hit{Subjects: []string{s.ID}, Severity: backupSeverity(s), Evidence: []string{
			fmt.Sprintf("last backup %s, %.0f hours before %s; %s RPO %.0f hours%s", s.Backup.Last.UTC().Format("2006-01-02 15:04"),
				age.Hours(), in.AsOf.UTC().Format("2006-01-02 15:04"), agreed, rpo, in.sources(s, "backup"))}})
	}
	if len(undated) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the time of the last backup is not known", Subjects: undated})
	}
	return hits, unjudged
}
