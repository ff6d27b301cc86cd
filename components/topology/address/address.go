// Package address divides a network's IPv4 range into subnets by purpose and
// zone. The division depends on the range alone, never on the number of zones
// in use, so a zone can be added without moving another.
package address

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// Purpose is what a subnet is for.
type Purpose string

const (
	Public Purpose = "public" // load balancers and ways out; the DMZ
	App    Purpose = "app"    // servers
	Data   Purpose = "data"   // databases and caches; no way out
	Admin  Purpose = "admin"  // back office and access
)

// MaxZones is how many zones a division leaves room for.
const MaxZones = 4

// MinBits and MaxBits bound the prefix of a network that can be divided: the
// smallest subnet, a 128th of it, has to hold 16 addresses (AWS takes no fewer:
// docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
const (
	MinBits = 16
	MaxBits = 21
)

// Each purpose owns a share of the range, as a prefix below it: App the lower
// half, then Data a quarter, Public an eighth, Admin an eighth.
var shares = map[Purpose]struct{ bits, index int }{
	App:    {1, 0},
	Data:   {2, 2},
	Public: {3, 6},
	Admin:  {3, 7},
}

// Block returns the whole share of a purpose within network.
func Block(network netip.Prefix, p Purpose) (netip.Prefix, error) {
	share, ok := shares[p]
	if !ok {
		return netip.Prefix{}, fmt.Errorf("no purpose %q", p)
	}
	if err := Check(network); err != nil {
		return netip.Prefix{}, err
	}
	return nth(network, network.Bits()+share.bits, share.index), nil
}

// Subnet returns the subnet of a purpose in a zone, counted from 0.
func Subnet(network netip.Prefix, p Purpose, zone int) (netip.Prefix, error) {
	if zone < 0 || zone >= MaxZones {
		return netip.Prefix{}, fmt.Errorf("zone %d: a network has zones 0 to %d", zone, MaxZones-1)
	}
	block, err := Block(network, p)
	if err != nil {
		return netip.Prefix{}, err
	}
	return nth(block, block.Bits()+2, zone), nil
}

// Check says what is wrong with a range that is to be divided.
func Check(network netip.Prefix) error {
	switch {
	case !network.IsValid() || !network.Addr().Is4():
		return fmt.Errorf("not an IPv4 range")
	case network != network.Masked():
		return fmt.Errorf("%s has bits set behind its prefix; write %s", network, network.Masked())
	case network.Bits() < MinBits:
		return fmt.Errorf("%s is larger than /%d", network, MinBits)
	case network.Bits() > MaxBits:
		return fmt.Errorf("%s is too small to divide: /%d at the least", network, MaxBits)
	case !network.Addr().IsPrivate() && !carrier.Contains(network.Addr()):
		return fmt.Errorf("%s is not a private range (RFC 1918 or RFC 6598)", network)
	}
	return nil
}

// carrier is the shared space of RFC 6598.
var carrier = netip.MustParsePrefix("100.64.0.0/10")

// nth returns the index-th prefix of the given length inside p.
func nth(p netip.Prefix, bits, index int) netip.Prefix {
	base := binary.BigEndian.Uint32(p.Addr().AsSlice())
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], base+uint32(index)<<(32-bits))
	return netip.PrefixFrom(netip.AddrFrom4(b), bits)
}

// Host returns the n-th address of a subnet, counted from its network address.
func Host(subnet netip.Prefix, n int) (netip.Addr, error) {
	if n < 0 || n >= 1<<(32-subnet.Bits()) {
		return netip.Addr{}, fmt.Errorf("%s has no address %d", subnet, n)
	}
	return nth(subnet, 32, n).Addr(), nil
}
