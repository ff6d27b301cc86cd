package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var backupMissing = Check{
	ID:       "backup-missing",
	Category: "data",
	Severity: migrate.SeverityMedium,
	Title:    "A server has no backup",
	Why:      "What is on it is lost with it: on the night of the move there is no way back, and on a campaign day no way forward.",
	Remedy:   "Take a backup now, restore it once to prove it, and add the server to a policy before it moves.",
	Answer:   "On AWS databases have point-in-time recovery, Redis snapshots, EFS a daily backup. Disks of search and logs, and everything on a private cloud, are for your backup tool.",
	Find:     findBackupMissing,
}

// findBackupMissing fires on a stated "none" always, and on silence only where
// the backups of most production servers are known.
func findBackupMissing(in *Input) (hits []Hit, unjudged []Unjudged) {
	known, all := 0, 0
	for _, s := range in.live {
		if production(s) {
			all++
			if s.Backup != nil {
				known++
			}
		}
	}
	listed := known > 0 && 2*known >= all
	var silent []string
	for _, s := range in.live {
		switch {
		case s.Backup != nil && (noPolicy(s.Backup.Policy) || (s.Backup.Policy == "" && s.Backup.Last == nil && s.Backup.RPOHours > 0)):
			hits = append(hits, Hit{Subjects: []string{s.ID}, Severity: backupSeverity(s), Evidence: []string{
				"a source says that it has no backup" + in.sources(s, "backup")}})
		case s.Backup == nil && production(s) && listed:
			hits = append(hits, Hit{Subjects: []string{s.ID}, Severity: backupSeverity(s), Evidence: []string{
				fmt.Sprintf("backups of %d of %d production servers are known, and none of this one", known, all)}})
		case s.Backup == nil && production(s):
			silent = append(silent, s.ID)
		}
	}
	if len(silent) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no source tells of backups", Subjects: silent})
	}
	return hits, unjudged
}

func noPolicy(policy string) bool {
	switch strings.ToLower(strings.TrimSpace(policy)) {
	case "none", "no", "no backup", "not backed up", "-", "false":
		return true
	}
	return false
}

// backupSeverity is high where production data would be lost.
func backupSeverity(s *migrate.Server) migrate.Severity {
	switch {
	case !production(s):
		return migrate.SeverityLow
	case hasRole(s, dataRoles):
		return migrate.SeverityHigh
	}
	return migrate.SeverityMedium
}
