package privatecloud

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Network lays the tier-1 gateway with its segments, translation of addresses,
// firewalls and the load balancer that all tiers share. What the site has to
// have is looked up first, so that what is missing is refused before anything is
// registered.
func (p *Platform) Network(ctx *pulumi.Context, parent pulumi.Resource, in platform.NetworkArgs) (platform.Site, error) {
	cidr, err := netip.ParsePrefix(in.Shop.Network.CIDR)
	if err != nil {
		return nil, fmt.Errorf("network.cidr: %w", err)
	}
	s := &site{
		settings: p.settings.resolve(), secrets: p.secrets, meta: in.Meta, shop: in.Shop, name: in.Name, cidr: cidr,
		segments: map[address.Purpose]segment{}, groups: map[topology.Tier]*nsxt.PolicyGroup{},
		fronts: map[topology.Tier]*nsxt.PolicyGroup{}, others: map[string]*nsxt.PolicyGroup{}, serviceAt: map[string]pulumi.StringOutput{}, certificates: map[string]string{}, outputs: pulumi.Map{},
	}
	if err := s.lookups(ctx, parent); err != nil {
		return nil, err
	}
	for _, step := range []func(*pulumi.Context, pulumi.Resource) error{
		s.addInventory, s.addTier1, s.addSegments, s.addGroups, s.addFirewall, s.addGatewayFirewall, s.addFloodProtection,
		s.addTranslation, s.addBalancer,
	} {
		if err := step(ctx, parent); err != nil {
			return nil, err
		}
	}
	s.outputs["network"] = pulumi.Map{
		"tier1": s.gateways.tier1, "segments": s.segmentNames(), "egressAddress": pulumi.String(s.settings.EgressAddress),
	}
	return s, nil
}

// lookups asks vCenter and NSX for all that the settings name, and refuses at
// once whatever isn't there.
func (s *site) lookups(ctx *pulumi.Context, parent pulumi.Resource) error {
	var all topology.Problems
	for _, find := range []func(*pulumi.Context, pulumi.Resource) error{s.findVCenter, s.findNSX} {
		err := find(ctx, parent)
		if problems, ok := err.(topology.Problems); ok {
			all = append(all, problems...)
		} else if err != nil {
			return err
		}
	}
	return all.Err()
}

func (s *site) findNSX(ctx *pulumi.Context, parent pulumi.Resource) error {
	var missing topology.Problems
	found := func(path, name string, err error) bool {
		if err != nil {
			missing.Add("$."+path, "NSX doesn't find %q: %v", name, err)
		}
		return err == nil
	}
	in, g, opt := s.settings, &s.gateways, pulumi.Parent(parent)
	if got, err := nsxt.LookupPolicyTier0Gateway(ctx, &nsxt.LookupPolicyTier0GatewayArgs{DisplayName: &in.Tier0.Name}, opt); found("tier0.name", in.Tier0.Name, err) {
		g.tier0 = got.Path
	}
	if got, err := nsxt.GetPolicyEdgeCluster(ctx, &nsxt.GetPolicyEdgeClusterArgs{DisplayName: &in.EdgeCluster}, opt); found("edgeCluster", in.EdgeCluster, err) {
		g.edgeCluster = got.Path
	}
	if got, err := nsxt.LookupPolicyTransportZone(ctx, &nsxt.LookupPolicyTransportZoneArgs{DisplayName: &in.TransportZone}, opt); found("transportZone", in.TransportZone, err) {
		g.transportZone = got.Path
	}
	if !in.Tier1.Create {
		if got, err := nsxt.LookupPolicyTier1Gateway(ctx, &nsxt.LookupPolicyTier1GatewayArgs{DisplayName: &in.Tier1.Name}, opt); found("tier1.name", in.Tier1.Name, err) {
			g.tier1 = pulumi.String(got.Path).ToStringOutput()
		}
	}
	for _, key := range sortedKeys(in.Certificates) {
		name := in.Certificates[key]
		if got, err := nsxt.GetPolicyCertificate(ctx, &nsxt.GetPolicyCertificateArgs{DisplayName: &name}, opt); found("certificates."+key, name, err) {
			s.certificates[key] = got.Path
		}
	}
	return missing.Err()
}

// advertised are the routes that the tier-0 has to know: segments, the load
// balancer's addresses on both its sides, translated ones and the VPN's end.
var advertised = []string{"TIER1_CONNECTED", "TIER1_NAT", "TIER1_LB_VIP", "TIER1_LB_SNAT", "TIER1_IPSEC_LOCAL_ENDPOINT"}

