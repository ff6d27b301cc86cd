package awscloud

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// weight returns a weighted record's share and answers.
func weight(t *testing.T, m *made, name string) (share float64, identifier any) {
	t.Helper()
	r := m.of(t, "Record "+name)
	p := r["weightedRoutingPolicies"].([]any)
	require.Len(t, p, 1)
	return number(p[0].(map[string]any)["weight"]), r["setIdentifier"]
}

func TestRecordsAreWeightedFromTheStart(t *testing.T) {
	m := build(t, small(topology.Staging, nil))
	for _, kind := range []string{"A", "AAAA"} {
		share, id := weight(t, m, "shop-edge-uk-shop.example-"+kind)
		require.Equal(t, 100.0, share)
		require.Equal(t, "new", id)
	}
}

func TestACutoverSharesVisitors(t *testing.T) {
	cutover := func(share int, legacy ...string) *made {
		return build(t, small(topology.Staging, func(s *topology.Storefront) {
			s.Channels[1].Cutover = &topology.Cutover{Legacy: legacy, NewShare: share}
		}))
	}
	const name = "shop-edge-fr-www.boutique.example-"

	m := cutover(25, "198.51.100.7")
	share, _ := weight(t, m, name+"A")
	require.Equal(t, 25.0, share)
	share, id := weight(t, m, name+"A-legacy")
	require.Equal(t, 75.0, share)
	require.Equal(t, "legacy", id)
	require.Equal(t, []any{"198.51.100.7"}, m.of(t, "Record "+name+"A-legacy")["records"])
	require.NotContains(t, m.inputs, "Record "+name+"AAAA", "IPv6 would draw visitors past their share")

	m = cutover(25, "198.51.100.7", "2001:db8::7")
	share, _ = weight(t, m, name+"AAAA")
	require.Equal(t, 25.0, share)
	require.Equal(t, []any{"2001:db8::7"}, m.of(t, "Record "+name+"AAAA-legacy")["records"])

	m = cutover(100, "198.51.100.7")
	require.Contains(t, m.inputs, "Record "+name+"AAAA")
	share, _ = weight(t, m, name+"A-legacy")
	require.Equal(t, 0.0, share)
}
