package privatecloud

import (
	"fmt"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// addGatewayFirewall decides what passes the tier-1 gateway: visitors to the
// channels' load balancers, people behind the VPN to the back office, servers
// to what they need outside. All else is dropped and logged.
func (s *site) addGatewayFirewall(ctx *pulumi.Context, parent pulumi.Resource) (err error) {
	var rules nsxt.PolicyGatewayPolicyRuleArray
	scope := pulumi.StringArray{s.gateways.tier1}
	allow := func(name string, from, to pulumi.StringArray, excluded bool, services ...string) {
		var paths pulumi.StringArray
		if paths, err = s.services(ctx, parent, err, services); err != nil {
			return
		}
		rules = append(rules, nsxt.PolicyGatewayPolicyRuleArgs{
			DisplayName: pulumi.String(name), Action: pulumi.String("ALLOW"), Direction: pulumi.String("IN_OUT"), IpVersion: pulumi.String("IPV4"),
			SourceGroups: from, DestinationGroups: to, DestinationsExcluded: pulumi.Bool(excluded), Services: paths, Scopes: scope, Logged: pulumi.Bool(false),
		})
	}
	other := func(name string) pulumi.StringArray { return pulumi.StringArray{s.others[name].Path} }
	var visitors pulumi.StringArray // nobody in particular
	if s.groups[topology.TierEdge] != nil {
		visitors = s.members(topology.TierEdge)
	}
	allow("visitors", visitors, s.members(topology.TierBalancer), false, tcp(topology.PortHTTPS), tcp(topology.PortHTTP))
	people := s.members(topology.TierAccess)
	allow("people in the back office", people, s.members(topology.TierInternal), false, tcp(topology.PortHTTPS))
	allow("people who read the reports", people, pulumi.StringArray{s.groups[topology.TierAnalytics].Path}, false, tcp(topology.PortReports))
	if s.others[groupLegacy] != nil {
		allow("load balancer to legacy servers", s.members(topology.TierBalancer), other(groupLegacy), false, s.legacyServices()...)
	}
	allow("names", other(groupSegments), other(groupResolvers), false, udp(portDNS), tcp(portDNS))
	allow("time", other(groupSegments), other(groupClocks), false, udp(portNTP))
	if _, port, ok := s.settings.proxy(); ok {
		allow("package proxy", other(groupSegments), other(groupProxy), false, tcp(port))
	}
	allow("outside", other(groupOutgoing), other(groupNetwork), true, outside()...)
	if err != nil {
		return err
	}
	rules = append(rules, nsxt.PolicyGatewayPolicyRuleArgs{
		DisplayName: pulumi.String("all else"), Action: pulumi.String("DROP"), Direction: pulumi.String("IN_OUT"), IpVersion: pulumi.String("IPV4_IPV6"),
		Scopes: scope, Logged: pulumi.Bool(true), LogLabel: pulumi.String("drop-gateway"),
	})
	_, err = nsxt.NewPolicyGatewayPolicy(ctx, s.name, &nsxt.PolicyGatewayPolicyArgs{
		DisplayName: pulumi.String(s.called(s.name)), Category: pulumi.String("LocalGatewayRules"), Stateful: pulumi.Bool(true), TcpStrict: pulumi.Bool(true),
		SequenceNumber: pulumi.Float64(1), Rules: rules,
		Tags: nsxt.PolicyGatewayPolicyTagArray(marks[nsxt.PolicyGatewayPolicyTagInput, nsxt.PolicyGatewayPolicyTagArgs](s, tierNetwork)),
	}, pulumi.Parent(parent))
	return err
}

// Priorities of translation rules: what is left alone comes before what is
// translated. NSX takes the lowest first.
const (
	priorityKeep      = 100
	priorityInbound   = 200
	priorityOutbound  = 300
	firewallTranslate = "MATCH_INTERNAL_ADDRESS" // the gateway firewall sees the shop's own addresses
)

// privateRanges are those of RFC 1918.
var privateRanges = []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}

// natGateway is the gateway that translates addresses.
func (s *site) natGateway() pulumi.StringInput {
	if s.settings.NAT == NATTier1 {
		return s.gateways.tier1
	}
	return pulumi.String(s.gateways.tier0)
}

// addTranslation shows servers outside under one address. What goes to private
// addresses, such as the office or the site's resolvers, keeps its own; the
// data segment is not translated, and so has no way out.
func (s *site) addTranslation(ctx *pulumi.Context, parent pulumi.Resource) error {
	if err := s.addNAT(ctx, parent, s.name+"-keep", &nsxt.PolicyNatRuleArgs{
		Action: pulumi.String("NO_SNAT"), RulePriority: pulumi.Float64(priorityKeep),
		SourceNetworks: pulumi.StringArray{pulumi.String(s.cidr.String())}, DestinationNetworks: pulumi.ToStringArray(privateRanges),
	}); err != nil {
		return err
	}
	for _, p := range purposes {
		if p.purpose == address.Data {
			continue
		}
		if err := s.addNAT(ctx, parent, s.name+"-out-"+p.word, &nsxt.PolicyNatRuleArgs{
			Action: pulumi.String("SNAT"), RulePriority: pulumi.Float64(priorityOutbound),
			SourceNetworks:     pulumi.StringArray{pulumi.String(s.segments[p.purpose].cidr.String())},
			TranslatedNetworks: pulumi.StringArray{pulumi.String(s.settings.EgressAddress)},
		}); err != nil {
			return err
		}
	}
	return nil
}

// publish leads a public address to a channel's load balancer.
func (s *site) publish(ctx *pulumi.Context, parent pulumi.Resource, name, public, virtual string) error {
	return s.addNAT(ctx, parent, name, &nsxt.PolicyNatRuleArgs{
		Action: pulumi.String("DNAT"), RulePriority: pulumi.Float64(priorityInbound), Logging: pulumi.Bool(true),
		DestinationNetworks: pulumi.StringArray{pulumi.String(public)}, TranslatedNetworks: pulumi.StringArray{pulumi.String(virtual)},
	})
}

func (s *site) addNAT(ctx *pulumi.Context, parent pulumi.Resource, name string, args *nsxt.PolicyNatRuleArgs) error {
	args.DisplayName, args.GatewayPath, args.Enabled = pulumi.String(s.called(name)), s.natGateway(), pulumi.Bool(true)
	args.FirewallMatch = pulumi.String(firewallTranslate)
	args.Tags = nsxt.PolicyNatRuleTagArray(marks[nsxt.PolicyNatRuleTagInput, nsxt.PolicyNatRuleTagArgs](s, tierNetwork))
	if _, err := nsxt.NewPolicyNatRule(ctx, name, args, pulumi.Parent(parent)); err != nil {
		return fmt.Errorf("translate %s: %w", name, err)
	}
	return nil
}
