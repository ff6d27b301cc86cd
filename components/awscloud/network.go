package awscloud

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// network is the VPC and what tiers need to know of it.
type network struct {
	id      pulumi.IDOutput
	cidr    netip.Prefix
	subnets map[address.Purpose][]*ec2.Subnet // by zone
	// privateTables route the servers' subnets, one a way out.
	privateTables []*ec2.RouteTable
	// dataTable routes the subnets without a way out.
	dataTable *ec2.RouteTable
}

func (n network) subnetIDs(p address.Purpose) pulumi.StringArray {
	var ids pulumi.StringArray
	for _, s := range n.subnets[p] {
		ids = append(ids, s.ID())
	}
	return ids
}

// Network lays the VPC with its subnets, ways out, endpoints, flow logs and the
// security groups of all tiers.
func (p *Platform) Network(ctx *pulumi.Context, parent pulumi.Resource, in platform.NetworkArgs) (platform.Site, error) {
	cidr, err := netip.ParsePrefix(in.Shop.Network.CIDR)
	if err != nil {
		return nil, fmt.Errorf("network.cidr: %w", err)
	}
	s := &site{
		settings: p.settings.resolve(in.Shop.Environment == topology.Production),
		meta:     in.Meta, shop: in.Shop, name: in.Name,
		groups: map[topology.Tier]pulumi.IDOutput{}, outputs: pulumi.Map{},
		vpc: network{cidr: cidr, subnets: map[address.Purpose][]*ec2.Subnet{}},
	}
	if err := s.lookups(ctx, parent); err != nil {
		return nil, err
	}
	for _, step := range []func(*pulumi.Context, pulumi.Resource) error{
		func(ctx *pulumi.Context, parent pulumi.Resource) error {
			return s.openEdgeRegion(ctx, parent, p.provider)
		},
		s.findZones, s.addKey, s.addVPC, s.addSubnets, s.addFlowLogs, s.addSecurityGroups, s.addEndpoints, s.addLogBucket, s.addOriginKey,
	} {
		if err := step(ctx, parent); err != nil {
			return nil, err
		}
	}
	s.outputs["vpc"] = s.vpc.id
	s.outputs["zones"] = pulumi.ToStringArray(s.zoneNames)
	return s, nil
}

func (s *site) addVPC(ctx *pulumi.Context, parent pulumi.Resource) error {
	vpc, err := ec2.NewVpc(ctx, s.name, &ec2.VpcArgs{
		CidrBlock:          pulumi.String(s.vpc.cidr.String()),
		EnableDnsHostnames: pulumi.Bool(true),
		EnableDnsSupport:   pulumi.Bool(true),
		Tags:               s.tags("network", s.name),
	}, pulumi.Parent(parent), pulumi.Protect(s.meta.Protected))
	if err != nil {
		return err
	}
	s.vpc.id = vpc.ID()
	// Left open, the default group would let whatever forgot to name a group
	// talk to everything else that did.
	_, err = ec2.NewDefaultSecurityGroup(ctx, s.name+"-default", &ec2.DefaultSecurityGroupArgs{
		VpcId: vpc.ID(), Tags: s.tags("network", s.name+"-default-closed"),
	}, pulumi.Parent(parent))
	return err
}

