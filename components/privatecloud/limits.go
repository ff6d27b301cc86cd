package privatecloud

import (
	"net/netip"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// balancerLimits is what an NSX load balancer of a size takes (NSX 3.2 and 4.x:
// configmax.vmware.com, "Load Balancing"; NSX administration guide, "Scaling
// Load Balancer Resources").
var balancerLimits = map[BalancerSize]struct{ virtualServers, pools, members int }{
	Small:  {20, 60, 300},
	Medium: {100, 300, 2000},
	Large:  {1000, 3000, 7500},
}

// largest is the largest virtual machine of vSphere 8 (configmax.vmware.com,
// "Virtual Machine Maximums").
var largest = struct {
	vcpu int
	gib  float64
}{768, 24576}

// largestDiskGiB is the largest virtual disk of vSphere (ibidem).
const largestDiskGiB = 62 * 1024

// balanced counts what the declaration asks of the load balancer. A channel has
// a virtual server for HTTPS and one that sends HTTP there; back office, search
// and analytics have one each.
func balanced(shop topology.Storefront) (virtualServers, pools, members int) {
	fronts := len(fronted(shop))
	virtualServers = 2*fronts + 3
	// One for static files, search's for all servers and for the first.
	pools = fronts + 5
	members = fronts*fleets(shop)[0].count + shop.Static.Count + 1 + shop.Search.Count + 1 + shop.Analytics.Count
	return virtualServers, pools, members
}

// validateBalancer refuses more than the load balancer's size takes.
func (s Settings) validateBalancer(shop topology.Storefront) (p topology.Problems) {
	limit, ok := balancerLimits[s.LoadBalancerSize]
	if !ok {
		return nil
	}
	virtualServers, pools, members := balanced(shop)
	for _, l := range s.LegacyServers {
		members += len(l)
	}
	for _, c := range []struct {
		path, what string
		n, most    int
	}{
		{"channels", "virtual servers", virtualServers, limit.virtualServers},
		{"channels", "pools", pools, limit.pools},
		{"web.capacity.max", "pool members", members, limit.members},
	} {
		if c.n > c.most {
			p.Add(c.path, "%d channels ask for %d %s, and a load balancer of size %s takes %d: take a larger loadBalancerSize in the site's settings, or loadBalancer.shared",
				len(shop.Channels), c.n, c.what, s.LoadBalancerSize, c.most)
		}
	}
	return p
}

// fleet is a tier's servers as far as limits are concerned.
type fleet struct {
	tier     topology.Tier
	path     string // of their number
	count    int    // the most that may stand
	sizePath string // "" where the platform chooses the size
	size     topology.Size
	// apart tells that a majority has to outlive the loss of a host.
	apart bool
}

// fleets lists all tiers' servers of a resolved declaration.
func fleets(shop topology.Storefront) []fleet {
	web := shop.Web.Capacity.Max
	for _, c := range shop.Campaigns {
		web = max(web, c.WebServers)
	}
	redis := func(r topology.Redis) int { return 1 + *r.Replicas }
	return []fleet{
		{tier: topology.TierWeb, path: "web.capacity.max", count: web, sizePath: "web.size", size: shop.Web.Size},
		{tier: topology.TierStatic, path: "static.count", count: shop.Static.Count, sizePath: "static.size", size: shop.Static.Size},
		{tier: topology.TierAdmin, path: "admin", count: 1, sizePath: "admin.size", size: shop.Admin.Size},
		{tier: topology.TierDeploy, path: "deploy", count: 1, sizePath: "deploy.size", size: shop.Deploy.Size},
		{tier: topology.TierDatabase, path: "database.readers.min", count: databaseNodes(shop.Database), sizePath: "database.size", size: shop.Database.Size, apart: true},
		{tier: topology.TierSessions, path: "sessions.replicas", count: redis(shop.Sessions), apart: true},
		{tier: topology.TierCache, path: "cache.replicas", count: redis(shop.Cache), apart: true},
		{tier: topology.TierSearch, path: "search.count", count: shop.Search.Count, sizePath: "search.size", size: shop.Search.Size},
		{tier: topology.TierAnalytics, path: "analytics.count", count: shop.Analytics.Count, sizePath: "analytics.size", size: shop.Analytics.Size},
		{tier: topology.TierMedia, path: "media", count: 1},
	}
}

// hostsFor is how many hosts a tier's servers have to be spread over: as many as
// there are servers where a majority has to outlive a host, else two.
func (f fleet) hostsFor() int {
	if f.apart {
		return f.count
	}
	return min(f.count, 2)
}

// validateServers refuses servers larger than a host, more than can be kept
// apart, and more of a tier than it has addresses.
func (s Settings) validateServers(shop topology.Storefront) (p topology.Problems) {
	vcpu, gib, whose := largest.vcpu, largest.gib, "vSphere takes"
	if s.HostVCPU > 0 {
		vcpu, whose = s.HostVCPU, "a host of the site has"
	}
	if s.HostMemoryGiB > 0 {
		gib, whose = s.HostMemoryGiB, "a host of the site has"
	}
	network, _ := netip.ParsePrefix(shop.Network.CIDR)
	for _, f := range fleets(shop) {
		if f.size.VCPU > vcpu {
			p.Add(f.sizePath+".vcpu", "%d is more than %s: %d", f.size.VCPU, whose, vcpu)
		}
		if f.size.MemoryGiB > gib {
			p.Add(f.sizePath+".memoryGiB", "%v is more than %s: %v", f.size.MemoryGiB, whose, gib)
		}
		if n := f.hostsFor(); s.Hosts > 0 && n > s.Hosts {
			p.Add(f.path, "the %d servers of tier %s have to be spread over %d hosts, and the site's settings give it %d (hosts)", f.count, f.tier, n, s.Hosts)
		}
		if room := roomFor(network, f.tier); address.Check(network) == nil && f.count > room {
			p.Add(f.path, "tier %s has %d addresses in %s, fewer than its %d servers", f.tier, room, network, f.count)
		}
	}
	if n := shop.Database.StorageGiB; n > largestDiskGiB {
		p.Add("database.storageGiB", "%d is more than a disk of vSphere has: %d", n, largestDiskGiB)
	}
	if most := virtualSpans[topology.TierBalancer].count; len(shop.Channels) > most {
		p.Add("channels", "%d are more than there are addresses for: %d", len(shop.Channels), most)
	}
	return p
}

// roomFor is how many servers of a tier a network has addresses for; 0 in a
// range that can't be divided.
func roomFor(network netip.Prefix, tier topology.Tier) int {
	segment, _, err := halves(network, tierSegments[tier])
	if err != nil {
		return 0
	}
	at, _ := serverSpan(segment, tier)
	return at.count
}
