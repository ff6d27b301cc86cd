package privatecloud

import (
	"fmt"
	"net/netip"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Rehearse lays the site out on paper. Its addresses are the real ones, which
// follow from the declaration; only what is still missing is made up.
func (p *Platform) Rehearse(shop topology.Storefront) (r platform.Rehearsal, err error) {
	s, err := p.onPaper(shop)
	if err != nil {
		return r, err
	}
	var plans [4]machines
	if plans[0], r.Database, err = s.planDatabase(platform.DatabaseArgs{Name: "storefront-database", Database: shop.Database}); err != nil {
		return r, err
	}
	if plans[1], r.Sessions, err = s.planRedis(platform.RedisArgs{Name: "storefront-sessions", Tier: topology.TierSessions, Redis: shop.Sessions}); err != nil {
		return r, err
	}
	if plans[2], r.Cache, err = s.planRedis(platform.RedisArgs{Name: "storefront-cache", Tier: topology.TierCache, Redis: shop.Cache, Evict: true}); err != nil {
		return r, err
	}
	if plans[3], r.Media, err = s.planMedia(platform.MediaArgs{Name: "storefront-media", Media: shop.Media}); err != nil {
		return r, err
	}
	for _, m := range plans {
		for i := range m.count {
			r.Servers = append(r.Servers, platform.Server{Tier: m.tier, Member: i, Host: s.host(s.machineName(m.name, i), m), Boot: m.boot})
		}
	}
	r.Host = func(tier topology.Tier) platform.Host {
		m := machines{name: "storefront-" + string(tier), tier: tier}
		if tier == topology.TierSearch || tier == topology.TierAnalytics {
			m.dataGiB = 1
		}
		return s.host(s.machineName(m.name, 999), m)
	}
	r.Balancer = platform.LoadBalancer{Address: platform.Given("255.255.255.255")}
	r.Static, r.Token = platform.Static{Pool: &r.Balancer}, secret(s.secrets.RunnerToken)
	return r, nil
}

// onPaper is the site before anything is registered.
func (p *Platform) onPaper(shop topology.Storefront) (*site, error) {
	cidr, err := netip.ParsePrefix(shop.Network.CIDR)
	if err != nil {
		return nil, fmt.Errorf("network.cidr: %w", err)
	}
	s := &site{
		settings: p.settings.resolve(), secrets: p.secrets.madeUp(), meta: platform.Meta{Environment: shop.Environment},
		shop: shop, cidr: cidr, segments: map[address.Purpose]segment{},
	}
	for _, p := range purposes {
		if s.segments[p.purpose], err = s.planSegment(p.purpose); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// madeUp returns s with made-up ones for those that Validate refuses.
func (s Secrets) madeUp() Secrets {
	for label, v := range map[string]*string{
		"database": &s.DatabasePassword, "replication": &s.ReplicationPassword, "failover": &s.FailoverPassword,
		"sessions": &s.SessionsPassword, "cache": &s.CachePassword, "runner": &s.RunnerToken,
	} {
		if len(*v) < minSecret {
			*v = platform.MadeUp(label, 64)
		}
	}
	return s
}
