package awsfake

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// network is the virtual network: addresses, routes, firewalls.
func network() []fake.Resource {
	return []fake.Resource{
		row("ec2/vpc:Vpc", ec2.VpcArgs{}, ec2.Vpc{}, "vpc-{17}", "ec2:vpc/{id}",
			"cidrBlock ipv4IpamPoolId ipv4NetmaskLength instanceTenancy", outputs{
				"defaultNetworkAclId": "acl-{17}", "defaultRouteTableId": "rtb-{17}", "defaultSecurityGroupId": "sg-{17}",
				"mainRouteTableId": "rtb-{17}", "dhcpOptionsId": "dopt-{17}", "ipv6AssociationId": "vpc-cidr-assoc-{17}",
			}),
		row("ec2/vpcDhcpOptions:VpcDhcpOptions", ec2.VpcDhcpOptionsArgs{}, ec2.VpcDhcpOptions{}, "dopt-{17}",
			"ec2:dhcp-options/{id}", "domainName domainNameServers ntpServers netbiosNameServers netbiosNodeType"),
		row("ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation", ec2.VpcDhcpOptionsAssociationArgs{},
			ec2.VpcDhcpOptionsAssociation{}, "{dhcpOptionsId}-{vpcId}", "", "vpcId"),
		row("ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", ec2.VpcIpv4CidrBlockAssociationArgs{},
			ec2.VpcIpv4CidrBlockAssociation{}, "vpc-cidr-assoc-{17}", "", "vpcId cidrBlock"),
		row("ec2/vpcPeeringConnection:VpcPeeringConnection", ec2.VpcPeeringConnectionArgs{}, ec2.VpcPeeringConnection{},
			"pcx-{17}", "", "vpcId peerVpcId peerOwnerId peerRegion", outputs{"acceptStatus": "active"}),
		row("ec2/subnet:Subnet", ec2.SubnetArgs{}, ec2.Subnet{}, "subnet-{17}", "ec2:subnet/{id}",
			"vpcId cidrBlock availabilityZone availabilityZoneId ipv6Native outpostArn", outputs{
				"ipv6CidrBlockAssociationId": "",
			}),
		row("ec2/internetGateway:InternetGateway", ec2.InternetGatewayArgs{}, ec2.InternetGateway{}, "igw-{17}",
			"ec2:internet-gateway/{id}", ""),
		row("ec2/eip:Eip", ec2.EipArgs{}, ec2.Eip{}, "eipalloc-{17}", "ec2:elastic-ip/{id}",
			"domain networkBorderGroup publicIpv4Pool customerOwnedIpv4Pool", outputs{"allocationId": "{id}"}),
		row("ec2/eipAssociation:EipAssociation", ec2.EipAssociationArgs{}, ec2.EipAssociation{}, "eipassoc-{17}", "",
			"allocationId instanceId networkInterfaceId privateIpAddress publicIp"),
		row("ec2/natGateway:NatGateway", ec2.NatGatewayArgs{}, ec2.NatGateway{}, "nat-{17}", "",
			"allocationId subnetId connectivityType privateIp"),
		row("ec2/routeTable:RouteTable", ec2.RouteTableArgs{}, ec2.RouteTable{}, "rtb-{17}", "ec2:route-table/{id}", "vpcId"),
		row("ec2/defaultRouteTable:DefaultRouteTable", ec2.DefaultRouteTableArgs{}, ec2.DefaultRouteTable{},
			"{defaultRouteTableId}", "ec2:route-table/{id}", "defaultRouteTableId"),
		row("ec2/mainRouteTableAssociation:MainRouteTableAssociation", ec2.MainRouteTableAssociationArgs{},
			ec2.MainRouteTableAssociation{}, "rtbassoc-{17}", "", "vpcId"),
		row("ec2/route:Route", ec2.RouteArgs{}, ec2.Route{}, "r-{routeTableId}{10}", "",
			"routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
			outputs{"origin": "CreateRoute", "state": "active"}),
		row("ec2/routeTableAssociation:RouteTableAssociation", ec2.RouteTableAssociationArgs{}, ec2.RouteTableAssociation{},
			"rtbassoc-{17}", "", "subnetId gatewayId"),
		row("ec2/vpcEndpoint:VpcEndpoint", ec2.VpcEndpointArgs{}, ec2.VpcEndpoint{}, "vpce-{17}", "ec2:vpc-endpoint/{id}",
			"vpcId serviceName vpcEndpointType serviceRegion resourceConfigurationArn serviceNetworkArn", outputs{
				"prefixListId": "pl-{8}", "dnsEntries": endpointNames,
			}),
		row("ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
			ec2.VpcEndpointRouteTableAssociationArgs{}, ec2.VpcEndpointRouteTableAssociation{}, "a-{vpcEndpointId}{10}", "",
			"vpcEndpointId routeTableId"),
		row("ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation", ec2.VpcEndpointSubnetAssociationArgs{},
			ec2.VpcEndpointSubnetAssociation{}, "a-{vpcEndpointId}{10}", "", "vpcEndpointId subnetId"),
		row("ec2/vpcEndpointPolicy:VpcEndpointPolicy", ec2.VpcEndpointPolicyArgs{}, ec2.VpcEndpointPolicy{},
			"{vpcEndpointId}", "", "vpcEndpointId"),
		row("ec2/flowLog:FlowLog", ec2.FlowLogArgs{}, ec2.FlowLog{}, "fl-{17}", "ec2:vpc-flow-log/{id}",
			"deliverCrossAccountRole destinationOptions eniId iamRoleArn logDestination logDestinationType logFormat "+
				"logGroupName maxAggregationInterval subnetId trafficType transitGatewayAttachmentId transitGatewayId vpcId"),
		row("ec2/networkAcl:NetworkAcl", ec2.NetworkAclArgs{}, ec2.NetworkAcl{}, "acl-{17}", "ec2:network-acl/{id}", "vpcId"),
		row("ec2/defaultNetworkAcl:DefaultNetworkAcl", ec2.DefaultNetworkAclArgs{}, ec2.DefaultNetworkAcl{},
			"{defaultNetworkAclId}", "ec2:network-acl/{id}", "defaultNetworkAclId"),
		row("ec2/networkAclRule:NetworkAclRule", ec2.NetworkAclRuleArgs{}, ec2.NetworkAclRule{}, "nacl-{10}", "",
			"networkAclId ruleNumber egress protocol ruleAction cidrBlock ipv6CidrBlock fromPort toPort icmpType icmpCode"),
		row("ec2/networkAclAssociation:NetworkAclAssociation", ec2.NetworkAclAssociationArgs{}, ec2.NetworkAclAssociation{},
			"aclassoc-{17}", "", "networkAclId subnetId"),
		row("ec2/networkInterface:NetworkInterface", ec2.NetworkInterfaceArgs{}, ec2.NetworkInterface{}, "eni-{17}",
			"ec2:network-interface/{id}", "subnetId interfaceType", outputs{"macAddress": "06:00:0a:00:00:01"}),
		row("ec2/managedPrefixList:ManagedPrefixList", ec2.ManagedPrefixListArgs{}, ec2.ManagedPrefixList{}, "pl-{17}",
			"ec2:prefix-list/{id}", "addressFamily", outputs{"version": 1}),
		row("ec2/managedPrefixListEntry:ManagedPrefixListEntry", ec2.ManagedPrefixListEntryArgs{},
			ec2.ManagedPrefixListEntry{}, "{prefixListId},{cidr}", "", "prefixListId cidr description"),
		row("ec2/securityGroup:SecurityGroup", ec2.SecurityGroupArgs{}, ec2.SecurityGroup{}, "sg-{17}",
			"ec2:security-group/{id}", "name namePrefix description vpcId"),
		row("ec2/defaultSecurityGroup:DefaultSecurityGroup", ec2.DefaultSecurityGroupArgs{}, ec2.DefaultSecurityGroup{},
			"sg-{17}", "ec2:security-group/{id}", "vpcId",
			outputs{"name": "default", "description": "default VPC security group", "namePrefix": ""}),
		row("ec2/securityGroupRule:SecurityGroupRule", ec2.SecurityGroupRuleArgs{}, ec2.SecurityGroupRule{}, "sgrule-{10}", "",
			"securityGroupId type protocol fromPort toPort cidrBlocks ipv6CidrBlocks prefixListIds self sourceSecurityGroupId",
			outputs{"securityGroupRuleId": "sgr-{17}"}),
		row("vpc/securityGroupIngressRule:SecurityGroupIngressRule", vpc.SecurityGroupIngressRuleArgs{},
			vpc.SecurityGroupIngressRule{}, "sgr-{17}", "ec2:security-group-rule/{id}", "securityGroupId",
			outputs{"securityGroupRuleId": "{id}"}),
		row("vpc/securityGroupEgressRule:SecurityGroupEgressRule", vpc.SecurityGroupEgressRuleArgs{},
			vpc.SecurityGroupEgressRule{}, "sgr-{17}", "ec2:security-group-rule/{id}", "securityGroupId",
			outputs{"securityGroupRuleId": "{id}"}),
	}
}

// endpointNames are the names under which an interface endpoint is reached. A
// gateway endpoint has none.
func endpointNames(o *fake.Object) any {
	if o.Text("vpcEndpointType") != "Interface" {
		return []any{}
	}
	parts := strings.Split(o.Text("serviceName"), ".")
	name := o.ID + "-" + o.Hex("dns", 8) + "." + parts[len(parts)-1] + "." + o.Settings["region"] + ".vpce.amazonaws.com"
	return []any{map[string]any{"dnsName": name, "hostedZoneId": "Z38GZ743OKFT7T"}}
}
