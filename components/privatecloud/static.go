package privatecloud

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Static makes NGINX servers in the DMZ, which read both exports of the file
// server and write nothing.
func (s *site) Static(ctx *pulumi.Context, parent pulumi.Resource, in platform.StaticArgs) (platform.Static, error) {
	pool, err := s.LoadBalancer(ctx, parent, platform.LoadBalancerArgs{
		Name: in.Name, Target: topology.TierStatic, Port: topology.PortHTTP, HealthPath: guest.HealthPath,
	})
	if err != nil {
		return platform.Static{}, err
	}
	if _, err := s.Fleet(ctx, parent, platform.FleetArgs{
		Name: in.Name, Tier: topology.TierStatic, Size: in.Static.Size, DiskGiB: in.Static.DiskGiB, Boot: in.Boot,
		Capacity: topology.Capacity{Min: in.Static.Count, Max: in.Static.Count}, Pools: []platform.LoadBalancer{pool},
	}); err != nil {
		return platform.Static{}, err
	}
	return platform.Static{Pool: &pool}, nil
}
