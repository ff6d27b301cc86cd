package privatecloud

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// serverTiers are the tiers with servers, in the order of their firewall
// policies.
var serverTiers = []topology.Tier{
	topology.TierStatic, topology.TierWeb, topology.TierAdmin, topology.TierDeploy, topology.TierDatabase, topology.TierSessions,
	topology.TierCache, topology.TierSearch, topology.TierAnalytics, topology.TierMedia,
}

// Groups beside the tiers' own.
const (
	groupHealth    = "health"    // from where gateways check servers
	groupNetwork   = "network"   // all of the shop's addresses
	groupSegments  = "segments"  // everything on a segment, tagged or not
	groupOutgoing  = "outgoing"  // the segments that have a way out
	groupResolvers = "resolvers" // the site's DNS servers
	groupClocks    = "clocks"    // the site's time servers
	groupProxy     = "proxy"     // the package proxy
	groupLegacy    = "legacy"    // legacy web servers during a cut-over
)

// addGroups makes the firewall's groups: of a tier's servers by the tags that
// they carry, and of all else by address.
func (s *site) addGroups(ctx *pulumi.Context, parent pulumi.Resource) error {
	for _, tier := range serverTiers {
		group, err := s.addGroup(ctx, parent, string(tier), tier, s.tagged(tier))
		if err != nil {
			return err
		}
		s.groups[tier] = group
	}
	if err := s.addFronts(ctx, parent); err != nil {
		return err
	}
	ranges := map[string][]string{
		groupHealth: s.settings.TransitCIDRs, groupNetwork: {s.cidr.String()},
		groupResolvers: s.settings.DNSServers, groupClocks: s.settings.NTPServers,
	}
	if ip, _, ok := s.settings.proxy(); ok {
		ranges[groupProxy] = []string{ip.String()}
	}
	if legacy := s.legacyAddresses(); len(legacy) > 0 {
		ranges[groupLegacy] = legacy
	}
	for _, name := range sortedKeys(ranges) {
		group, err := s.addGroup(ctx, parent, name, tierNetwork, within(ranges[name]))
		if err != nil {
			return err
		}
		s.others[name] = group
	}
	// The data segment has no way out.
	if err := s.addSegmentGroup(ctx, parent, groupOutgoing, address.Public, address.App, address.Admin); err != nil {
		return err
	}
	return s.addSegmentGroup(ctx, parent, groupSegments, address.Public, address.App, address.Data, address.Admin)
}

func (s *site) addSegmentGroup(ctx *pulumi.Context, parent pulumi.Resource, name string, list ...address.Purpose) (err error) {
	var paths pulumi.StringArray
	for _, p := range list {
		paths = append(paths, s.segments[p].path)
	}
	s.others[name], err = s.addGroup(ctx, parent, name, tierNetwork, nsxt.PolicyGroupCriteriaArgs{
		PathExpression: nsxt.PolicyGroupCriteriaPathExpressionArgs{MemberPaths: paths},
	})
	return err
}

// addFronts makes the groups of what stands before servers, and of visitors and
// people where their addresses are known.
func (s *site) addFronts(ctx *pulumi.Context, parent pulumi.Resource) error {
	outer := map[topology.Tier][]string{topology.TierAccess: s.shop.Access.OfficeCIDRs}
	if len(s.settings.VisitorRanges) > 0 {
		outer[topology.TierEdge] = s.settings.VisitorRanges
	}
	for _, tier := range []topology.Tier{topology.TierBalancer, topology.TierInternal} {
		list, err := s.frontAddresses(tier)
		if err != nil {
			return err
		}
		outer[tier] = list
	}
	for _, tier := range slices.Sorted(maps.Keys(outer)) {
		group, err := s.addGroup(ctx, parent, string(tier), tier, within(outer[tier]))
		if err != nil {
			return err
		}
		s.groups[tier] = group
	}
	for _, tier := range []topology.Tier{topology.TierDatabase, topology.TierSearch, topology.TierAnalytics} {
		list, err := s.frontAddresses(tier)
		if err != nil {
			return err
		}
		if s.fronts[tier], err = s.addGroup(ctx, parent, string(tier)+"-front", tier, within(list)); err != nil {
			return err
		}
	}
	return nil
}

// frontAddresses lists the virtual addresses that stand for a tier and the
// addresses from which its load balancer speaks.
func (s *site) frontAddresses(tier topology.Tier) ([]string, error) {
	count := virtualSpans[tier].count
	switch tier {
	case topology.TierBalancer:
		count = len(fronted(s.shop))
	case topology.TierDatabase:
		count = readerAddress + 1
	}
	var out []string
	for i := range count {
		one, err := s.virtualAddress(tier, i)
		if err != nil {
			return nil, err
		}
		out = append(out, one.String())
	}
	if _, balanced := sourceSpans[tier]; !balanced {
		return out, nil
	}
	sources, err := sourcesIn(s.cidr, tier)
	return append(out, texts(sources)...), err
}

func texts(list []netip.Addr) []string {
	var out []string
	for _, a := range list {
		out = append(out, a.String())
	}
	return out
}

// legacyAddresses lists the legacy servers of all cut-overs, by channel.
func (s *site) legacyAddresses() (out []string) {
	seen := map[string]bool{}
	for _, code := range sortedKeys(s.settings.LegacyServers) {
		for _, text := range s.settings.LegacyServers[code] {
			one, err := legacyServer(text)
			if err == nil && !seen[one.Addr().String()] {
				seen[one.Addr().String()] = true
				out = append(out, one.Addr().String())
			}
		}
	}
	return out
}

// tagged matches this stack's machines of a tier. NSX writes a tag with its
// scope as scope|tag.
func (s *site) tagged(tier topology.Tier) nsxt.PolicyGroupCriteriaArgs {
	condition := func(scope, tag string) nsxt.PolicyGroupCriteriaConditionArgs {
		return nsxt.PolicyGroupCriteriaConditionArgs{
			Key: pulumi.String("Tag"), MemberType: pulumi.String("VirtualMachine"), Operator: pulumi.String("EQUALS"), Value: pulumi.String(scope + "|" + tag),
		}
	}
	return nsxt.PolicyGroupCriteriaArgs{Conditions: nsxt.PolicyGroupCriteriaConditionArray{
		condition(scopeStack, s.stackTag()), condition(scopeTier, string(tier)),
	}}
}

// within matches addresses and ranges.
func within(ranges []string) nsxt.PolicyGroupCriteriaArgs {
	return nsxt.PolicyGroupCriteriaArgs{IpaddressExpression: nsxt.PolicyGroupCriteriaIpaddressExpressionArgs{
		IpAddresses: pulumi.ToStringArray(ranges),
	}}
}

func (s *site) addGroup(ctx *pulumi.Context, parent pulumi.Resource, suffix string, tier topology.Tier, members nsxt.PolicyGroupCriteriaArgs) (*nsxt.PolicyGroup, error) {
	name := s.name + "-" + suffix
	return nsxt.NewPolicyGroup(ctx, name, &nsxt.PolicyGroupArgs{
		DisplayName: pulumi.String(s.called(name)), Criterias: nsxt.PolicyGroupCriteriaArray{members},
		Tags: nsxt.PolicyGroupTagArray(marks[nsxt.PolicyGroupTagInput, nsxt.PolicyGroupTagArgs](s, tier)),
	}, pulumi.Parent(parent))
}
