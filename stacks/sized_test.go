package stacks

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/sizing"
)

// What sizing makes of a measured estate has to be accepted like a stack that
// people wrote: by the topology and by the platform's own sizes.
func TestSizedStacksAreAccepted(t *testing.T) {
	for _, name := range []string{"Pulumi.prod.yaml", "Pulumi.staging.yaml"} {
		for seed := range uint64(5) {
			values := stackFile(t, name)
			var base topology.Storefront
			require.NoError(t, topology.Decode([]byte(values[keyTopology]), &base))
			r, err := sizing.Size(sample.Estate(seed+1), base, sizing.DefaultOptions())
			require.NoError(t, err)
			require.NotEqual(t, base.Web, r.Topology.Web)
			text, err := json.Marshal(r.Topology)
			require.NoError(t, err)
			values[keyTopology] = string(text)
			require.NoError(t, refusal(t, values), "%s, seed %d", name, seed+1)
		}
	}
}
