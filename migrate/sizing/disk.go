package sizing

import (
	"regexp"

	"github.com/storefront-toolkit/storefront/migrate"
)

// diskGrowth is how much larger than what it holds a disk is made: below four
// fifths full no file system warns yet.
const diskGrowth = 1.3

var (
	databasePath = regexp.MustCompile(`(?i)mysql|maria|percona|galera|pgsql|postgres|oracle|mongo|database|(^|/)db($|/)`)
	mediaPath    = regexp.MustCompile(`(?i)media|images|assets|uploads|export|nfs|gluster`)
	systemPath   = regexp.MustCompile(`(?i)^(/|/boot.*|/efi|/home|/tmp|/usr|/opt|/run.*|/dev.*|/var|/var/log|c:.*)$`)
)

// consumedGiB is what a server's disks hold, by the best of the figures there
// are.
func consumedGiB(v *migrate.Server) float64 {
	switch {
	case v.ConsumedMiB > 0:
		return gib(v.ConsumedMiB)
	case v.InUseMiB > 0:
		return gib(v.InUseMiB)
	default:
		return gib(v.ProvisionedMiB)
	}
}

// dataGiB is what a server holds under paths that wanted matches; where no path
// tells, on all but the system's file systems; where there are none, in all.
func dataGiB(v *migrate.Server, wanted *regexp.Regexp) (size float64, where string) {
	var named, data int64
	for _, p := range v.Partitions {
		if wanted.MatchString(p.Path) {
			named += p.ConsumedMiB
		}
		if !systemPath.MatchString(p.Path) {
			data += p.ConsumedMiB
		}
	}
	switch {
	case named > 0:
		return gib(named), "its data file systems"
	case data > 0:
		return gib(data), "its file systems besides the system's"
	default:
		return consumedGiB(v), "all its disks, since no file system is listed for data alone"
	}
}

// largestData is the server with most data.
func largestData(needs []need, wanted *regexp.Regexp) (size float64, id, where string) {
	for _, n := range needs {
		if g, w := dataGiB(n.server, wanted); g > size || id == "" {
			size, id, where = g, n.ID, w
		}
	}
	return size, id, where
}

// grownDisk is the disk for data, in GiB.
func grownDisk(data float64, least int) int { return max(whole(data*diskGrowth), least) }
