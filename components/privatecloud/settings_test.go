package privatecloud_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// mistakes are settings and declarations for which a stack is refused, each
// with the beginning of what is said.
var mistakes = map[string]struct {
	settings func(*privatecloud.Settings)
	shop     func(*topology.Storefront)
	want     []string
}{
	"no names": {
		settings: func(s *privatecloud.Settings) {
			s.Datacenter, s.Template, s.Tier0.Name, s.EdgeCluster = "", " ", "", ""
		},
		want: []string{"$.datacenter: is missing", "$.edgeCluster: is missing", "$.template: is missing", "$.tier0.name: is missing"},
	},
	"too few hosts": {
		settings: func(s *privatecloud.Settings) { s.Hosts = 1 },
		want: []string{
			"cache.replicas: the 3 servers of tier cache have to be spread over 3 hosts, and the site's settings give it 1",
			"database.readers.min: the ", "search.count: the 2 servers", "sessions.replicas: the 3 servers", "static.count: the 2 servers", "web.capacity.max: the ",
		},
	},
	"no hosts": {
		settings: func(s *privatecloud.Settings) { s.Hosts = 0 },
		want:     []string{"$.hosts: 0 is below 1"},
	},
	"an address twice": {
		settings: func(s *privatecloud.Settings) {
			s.PublicAddresses["fr"], s.VPNAddress = s.PublicAddresses["es"], s.EgressAddress
		},
		want: []string{"$.publicAddresses.fr: 203.0.113.11 is $.publicAddresses.es already", "$.vpnAddress: 203.0.113.20 is $.egressAddress already"},
	},
	"addresses missing, private and of nobody": {
		settings: func(s *privatecloud.Settings) {
			s.PublicAddresses = map[string]string{"es": "10.0.0.1", "de": "203.0.113.9"}
		},
		want: []string{"$.publicAddresses.de: is no channel's code", `$.publicAddresses.es: "10.0.0.1" is not a public IPv4 address`, "$.publicAddresses.fr: is missing"},
	},
	"a shared load balancer has one address": {
		shop: func(s *topology.Storefront) { s.LoadBalancer.Shared = true },
		want: []string{"$.publicAddresses.fr: with loadBalancer.shared"},
	},
	"certificates": {
		settings: func(s *privatecloud.Settings) { s.Certificates = map[string]string{"es": "a", "fr": "b", "de": "c"} },
		want:     []string{"$.certificates.admin: is missing", "$.certificates.de: is neither"},
	},
	"more channels than the load balancer takes": {
		settings: func(s *privatecloud.Settings) {
			for i := range 7 {
				s.PublicAddresses[fmt.Sprintf("c%d", i)] = fmt.Sprintf("203.0.113.%d", 30+i)
				s.Certificates[fmt.Sprintf("c%d", i)] = "shop"
			}
		},
		shop: func(s *topology.Storefront) {
			for i := range 7 {
				host := fmt.Sprintf("www.c%d.example", i)
				s.Channels = append(s.Channels, topology.Channel{Code: fmt.Sprintf("c%d", i), Zone: host[4:], Hostnames: []string{host}, Currency: "EUR", RequestsPerSecond: 1})
			}
		},
		want: []string{"channels: 9 channels ask for 21 virtual servers, and a load balancer of size SMALL takes 20"},
	},
	"a server larger than a host": {
		settings: func(s *privatecloud.Settings) { s.HostVCPU, s.HostMemoryGiB = 4, 24 },
		shop:     func(s *topology.Storefront) { s.Web.Size = topology.Size{VCPU: 8, MemoryGiB: 16} },
		want:     []string{"database.size.memoryGiB: 32 is more than a host of the site has: 24", "web.size.vcpu: 8 is more than a host of the site has: 4"},
	},
	"more servers than addresses": {
		settings: func(s *privatecloud.Settings) { s.LoadBalancerSize = privatecloud.Large },
		shop: func(s *topology.Storefront) {
			s.Network.CIDR, s.Web.Capacity.Max = "10.60.0.0/21", 256
		},
		want: []string{"web.capacity.max: tier web has 255 addresses in 10.60.0.0/21, fewer than its 256 servers"},
	},
	"ranges around the network": {
		settings: func(s *privatecloud.Settings) {
			s.TransitCIDRs, s.VisitorRanges = []string{"10.60.0.0/16"}, []string{"198.51.100.1/24", "x"}
			s.DNSServers, s.NTPServers, s.PackageProxy = nil, []string{"ntp.example"}, "http://proxy:3128"
		},
		want: []string{
			"$.dnsServers: there is none", `$.ntpServers[0]: "ntp.example" is not an IPv4 address`, `$.packageProxy: "http://proxy:3128" is not http://ADDRESS:PORT`,
			"$.visitorRanges[0]: 198.51.100.1/24 has bits set", `$.visitorRanges[1]: "x" is not an IPv4 range`, "network.cidr: 10.60.0.0/16 overlaps 10.60.0.0/16",
		},
	},
	"a cut-over without inner addresses": {
		shop: func(s *topology.Storefront) {
			s.Channels[0].Cutover = &topology.Cutover{Legacy: []string{"203.0.113.200"}, NewShare: 5}
		},
		want: []string{"$.legacyServers.es: is missing"},
	},
	"legacy servers of no cut-over, twice and outside": {
		settings: func(s *privatecloud.Settings) {
			s.LegacyServers = map[string][]string{"es": {"10.1.0.1", "10.1.0.1:80", "203.0.113.5", "x"}}
		},
		want: []string{
			"$.legacyServers.es: belongs to a channel with a cutover", "$.legacyServers.es[1]: 10.1.0.1:80 is there twice",
			"$.legacyServers.es[2]: 203.0.113.5 is not a private address", `$.legacyServers.es[3]: "x" is neither`,
		},
	},
	"words and keys": {
		settings: func(s *privatecloud.Settings) {
			s.NAT, s.LoadBalancerSize, s.SSHKeys = "tier2", "TINY", []string{"mine"}
		},
		want: []string{`$.loadBalancerSize: "TINY" is not one of SMALL, MEDIUM, LARGE`, `$.nat: "tier2" is not one of tier0, tier1`, "$.sshKeys[0]: is not a public key"},
	},
}

