package privatecloud

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

func scratch(ctx *pulumi.Context) error {
	shop := topology.Storefront{
		Environment: topology.Production, Owner: "o", Network: topology.Network{CIDR: "10.60.0.0/16"},
		Channels: []topology.Channel{
			{Code: "es", Zone: "es.example", Hostnames: []string{"www.es.example"}, Currency: "EUR", RequestsPerSecond: 10},
			{Code: "fr", Zone: "fr.example", Hostnames: []string{"www.fr.example"}, Currency: "EUR", RequestsPerSecond: 10},
		},
		Web:    topology.Web{Size: topology.Size{VCPU: 4, MemoryGiB: 8}, Capacity: topology.Capacity{Min: 4, Max: 8}, RequestsPerServer: 10},
		Access: topology.Access{Mode: topology.SiteVPN, OfficeCIDRs: []string{"192.168.10.0/24"}, PeerAddress: "198.51.100.7"},
		Database: topology.Database{Engine: topology.MariaDB, StorageGiB: 100}, Media: topology.Media{Kind: topology.NFSMedia},
	}
	set := Settings{
		Datacenter: "DC0", Cluster: "C", Hosts: 4, Datastore: "d", Template: "t", Tier0: Tier0{"T0-gw"}, Tier1: Tier1{Name: "shop", Create: true},
		EdgeCluster: "edge-cluster", TransportZone: "overlay-tz", PublicAddresses: map[string]string{"es": "203.0.113.10", "fr": "203.0.113.11"},
		EgressAddress: "203.0.113.20", VPNAddress: "203.0.113.30", Certificates: map[string]string{"es": "shop", "fr": "shop", "admin": "shop"},
		DNSServers: []string{"10.0.0.53"}, NTPServers: []string{"10.0.0.123"}, PackageProxy: "http://10.0.0.80:3128",
	}
	if os.Getenv("VARIANT") != "" {
		shop.Channels[1].Cutover = &topology.Cutover{Legacy: []string{"203.0.113.200"}, NewShare: 10}
		set.LegacyServers = map[string][]string{"fr": {"10.1.0.1", "10.1.0.2:8080"}}
		shop.Web.Capacity.Max = 12
	}
	if os.Getenv("TIER1NAT") != "" {
		set.NAT = NATTier1
	}
	shop = shop.Resolve()
	sec := Secrets{"p-aaaaaaaaaaaaaaaa", "p-baaaaaaaaaaaaaaa", "p-caaaaaaaaaaaaaaa", "p-daaaaaaaaaaaaaaa", "p-eaaaaaaaaaaaaaaa", "p-faaaaaaaaaaaaaaa", "p-gaaaaaaaaaaaaaaa"}
	if err := New(set, sec).Validate(shop); err != nil {
		return err
	}
	s := &site{
		settings: set.resolve(), secrets: sec, shop: shop, name: "storefront-network", cidr: netip.MustParsePrefix(shop.Network.CIDR),
		meta:     platform.Meta{Project: "storefront", Stack: "private", Owner: "o", Environment: topology.Production},
		segments: map[address.Purpose]segment{}, groups: map[topology.Tier]*nsxt.PolicyGroup{},
		fronts: map[topology.Tier]*nsxt.PolicyGroup{}, others: map[string]*nsxt.PolicyGroup{}, serviceAt: map[string]pulumi.StringOutput{}, certificates: map[string]string{}, outputs: pulumi.Map{},
	}
	type comp struct{ pulumi.ResourceState }
	parent := &comp{}
	if err := ctx.RegisterComponentResource("storefront:index:Network", "storefront-network", parent); err != nil {
		return err
	}
	for _, step := range []func(*pulumi.Context, pulumi.Resource) error{
		s.findNSX, s.addTier1, s.addSegments, s.addGroups, s.addFirewall, s.addGatewayFirewall, s.addFloodProtection,
		s.addTranslation, s.addBalancer,
	} {
		if err := step(ctx, parent); err != nil {
			return err
		}
	}
	if _, err := s.Access(ctx, parent, platform.AccessArgs{Name: "storefront-access", Access: shop.Access}); err != nil {
		return err
	}
	var origins []platform.ChannelOrigin
	for _, in := range []platform.LoadBalancerArgs{
		{Name: "storefront-search", Target: topology.TierSearch, Port: 8983, HealthPath: "/solr/x/admin/ping", WritePaths: []string{"*/update*", "*/schema*"}},
		{Name: "storefront-analytics", Target: topology.TierAnalytics, Port: topology.PortLogs, TCP: true},
		{Name: "storefront-static", Target: topology.TierStatic, Port: 80, HealthPath: "/health"},
		{Name: "storefront-lb-es", Target: topology.TierWeb, Public: true, Channels: shop.Channels[:1], Port: 80, TLS: true, HealthPath: "/health"},
		{Name: "storefront-lb-fr", Target: topology.TierWeb, Public: true, Channels: shop.Channels[1:], Port: 80, TLS: true, HealthPath: "/health"},
		{Name: "storefront-admin", Target: topology.TierAdmin, Hostname: "admin.es.example", Port: 80, TLS: true, HealthPath: "/health"},
	} {
		lb, err := s.LoadBalancer(ctx, parent, in)
		if err != nil {
			return err
		}
		if in.Public {
			origins = append(origins, platform.ChannelOrigin{Channel: in.Channels[0], LoadBalancer: lb})
		}
	}
	e, err := s.Edge(ctx, parent, platform.EdgeArgs{Name: "storefront-edge", Edge: shop.Edge, Channels: origins})
	if err != nil {
		return err
	}
	ctx.Export("edge", e.Outputs)
	return nil
}

