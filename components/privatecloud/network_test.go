package privatecloud_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/nsxfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
)

func nsxToken(name string) string {
	return "nsxt:index/" + strings.ToLower(name[:1]) + name[1:] + ":" + name
}

// only returns what of a type was registered, by name.
func only(all map[string]platformtest.Registered, kind string) map[string]resource.PropertyMap {
	out := map[string]resource.PropertyMap{}
	for key, r := range all {
		if strings.HasPrefix(key, nsxToken(kind)+" ") {
			out[r.Name] = r.Inputs
		}
	}
	return out
}

func word(m resource.PropertyMap, key string) string {
	if v := m[resource.PropertyKey(key)]; v.IsString() {
		return v.StringValue()
	}
	return ""
}

func rulesOf(policy resource.PropertyMap) (out []resource.PropertyMap) {
	for _, r := range policy["rules"].ArrayValue() {
		out = append(out, r.ObjectValue())
	}
	return out
}

func TestEveryConnectionIsLetInAndAllElseDroppedAndLogged(t *testing.T) {
	got := record(t, settings(), nil)
	policies := only(got, "PolicySecurityPolicy")
	names := map[string]bool{}
	for name, p := range policies {
		rules := rulesOf(p)
		for i, r := range rules {
			names[word(r, "displayName")] = true
			last := i == len(rules)-1
			require.Equal(t, map[bool]string{true: "DROP", false: "ALLOW"}[last], word(r, "action"), "%s: %s", name, word(r, "displayName"))
			require.Equal(t, last, r["logged"].BoolValue(), "%s: %s", name, word(r, "displayName"))
			if !last {
				require.NotEmpty(t, r["services"].ArrayValue(), "%s: %s is open at every port", name, word(r, "displayName"))
				require.NotEmpty(t, r["sourceGroups"].ArrayValue(), "%s: %s is open to everybody", name, word(r, "displayName"))
			}
		}
	}
	for _, c := range platformtest.Shop(topology.Production).Resolve().Connections() {
		if c.To == topology.TierBalancer || c.To == topology.TierInternal {
			continue // the gateway firewall's
		}
		require.Contains(t, names, fmt.Sprintf("%s to %s, tcp-%d", c.From, c.To, c.Port))
	}
	for _, want := range []string{"database to database, vrrp", "database to database, tcp-4444", "sessions to sessions, tcp-26379", "balancer to static, tcp-80"} {
		require.Contains(t, names, want)
	}
	require.Len(t, policies, 11, "one for each tier with servers, and what servers open themselves")

	gateway := rulesOf(only(got, "PolicyGatewayPolicy")["storefront-network"])
	require.Equal(t, "visitors", word(gateway[0], "displayName"))
	require.False(t, gateway[0].HasValue("sourceGroups"))
	last := gateway[len(gateway)-1]
	require.Equal(t, "DROP", word(last, "action"))
	require.True(t, last["logged"].BoolValue())
}

func TestVisitorsMayBeACDNAlone(t *testing.T) {
	in := settings()
	in.VisitorRanges = []string{"198.51.100.0/24"}
	got := record(t, in, nil)
	require.Len(t, rulesOf(only(got, "PolicyGatewayPolicy")["storefront-network"])[0]["sourceGroups"].ArrayValue(), 1)
	require.Contains(t, only(got, "PolicyGroup"), "storefront-network-edge")
}

func TestPublicAddressesLeadToTheLoadBalancersAndTheDataSegmentHasNoWayOut(t *testing.T) {
	got := record(t, settings(), nil)
	rules := only(got, "PolicyNatRule")
	require.Equal(t, "DNAT", word(rules["storefront-lb-fr"], "action"))
	require.Equal(t, "203.0.113.12", rules["storefront-lb-fr"]["destinationNetworks"].ArrayValue()[0].StringValue())
	require.Equal(t, "10.60.208.17", rules["storefront-lb-fr"]["translatedNetworks"].ArrayValue()[0].StringValue())
	require.Equal(t, "/infra/tier-0s/T0-gw", word(rules["storefront-lb-fr"], "gatewayPath"))
	require.Contains(t, rules, "storefront-network-out-app")
	require.NotContains(t, rules, "storefront-network-out-data")
}

func TestAChannelsVirtualServer(t *testing.T) {
	got := record(t, settings(), nil)
	servers, pools := only(got, "PolicyLbVirtualServer"), only(got, "PolicyLbPool")
	https := servers["storefront-lb-es"]
	require.Equal(t, "443", https["ports"].ArrayValue()[0].StringValue())
	require.False(t, https.HasValue("persistenceProfilePath"), "any server can answer any visitor")
	require.True(t, https.HasValue("sorryPoolPath"))
	require.Equal(t, "/infra/certificates/shop", word(https["clientSsl"].ObjectValue(), "defaultCertificatePath"))
	require.Len(t, https["rules"].ArrayValue(), 2)
	require.Equal(t, "80", servers["storefront-lb-es-http"]["ports"].ArrayValue()[0].StringValue())
	pool := pools["storefront-lb-es"]
	require.Equal(t, "ROUND_ROBIN", word(pool, "algorithm"))
	require.True(t, pool.HasValue("memberGroup"))
	require.False(t, pool.HasValue("members"))
	require.Equal(t, float64(16384), only(got, "PolicyLbHttpApplicationProfile")["storefront-network-http"]["requestHeaderSize"].NumberValue())
	require.Equal(t, "10.60.0.16", word(pools["storefront-search-first"]["members"].ArrayValue()[0].ObjectValue(), "ipAddress"))
	require.Len(t, servers, 2*2+3)
}

