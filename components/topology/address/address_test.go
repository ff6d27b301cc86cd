package address

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Frozen: a change here would renumber networks that stand.
func TestDivisionOfA16IsFrozen(t *testing.T) {
	n := netip.MustParsePrefix("10.40.0.0/16")
	want := map[Purpose][]string{
		App:    {"10.40.0.0/19", "10.40.32.0/19", "10.40.64.0/19", "10.40.96.0/19"},
		Data:   {"10.40.128.0/20", "10.40.144.0/20", "10.40.160.0/20", "10.40.176.0/20"},
		Public: {"10.40.192.0/21", "10.40.200.0/21", "10.40.208.0/21", "10.40.216.0/21"},
		Admin:  {"10.40.224.0/21", "10.40.232.0/21", "10.40.240.0/21", "10.40.248.0/21"},
	}
	for p, subnets := range want {
		for z, w := range subnets {
			got, err := Subnet(n, p, z)
			require.NoError(t, err)
			require.Equal(t, w, got.String(), "%s %d", p, z)
		}
	}
}

func networks() *rapid.Generator[netip.Prefix] {
	return rapid.Custom(func(t *rapid.T) netip.Prefix {
		bits := rapid.IntRange(MinBits, MaxBits).Draw(t, "bits")
		b := rapid.SliceOfN(rapid.Byte(), 3, 3).Draw(t, "bytes")
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, b[0], b[1], b[2]}), bits).Masked()
	})
}

func TestSubnetsAreInsideDisjointAndLargeEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := networks().Draw(t, "network")
		var all []netip.Prefix
		for _, p := range []Purpose{Public, App, Data, Admin} {
			for z := range MaxZones {
				s, err := Subnet(n, p, z)
				require.NoError(t, err)
				require.Equal(t, s, s.Masked())
				require.GreaterOrEqual(t, s.Bits(), n.Bits())
				require.True(t, n.Contains(s.Addr()))
				require.LessOrEqual(t, s.Bits(), 28, "AWS takes no subnet smaller than /28")
				for _, o := range all {
					require.False(t, o.Overlaps(s), "%s and %s", o, s)
				}
				all = append(all, s)
			}
		}
		var covered int
		for _, s := range all {
			covered += 1 << (32 - s.Bits())
		}
		require.Equal(t, 1<<(32-n.Bits()), covered, "no address is left over")
	})
}

func TestHostStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := Subnet(networks().Draw(t, "network"), App, 0)
		require.NoError(t, err)
		i := rapid.IntRange(0, 1<<(32-s.Bits())-1).Draw(t, "n")
		h, err := Host(s, i)
		require.NoError(t, err)
		require.True(t, s.Contains(h))
	})
}

func TestCheckRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"10.0.0.0/8":  "larger than /16",
		"10.0.0.0/22": "too small",
		"10.0.1.0/16": "write 10.0.0.0/16",
		"8.8.0.0/16":  "not a private range",
		"fd00::/16":   "not an IPv4 range",
	} {
		require.ErrorContains(t, Check(netip.MustParsePrefix(in)), want, in)
	}
	_, err := Subnet(netip.MustParsePrefix("10.0.0.0/16"), App, MaxZones)
	require.ErrorContains(t, err, "zone 4")
	_, err = Host(netip.MustParsePrefix("10.0.0.0/28"), 16)
	require.Error(t, err)
}