// addSubnets lays a subnet for each purpose and zone, with the routes out.
func (s *site) addSubnets(ctx *pulumi.Context, parent pulumi.Resource) error {
	gateway, err := ec2.NewInternetGateway(ctx, s.name+"-igw", &ec2.InternetGatewayArgs{
		VpcId: s.vpc.id, Tags: s.tags("network", s.name+"-igw"),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	public, err := s.addRouteTable(ctx, parent, s.name+"-public")
	if err != nil {
		return err
	}
	if _, err := ec2.NewRoute(ctx, s.name+"-public-out", &ec2.RouteArgs{
		RouteTableId: public.ID(), DestinationCidrBlock: pulumi.String("0.0.0.0/0"), GatewayId: gateway.ID(),
	}, pulumi.Parent(parent)); err != nil {
		return err
	}
	isolated, err := s.addRouteTable(ctx, parent, s.name+"-data")
	if err != nil {
		return err
	}
	private, err := s.addRouteTable(ctx, parent, s.name+"-app")
	if err != nil {
		return err
	}
	s.vpc.dataTable = isolated
	tables := []*ec2.RouteTable{public, isolated}
	for zone := range s.zoneNames {
		if zone > 0 && s.shop.Network.NAT == topology.NATZone {
			if private, err = s.addRouteTable(ctx, parent, fmt.Sprintf("%s-app-%s", s.name, s.letter(zone))); err != nil {
				return err
			}
		}
		routes := map[address.Purpose]*ec2.RouteTable{address.Public: public, address.Data: isolated, address.App: private, address.Admin: private}
		for _, purpose := range []address.Purpose{address.Public, address.App, address.Data, address.Admin} {
			if err := s.addSubnet(ctx, parent, purpose, zone, routes[purpose]); err != nil {
				return err
			}
		}
		if zone > 0 && s.shop.Network.NAT == topology.NATSingle {
			continue
		}
		tables = append(tables, private)
		s.vpc.privateTables = append(s.vpc.privateTables, private)
		if err := s.addNAT(ctx, parent, zone, private, gateway); err != nil {
			return err
		}
	}
	return s.addS3Gateway(ctx, parent, tables)
}

// letter is the zone's own, "a" for eu-west-1a.
func (s *site) letter(zone int) string {
	name := s.zoneNames[zone]
	return name[len(name)-1:]
}

func (s *site) addRouteTable(ctx *pulumi.Context, parent pulumi.Resource, name string) (*ec2.RouteTable, error) {
	return ec2.NewRouteTable(ctx, name, &ec2.RouteTableArgs{
		VpcId: s.vpc.id, Tags: s.tags("network", name),
	}, pulumi.Parent(parent))
}

func (s *site) addSubnet(ctx *pulumi.Context, parent pulumi.Resource, purpose address.Purpose, zone int, routes *ec2.RouteTable) error {
	cidr, err := address.Subnet(s.vpc.cidr, purpose, zone)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%s-%s", s.name, purpose, s.letter(zone))
	subnet, err := ec2.NewSubnet(ctx, name, &ec2.SubnetArgs{
		VpcId: s.vpc.id, CidrBlock: pulumi.String(cidr.String()), AvailabilityZone: pulumi.String(s.zoneNames[zone]),
		// Even a public subnet gives no server an address by itself.
		MapPublicIpOnLaunch: pulumi.Bool(false),
		Tags:                s.tags("network", name),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	s.vpc.subnets[purpose] = append(s.vpc.subnets[purpose], subnet)
	_, err = ec2.NewRouteTableAssociation(ctx, name, &ec2.RouteTableAssociationArgs{
		SubnetId: subnet.ID(), RouteTableId: routes.ID(),
	}, pulumi.Parent(parent))
	return err
}

func (s *site) addNAT(ctx *pulumi.Context, parent pulumi.Resource, zone int, routes *ec2.RouteTable, gateway *ec2.InternetGateway) error {
	name := fmt.Sprintf("%s-nat-%s", s.name, s.letter(zone))
	// The office's and payment providers' lists hold this address.
	ip, err := ec2.NewEip(ctx, name, &ec2.EipArgs{
		Domain: pulumi.String("vpc"), Tags: s.tags("network", name),
	}, s.keeps(parent)...)
	if err != nil {
		return err
	}
	nat, err := ec2.NewNatGateway(ctx, name, &ec2.NatGatewayArgs{
		AllocationId: ip.ID(), SubnetId: s.vpc.subnets[address.Public][zone].ID(), Tags: s.tags("network", name),
	}, pulumi.Parent(parent), pulumi.DependsOn([]pulumi.Resource{gateway}))
	if err != nil {
		return err
	}
	_, err = ec2.NewRoute(ctx, name+"-out", &ec2.RouteArgs{
		RouteTableId: routes.ID(), DestinationCidrBlock: pulumi.String("0.0.0.0/0"), NatGatewayId: nat.ID(),
	}, pulumi.Parent(parent))
	return err
}

func (s *site) addS3Gateway(ctx *pulumi.Context, parent pulumi.Resource, tables []*ec2.RouteTable) error {
	var ids pulumi.StringArray
	for _, t := range tables {
		ids = append(ids, t.ID())
	}
	_, err := ec2.NewVpcEndpoint(ctx, s.name+"-s3", &ec2.VpcEndpointArgs{
		VpcId:           s.vpc.id,
		ServiceName:     pulumi.String("com.amazonaws." + s.settings.Region + ".s3"),
		VpcEndpointType: pulumi.String("Gateway"),
		RouteTableIds:   ids,
		Tags:            s.tags("network", s.name+"-s3"),
	}, pulumi.Parent(parent))
	return err
}

// endpoints are the services that private servers talk to without leaving the
// network: Systems Manager (three names), logs and metrics, secrets, and the
// Auto Scaling calls of a deployment.
var endpoints = []string{"ssm", "ssmmessages", "ec2messages", "logs", "monitoring", "secretsmanager", "autoscaling"}

func (s *site) addEndpoints(ctx *pulumi.Context, parent pulumi.Resource) error {
	group, err := s.addGroup(ctx, parent, "endpoints", "HTTPS from the network to AWS services")
	if err != nil {
		return err
	}
	if err := s.allow(ctx, parent, s.name+"-endpoints-in", group, rule{
		port: topology.PortHTTPS, cidr: s.vpc.cidr.String(), why: "servers to AWS services",
	}); err != nil {
		return err
	}
	subnets := s.vpc.subnetIDs(address.App)
	if !s.production() {
		// An endpoint costs by zone; one is enough to try things out.
		subnets = subnets[:1]
	}
	for _, service := range endpoints {
		name := s.name + "-" + service
		if _, err := ec2.NewVpcEndpoint(ctx, name, &ec2.VpcEndpointArgs{
			VpcId:             s.vpc.id,
			ServiceName:       pulumi.String("com.amazonaws." + s.settings.Region + "." + service),
			VpcEndpointType:   pulumi.String("Interface"),
			PrivateDnsEnabled: pulumi.Bool(true),
			SubnetIds:         subnets,
			SecurityGroupIds:  pulumi.StringArray{group},
			Tags:              s.tags("network", name),
		}, pulumi.Parent(parent)); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) addFlowLogs(ctx *pulumi.Context, parent pulumi.Resource) error {
	name := s.name + "-flows"
	group, err := cloudwatch.NewLogGroup(ctx, name, &cloudwatch.LogGroupArgs{
		Name:            pulumi.String("/storefront/" + s.meta.Stack + "/flows"),
		RetentionInDays: pulumi.Int(s.settings.LogDays),
		KmsKeyId:        s.key.arn,
		Tags:            s.tags("network", name),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	role, err := s.addRole(ctx, parent, name, topology.Tier("network"), "vpc-flow-logs.amazonaws.com")
	if err != nil {
		return err
	}
	if _, err := iam.NewRolePolicy(ctx, name, &iam.RolePolicyArgs{
		Role: role.Name,
		Policy: policy(statement{
			Action:   []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"},
			Resource: []pulumi.StringInput{group.Arn, pulumi.Sprintf("%s:*", group.Arn)},
		}),
	}, pulumi.Parent(parent)); err != nil {
		return err
	}
	_, err = ec2.NewFlowLog(ctx, name, &ec2.FlowLogArgs{
		VpcId: s.vpc.id, TrafficType: pulumi.String("ALL"), LogDestination: group.Arn, IamRoleArn: role.Arn,
		MaxAggregationInterval: pulumi.Int(60),
		Tags:                   s.tags("network", name),
	}, pulumi.Parent(parent))
	return err
}