func TestMistakesAreRefusedWithTheirPlace(t *testing.T) {
	for name, m := range mistakes {
		t.Run(name, func(t *testing.T) {
			in, shop := settings(), platformtest.Shop(topology.Production)
			if m.settings != nil {
				m.settings(&in)
			}
			if m.shop != nil {
				m.shop(&shop)
			}
			err := privatecloud.New(in, secrets()).Validate(shop.Resolve())
			require.Error(t, err)
			lines := strings.Split(err.Error(), "\n")
			require.Len(t, lines, len(m.want), "%v", err)
			for i, want := range m.want {
				require.True(t, strings.HasPrefix(lines[i], want), "%q does not begin with %q", lines[i], want)
			}
		})
	}
}

func TestTheSuitesShopIsAccepted(t *testing.T) {
	for _, env := range []topology.Environment{topology.Production, topology.Staging} {
		require.NoError(t, privatecloud.New(settings(), secrets()).Validate(platformtest.Shop(env).Resolve()))
	}
}

func TestSecretsAreWantedAndNeverPrinted(t *testing.T) {
	in := secrets()
	in.DatabasePassword, in.CachePassword, in.RunnerToken = "", "tooshort", in.SessionsPassword
	err := privatecloud.New(settings(), in).Validate(platformtest.Shop(topology.Production).Resolve())
	require.ErrorContains(t, err, "storefront:secrets.databasePassword: is missing: pulumi config set --secret --path storefront:secrets.databasePassword")
	require.ErrorContains(t, err, "storefront:secrets.cachePassword: has 8 characters, fewer than 16")
	require.ErrorContains(t, err, "storefront:secrets.sessionsPassword: is the same as runnerToken")
	for _, text := range []string{err.Error(), fmt.Sprint(in), fmt.Sprintf("%+v %#v %s", in, in, &in)} {
		require.NotContains(t, text, "tooshort")
		require.NotContains(t, text, in.SessionsPassword)
	}
}

func TestAStagingShopNeedsNoSecretsOfReplicas(t *testing.T) {
	in := secrets()
	in.ReplicationPassword, in.FailoverPassword = "", ""
	require.NoError(t, privatecloud.New(settings(), in).Validate(platformtest.Shop(topology.Staging).Resolve()))
}
