package nsxfake

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
)

var config = resource.PropertyMap{"host": resource.NewProperty("nsx")}

func TestTheTableNamesOnlyWhatTheSDKHas(t *testing.T) {
	p := New(site.Default())
	require.NoError(t, p.Verify())
	for _, r := range p.Resources {
		kind := r.Token[strings.LastIndex(r.Token, ":")+1:]
		if _, ok := folders[kind]; !ok && r.ID == "{nsxId|uuid}" {
			t.Errorf("%s has no folder in the policy tree", kind)
		}
	}
}

func TestEveryTypeGivesItsOutputs(t *testing.T) {
	probe, err := fake.NewProbe(New(site.Default()), config)
	require.NoError(t, err)
	for _, r := range New(site.Default()).Resources {
		t.Run(strings.TrimPrefix(r.Token, "nsxt:index/"), func(t *testing.T) {
			require.NoError(t, probe.Exercise(context.Background(), r.Token))
		})
	}
}

func TestPathsFollowTheTree(t *testing.T) {
	probe, err := fake.NewProbe(New(site.Default()), config)
	require.NoError(t, err)
	cases := []struct {
		kind   string
		inputs map[string]any
		want   string
	}{
		{"PolicyTier1Gateway", map[string]any{"displayName": "shop", "nsxId": "shop-t1"}, `^/infra/tier-1s/shop-t1$`},
		{"PolicyGroup", map[string]any{"displayName": "web", "nsxId": "web"}, `^/infra/domains/default/groups/web$`},
		{"PolicyNatRule", map[string]any{
			"displayName": "in", "action": "DNAT", "gatewayPath": "/infra/tier-1s/shop-t1", "nsxId": "in",
		}, `^/infra/tier-1s/shop-t1/nat/USER/nat-rules/in$`},
		{"PolicySegment", map[string]any{"displayName": "app"}, `^/infra/segments/[0-9a-f-]{36}$`},
	}
	for _, c := range cases {
		_, got, err := probe.Create(context.Background(), token(c.kind), "main", resource.NewPropertyMapFromMap(c.inputs))
		require.NoError(t, err)
		require.Regexp(t, c.want, got["path"].StringValue())
	}
}

func TestLookups(t *testing.T) {
	probe, err := fake.NewProbe(New(site.Default()), config)
	require.NoError(t, err)
	get := func(name, display string) (map[string]any, error) {
		out, err := probe.Lookup(context.Background(), "nsxt:index/getPolicy"+name+":getPolicy"+name,
			resource.NewPropertyMapFromMap(map[string]any{"displayName": display}))
		return out.Mappable(), err
	}
	got, err := get("Tier0Gateway", "T0-gw")
	require.NoError(t, err)
	require.Equal(t, "/infra/tier-0s/T0-gw", got["path"])
	_, err = get("Tier0Gateway", "T0")
	require.ErrorContains(t, err, `tier-0 gateway "T0" not found in the simulated site`)

	// No resource makes an edge cluster: it is there or not.
	got, err = get("EdgeCluster", "edge-cluster")
	require.NoError(t, err)
	require.Equal(t, "/infra/sites/default/enforcement-points/default/edge-clusters/edge-cluster", got["path"])
	_, err = get("EdgeCluster", "edges")
	require.ErrorContains(t, err, `edge cluster "edges" not found`)

	_, err = get("Group", "web")
	require.ErrorContains(t, err, `group "web" not found`)
	_, made, err := probe.Create(context.Background(), token("PolicyGroup"), "web",
		resource.NewPropertyMapFromMap(map[string]any{"displayName": "web"}))
	require.NoError(t, err)
	got, err = get("Group", "web")
	require.NoError(t, err)
	require.Equal(t, made["path"].StringValue(), got["path"])
}
