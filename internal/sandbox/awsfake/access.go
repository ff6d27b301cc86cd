package awsfake

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2clientvpn"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// access is who may do what and come in where: identities, keys, secrets, VPN.
func access() []fake.Resource {
	return []fake.Resource{
		row("iam/role:Role", iam.RoleArgs{}, iam.Role{}, "{name}", "iam!:role{path}/{name}", "name namePrefix path",
			outputs{"arn": pathARN("role"), "uniqueId": "AROA{U17}"}),
		row("iam/policy:Policy", iam.PolicyArgs{}, iam.Policy{}, "{arn}", "iam!:policy/{name}", "name namePrefix path description",
			outputs{"policyId": "ANPA{U17}", "attachmentCount": 0}),
		row("iam/rolePolicy:RolePolicy", iam.RolePolicyArgs{}, iam.RolePolicy{}, "{role}:{name}", "", "name namePrefix role"),
		row("iam/rolePolicyAttachment:RolePolicyAttachment", iam.RolePolicyAttachmentArgs{}, iam.RolePolicyAttachment{},
			"{role}-{10}", "", "role policyArn"),
		row("iam/instanceProfile:InstanceProfile", iam.InstanceProfileArgs{}, iam.InstanceProfile{}, "{name}",
			"iam!:instance-profile/{name}", "name namePrefix path", outputs{"uniqueId": "AIPA{U17}"}),
		row("iam/serviceLinkedRole:ServiceLinkedRole", iam.ServiceLinkedRoleArgs{}, iam.ServiceLinkedRole{}, "{arn}",
			"iam!:role/aws-service-role/{awsServiceName}/AWSServiceRole{8}", "awsServiceName customSuffix",
			outputs{"name": "AWSServiceRole{8}", "path": "/aws-service-role/{awsServiceName}/"}),
		row("iam/openIdConnectProvider:OpenIdConnectProvider", iam.OpenIdConnectProviderArgs{}, iam.OpenIdConnectProvider{},
			"{arn}", "iam!:oidc-provider/{8}", "url"),
		row("iam/serverCertificate:ServerCertificate", iam.ServerCertificateArgs{}, iam.ServerCertificate{}, "ASCA{U17}",
			"iam!:server-certificate/{name}", "name namePrefix certificateBody certificateChain privateKey path"),
		row("kms/key:Key", kms.KeyArgs{}, kms.Key{}, "{uuid}", "kms:key/{id}",
			"customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId", outputs{"keyId": "{id}"}),
		row("kms/alias:Alias", kms.AliasArgs{}, kms.Alias{}, "{name}", "kms:{name}", "name namePrefix",
			outputs{"targetKeyArn": "arn:{partition}:kms:{region}:{account}:key/{targetKeyId}"}),
		row("kms/keyPolicy:KeyPolicy", kms.KeyPolicyArgs{}, kms.KeyPolicy{}, "{keyId}", "", "keyId"),
		row("kms/grant:Grant", kms.GrantArgs{}, kms.Grant{}, "{keyId}:{64}", "",
			"constraints granteePrincipal keyId name operations retiringPrincipal"),
		row("kms/replicaKey:ReplicaKey", kms.ReplicaKeyArgs{}, kms.ReplicaKey{}, "mrk-{32}", "kms:key/{id}", "primaryKeyArn",
			outputs{"keyId": "{id}", "keySpec": "SYMMETRIC_DEFAULT", "keyUsage": "ENCRYPT_DECRYPT"}),
		row("secretsmanager/secret:Secret", secretsmanager.SecretArgs{}, secretsmanager.Secret{}, "{arn}",
			"secretsmanager:secret:{name}-{6}", "name namePrefix"),
		row("secretsmanager/secretVersion:SecretVersion", secretsmanager.SecretVersionArgs{}, secretsmanager.SecretVersion{},
			"{secretId}|{uuid}", "", "secretId secretBinary secretString", outputs{"versionId": "{uuid}", "arn": "{secretId}"}),
		row("secretsmanager/secretPolicy:SecretPolicy", secretsmanager.SecretPolicyArgs{}, secretsmanager.SecretPolicy{},
			"{secretArn}", "", "secretArn"),
		row("secretsmanager/secretRotation:SecretRotation", secretsmanager.SecretRotationArgs{},
			secretsmanager.SecretRotation{}, "{secretId}", "", "secretId", outputs{"rotationEnabled": true}),
		row("ec2clientvpn/endpoint:Endpoint", ec2clientvpn.EndpointArgs{}, ec2clientvpn.Endpoint{}, "cvpn-endpoint-{17}",
			"ec2:client-vpn-endpoint/{id}", "authenticationOptions clientCidrBlock transportProtocol",
			outputs{"dnsName": "*.{id}.prod.clientvpn.{region}.amazonaws.com"}),
		row("ec2clientvpn/networkAssociation:NetworkAssociation", ec2clientvpn.NetworkAssociationArgs{},
			ec2clientvpn.NetworkAssociation{}, "cvpn-assoc-{17}", "", "clientVpnEndpointId subnetId",
			outputs{"associationId": "{id}"}),
		row("ec2clientvpn/authorizationRule:AuthorizationRule", ec2clientvpn.AuthorizationRuleArgs{},
			ec2clientvpn.AuthorizationRule{}, "{clientVpnEndpointId},{targetNetworkCidr}", "",
			"accessGroupId authorizeAllGroups clientVpnEndpointId description targetNetworkCidr"),
		row("ec2clientvpn/route:Route", ec2clientvpn.RouteArgs{}, ec2clientvpn.Route{},
			"{clientVpnEndpointId},{targetVpcSubnetId},{destinationCidrBlock}", "",
			"clientVpnEndpointId description destinationCidrBlock targetVpcSubnetId",
			outputs{"origin": "add-route", "type": "Nat"}),
		row("ec2/customerGateway:CustomerGateway", ec2.CustomerGatewayArgs{}, ec2.CustomerGateway{}, "cgw-{17}",
			"ec2:customer-gateway/{id}", "bgpAsn bgpAsnExtended certificateArn deviceName ipAddress type"),
		row("ec2/vpnGateway:VpnGateway", ec2.VpnGatewayArgs{}, ec2.VpnGateway{}, "vgw-{17}", "ec2:vpn-gateway/{id}",
			"amazonSideAsn availabilityZone"),
		row("ec2/vpnGatewayAttachment:VpnGatewayAttachment", ec2.VpnGatewayAttachmentArgs{}, ec2.VpnGatewayAttachment{},
			"vpn-attachment-{8}", "", "vpcId vpnGatewayId"),
		row("ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation", ec2.VpnGatewayRoutePropagationArgs{},
			ec2.VpnGatewayRoutePropagation{}, "{vpnGatewayId}_{routeTableId}", "", "routeTableId vpnGatewayId"),
		row("ec2/vpnConnection:VpnConnection", ec2.VpnConnectionArgs{}, ec2.VpnConnection{}, "vpn-{17}",
			"ec2:vpn-connection/{id}", "staticRoutesOnly type outsideIpAddressType enableAcceleration",
			outputs{"tunnel1BgpAsn": "64512", "tunnel2BgpAsn": "64512"}),
		row("ec2/vpnConnectionRoute:VpnConnectionRoute", ec2.VpnConnectionRouteArgs{}, ec2.VpnConnectionRoute{},
			"{destinationCidrBlock}:{vpnConnectionId}", "", "destinationCidrBlock vpnConnectionId"),
	}
}

// pathARN gives the ARN of an identity, which holds its path.
func pathARN(kind string) func(*fake.Object) any {
	return func(o *fake.Object) any {
		path := o.Text("path")
		if path == "" {
			path = "/"
		}
		return o.Expand("arn", "arn:{partition}:iam::{account}:"+kind+path+"{name}")
	}
}
