package awscloud

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// rule lets one kind of traffic in. Exactly one of from, cidr and list is set.
type rule struct {
	port int
	from pulumi.StringInput // a security group
	cidr string
	list pulumi.StringInput // a prefix list
	why  string
}

// originFacing is the list of addresses from which CloudFront fetches
// (docs.aws.amazon.com/AmazonCloudFront, LocationsOfEdgeServers).
const originFacing = "com.amazonaws.global.cloudfront.origin-facing"

// addSecurityGroups makes a group a tier and the rules that the topology's
// connections ask for, and no others.
func (s *site) addSecurityGroups(ctx *pulumi.Context, parent pulumi.Resource) error {
	connections := s.shop.Connections()
	for _, c := range connections {
		for _, tier := range []topology.Tier{c.From, c.To} {
			if _, made := s.groups[tier]; made || tier == topology.TierEdge {
				continue
			}
			id, err := s.addGroup(ctx, parent, string(tier), "Storefront tier "+string(tier))
			if err != nil {
				return err
			}
			s.groups[tier] = id
		}
	}
	for _, c := range connections {
		if err := s.allowConnection(ctx, parent, c); err != nil {
			return err
		}
	}
	return s.addEgress(ctx, parent)
}

func (s *site) allowConnection(ctx *pulumi.Context, parent pulumi.Resource, c topology.Connection) error {
	name := fmt.Sprintf("%s-%s-%d-from-%s", s.name, c.To, c.Port, c.From)
	if c.From != topology.TierEdge {
		return s.allow(ctx, parent, name, s.groups[c.To], rule{port: c.Port, from: s.groups[c.From], why: c.Why})
	}
	if !*s.shop.Edge.CDN {
		return s.allow(ctx, parent, name, s.groups[c.To], rule{port: c.Port, cidr: "0.0.0.0/0", why: c.Why})
	}
	if c.Port != topology.PortHTTPS {
		// The CDN turns visitors to HTTPS itself and fetches over nothing else.
		return nil
	}
	list, err := ec2.LookupManagedPrefixList(ctx, &ec2.LookupManagedPrefixListArgs{Name: pulumi.StringRef(originFacing)}, pulumi.Parent(parent))
	if err != nil {
		return fmt.Errorf("look up the addresses of CloudFront: %w", err)
	}
	return s.allow(ctx, parent, name, s.groups[c.To], rule{port: c.Port, list: pulumi.String(list.Id), why: c.Why})
}

func (s *site) addGroup(ctx *pulumi.Context, parent pulumi.Resource, tier, why string) (pulumi.IDOutput, error) {
	name := s.name + "-" + tier
	group, err := ec2.NewSecurityGroup(ctx, name, &ec2.SecurityGroupArgs{
		VpcId: s.vpc.id, Description: pulumi.String(why), Tags: s.tags(topology.Tier(tier), name),
	}, pulumi.Parent(parent))
	if err != nil {
		return pulumi.IDOutput{}, err
	}
	return group.ID(), nil
}

func (s *site) allow(ctx *pulumi.Context, parent pulumi.Resource, name string, group pulumi.StringInput, r rule) error {
	args := &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: group,
		IpProtocol:      pulumi.String("tcp"),
		FromPort:        pulumi.Int(r.port),
		ToPort:          pulumi.Int(r.port),
		Description:     pulumi.String(r.why),
	}
	switch {
	case r.from != nil:
		args.ReferencedSecurityGroupId = r.from.ToStringOutput().ToStringPtrOutput()
	case r.list != nil:
		args.PrefixListId = r.list.ToStringOutput().ToStringPtrOutput()
	default:
		args.CidrIpv4 = pulumi.String(r.cidr)
	}
	_, err := vpc.NewSecurityGroupIngressRule(ctx, name, args, pulumi.Parent(parent))
	return err
}

// keepIn are the tiers that open no connection of their own.
var keepIn = map[topology.Tier]bool{topology.TierDatabase: true, topology.TierSessions: true, topology.TierCache: true, topology.TierMedia: true}

// addEgress lets tiers out where they have somewhere to go: servers fetch
// packages, load balancers and the VPN reach only inside.
func (s *site) addEgress(ctx *pulumi.Context, parent pulumi.Resource) error {
	for _, tier := range sortedKeys(s.groups) {
		if keepIn[tier] {
			continue
		}
		cidr := "0.0.0.0/0"
		switch tier {
		case topology.TierBalancer, topology.TierInternal, topology.TierAccess, topology.TierProxy:
			cidr = s.vpc.cidr.String()
		}
		if _, err := vpc.NewSecurityGroupEgressRule(ctx, fmt.Sprintf("%s-%s-out", s.name, tier), &vpc.SecurityGroupEgressRuleArgs{
			SecurityGroupId: s.groups[tier], IpProtocol: pulumi.String("-1"), CidrIpv4: pulumi.String(cidr),
			Description: pulumi.String("connections that this tier opens"),
		}, pulumi.Parent(parent)); err != nil {
			return err
		}
	}
	return nil
}