// addTier1 makes the shop's gateway where the site doesn't give one.
func (s *site) addTier1(ctx *pulumi.Context, parent pulumi.Resource) error {
	if !s.settings.Tier1.Create {
		return nil
	}
	gateway, err := nsxt.NewPolicyTier1Gateway(ctx, s.name, &nsxt.PolicyTier1GatewayArgs{
		DisplayName: pulumi.String(s.settings.Tier1.Name), Description: pulumi.String("The storefront of stack " + s.meta.Stack),
		Tier0Path: pulumi.String(s.gateways.tier0), EdgeClusterPath: pulumi.String(s.gateways.edgeCluster),
		// A gateway that fails back would cut every connection a second time.
		FailoverMode: pulumi.String("NON_PREEMPTIVE"), EnableFirewall: pulumi.Bool(true), DefaultRuleLogging: pulumi.Bool(true),
		PoolAllocation:          pulumi.String("LB_" + string(s.settings.LoadBalancerSize)),
		RouteAdvertisementTypes: pulumi.ToStringArray(advertised),
		Tags:                    nsxt.PolicyTier1GatewayTagArray(marks[nsxt.PolicyTier1GatewayTagInput, nsxt.PolicyTier1GatewayTagArgs](s, tierNetwork)),
	}, s.keeps(parent,
		// Room on the edges is reserved when the gateway is made. A larger load
		// balancer later must not replace the gateway under all segments.
		pulumi.IgnoreChanges([]string{"poolAllocation"}))...)
	if err != nil {
		return err
	}
	s.gateways.tier1 = gateway.Path
	return nil
}

// purposes in the order in which segments are laid, with the words for them.
var purposes = []struct {
	purpose address.Purpose
	word    string
}{{address.Public, "dmz"}, {address.App, "app"}, {address.Data, "data"}, {address.Admin, "admin"}}

