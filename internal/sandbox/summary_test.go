package sandbox

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/golden"
)

// sample is a graph as a run would give it, before its tiers are told.
func sample() Graph {
	res := func(urn, typ, parent string, custom bool, op Op, changed ...string) Resource {
		return Resource{URN: urn, Type: typ, Name: urn, Parent: parent, Custom: custom, Op: op, Changed: changed}
	}
	g := Graph{Resources: []Resource{
		res("a-stack", stackType, "", false, Same),
		res("b-provider", "pulumi:providers:aws", "a-stack", true, Same),
		res("c-shop", "storefront:index:Storefront", "a-stack", false, Same),
		res("d-web", "storefront:index:Web", "c-shop", false, Create),
		res("e-web-uk", "storefront:index:Channel", "d-web", false, Create),
		res("f-asg", "aws:autoscaling/group:Group", "e-web-uk", true, Create),
		res("g-template", "aws:ec2/launchTemplate:LaunchTemplate", "d-web", true, Update, "imageId", "tags.wave"),
		res("h-network", "storefront:index:Network", "c-shop", false, Same),
		res("i-subnet", "aws:ec2/subnet:Subnet", "h-network", true, Replace, "cidrBlock"),
		res("j-old", "aws:ec2/eip:Eip", "h-network", true, Delete),
	}}
	g.tiers()
	return g
}

func TestTiersAreTheComponentsBelowTheTop(t *testing.T) {
	g := sample()
	want := map[string]string{
		"b-provider": "stack", "c-shop": "storefront", "d-web": "web", "e-web-uk": "web", "f-asg": "web",
		"h-network": "network", "i-subnet": "network",
	}
	for urn, tier := range want {
		r, ok := g.Find(urn)
		require.True(t, ok, urn)
		require.Equal(t, tier, r.Tier, urn)
	}
	_, ok := g.Find("nowhere")
	require.False(t, ok)
}

func TestSummary(t *testing.T) {
	run := &Run{
		Stack: "prod", Command: Preview, Graph: sample(),
		Outputs: map[string]any{"endpoint": Unknown, "channels": []any{"uk", "fr"}},
		Notes:   []string{"1 encrypted setting replaced by \"sandbox-placeholder\": shop:key"},
	}
	for name, details := range map[string]bool{"summary.txt": false, "summary-details.txt": true} {
		var b strings.Builder
		require.NoError(t, run.Write(&b, details))
		golden.Equal(t, name, []byte(b.String()))
	}
}

func TestVerdict(t *testing.T) {
	same := Graph{Resources: []Resource{{URN: "a", Type: "x", Op: Same}}}
	require.Equal(t, "no change: 1 resource as before", (&Run{Command: Up, Graph: same}).Verdict())
	require.Equal(t, "3 created, 1 updated, 1 replaced, 1 deleted, 3 unchanged", (&Run{Command: Up, Graph: sample()}).Verdict())
	require.Equal(t, "3 to create, 1 to update, 1 to replace, 1 to delete, 3 unchanged",
		(&Run{Command: Preview, Graph: sample()}).Verdict())
}
