package stacks

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/internal/sandbox/awsfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/nsxfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
	"github.com/storefront-toolkit/storefront/internal/sandbox/vspherefake"
)

// lookup reads given values, by whole keys or by paths into them, as the
// sandbox does.
func lookup(values map[string]string) Lookup {
	return func(k string) (string, bool) { v, ok := values[k]; return v, ok }
}

// withSecrets adds the secrets that a stack file can't hold in clear.
func withSecrets(values map[string]string) map[string]string {
	out, made := maps.Clone(values), map[string]string{}
	for _, path := range Secrets(lookup(values)) {
		if name, ok := strings.CutPrefix(path, keySecrets+"."); ok {
			made[name] = "made-up-for-a-test-" + name
		}
	}
	if len(made) > 0 {
		text, _ := json.Marshal(made)
		out[keySecrets] = string(text)
	}
	return out
}

// emit runs a configuration on its platform and returns what was registered.
func emit(t *testing.T, stack string, values map[string]string) []platformtest.Registered {
	t.Helper()
	values = withSecrets(values)
	c, err := read(values)
	require.NoError(t, err)
	on, err := open[c.Platform](c, lookup(values))
	require.NoError(t, err)
	got, err := platformtest.Record(components.Args{
		Shop: c.Topology, Platform: on, Now: now,
		Meta: platform.Meta{Project: "storefront", Stack: stack, Owner: c.Topology.Owner, Wave: c.Topology.Wave, Environment: c.Topology.Environment},
	}, clouds(t, stack))
	require.NoError(t, err)
	return got
}

// clouds are all simulated providers.
func clouds(t *testing.T, stack string) map[string]*fake.Probe {
	t.Helper()
	private := site.Default()
	for _, word := range []string{"dmz", "app", "data", "admin"} {
		// The probes share no world: what NSX makes stands in vCenter before.
		center := &private.VSphere.Datacenters[0]
		center.Networks = append(center.Networks, "storefront-network-"+word+"-"+stack)
	}
	out := map[string]*fake.Probe{}
	for p, config := range map[*fake.Package]map[string]string{
		awsfake.New():            {"region": "eu-west-1"},
		vspherefake.New(private): {"user": "u", "password": "p", "vsphereServer": "vc"},
		nsxfake.New(private):     {"host": "nsx"},
	} {
		in := resource.PropertyMap{}
		for k, v := range config {
			in[resource.PropertyKey(k)] = resource.NewProperty(v)
		}
		probe, err := fake.NewProbe(p, in)
		require.NoError(t, err)
		out[p.Name] = probe
	}
	return out
}

// TestOneDeclarationRunsOnBothPlatforms changes the platform and the site's own
// settings of the private stack, and not one line of its declaration.
func TestOneDeclarationRunsOnBothPlatforms(t *testing.T) {
	private := stackFile(t, "Pulumi.private.yaml")
	onAWS := map[string]string{keyPlatform: "aws", "aws:region": "eu-west-1", keyAWS: `{"certificates": "issue"}`, keyTopology: private[keyTopology]}

	differing := 0
	a, b := indented(t, onAWS[keyTopology]), indented(t, private[keyTopology])
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			differing++
		}
	}
	require.Zero(t, differing, "lines of the declaration")
	t.Logf("lines of the declaration: %d; that differ: %d", len(a), differing)

	left, right := emit(t, "private", onAWS), emit(t, "private", private)
	require.Empty(t, cmp.Diff(componentsOf(left), componentsOf(right)), "the trees of components differ")
	require.Equal(t, platformtest.Tree(mustRead(t, private).Topology), componentsOf(left))
	golden.EqualFile(t, filepath.Join("testdata", "trees.txt"), []byte(sideBySide(left, right)))
}

func mustRead(t *testing.T, values map[string]string) Config {
	t.Helper()
	c, err := read(values)
	require.NoError(t, err)
	return c
}

func indented(t *testing.T, text string) []string {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	out, err := json.MarshalIndent(v, "", "  ")
	require.NoError(t, err)
	return strings.Split(string(out), "\n")
}

// componentsOf is the tree of components as platformtest.Tree words it.
func componentsOf(list []platformtest.Registered) []string {
	var out []string
	for _, r := range list {
		if !r.Custom {
			out = append(out, fmt.Sprintf("%s %s < %s", r.Type, r.Name, r.Parent))
		}
	}
	slices.Sort(out)
	return out
}

// sideBySide shows what each platform makes below each component.
func sideBySide(aws, private []platformtest.Registered) string {
	left, right := leaves(aws), leaves(private)
	var b strings.Builder
	fmt.Fprintf(&b, "%-52s | %s\n", fmt.Sprintf("aws: %d resources", total(left)), fmt.Sprintf("private: %d resources", total(right)))
	for _, c := range componentsOf(aws) {
		name := strings.Fields(c)[1]
		fmt.Fprintf(&b, "\n%s\n", name)
		l, r := counted(left[name]), counted(right[name])
		for i := range max(len(l), len(r)) {
			fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("  %-50s | %s", at(l, i), at(r, i)), " "))
		}
	}
	return b.String()
}

// leaves counts resources by component and type.
func leaves(list []platformtest.Registered) map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, r := range list {
		if !r.Custom || strings.HasPrefix(r.Type, "pulumi:") {
			continue
		}
		if out[r.Parent] == nil {
			out[r.Parent] = map[string]int{}
		}
		out[r.Parent][r.Type]++
	}
	return out
}

func total(all map[string]map[string]int) (n int) {
	for _, one := range all {
		for _, count := range one {
			n += count
		}
	}
	return n
}

func counted(types map[string]int) (out []string) {
	for _, t := range slices.Sorted(maps.Keys(types)) {
		out = append(out, fmt.Sprintf("%3d %s", types[t], short(t)))
	}
	return out
}

// short words a type token: "ec2 Subnet" for aws:ec2/subnet:Subnet.
func short(token string) string {
	parts := strings.Split(token, ":")
	module, _, _ := strings.Cut(parts[1], "/")
	if module == "index" {
		module = parts[0]
	}
	return module + " " + parts[2]
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func TestThePrivateStackNamesTheSecretsThatItLacks(t *testing.T) {
	err := refusal(t, stackFile(t, "Pulumi.private.yaml"))
	for _, name := range []string{"cachePassword", "databasePassword", "failoverPassword", "replicationPassword", "runnerToken", "sessionsPassword", "vpnPreSharedKey"} {
		require.ErrorContains(t, err, "storefront:secrets."+name+": is missing: pulumi config set --secret --path storefront:secrets."+name)
	}
	require.Contains(t, Secrets(lookup(stackFile(t, "Pulumi.private.yaml"))), "vsphere:password")
	require.Empty(t, Secrets(lookup(stackFile(t, "Pulumi.prod.yaml"))))
}