// addSegments lays the segments. No server takes part in spanning trees, hands
// out addresses or announces routes.
func (s *site) addSegments(ctx *pulumi.Context, parent pulumi.Resource) error {
	profile, err := nsxt.NewPolicySegmentSecurityProfile(ctx, s.name, &nsxt.PolicySegmentSecurityProfileArgs{
		DisplayName: pulumi.String(s.called(s.name)), BpduFilterEnable: pulumi.Bool(true),
		DhcpServerBlockEnabled: pulumi.Bool(true), DhcpServerBlockV6Enabled: pulumi.Bool(true), RaGuardEnabled: pulumi.Bool(true),
		Tags: nsxt.PolicySegmentSecurityProfileTagArray(marks[nsxt.PolicySegmentSecurityProfileTagInput, nsxt.PolicySegmentSecurityProfileTagArgs](s, tierNetwork)),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	guarded, err := s.addSpoofGuard(ctx, parent, s.name+"-bound", true)
	if err != nil {
		return err
	}
	// Database servers hand their virtual addresses to each other. By default
	// NSX binds a port to the first address it sees, and would drop them.
	moving, err := s.addSpoofGuard(ctx, parent, s.name+"-moving", s.settings.DataDiscoveryProfile != "")
	if err != nil {
		return err
	}
	for _, p := range purposes {
		guard := guarded
		if p.purpose == address.Data {
			guard = moving
		}
		if err := s.addSegment(ctx, parent, p.purpose, p.word, profile, guard); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) addSpoofGuard(ctx *pulumi.Context, parent pulumi.Resource, name string, bound bool) (*nsxt.PolicySpoofGuardProfile, error) {
	return nsxt.NewPolicySpoofGuardProfile(ctx, name, &nsxt.PolicySpoofGuardProfileArgs{
		DisplayName: pulumi.String(s.called(name)), AddressBindingAllowlist: pulumi.Bool(bound),
		Tags: nsxt.PolicySpoofGuardProfileTagArray(marks[nsxt.PolicySpoofGuardProfileTagInput, nsxt.PolicySpoofGuardProfileTagArgs](s, tierNetwork)),
	}, pulumi.Parent(parent))
}

func (s *site) addSegment(ctx *pulumi.Context, parent pulumi.Resource, purpose address.Purpose, word string,
	profile *nsxt.PolicySegmentSecurityProfile, guard *nsxt.PolicySpoofGuardProfile) error {
	at, err := s.planSegment(purpose)
	if err != nil {
		return err
	}
	name := s.name + "-" + word
	args := &nsxt.PolicySegmentArgs{
		DisplayName: pulumi.String(s.called(name)), ConnectivityPath: s.gateways.tier1, TransportZonePath: pulumi.String(s.gateways.transportZone),
		Subnets:         nsxt.PolicySegmentSubnetArray{nsxt.PolicySegmentSubnetArgs{Cidr: pulumi.String(netip.PrefixFrom(at.gateway, at.cidr.Bits()).String())}},
		SecurityProfile: nsxt.PolicySegmentSecurityProfileTypeArgs{SpoofguardProfilePath: guard.Path, SecurityProfilePath: profile.Path},
		AdvancedConfig:  nsxt.PolicySegmentAdvancedConfigArgs{Connectivity: pulumi.String("ON")},
		Tags:            nsxt.PolicySegmentTagArray(marks[nsxt.PolicySegmentTagInput, nsxt.PolicySegmentTagArgs](s, tierNetwork)),
	}
	if purpose == address.Data && s.settings.DataDiscoveryProfile != "" {
		args.DiscoveryProfile = nsxt.PolicySegmentDiscoveryProfileArgs{IpDiscoveryProfilePath: pulumi.String(s.settings.DataDiscoveryProfile)}
	}
	made, err := nsxt.NewPolicySegment(ctx, name, args, s.keeps(parent)...)
	if err != nil {
		return err
	}
	at.name, at.path = s.called(name), made.Path
	s.segments[purpose] = at
	return nil
}

// planSegment gives a purpose's segment its addresses.
func (s *site) planSegment(purpose address.Purpose) (at segment, err error) {
	if at.cidr, _, err = halves(s.cidr, purpose); err != nil {
		return at, err
	}
	at.gateway, err = address.Host(at.cidr, 1)
	return at, err
}

func (s *site) segmentNames() pulumi.StringMap {
	out := pulumi.StringMap{}
	for _, p := range purposes {
		out[p.word] = pulumi.String(s.segments[p.purpose].name)
	}
	return out
}

// addFloodProtection bounds half-open connections and stateless flows: of the
// gateway as a whole, and of each server that visitors' requests reach. The
// bounds lie far above a campaign's peak, and far below what exhausts an edge.
func (s *site) addFloodProtection(ctx *pulumi.Context, parent pulumi.Resource) error {
	gateway, err := nsxt.NewPolicyGatewayFloodProtectionProfile(ctx, s.name, &nsxt.PolicyGatewayFloodProtectionProfileArgs{
		DisplayName: pulumi.String(s.called(s.name)), TcpHalfOpenConnLimit: pulumi.Float64(100000),
		UdpActiveFlowLimit: pulumi.Float64(10000), IcmpActiveFlowLimit: pulumi.Float64(1000), OtherActiveConnLimit: pulumi.Float64(1000),
		Tags: nsxt.PolicyGatewayFloodProtectionProfileTagArray(marks[nsxt.PolicyGatewayFloodProtectionProfileTagInput, nsxt.PolicyGatewayFloodProtectionProfileTagArgs](s, tierNetwork)),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	if _, err := nsxt.NewPolicyGatewayFloodProtectionProfileBinding(ctx, s.name, &nsxt.PolicyGatewayFloodProtectionProfileBindingArgs{
		DisplayName: pulumi.String(s.called(s.name)), ProfilePath: gateway.Path, ParentPath: s.gateways.tier1,
		Tags: nsxt.PolicyGatewayFloodProtectionProfileBindingTagArray(marks[nsxt.PolicyGatewayFloodProtectionProfileBindingTagInput, nsxt.PolicyGatewayFloodProtectionProfileBindingTagArgs](s, tierNetwork)),
	}, pulumi.Parent(parent)); err != nil {
		return err
	}
	inner, err := nsxt.NewPolicyDistributedFloodProtectionProfile(ctx, s.name, &nsxt.PolicyDistributedFloodProtectionProfileArgs{
		DisplayName: pulumi.String(s.called(s.name)), TcpHalfOpenConnLimit: pulumi.Float64(10000),
		EnableRstSpoofing: pulumi.Bool(true), EnableSyncache: pulumi.Bool(true),
		Tags: nsxt.PolicyDistributedFloodProtectionProfileTagArray(marks[nsxt.PolicyDistributedFloodProtectionProfileTagInput, nsxt.PolicyDistributedFloodProtectionProfileTagArgs](s, tierNetwork)),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	for i, tier := range []topology.Tier{topology.TierWeb, topology.TierStatic} {
		name := fmt.Sprintf("%s-%s", s.name, tier)
		if _, err := nsxt.NewPolicyDistributedFloodProtectionProfileBinding(ctx, name, &nsxt.PolicyDistributedFloodProtectionProfileBindingArgs{
			DisplayName: pulumi.String(s.called(name)), ProfilePath: inner.Path, GroupPath: s.groups[tier].Path, SequenceNumber: pulumi.Float64(i + 1),
			Tags: nsxt.PolicyDistributedFloodProtectionProfileBindingTagArray(marks[nsxt.PolicyDistributedFloodProtectionProfileBindingTagInput, nsxt.PolicyDistributedFloodProtectionProfileBindingTagArgs](s, tierNetwork)),
		}, pulumi.Parent(parent)); err != nil {
			return err
		}
	}
	return nil
}