func TestScratchNSX(t *testing.T) {
	ctx := context.Background()
	dir := os.Getenv("SCRATCH")
	if dir == "" {
		t.Skip()
	}
	os.MkdirAll(dir+"/state", 0o755)
	s, err := auto.UpsertStackInlineSource(ctx, "private", "trial", scratch, auto.Project(workspace.Project{Name: tokens.PackageName("trial"), Runtime: workspace.NewProjectRuntimeInfo("go", nil),
		Backend: &workspace.ProjectBackend{URL: "file://" + dir + "/state"}}), auto.PulumiHome("/tmp/trial/home"), auto.EnvVars(map[string]string{"PULUMI_CONFIG_PASSPHRASE": "x", "PULUMI_SKIP_UPDATE_CHECK": "true"}))
	if err != nil {
		t.Fatal(err)
	}
	run := func(step string, f func(ch chan events.EngineEvent) (any, error)) {
		ch := make(chan events.EngineEvent, 100)
		done := make(chan bool)
		go func() {
			for e := range ch {
				if m := e.ResourcePreEvent; m != nil && (m.Metadata.Op == "update" || m.Metadata.Op == "replace") {
					d, _ := json.Marshal(m.Metadata.DetailedDiff)
					fmt.Println(step, m.Metadata.Op, m.Metadata.URN, string(d))
				}
				if d := e.DiagnosticEvent; d != nil && d.Severity != "debug" {
					fmt.Print(step, " ", d.Severity, " ", d.URN, ": ", d.Message)
				}
			}
			done <- true
		}()
		start := time.Now()
		sum, err := f(ch)
		<-done
		j, _ := json.Marshal(sum)
		fmt.Println("==", step, string(j), time.Since(start).Round(100*time.Millisecond))
		if err != nil {
			t.Fatal(step, err.Error()[:min(3000, len(err.Error()))])
		}
	}
	up := func(ch chan events.EngineEvent) (any, error) {
		r, err := s.Up(ctx, optup.EventStreams(ch), optup.SuppressProgress())
		return r.Summary.ResourceChanges, err
	}
	preview := func(ch chan events.EngineEvent) (any, error) {
		r, err := s.Preview(ctx, optpreview.EventStreams(ch), optpreview.SuppressProgress(), optpreview.Diff())
		return r.ChangeSummary, err
	}
	run("preview", preview)
	run("up", up)
	run("again", preview)
	os.Setenv("VARIANT", "1")
	run("variant", up)
	run("variant-again", preview)
	os.Unsetenv("VARIANT")
	run("back", up)
	run("destroy", func(ch chan events.EngineEvent) (any, error) {
		// protection is lifted by state
		s.Workspace().(interface{ PulumiCommand() auto.PulumiCommand }).PulumiCommand()
		r, err := s.Destroy(ctx, optdestroy.EventStreams(ch), optdestroy.SuppressProgress())
		return r.Summary.ResourceChanges, err
	})
}