func TestACutOverSharesAChannelsVisitors(t *testing.T) {
	in := settings()
	in.LegacyServers = map[string][]string{"fr": {"10.1.0.1", "10.1.0.2:8080"}}
	share := func(percent int) map[string]platformtest.Registered {
		return record(t, in, func(s *topology.Storefront) {
			s.Channels[1].Cutover = &topology.Cutover{Legacy: []string{"203.0.113.200"}, NewShare: percent}
		})
	}
	got := share(10)
	members := only(got, "PolicyLbPool")["storefront-lb-fr-shared"]["members"].ArrayValue()
	require.Len(t, members, 22, "all that the fleet may grow to, and the legacy ones")
	first, last := members[0].ObjectValue(), members[21].ObjectValue()
	require.Equal(t, []any{1.0, 18.0}, []any{first["weight"].NumberValue(), last["weight"].NumberValue()}, "4 × 1 against 2 × 18")
	require.Equal(t, "8080", word(last, "port"))
	require.True(t, only(got, "PolicyLbVirtualServer")["storefront-lb-fr"].HasValue("persistenceProfilePath"), "carts of the two sites lie apart")
	require.Contains(t, only(got, "PolicyLbPool"), "storefront-lb-es", "the other channel's pool stays")

	for percent, state := range map[int][2]string{0: {"DISABLED", "ENABLED"}, 100: {"ENABLED", "DISABLED"}} {
		got := share(percent)
		members := only(got, "PolicyLbPool")["storefront-lb-fr-shared"]["members"].ArrayValue()
		require.Equal(t, state, [2]string{word(members[0].ObjectValue(), "adminState"), word(members[21].ObjectValue(), "adminState")}, percent)
		require.False(t, only(got, "PolicyLbVirtualServer")["storefront-lb-fr"].HasValue("persistenceProfilePath"))
	}
}

func TestWhatTheSiteDoesNotHaveIsRefusedBeforeAnythingIsMade(t *testing.T) {
	in := settings()
	in.Tier0.Name, in.Template, in.Tier1 = "nope", "none", privatecloud.Tier1{Name: "theirs"}
	in.Certificates["es"] = "missing"
	list, err := platformtest.Record(arguments(in, nil), probes(t))
	for _, want := range []string{`$.tier0.name: NSX doesn't find "nope"`, `$.tier1.name: NSX doesn't find "theirs"`, `$.certificates.es: NSX doesn't find "missing"`, `$.template: vCenter doesn't find "none"`} {
		require.ErrorContains(t, err, want)
	}
	for _, r := range list {
		require.False(t, r.Custom, "%s %s was registered", r.Type, r.Name)
	}
}

func TestTheOfficesKeyIsASecret(t *testing.T) {
	session := only(record(t, settings(), nil), "PolicyIpsecVpnSession")["storefront-access"]
	require.True(t, session["psk"].IsSecret() || session["psk"].IsOutput() && session["psk"].OutputValue().Secret, "%v", session["psk"].TypeString())
	require.Equal(t, "10.60.224.0/19", session["rules"].ArrayValue()[0].ObjectValue()["sources"].ArrayValue()[0].StringValue())
}

// tenantProbes are a site that gives its tenant a tier-1 gateway.
func tenantProbes(t *testing.T) map[string]*fake.Probe {
	t.Helper()
	s := site.Default()
	s.NSX.Tier1Gateways = append(s.NSX.Tier1Gateways, "tenant")
	nsx, err := fake.NewProbe(nsxfake.New(s), properties(map[string]string{"host": "nsx"}))
	require.NoError(t, err)
	out := probes(t)
	out["nsxt"] = nsx
	return out
}

func TestATier1MayBeTheSites(t *testing.T) {
	in := settings()
	in.Tier1 = privatecloud.Tier1{Name: "tenant"}
	in.NAT = privatecloud.NATTier1
	list, err := platformtest.Record(arguments(in, nil), tenantProbes(t))
	require.NoError(t, err)
	for _, r := range list {
		require.NotEqual(t, nsxToken("PolicyTier1Gateway"), r.Type)
		if r.Type == nsxToken("PolicyNatRule") {
			require.Equal(t, "/infra/tier-1s/tenant", word(r.Inputs, "gatewayPath"))
		}
	}
}

func TestASharedLoadBalancerPicksCertificatesByName(t *testing.T) {
	in := settings()
	delete(in.PublicAddresses, "fr")
	s := site.Default()
	s.NSX.Certificates = append(s.NSX.Certificates, "boutique")
	in.Certificates["fr"] = "boutique"
	nsx, err := fake.NewProbe(nsxfake.New(s), properties(map[string]string{"host": "nsx"}))
	require.NoError(t, err)
	all := probes(t)
	all["nsxt"] = nsx
	list, err := platformtest.Record(arguments(in, func(s *topology.Storefront) { s.LoadBalancer.Shared = true }), all)
	require.NoError(t, err)
	for _, r := range list {
		if r.Name == "storefront-lb" && r.Type == nsxToken("PolicyLbVirtualServer") {
			tls := r.Inputs["clientSsl"].ObjectValue()
			require.Equal(t, "/infra/certificates/shop", word(tls, "defaultCertificatePath"))
			require.Equal(t, "/infra/certificates/boutique", tls["sniPaths"].ArrayValue()[0].StringValue())
			return
		}
	}
	require.Fail(t, "there is no virtual server")
}
