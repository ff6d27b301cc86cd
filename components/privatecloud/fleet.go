package privatecloud

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Fleet makes servers of one role. Nothing in vSphere adds servers by load, so
// a scaling fleet has the number that the declaration wants at this moment: its
// least, or a running campaign's. The load balancers find them by their tags.
func (s *site) Fleet(ctx *pulumi.Context, parent pulumi.Resource, in platform.FleetArgs) (platform.Fleet, error) {
	m := machines{
		name: in.Name, tier: in.Tier, size: in.Size, count: in.Capacity.Min, most: in.Capacity.Max, diskGiB: in.DiskGiB,
		dataGiB: in.DataDiskGiB, boot: in.Boot,
	}
	if in.Scaling != nil {
		m.count, m.alike = in.Scaling.Minimum, true
	}
	at, err := s.addMachines(ctx, parent, m)
	if err != nil {
		return platform.Fleet{}, fmt.Errorf("%s: %w", in.Name, err)
	}
	return platform.Fleet{ID: at.pool.ID().ToStringOutput(), Name: at.pool.Name}, nil
}

// validateFleets refuses more database servers than can be sure of each other,
// and replacements of servers that there aren't.
func (s Settings) validateFleets(shop topology.Storefront) (p topology.Problems) {
	if shop.Database.Readers.Min > 2 {
		p.Add("database.readers.min", "%d readers beside the primary: a commit waits for one of them, and only among three servers "+
			"does every majority hold one that has it; 2 at most", shop.Database.Readers.Min)
	}
	for name := range s.Replace {
		if !known(name, fleets(shop)) {
			p.Add("$.replace."+name, "is no server of this stack; give a name such as storefront-web-3")
		}
	}
	return p
}

// serverName is a server's name behind the project's: storefront-web-3.
var serverName = regexp.MustCompile(`^storefront-([a-z]+)-([1-9][0-9]{0,3})$`)

// known tells whether a server of that name may stand.
func known(name string, all []fleet) bool {
	m := serverName.FindStringSubmatch(name)
	if m == nil {
		return false
	}
	number, _ := strconv.Atoi(m[2])
	return slices.ContainsFunc(all, func(f fleet) bool { return string(f.tier) == m[1] && number <= f.count })
}
