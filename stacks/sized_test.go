package stacks

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/sizing"
)

// What sizing makes of a measured estate has to be accepted like a stack that
// people wrote: by the topology and by the platform's own sizes.
func TestSizedStacksAreAccepted(t *testing.T) {
	files, err := filepath.Glob("../Pulumi.*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 2)
	for _, file := range files {
		name := filepath.Base(file)
		for seed := range uint64(5) {
			values := withSecrets(stackFile(t, name))
			var base topology.Storefront
			require.NoError(t, topology.Decode([]byte(values[keyTopology]), &base))
			o := sizing.DefaultOptions()
			if values[keyPrivate] != "" {
				o.FixedReaders = 2
			}
			r, err := sizing.Size(sample.Estate(seed+1), base, o)
			require.NoError(t, err)
			require.NotEqual(t, base.Web, r.Topology.Web)
			text, err := json.Marshal(r.Topology)
			require.NoError(t, err)
			values[keyTopology] = string(text)
			larger(t, values)
			require.NoError(t, refusal(t, values), "%s, seed %d", name, seed+1)
		}
	}
}

// larger gives the private cloud the load balancer that a fleet of this size
// asks for: that is a setting of the site, which sizing has no say over.
func larger(t *testing.T, values map[string]string) {
	t.Helper()
	if values[keyPrivate] == "" {
		return
	}
	var site map[string]any
	require.NoError(t, json.Unmarshal([]byte(values[keyPrivate]), &site))
	site["loadBalancerSize"] = "LARGE"
	text, err := json.Marshal(site)
	require.NoError(t, err)
	values[keyPrivate] = string(text)
}
