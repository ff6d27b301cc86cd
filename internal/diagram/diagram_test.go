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
