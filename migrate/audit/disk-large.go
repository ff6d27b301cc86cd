package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var diskLarge = Check{
	ID:       "disk-large",
	Category: "mobility",
	Severity: migrate.SeverityLow,
	Title:    "A disk is so large that its first copy decides the date",
	Why:      "A mover copies a disk as one stream and starts again when it breaks; this one has to start weeks before its window, while the shop uses the same line.",
	Remedy:   "Start its replication first, copy files rather than the disk, or split it.",
	Answer:   "Media are copied while the old site runs, and what changed since then in the window; the runbook says how long that takes.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.disks(func(d migrate.Disk) string {
			if float64(d.CapacityMiB)/1024 < in.LargeDiskGiB {
				return ""
			}
			seconds := float64(d.CapacityMiB) * (1 << 20) * 8 / (in.LinkMbps * 1e6 * in.LinkShare)
			return fmt.Sprintf("%.0f hours at %.0f %% of %.0f Mbit/s", seconds/3600, in.LinkShare*100, in.LinkMbps)
		})
	},
}
