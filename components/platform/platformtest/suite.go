package platformtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// Now is the moment at which the suite runs.
var Now = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)

// Case is a platform under test.
type Case struct {
	// Open returns the platform in a site that has what Shop needs.
	Open func() platform.Platform
	// Probes returns fresh simulated providers by package name.
	Probes func(t *testing.T) map[string]*fake.Probe
	// Keeps tells whether a resource keeps data that nothing else has.
	Keeps func(Registered) bool
	// Marks returns a resource's marks, and false where its type has none.
	Marks func(Registered) (map[string]string, bool)
	// Variants change Shop into others that the platform has to pass with,
	// such as another database engine.
	Variants map[string]func(*topology.Storefront)
}

// Shop is the declaration that every platform can do: it asks for no feature
// that only some have.
func Shop(env topology.Environment) topology.Storefront {
	return topology.Storefront{
		Environment: env, Owner: "suite", Wave: "w1",
		Network: topology.Network{CIDR: "10.60.0.0/16"},
		Channels: []topology.Channel{
			{Code: "es", Zone: "tienda.example", Hostnames: []string{"www.tienda.example"}, Currency: "EUR", RequestsPerSecond: 20},
			{Code: "fr", Zone: "boutique.example", Hostnames: []string{"www.boutique.example"}, Currency: "EUR", RequestsPerSecond: 30},
		},
		Campaigns: []topology.Campaign{{Name: "sale", Start: Now.AddDate(0, 2, 0), End: Now.AddDate(0, 2, 2), Multiple: 10}},
		Web:       topology.Web{Size: topology.Size{VCPU: 4, MemoryGiB: 8}, Capacity: topology.Capacity{Min: 4, Max: 20}, RequestsPerServer: 15},
		Access:    topology.Access{Mode: topology.SiteVPN, OfficeCIDRs: []string{"192.168.10.0/24"}, PeerAddress: "198.51.100.7"},
		Deploy: topology.Deploy{Runner: topology.Runner{Kind: "github", URL: "https://github.com/shop", Program: topology.Download{
			URL: "https://example.com/runner.tar.gz", SHA256: strings.Repeat("0a", 32),
		}}},
		Database: topology.Database{Engine: topology.MariaDB, StorageGiB: 200, Size: topology.Size{VCPU: 4, MemoryGiB: 32}},
		Media:    topology.Media{Kind: topology.NFSMedia, StorageGiB: 500},
	}
}

// Run holds a platform to the suite's promises.
func Run(t *testing.T, c Case) {
	variants := map[string]func(*topology.Storefront){"common": func(*topology.Storefront) {}}
	for name, v := range c.Variants {
		variants[name] = v
	}
	for _, env := range []topology.Environment{topology.Production, topology.Staging} {
		for name, change := range variants {
			t.Run(string(env)+"/"+name, func(t *testing.T) {
				shop := Shop(env)
				change(&shop)
				got := c.record(t, shop)
				t.Run("tree", func(t *testing.T) { checkTree(t, shop, got) })
				t.Run("parents", func(t *testing.T) { checkParents(t, got) })
				t.Run("names", func(t *testing.T) { checkNames(t, got) })
				t.Run("marks", func(t *testing.T) { c.checkMarks(t, shop, got) })
				t.Run("protection", func(t *testing.T) { c.checkProtection(t, env, got) })
				t.Run("repeats", func(t *testing.T) {
					if diff := cmp.Diff(got, c.record(t, shop)); diff != "" {
						t.Errorf("a second run differs:\n%s", diff)
					}
				})
			})
		}
	}
	t.Run("refusal", c.checkRefusal)
}

func (c Case) record(t *testing.T, shop topology.Storefront) []Registered {
	t.Helper()
	got, err := Record(components.Args{Shop: shop, Platform: c.Open(), Meta: meta(shop.Environment), Now: Now}, c.Probes(t))
	require.NoError(t, err)
	return got
}

// Tree is the tree of components that a shop has on every platform, as
// "type name < parent".
func Tree(shop topology.Storefront) []string {
	add := func(kind, suffix string) string {
		return fmt.Sprintf("storefront:index:%s storefront-%s < storefront", kind, suffix)
	}
	tree := []string{
		"storefront:index:Storefront storefront < ",
		add("Network", "network"), add("Access", "access"), add("Media", "media"), add("Database", "database"),
		add("Sessions", "sessions"), add("Cache", "cache"), add("Search", "search"), add("Analytics", "analytics"),
		add("Static", "static"), add("Web", "web"), add("Admin", "admin"), add("Deploy", "deploy"), add("Edge", "edge"),
	}
	if shop.LoadBalancer.Shared {
		tree = append(tree, add("LoadBalancer", "lb"))
	} else {
		for _, c := range shop.Channels {
			tree = append(tree, add("LoadBalancer", "lb-"+c.Code))
		}
	}
	slices.Sort(tree)
	return tree
}

func checkTree(t *testing.T, shop topology.Storefront, got []Registered) {
	var tree []string
	for _, r := range got {
		if !r.Custom {
			tree = append(tree, fmt.Sprintf("%s %s < %s", r.Type, r.Name, r.Parent))
		}
	}
	slices.Sort(tree)
	if diff := cmp.Diff(Tree(shop), tree); diff != "" {
		t.Errorf("the tree of components differs (-want +got):\n%s", diff)
	}
}

func checkParents(t *testing.T, got []Registered) {
	for _, r := range got {
		if r.Custom && !strings.HasPrefix(r.ParentType, "storefront:index:") {
			t.Errorf("%s %s: its parent is %q, not a component", r.Type, r.Name, r.ParentType)
		}
		if r.Custom && r.ParentType == "storefront:index:Storefront" {
			t.Errorf("%s %s: stands below the shop, not below a tier", r.Type, r.Name)
		}
	}
}

