package awscloud

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2clientvpn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Access makes the VPN into the back office.
func (s *site) Access(ctx *pulumi.Context, parent pulumi.Resource, in platform.AccessArgs) (platform.Access, error) {
	if in.Access.Mode == topology.SiteVPN {
		return s.addSiteVPN(ctx, parent, in)
	}
	return s.addClientVPN(ctx, parent, in)
}

// addClientVPN lets single computers in, each with its own certificate.
func (s *site) addClientVPN(ctx *pulumi.Context, parent pulumi.Resource, in platform.AccessArgs) (platform.Access, error) {
	zone := s.shop.Channels[0].Zone
	certificate, err := s.certificate(ctx, parent, in.Name, "vpn", []string{"vpn." + zone}, zone)
	if err != nil {
		return platform.Access{}, err
	}
	logs, err := cloudwatch.NewLogGroup(ctx, in.Name, &cloudwatch.LogGroupArgs{
		Name: pulumi.String("/storefront/" + s.meta.Stack + "/vpn"), RetentionInDays: pulumi.Int(s.settings.LogDays),
		KmsKeyId: s.key.arn, Tags: s.tags(topology.TierAccess, in.Name),
	}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	stream, err := cloudwatch.NewLogStream(ctx, in.Name, &cloudwatch.LogStreamArgs{Name: pulumi.String("connections"), LogGroupName: logs.Name}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	endpoint, err := ec2clientvpn.NewEndpoint(ctx, in.Name, &ec2clientvpn.EndpointArgs{
		Description:          pulumi.String("The back office of " + s.meta.Stack),
		ServerCertificateArn: certificate,
		ClientCidrBlock:      pulumi.String(in.Access.ClientCIDR),
		AuthenticationOptions: ec2clientvpn.EndpointAuthenticationOptionArray{&ec2clientvpn.EndpointAuthenticationOptionArgs{
			Type: pulumi.String("certificate-authentication"), RootCertificateChainArn: pulumi.String(s.settings.ClientRootCertificateARN),
		}},
		ConnectionLogOptions: &ec2clientvpn.EndpointConnectionLogOptionsArgs{
			Enabled: pulumi.Bool(true), CloudwatchLogGroup: logs.Name, CloudwatchLogStream: stream.Name,
		},
		VpcId: s.vpc.id, SecurityGroupIds: pulumi.StringArray{s.groups[topology.TierAccess]},
		// Only what is meant for the network goes through the tunnel.
		SplitTunnel:         pulumi.Bool(true),
		TransportProtocol:   pulumi.String("udp"),
		SessionTimeoutHours: pulumi.Int(12),
		DnsServers:          pulumi.StringArray{pulumi.String(resolver(s.vpc.cidr))},
		Tags:                s.tags(topology.TierAccess, in.Name),
	}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	for zone, subnet := range s.vpc.subnets[address.Admin] {
		if _, err := ec2clientvpn.NewNetworkAssociation(ctx, fmt.Sprintf("%s-%s", in.Name, s.letter(zone)), &ec2clientvpn.NetworkAssociationArgs{
			ClientVpnEndpointId: endpoint.ID(), SubnetId: subnet.ID(),
		}, pulumi.Parent(parent)); err != nil {
			return platform.Access{}, err
		}
	}
	_, err = ec2clientvpn.NewAuthorizationRule(ctx, in.Name, &ec2clientvpn.AuthorizationRuleArgs{
		ClientVpnEndpointId: endpoint.ID(), TargetNetworkCidr: pulumi.String(s.vpc.cidr.String()),
		AuthorizeAllGroups: pulumi.Bool(true), Description: pulumi.String("the network; security groups narrow it to the back office"),
	}, pulumi.Parent(parent))
	return platform.Access{Outputs: pulumi.Map{
		"mode":     pulumi.String(string(topology.ClientVPN)),
		"endpoint": endpoint.ID(),
		"server":   endpoint.DnsName,
		"configuration": pulumi.Sprintf("aws ec2 export-client-vpn-client-configuration --region %s --client-vpn-endpoint-id %s --output text",
			s.settings.Region, endpoint.ID()),
	}}, err
}

// resolver is where a VPC answers DNS: the second address above its base.
func resolver(vpc netip.Prefix) string { return vpc.Addr().Next().Next().String() }

// addSiteVPN joins the office's network over two tunnels.
func (s *site) addSiteVPN(ctx *pulumi.Context, parent pulumi.Resource, in platform.AccessArgs) (platform.Access, error) {
	office, err := ec2.NewCustomerGateway(ctx, in.Name, &ec2.CustomerGatewayArgs{
		BgpAsn: pulumi.String("65000"), IpAddress: pulumi.String(in.Access.PeerAddress), Type: pulumi.String("ipsec.1"),
		Tags: s.tags(topology.TierAccess, in.Name),
	}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	gateway, err := ec2.NewVpnGateway(ctx, in.Name, &ec2.VpnGatewayArgs{VpcId: s.vpc.id, Tags: s.tags(topology.TierAccess, in.Name)}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	modern := pulumi.ToStringArray([]string{"ikev2"})
	tunnel, err := ec2.NewVpnConnection(ctx, in.Name, &ec2.VpnConnectionArgs{
		CustomerGatewayId: office.ID(), VpnGatewayId: gateway.ID(), Type: pulumi.String("ipsec.1"), StaticRoutesOnly: pulumi.Bool(true),
		Tunnel1IkeVersions: modern, Tunnel2IkeVersions: modern,
		Tags: s.tags(topology.TierAccess, in.Name),
	}, pulumi.Parent(parent))
	if err != nil {
		return platform.Access{}, err
	}
	for i, cidr := range in.Access.OfficeCIDRs {
		if _, err := ec2.NewVpnConnectionRoute(ctx, fmt.Sprintf("%s-%d", in.Name, i), &ec2.VpnConnectionRouteArgs{
			VpnConnectionId: tunnel.ID(), DestinationCidrBlock: pulumi.String(cidr),
		}, pulumi.Parent(parent)); err != nil {
			return platform.Access{}, err
		}
		// The office's people come from their own addresses, not from a group.
		for _, c := range s.shop.Connections() {
			if c.From != topology.TierAccess {
				continue
			}
			if err := s.allow(ctx, parent, fmt.Sprintf("%s-%s-%d", in.Name, c.To, i), s.groups[c.To], rule{port: c.Port, cidr: cidr, why: c.Why}); err != nil {
				return platform.Access{}, err
			}
		}
	}
	tables := s.vpc.privateTables
	if s.shop.Analytics.Engine == topology.OpenSearch {
		// Its dashboards answer from the data subnets.
		tables = append(slices.Clone(tables), s.vpc.dataTable)
	}
	for i, table := range tables {
		if _, err := ec2.NewVpnGatewayRoutePropagation(ctx, fmt.Sprintf("%s-routes-%d", in.Name, i), &ec2.VpnGatewayRoutePropagationArgs{
			VpnGatewayId: gateway.ID(), RouteTableId: table.ID(),
		}, pulumi.Parent(parent)); err != nil {
			return platform.Access{}, err
		}
	}
	return platform.Access{Outputs: pulumi.Map{
		"mode":    pulumi.String(string(topology.SiteVPN)),
		"tunnel1": tunnel.Tunnel1Address,
		"tunnel2": tunnel.Tunnel2Address,
		"configuration": pulumi.Sprintf("aws ec2 describe-vpn-connections --region %s --vpn-connection-ids %s --query 'VpnConnections[0].CustomerGatewayConfiguration' --output text",
			s.settings.Region, tunnel.ID()),
	}}, nil
}
