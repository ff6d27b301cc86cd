package nsxfake

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
)

// builtin are objects that every NSX manager comes with.
var (
	builtinServices = strings.Fields("HTTP HTTPS SSH DNS DNS-UDP NTP MySQL ICMPv4-ALL LDAP LDAPS SMTP SNMP-Receive NFS")
	builtinMonitors = strings.Fields("default-http-lb-monitor default-https-lb-monitor default-tcp-lb-monitor default-icmp-lb-monitor")
	builtinApps     = strings.Fields("default-http-lb-app-profile default-tcp-lb-app-profile default-udp-lb-app-profile")
	builtinSSL      = strings.Fields("default-balanced-client-ssl-profile default-high-security-client-ssl-profile " +
		"default-high-compatibility-client-ssl-profile")
	builtinPolicies = []string{"Default Layer3 Section", "Default Layer2 Section", "Policy_Default_Infra"}
)

// finder answers a look-up by name: from what the site has, or from what the
// stack has made as a resource of the same kind.
type finder struct {
	kind   string   // in words, for a refusal
	type_  string   // the resource type that makes such objects, or ""
	folder string   // of the policy tree
	names  []string // that the site has
}

func (f finder) answer(q *fake.Query) (map[string]any, error) {
	name := q.Text("displayName")
	if name == "" {
		name = q.Text("id")
	}
	if f.type_ != "" {
		if found, ok := q.World.Find(token(f.type_), name); ok {
			made := found.(noticed)
			return map[string]any{"id": made.id, "path": made.path, "displayName": name}, nil
		}
	}
	if name == "" && len(f.names) > 0 && q.Text("isDefault") == "true" {
		name = f.names[0]
	}
	if !match(f.names, name) {
		return nil, fmt.Errorf("%s %q not found in the simulated site", f.kind, name)
	}
	id := identifier(name)
	return map[string]any{"id": id, "path": "/infra/" + f.folder + "/" + id, "displayName": name}, nil
}

// identifier is the identifier of an object of the site.
func identifier(name string) string { return strings.ReplaceAll(name, " ", "-") }

// lookups are the functions that read from NSX.
func lookups(s site.NSX) []fake.Lookup {
	enforcement := "sites/default/enforcement-points/default/"
	return []fake.Lookup{
		look("Tier0Gateway", nsxt.LookupPolicyTier0GatewayArgs{}, nsxt.LookupPolicyTier0GatewayResult{},
			finder{"tier-0 gateway", "PolicyTier0Gateway", "tier-0s", s.Tier0Gateways}),
		look("Tier1Gateway", nsxt.LookupPolicyTier1GatewayArgs{}, nsxt.LookupPolicyTier1GatewayResult{},
			finder{"tier-1 gateway", "PolicyTier1Gateway", "tier-1s", s.Tier1Gateways}),
		look("EdgeCluster", nsxt.GetPolicyEdgeClusterArgs{}, nsxt.GetPolicyEdgeClusterResult{},
			finder{"edge cluster", "", enforcement + "edge-clusters", s.EdgeClusters}),
		look("TransportZone", nsxt.LookupPolicyTransportZoneArgs{}, nsxt.LookupPolicyTransportZoneResult{},
			finder{"transport zone", "PolicyTransportZone", enforcement + "transport-zones", s.TransportZones}),
		look("Segment", nsxt.LookupPolicySegmentArgs{}, nsxt.LookupPolicySegmentResult{},
			finder{"segment", "PolicySegment", "segments", s.Segments}),
		look("Certificate", nsxt.GetPolicyCertificateArgs{}, nsxt.GetPolicyCertificateResult{},
			finder{"certificate", "", "certificates", s.Certificates}),
		look("IpPool", nsxt.LookupPolicyIpPoolArgs{}, nsxt.LookupPolicyIpPoolResult{},
			finder{"address pool", "PolicyIpPool", "ip-pools", s.IPPools}),
		look("Service", nsxt.LookupPolicyServiceArgs{}, nsxt.LookupPolicyServiceResult{},
			finder{"service", "PolicyService", "services", builtinServices}),
		look("Group", nsxt.LookupPolicyGroupArgs{}, nsxt.LookupPolicyGroupResult{},
			finder{"group", "PolicyGroup", "domains/default/groups", nil}),
		look("ContextProfile", nsxt.LookupPolicyContextProfileArgs{}, nsxt.LookupPolicyContextProfileResult{},
			finder{"context profile", "PolicyContextProfile", "context-profiles", nil}),
		look("DhcpServer", nsxt.LookupPolicyDhcpServerArgs{}, nsxt.LookupPolicyDhcpServerResult{},
			finder{"DHCP server", "PolicyDhcpServer", "dhcp-server-configs", nil}),
		look("LbMonitor", nsxt.GetPolicyLbMonitorArgs{}, nsxt.GetPolicyLbMonitorResult{},
			finder{"load-balancer monitor", "", "lb-monitor-profiles", builtinMonitors}),
		look("LbAppProfile", nsxt.GetPolicyLbAppProfileArgs{}, nsxt.GetPolicyLbAppProfileResult{},
			finder{"load-balancer application profile", "", "lb-app-profiles", builtinApps}),
		look("LbClientSslProfile", nsxt.LookupPolicyLbClientSslProfileArgs{}, nsxt.LookupPolicyLbClientSslProfileResult{},
			finder{"client SSL profile", "PolicyLbClientSslProfile", "lb-client-ssl-profiles", builtinSSL}),
		look("LbService", nsxt.LookupPolicyLbServiceArgs{}, nsxt.LookupPolicyLbServiceResult{},
			finder{"load-balancer service", "PolicyLbService", "lb-services", nil}),
		look("SecurityPolicy", nsxt.LookupPolicySecurityPolicyArgs{}, nsxt.LookupPolicySecurityPolicyResult{},
			finder{"security policy", "PolicySecurityPolicy", "domains/default/security-policies", builtinPolicies}),
		look("GatewayPolicy", nsxt.LookupPolicyGatewayPolicyArgs{}, nsxt.LookupPolicyGatewayPolicyResult{},
			finder{"gateway policy", "PolicyGatewayPolicy", "domains/default/gateway-policies", builtinPolicies}),
		look("IpsecVpnService", nsxt.LookupPolicyIpsecVpnServiceArgs{}, nsxt.LookupPolicyIpsecVpnServiceResult{},
			finder{"IPsec service", "PolicyIpsecVpnService", "ipsec-vpn-services", nil}),
		{
			Token: "nsxt:index/getPolicyRealizationInfo:getPolicyRealizationInfo", Args: nsxt.GetPolicyRealizationInfoArgs{},
			Result: nsxt.GetPolicyRealizationInfoResult{}, Answer: realized,
		},
	}
}

// realized tells that an object has reached the hosts, which in the simulated
// site it does at once.
func realized(q *fake.Query) (map[string]any, error) {
	path := q.Text("path")
	name := path[strings.LastIndex(path, "/")+1:]
	return map[string]any{"id": name, "state": "REALIZED", "realizedId": name}, nil
}

func look(name string, args, result any, f finder) fake.Lookup {
	return fake.Lookup{
		Token: "nsxt:index/getPolicy" + name + ":getPolicy" + name, Args: args, Result: result, Answer: f.answer,
	}
}