func checkNames(t *testing.T, got []Registered) {
	seen := map[string]bool{}
	for _, r := range got {
		if seen[r.key()] {
			t.Errorf("%s %s: there twice", r.Type, r.Name)
		}
		seen[r.key()] = true
		if r.Parent != "" && r.Name != r.Parent && !strings.HasPrefix(r.Name, r.Parent+"-") {
			t.Errorf("%s %s: the name does not derive from its parent's, %s", r.Type, r.Name, r.Parent)
		}
	}
}

func (c Case) checkMarks(t *testing.T, shop topology.Storefront, got []Registered) {
	marked := 0
	for _, r := range got {
		if !r.Custom || strings.HasPrefix(r.Type, "pulumi:") {
			continue
		}
		marks, can := c.Marks(r)
		if !can {
			continue
		}
		marked++
		for k, want := range meta(shop.Environment).Tags("") {
			if k == "tier" {
				if marks[k] == "" {
					t.Errorf("%s %s: no mark for its tier", r.Type, r.Name)
				}
			} else if marks[k] != want {
				t.Errorf("%s %s: mark %s is %q, not %q", r.Type, r.Name, k, marks[k], want)
			}
		}
	}
	require.NotZero(t, marked, "no resource can be marked")
}

func (c Case) checkProtection(t *testing.T, env topology.Environment, got []Registered) {
	protected := 0
	for _, r := range got {
		switch stateful := c.Keeps(r); {
		case env != topology.Production && r.Protect:
			t.Errorf("%s %s: protected outside production", r.Type, r.Name)
		case env == topology.Production && stateful && !r.Protect:
			t.Errorf("%s %s: keeps data and is not protected in production", r.Type, r.Name)
		case r.Protect:
			protected++
		}
	}
	if env == topology.Production {
		require.NotZero(t, protected, "nothing is protected")
	}
}

// everything asks for each feature by itself.
var everything = map[string]func(*topology.Storefront){
	"aurora": func(s *topology.Storefront) { s.Database.Engine = topology.AuroraMySQL },
	"mysql":  func(s *topology.Storefront) { s.Database.Engine = topology.MySQL },
	"serverless": func(s *topology.Storefront) {
		s.Database.Size = topology.Size{}
		s.Database.Serverless = &topology.Serverless{MinUnits: 1, MaxUnits: 4}
	},
	"proxy":         func(s *topology.Storefront) { s.Database.Proxy = true },
	"readers scale": func(s *topology.Storefront) { s.Database.Readers = topology.Readers{Min: 1, Max: 3} },
	"iops":          func(s *topology.Storefront) { s.Database.IOPS = 5000 },
	"warm pool":     func(s *topology.Storefront) { s.Web.WarmPool = 2 },
	"reserved":      func(s *topology.Storefront) { s.LoadBalancer.ReservedUnits = 100 },
	"opensearch": func(s *topology.Storefront) {
		s.Search.Engine = topology.OpenSearch
		s.Search.Size = topology.Size{VCPU: 4, MemoryGiB: 16}
	},
	"object media": func(s *topology.Storefront) { s.Media.Kind = topology.ObjectMedia },
	"backups":      func(s *topology.Storefront) { s.Database.BackupDays = 35 },
	"client vpn": func(s *topology.Storefront) {
		s.Access = topology.Access{Mode: topology.ClientVPN, ClientCIDR: "10.99.0.0/22"}
	},
}

// checkRefusal asks for what a platform can't do, and for what nobody can: both
// are refused before the first registration.
func (c Case) checkRefusal(t *testing.T) {
	for name, change := range everything {
		shop := Shop(topology.Production)
		change(&shop)
		args := components.Args{Shop: shop, Platform: c.Open(), Meta: meta(shop.Environment), Now: Now}
		refusal := platform.Refusals(args.Platform, shop)
		if refusal == nil {
			continue
		}
		got, err := Record(args, c.Probes(t))
		require.ErrorContains(t, err, refusal.Error(), name)
		require.Empty(t, got, "%s: refused only after something was registered", name)
	}
	for want, change := range broken {
		shop := Shop(topology.Production)
		change(&shop)
		got, err := Record(components.Args{Shop: shop, Platform: c.Open(), Meta: meta(topology.Production), Now: Now}, c.Probes(t))
		require.ErrorContains(t, err, want)
		require.Empty(t, got, "%s: refused only after something was registered", want)
	}
}

// broken are mistakes that no platform can live with, by what is said of them.
// Those of sizes are found by the servers' own documents.
var broken = map[string]func(*topology.Storefront){
	"web.capacity.max: 1 is below min 4":                                      func(s *topology.Storefront) { s.Web.Capacity.Max = 1 },
	"admin.size.memoryGiB: 2048 MiB is outside 4096":                          func(s *topology.Storefront) { s.Admin.Size = topology.Size{VCPU: 2, MemoryGiB: 2} },
	"web.size.memoryGiB: 8192 MiB leave room for 0 PHP processes of 4096 MiB": func(s *topology.Storefront) { s.Web.PHPMemoryMiB = 4096 },
	"admin.size.memoryGiB: 4096 MiB leave room for": func(s *topology.Storefront) {
		s.Admin.Size, s.Web.PHPMemoryMiB = topology.Size{VCPU: 2, MemoryGiB: 4}, 1024
	},
	"channels: servers of tier web: compress user data": func(s *topology.Storefront) {
		for i := range 400 {
			s.Channels[0].Hostnames = append(s.Channels[0].Hostnames, platform.MadeUp(fmt.Sprint(i), 40)+".tienda.example")
		}
	},
}
