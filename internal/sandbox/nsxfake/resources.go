package nsxfake

import (
	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// resources is the table. What replaces an object beside its identifier is what
// the provider's source marks so.
func resources() []fake.Resource {
	return []fake.Resource{
		row("PolicyTier0Gateway", nsxt.PolicyTier0GatewayArgs{}, nsxt.PolicyTier0Gateway{},
			"haMode internalTransitSubnets transitSubnets"),
		row("PolicyTier1Gateway", nsxt.PolicyTier1GatewayArgs{}, nsxt.PolicyTier1Gateway{}, "poolAllocation"),
		row("PolicyTier1GatewayInterface", nsxt.PolicyTier1GatewayInterfaceArgs{}, nsxt.PolicyTier1GatewayInterface{},
			"gatewayPath segmentPath sitePath"),
		row("PolicySegment", nsxt.PolicySegmentArgs{}, nsxt.PolicySegment{}, "transportZonePath"),
		row("PolicyGroup", nsxt.PolicyGroupArgs{}, nsxt.PolicyGroup{}, "domain groupType"),
		row("PolicySecurityPolicy", nsxt.PolicySecurityPolicyArgs{}, nsxt.PolicySecurityPolicy{}, "domain category"),
		row("PolicyGatewayPolicy", nsxt.PolicyGatewayPolicyArgs{}, nsxt.PolicyGatewayPolicy{}, "domain category"),
		predefined(row("PolicyPredefinedSecurityPolicy", nsxt.PolicyPredefinedSecurityPolicyArgs{},
			nsxt.PolicyPredefinedSecurityPolicy{}, "path")),
		predefined(row("PolicyPredefinedGatewayPolicy", nsxt.PolicyPredefinedGatewayPolicyArgs{},
			nsxt.PolicyPredefinedGatewayPolicy{}, "path")),
		row("PolicyService", nsxt.PolicyServiceArgs{}, nsxt.PolicyService{}, ""),
		row("PolicyContextProfile", nsxt.PolicyContextProfileArgs{}, nsxt.PolicyContextProfile{}, ""),
		row("PolicyDhcpServer", nsxt.PolicyDhcpServerArgs{}, nsxt.PolicyDhcpServer{}, ""),
		row("PolicyDnsForwarderZone", nsxt.PolicyDnsForwarderZoneArgs{}, nsxt.PolicyDnsForwarderZone{}, ""),
		unidentified(row("PolicyGatewayDnsForwarder", nsxt.PolicyGatewayDnsForwarderArgs{}, nsxt.PolicyGatewayDnsForwarder{},
			"gatewayPath")),
		row("PolicyNatRule", nsxt.PolicyNatRuleArgs{}, nsxt.PolicyNatRule{}, "gatewayPath type"),
		row("PolicyStaticRoute", nsxt.PolicyStaticRouteArgs{}, nsxt.PolicyStaticRoute{}, "gatewayPath"),
		row("PolicyIpPool", nsxt.PolicyIpPoolArgs{}, nsxt.PolicyIpPool{}, ""),
		row("PolicyIpPoolStaticSubnet", nsxt.PolicyIpPoolStaticSubnetArgs{}, nsxt.PolicyIpPoolStaticSubnet{}, "poolPath"),
		row("PolicyIpAddressAllocation", nsxt.PolicyIpAddressAllocationArgs{}, nsxt.PolicyIpAddressAllocation{},
			"poolPath allocationIp"),
		row("PolicyIpsecVpnService", nsxt.PolicyIpsecVpnServiceArgs{}, nsxt.PolicyIpsecVpnService{}, "gatewayPath localeServicePath"),
		row("PolicyIpsecVpnLocalEndpoint", nsxt.PolicyIpsecVpnLocalEndpointArgs{}, nsxt.PolicyIpsecVpnLocalEndpoint{},
			"servicePath"),
		row("PolicyIpsecVpnSession", nsxt.PolicyIpsecVpnSessionArgs{}, nsxt.PolicyIpsecVpnSession{}, "servicePath"),
		row("PolicyIpsecVpnIkeProfile", nsxt.PolicyIpsecVpnIkeProfileArgs{}, nsxt.PolicyIpsecVpnIkeProfile{}, ""),
		row("PolicyIpsecVpnTunnelProfile", nsxt.PolicyIpsecVpnTunnelProfileArgs{}, nsxt.PolicyIpsecVpnTunnelProfile{}, ""),
		row("PolicyIpsecVpnDpdProfile", nsxt.PolicyIpsecVpnDpdProfileArgs{}, nsxt.PolicyIpsecVpnDpdProfile{}, ""),
		row("PolicyLbService", nsxt.PolicyLbServiceArgs{}, nsxt.PolicyLbService{}, ""),
		row("PolicyLbPool", nsxt.PolicyLbPoolArgs{}, nsxt.PolicyLbPool{}, ""),
		row("PolicyLbVirtualServer", nsxt.PolicyLbVirtualServerArgs{}, nsxt.PolicyLbVirtualServer{}, ""),
		row("PolicyLbHttpMonitorProfile", nsxt.PolicyLbHttpMonitorProfileArgs{}, nsxt.PolicyLbHttpMonitorProfile{}, ""),
		row("PolicyLbHttpsMonitorProfile", nsxt.PolicyLbHttpsMonitorProfileArgs{}, nsxt.PolicyLbHttpsMonitorProfile{}, ""),
		row("PolicyLbTcpMonitorProfile", nsxt.PolicyLbTcpMonitorProfileArgs{}, nsxt.PolicyLbTcpMonitorProfile{}, ""),
		row("PolicyLbHttpApplicationProfile", nsxt.PolicyLbHttpApplicationProfileArgs{},
			nsxt.PolicyLbHttpApplicationProfile{}, ""),
		row("PolicyLbClientSslProfile", nsxt.PolicyLbClientSslProfileArgs{}, nsxt.PolicyLbClientSslProfile{}, ""),
		row("PolicySpoofGuardProfile", nsxt.PolicySpoofGuardProfileArgs{}, nsxt.PolicySpoofGuardProfile{}, ""),
		row("PolicySegmentSecurityProfile", nsxt.PolicySegmentSecurityProfileArgs{}, nsxt.PolicySegmentSecurityProfile{}, ""),
		row("PolicyGatewayFloodProtectionProfile", nsxt.PolicyGatewayFloodProtectionProfileArgs{},
			nsxt.PolicyGatewayFloodProtectionProfile{}, ""),
		row("PolicyGatewayFloodProtectionProfileBinding", nsxt.PolicyGatewayFloodProtectionProfileBindingArgs{},
			nsxt.PolicyGatewayFloodProtectionProfileBinding{}, "parentPath"),
		row("PolicyDistributedFloodProtectionProfile", nsxt.PolicyDistributedFloodProtectionProfileArgs{},
			nsxt.PolicyDistributedFloodProtectionProfile{}, ""),
		row("PolicyDistributedFloodProtectionProfileBinding", nsxt.PolicyDistributedFloodProtectionProfileBindingArgs{},
			nsxt.PolicyDistributedFloodProtectionProfileBinding{}, "groupPath"),
		row("PolicyTransportZone", nsxt.PolicyTransportZoneArgs{}, nsxt.PolicyTransportZone{},
			"enforcementPoint sitePath transportType"),
		unidentified(row("PolicyVmTags", nsxt.PolicyVmTagsArgs{}, nsxt.PolicyVmTags{}, "instanceId")),
	}
}

// unidentified is a type whose objects have no identifier of their own to give.
func unidentified(r fake.Resource) fake.Resource {
	r.ID, r.Replace = "{uuid}", trimID(r.Replace)
	return r
}

// predefined is a policy that NSX comes with, named by its path.
func predefined(r fake.Resource) fake.Resource {
	r.ID, r.Replace = "{path}", trimID(r.Replace)
	return r
}
