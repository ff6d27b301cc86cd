package audit

import (
	"fmt"
	"regexp"

	"github.com/storefront-toolkit/storefront/migrate"
)

var diskNearlyFull = Check{
	ID:       "disk-nearly-full",
	Category: "capacity",
	Severity: migrate.SeverityMedium,
	Title:    "A file system is nearly full",
	Why:      "A campaign writes more logs, orders and sessions than any other day; a full disk stops a database at once and a web server soon after.",
	Remedy:   "Grow the file system or clean it up before the campaign, and let monitoring warn earlier.",
	Answer:   "Volumes are sized from what is used with room to grow, and database storage grows by itself on AWS.",
	Find:     findDiskNearlyFull,
}

// neverFull are mounts that are full by nature, or that nobody writes to.
var neverFull = regexp.MustCompile(`(?i)^/(boot|snap|run|proc|sys|dev|cdrom|media/cdrom|mnt/(iso|cdrom))(/|$)`)

// stopsWhenFull are the roles in which one full disk stops all orders.
var stopsWhenFull = []Role{RoleDatabase, RoleSessions, RolePayment, RoleMedia}

func findDiskNearlyFull(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unseen []string
	for _, s := range in.live {
		if runs(s) && len(s.Partitions) == 0 {
			unseen = append(unseen, s.ID)
		}
		var evidence []string
		for _, p := range s.Partitions {
			if in.nearlyFull(p) {
				evidence = append(evidence, fmt.Sprintf("%s is %.0f %% full: %.1f of %.1f GiB%s", p.Path,
					usedShare(p)*100, float64(usedMiB(p))/1024, float64(p.CapacityMiB)/1024, in.sources(s, "partitions")))
			}
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence, Severity: fullSeverity(s)})
		}
	}
	if len(unseen) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "file systems are not known (VMware Tools, or no source lists them)", Subjects: unseen})
	}
	return hits, unjudged
}

func fullSeverity(s *migrate.Server) migrate.Severity {
	switch {
	case !production(s):
		return migrate.SeverityLow
	case hasRole(s, stopsWhenFull):
		return migrate.SeverityHigh
	}
	return migrate.SeverityMedium
}

func (in *Input) nearlyFull(p migrate.Partition) bool {
	if p.CapacityMiB < 1024 || neverFull.MatchString(p.Path) {
		return false
	}
	free := float64(p.CapacityMiB-usedMiB(p)) / 1024
	return usedShare(p)*100 >= in.DiskLimit && free < in.DiskFreeGiB
}

// usedMiB is what a partition holds; where only its free space is told, the
// rest.
func usedMiB(p migrate.Partition) int64 {
	if p.ConsumedMiB == 0 && p.FreeMiB > 0 {
		return p.CapacityMiB - p.FreeMiB
	}
	return p.ConsumedMiB
}

func usedShare(p migrate.Partition) float64 { return float64(usedMiB(p)) / float64(p.CapacityMiB) }
