package diagram

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

func TestServersAreWordedWithinTheirBox(t *testing.T) {
	shop := sandbox.Resource{URN: "shop", Type: "storefront:index:Storefront"}
	tier := sandbox.Resource{URN: "database", Parent: "shop", Type: "storefront:index:Database", Name: "storefront-database"}
	g := sandbox.Graph{Resources: []sandbox.Resource{shop, tier}}
	for _, name := range []string{"1", "2", "3"} {
		g.Resources = append(g.Resources, sandbox.Resource{
			URN: name, Parent: "database", Type: "vsphere:index/virtualMachine:VirtualMachine", Custom: true,
			Inputs: map[string]any{"numCpus": 16.0, "memory": 131072.0},
		})
	}
	read := Read(g)
	require.Equal(t, []string{"3 × VM of 16 vCPU, 128 GiB"}, read.Tiers[0].Facts)
	require.NotRegexp(t, regexp.MustCompile("…"), string(SVG(read, "The stack")), "a line is cut off")
}

func TestServersOfFixedFleetsAreCounted(t *testing.T) {
	g := sandbox.Graph{Resources: []sandbox.Resource{
		{URN: "shop", Type: "storefront:index:Storefront"},
		{URN: "search", Parent: "shop", Type: "storefront:index:Search", Name: "storefront-search"},
		{URN: "web", Parent: "shop", Type: "storefront:index:Web", Name: "storefront-web"},
	}}
	group := func(urn, parent string, least, most float64) {
		g.Resources = append(g.Resources, sandbox.Resource{URN: urn, Parent: parent, Type: "aws:autoscaling/group:Group", Custom: true,
			Inputs: map[string]any{"minSize": least, "maxSize": most}})
	}
	for _, name := range []string{"1", "2", "3"} {
		group(name, "search", 1, 1)
	}
	group("4", "web", 6, 60)
	got := map[string][]string{}
	for _, tier := range Read(g).Tiers {
		got[tier.Kind] = tier.Facts
	}
	require.Equal(t, map[string][]string{"Search": {"3 servers"}, "Web": {"6 to 60 servers"}}, got)
}
