package privatecloud

import (
	"encoding/binary"
	"math"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// drawNetwork is any range that a declaration may have.
func drawNetwork(t *rapid.T) netip.Prefix {
	bits := rapid.IntRange(address.MinBits, address.MaxBits).Draw(t, "bits")
	n := uint32(10)<<24 | rapid.Uint32Range(0, 1<<24-1).Draw(t, "base")
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.PrefixFrom(netip.AddrFrom4(b), bits).Masked()
}

func TestNoTwoThingsHaveOneAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		network := drawNetwork(t)
		seen := map[netip.Addr]string{}
		take := func(a netip.Addr, what string) {
			if !network.Contains(a) {
				t.Fatalf("%s %s lies outside %s", what, a, network)
			}
			if other := seen[a]; other != "" {
				t.Fatalf("%s has the address of %s, %s", what, other, a)
			}
			seen[a] = what
		}
		for _, p := range purposes {
			segment, _, err := halves(network, p.purpose)
			require.NoError(t, err)
			take(segment.Addr(), p.word+"'s own")
			gateway, err := address.Host(segment, 1)
			require.NoError(t, err)
			take(gateway, p.word+"'s gateway")
			last, err := address.Host(segment, 1<<(32-segment.Bits())-1)
			require.NoError(t, err)
			take(last, p.word+"'s broadcast")
		}
		for _, tier := range serverTiers {
			segment, _, err := halves(network, tierSegments[tier])
			require.NoError(t, err)
			for i := range roomFor(network, tier) {
				a, err := addressIn(network, tier, i)
				require.NoError(t, err)
				if !segment.Contains(a) {
					t.Fatalf("%s %d, %s, lies outside its segment %s", tier, i, a, segment)
				}
				take(a, string(tier))
			}
		}
		for tier, at := range virtualSpans {
			for i := range at.count {
				a, err := virtualIn(network, tier, i)
				require.NoError(t, err)
				take(a, "virtual "+string(tier))
			}
		}
		for tier := range sourceSpans {
			list, err := sourcesIn(network, tier)
			require.NoError(t, err)
			for _, a := range list {
				take(a, "source "+string(tier))
			}
		}
	})
}

func TestASmallNetworkHasRoomForEveryTier(t *testing.T) {
	network := netip.MustParsePrefix("10.0.0.0/21")
	for _, tier := range serverTiers {
		require.GreaterOrEqual(t, roomFor(network, tier), 8, tier)
	}
	require.Equal(t, 255, roomFor(network, topology.TierWeb))
}

func TestAddressesThatThereAreNot(t *testing.T) {
	network := netip.MustParsePrefix("10.0.0.0/21")
	_, err := addressIn(network, topology.TierCache, 8)
	require.EqualError(t, err, "tier cache has no address 8: its range 10.0.4.0/24 holds 8")
	_, err = addressIn(network, topology.TierCache, -1)
	require.Error(t, err)
	_, err = addressIn(network, topology.TierEdge, 0)
	require.EqualError(t, err, "tier edge has no servers")
	_, err = virtualIn(network, topology.TierWeb, 0)
	require.EqualError(t, err, "tier web has no virtual address")
	_, err = sourcesIn(network, topology.TierDatabase)
	require.EqualError(t, err, "tier database has no load balancer")
	_, err = addressIn(netip.MustParsePrefix("10.0.0.0/24"), topology.TierWeb, 0)
	require.ErrorContains(t, err, "too small to divide")
}

func TestWeightsDivideTheVisitors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.IntRange(0, 100).Draw(t, "percent")
		here, legacy := rapid.IntRange(1, 60).Draw(t, "here"), rapid.IntRange(1, 60).Draw(t, "legacy")
		ours, theirs := weights(percent, here, legacy)
		for _, w := range []int{ours, theirs} {
			if w < 0 || w > maxWeight {
				t.Fatalf("%d is no weight", w)
			}
		}
		if (ours == 0) != (percent == 0) || (theirs == 0) != (percent == 100) {
			t.Fatalf("%d%% gives %d and %d", percent, ours, theirs)
		}
		got := 100 * float64(ours*here) / float64(ours*here+theirs*legacy)
		// One server of the smaller side can't have less than a 256th of
		// another's weight.
		least := 100 * float64(here) / float64(here+maxWeight*legacy)
		most := 100 * float64(maxWeight*here) / float64(maxWeight*here+legacy)
		if want := min(max(float64(percent), least), most); percent%100 != 0 && math.Abs(got-want) > 0.5 {
			t.Fatalf("%d%% of %d and %d servers gives %d and %d: %.1f%%", percent, here, legacy, ours, theirs, got)
		}
	})
}

func TestPatternsBecomeExpressions(t *testing.T) {
	require.Equal(t, `^.*/update.*$`, pathExpression("*/update*"))
	require.Equal(t, `^/static/.*$`, pathExpression("/static/*"))
	require.Equal(t, `^/a\.b$`, pathExpression("/a.b"))
}
