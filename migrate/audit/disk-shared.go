package audit

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var diskShared = Check{
	ID:       "disk-shared",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "A disk is shared between servers",
	Why:      "A disk with multi-writer or a shared bus takes no snapshot, so neither mover nor backup can copy it while it runs, and its servers can only move together, switched off.",
	Remedy:   "Replace the cluster by replication inside the database, or plan a cold copy with its hours.",
	Answer:   "Databases replicate by themselves and share no disk; shared files are on the media tier.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.disks(sharedDisk)
	},
}

// sharedDisk reads both spellings of no sharing: RVTools writes "No sharing"
// or "sharingNone", and a shared bus as "noSharing" or "0" where there is none.
func sharedDisk(d migrate.Disk) string {
	switch strings.ToLower(strings.NewReplacer(" ", "", "_", "").Replace(d.Sharing)) {
	case "", "none", "nosharing", "sharingnone", "0", "false", "no":
		return ""
	}
	return "sharing " + d.Sharing
}
