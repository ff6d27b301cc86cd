package platform

import (
	"fmt"
	"time"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// Feature is something that not every platform can do.
type Feature string

const (
	AuroraDatabase     Feature = "Aurora databases"
	MySQLDatabase      Feature = "MySQL databases"
	MariaDBDatabase    Feature = "MariaDB databases"
	ServerlessDatabase Feature = "serverless databases"
	DatabaseProxy      Feature = "a connection pool in front of the database"
	ReaderAutoScaling  Feature = "readers that scale by themselves"
	ProvisionedIOPS    Feature = "provisioned database operations"
	WarmPool           Feature = "a warm pool"
	ReservedUnits      Feature = "reserved load-balancer capacity"
	ManagedSearch      Feature = "OpenSearch as a service"
	ObjectMedia        Feature = "media in an object store"
	NFSMedia           Feature = "media on a file system"
	ClientVPN          Feature = "a VPN for single computers"
	SiteVPN            Feature = "a site-to-site VPN"
	WeightedNames      Feature = "shares of a channel's visitors"
	ServiceBackups     Feature = "backups that a service takes by itself"
)

// Wanted lists what a declaration asks for, by the path that asks. How long
// backups are kept counts only where it is said: it has a default everywhere.
func Wanted(declared topology.Storefront) map[string]Feature {
	s := declared.Resolve()
	w := map[string]Feature{
		"database.engine": map[topology.Engine]Feature{
			topology.AuroraMySQL: AuroraDatabase, topology.MySQL: MySQLDatabase, topology.MariaDB: MariaDBDatabase,
		}[s.Database.Engine],
		"media.kind":  map[topology.MediaKind]Feature{topology.ObjectMedia: ObjectMedia, topology.NFSMedia: NFSMedia}[s.Media.Kind],
		"access.mode": map[topology.AccessMode]Feature{topology.ClientVPN: ClientVPN, topology.SiteVPN: SiteVPN}[s.Access.Mode],
	}
	ask := func(wanted bool, path string, f Feature) {
		if wanted {
			w[path] = f
		}
	}
	ask(s.Database.Serverless != nil, "database.serverless", ServerlessDatabase)
	ask(s.Database.Proxy, "database.proxy", DatabaseProxy)
	ask(s.Database.Readers.Max > s.Database.Readers.Min, "database.readers.max", ReaderAutoScaling)
	ask(s.Database.IOPS > 0, "database.iops", ProvisionedIOPS)
	ask(s.Web.WarmPool > 0, "web.warmPool", WarmPool)
	ask(s.LoadBalancer.ReservedUnits > 0, "loadBalancer.reservedUnits", ReservedUnits)
	ask(s.Search.Engine == topology.OpenSearch, "search.engine", ManagedSearch)
	ask(s.Analytics.Engine == topology.OpenSearch, "analytics.engine", ManagedSearch)
	ask(declared.Database.BackupDays > 0, "database.backupDays", ServiceBackups)
	ask(declared.Sessions.SnapshotDays != nil && *declared.Sessions.SnapshotDays > 0, "sessions.snapshotDays", ServiceBackups)
	ask(declared.Cache.SnapshotDays != nil && *declared.Cache.SnapshotDays > 0, "cache.snapshotDays", ServiceBackups)
	for i, c := range s.Channels {
		ask(c.Cutover != nil, fmt.Sprintf("channels[%d].cutover", i), WeightedNames)
	}
	return w
}

// Refusals returns, as topology.Problems or nil, what the declaration asks for
// that p can't do.
func Refusals(p Platform, declared topology.Storefront) error {
	var out topology.Problems
	for path, f := range Wanted(declared) {
		if why := p.Supports(f); why != "" {
			out.Add(path, "platform %s has no support for %s: %s", p.Name(), f, why)
		}
	}
	return out.Err()
}

// Step is a change of a fleet's least number of servers at a moment.
type Step struct {
	Name    string
	At      time.Time
	Minimum int
}

// Schedule returns the steps that a shop's campaigns ask for after now. Those
// that have passed are left out: a platform refuses an action in the past.
func Schedule(s topology.Storefront, now time.Time) []Step {
	var steps []Step
	for _, c := range s.Campaigns {
		if c.ScaleUp().After(now) {
			steps = append(steps, Step{fmt.Sprintf("%s-up", c.Name), c.ScaleUp(), c.WebServers})
		}
		steps = append(steps, Step{fmt.Sprintf("%s-down", c.Name), c.End, s.Web.Capacity.Min})
	}
	return steps
}
