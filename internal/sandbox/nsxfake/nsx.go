// Package nsxfake is the table of the simulated NSX package, the generated SDK
// of the Terraform provider vmware/nsxt. To simulate another type, add a row.
package nsxfake

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
	"github.com/storefront-toolkit/storefront/internal/sandbox/vspherefake"
)

// New gives the simulated package of a site.
func New(s *site.Site) *fake.Package {
	return &fake.Package{
		Name:      "nsxt",
		Plugin:    "terraform-provider",
		Version:   semver.MustParse("1.1.3"),
		Config:    nsxt.ProviderArgs{},
		Settings:  settings,
		Resources: resources(),
		Lookups:   lookups(s.NSX),
		Output:    output,
		Notice:    notice,
		Source:    "internal/sandbox/nsxfake",
	}
}

// settings wants what the provider can't do without.
func settings(config resource.PropertyMap) (map[string]string, error) {
	if v := config["host"]; !v.IsString() || v.StringValue() == "" {
		return nil, fmt.Errorf("host: required, and not given; set nsxt:host in the stack's configuration")
	}
	return map[string]string{}, nil
}

// noticed is what a later look-up learns of an object.
type noticed struct{ id, path string }

// notice makes what a stack has made known to look-ups: by display name, and a
// segment as the network that vCenter shows.
func notice(w *fake.World, o *fake.Object) {
	if o.ID == "" {
		return
	}
	w.Add(o.Type, o.Text("displayName"), noticed{id: o.ID, path: o.Text("path")})
	if o.Type == token("PolicySegment") {
		w.Add(vspherefake.Network, o.Text("displayName"), "dvportgroup-"+o.Hex("portgroup", 4))
	}
}

// output gives the outputs that NSX's types share.
func output(o *fake.Object, name string, _ reflect.Type) (any, bool) {
	switch {
	case name == "nsxId":
		return o.ID, true
	case name == "revision":
		return 0, true
	case name == "path":
		return pathOf(o), true
	case strings.HasPrefix(name, "policy") && strings.HasSuffix(name, "Id"):
		return o.ID, true
	}
	return nil, false
}

// pathOf is an object's place in the policy tree: below its parent where it
// names one, else in the folder of its kind.
func pathOf(o *fake.Object) any {
	below := folders[o.Type[strings.LastIndex(o.Type, ":")+1:]]
	for _, parent := range []string{"gatewayPath", "parentPath", "servicePath", "poolPath"} {
		if o.Has(parent) && below.under {
			return o.Text(parent) + "/" + below.folder + "/" + o.ID
		}
	}
	if strings.Contains(below.folder, "{domain}") {
		domain := o.Text("domain")
		if domain == "" {
			domain = "default"
		}
		return "/infra/" + strings.ReplaceAll(below.folder, "{domain}", domain) + "/" + o.ID
	}
	return "/infra/" + below.folder + "/" + o.ID
}

// place is the folder of a kind of object, and whether it lies under a parent.
type place struct {
	folder string
	under  bool
}

// folders are the kinds' folders in the policy tree.
var folders = map[string]place{
	"PolicyTier0Gateway":                             {"tier-0s", false},
	"PolicyTier1Gateway":                             {"tier-1s", false},
	"PolicyTier1GatewayInterface":                    {"locale-services/default/interfaces", true},
	"PolicySegment":                                  {"segments", false},
	"PolicyGroup":                                    {"domains/{domain}/groups", false},
	"PolicySecurityPolicy":                           {"domains/{domain}/security-policies", false},
	"PolicyGatewayPolicy":                            {"domains/{domain}/gateway-policies", false},
	"PolicyService":                                  {"services", false},
	"PolicyContextProfile":                           {"context-profiles", false},
	"PolicyDhcpServer":                               {"dhcp-server-configs", false},
	"PolicyDnsForwarderZone":                         {"dns-forwarder-zones", false},
	"PolicyGatewayDnsForwarder":                      {"dns-forwarder", true},
	"PolicyNatRule":                                  {"nat/USER/nat-rules", true},
	"PolicyStaticRoute":                              {"static-routes", true},
	"PolicyIpPool":                                   {"ip-pools", false},
	"PolicyIpPoolStaticSubnet":                       {"ip-subnets", true},
	"PolicyIpAddressAllocation":                      {"ip-allocations", true},
	"PolicyIpsecVpnService":                          {"locale-services/default/ipsec-vpn-services", true},
	"PolicyIpsecVpnLocalEndpoint":                    {"local-endpoints", true},
	"PolicyIpsecVpnSession":                          {"sessions", true},
	"PolicyIpsecVpnIkeProfile":                       {"ipsec-vpn-ike-profiles", false},
	"PolicyIpsecVpnTunnelProfile":                    {"ipsec-vpn-tunnel-profiles", false},
	"PolicyIpsecVpnDpdProfile":                       {"ipsec-vpn-dpd-profiles", false},
	"PolicyLbService":                                {"lb-services", false},
	"PolicyLbPool":                                   {"lb-pools", false},
	"PolicyLbVirtualServer":                          {"lb-virtual-servers", false},
	"PolicyLbHttpMonitorProfile":                     {"lb-monitor-profiles", false},
	"PolicyLbHttpsMonitorProfile":                    {"lb-monitor-profiles", false},
	"PolicyLbTcpMonitorProfile":                      {"lb-monitor-profiles", false},
	"PolicyLbHttpApplicationProfile":                 {"lb-app-profiles", false},
	"PolicyLbClientSslProfile":                       {"lb-client-ssl-profiles", false},
	"PolicySpoofGuardProfile":                        {"spoofguard-profiles", false},
	"PolicySegmentSecurityProfile":                   {"segment-security-profiles", false},
	"PolicyGatewayFloodProtectionProfile":            {"flood-protection-profiles", false},
	"PolicyDistributedFloodProtectionProfile":        {"flood-protection-profiles", false},
	"PolicyGatewayFloodProtectionProfileBinding":     {"flood-protection-profile-bindings", true},
	"PolicyDistributedFloodProtectionProfileBinding": {"firewall-flood-protection-profile-binding-maps", false},
	"PolicyTransportZone":                            {"sites/default/enforcement-points/default/transport-zones", false},
}

func token(name string) string {
	return "nsxt:index/" + string(name[0]|0x20) + name[1:] + ":" + name
}

// row is a resource type. Every object keeps the identifier that the program
// gives it, and changing that or the place of an object replaces it.
func row(name string, args pulumi.Input, state any, replace string) fake.Resource {
	return fake.Resource{
		Token: token(name), Args: args, State: state, NoAutoname: true, ID: "{nsxId|uuid}",
		Replace: strings.TrimSpace("nsxId " + replace),
	}
}

// match finds a name among those that a site has.
func match(names []string, name string) bool { return slices.Contains(names, name) }

// trimID takes the identifier off what replaces an object.
func trimID(replace string) string {
	return strings.TrimSpace(strings.TrimPrefix(replace, "nsxId"))
}
