package privatecloud_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/nsxfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
	"github.com/storefront-toolkit/storefront/internal/sandbox/vspherefake"
)

func settings() privatecloud.Settings {
	return privatecloud.Settings{
		Datacenter: "DC0", Cluster: "DC0_C0", Hosts: 6, Datastore: "LocalDS_0", Template: "debian-12",
		Tier0: privatecloud.Tier0{Name: "T0-gw"}, Tier1: privatecloud.Tier1{Name: "storefront", Create: true},
		EdgeCluster: "edge-cluster", TransportZone: "overlay-tz",
		PublicAddresses: map[string]string{"es": "203.0.113.11", "fr": "203.0.113.12"},
		EgressAddress:   "203.0.113.20", VPNAddress: "203.0.113.21",
		Certificates: map[string]string{"es": "shop", "fr": "shop", "admin": "shop"},
		DNSServers:   []string{"192.0.2.53"}, NTPServers: []string{"192.0.2.123"},
	}
}

func secrets() privatecloud.Secrets {
	return privatecloud.Secrets{
		DatabasePassword: "database-0123456789", ReplicationPassword: "replication-0123456789", FailoverPassword: "failover-0123456789",
		SessionsPassword: "sessions-0123456789", CachePassword: "cache-0123456789", RunnerToken: "runner-0123456789",
		VPNPreSharedKey: "office-0123456789",
	}
}

// probes are a vCenter and an NSX manager. Each simulated provider has a world
// of its own here, so the segments that NSX will make stand in vCenter already.
func probes(t *testing.T) map[string]*fake.Probe {
	t.Helper()
	s := site.Default()
	for _, env := range []string{"production", "staging"} {
		for _, word := range []string{"dmz", "app", "data", "admin"} {
			center := &s.VSphere.Datacenters[0]
			center.Networks = append(center.Networks, "storefront-network-"+word+"-"+env)
		}
	}
	vsphere, err := fake.NewProbe(vspherefake.New(s), properties(map[string]string{"user": "u", "password": "p", "vsphereServer": "vc"}))
	require.NoError(t, err)
	nsx, err := fake.NewProbe(nsxfake.New(s), properties(map[string]string{"host": "nsx"}))
	require.NoError(t, err)
	return map[string]*fake.Probe{"vsphere": vsphere, "nsxt": nsx}
}

func properties(values map[string]string) resource.PropertyMap {
	out := resource.PropertyMap{}
	for k, v := range values {
		out[resource.PropertyKey(k)] = resource.NewProperty(v)
	}
	return out
}

func TestThePrivateCloudPassesTheSuite(t *testing.T) {
	platformtest.Run(t, platformtest.Case{
		Open:   func() platform.Platform { return privatecloud.New(settings(), secrets()) },
		Probes: probes,
		Keeps:  func(r platformtest.Registered) bool { return r.Type == "vsphere:index/virtualDisk:VirtualDisk" },
		Marks:  marks,
		Variants: map[string]func(*topology.Storefront){
			"three of each": func(s *topology.Storefront) {
				two := 2
				s.Database.Readers.Min = 2
				s.Sessions.Replicas, s.Cache.Replicas = &two, &two
				s.Media.WebWrites = true
			},
			"one of each": func(s *topology.Storefront) {
				none := 0
				s.Database.Readers = topology.Readers{}
				s.Sessions.Replicas, s.Cache.Replicas = &none, &none
				s.Static.Count, s.Search.Count = 1, 1
			},
		},
	})
}

// marks reads the tags of NSX's objects. Those of a virtual machine are told
// apart by TestServersCarryTheirMarks.
func marks(r platformtest.Registered) (map[string]string, bool) {
	v, ok := r.Inputs["tags"]
	if !ok || r.Type == "nsxt:index/policyVmTags:PolicyVmTags" || r.Type == virtualMachine {
		return nil, false
	}
	out := map[string]string{}
	for _, e := range v.ArrayValue() {
		o := e.ObjectValue()
		out[o["scope"].StringValue()] = o["tag"].StringValue()
	}
	return out, true
}

// record runs a shop and returns what it registered, by type and name.
func record(t *testing.T, in privatecloud.Settings, change func(*topology.Storefront)) map[string]platformtest.Registered {
	t.Helper()
	out := map[string]platformtest.Registered{}
	list, err := platformtest.Record(arguments(in, change), probes(t))
	require.NoError(t, err)
	for _, r := range list {
		out[r.Type+" "+r.Name] = r
	}
	return out
}

func arguments(in privatecloud.Settings, change func(*topology.Storefront)) components.Args {
	shop := platformtest.Shop(topology.Production)
	if change != nil {
		change(&shop)
	}
	return components.Args{
		Shop: shop, Platform: privatecloud.New(in, secrets()), Now: platformtest.Now,
		Meta: platform.Meta{Project: "storefront", Stack: "production", Owner: "suite", Wave: "w1", Environment: topology.Production},
	}
}
