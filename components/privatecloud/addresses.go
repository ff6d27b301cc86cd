package privatecloud

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Every address follows from the network's range, the tier and a number alone,
// so that a tier that grows moves no other server and no firewall rule.
//
// Each purpose's share of the range (components/topology/address) is cut in two:
// the lower half is the segment on which servers stand, the upper half holds
// the load balancers' addresses, which belong to no segment.
//
//	segment  addresses counted from the segment's base
//	public   1 gateway, 16-47 static
//	app      1 gateway, 16-31 search, upper half web
//	data     1 gateway, 10-13 database's virtual ones, 16-31 database,
//	         32-39 sessions, 40-47 cache, 48-55 media
//	admin    1 gateway, 16-23 admin, 24-31 deploy, 32-47 analytics
//
//	balancers  addresses counted from the upper half's base
//	public     8-11 sources of requests to servers, from 16 the channels' in order
//	app        8 source, 16 search
//	admin      8 and 9 sources, 16 back office, 17 analytics
//
// The smallest network, a /21, leaves 128 addresses to the public and the admin
// segment, 256 to the data and 512 to the app segment.

// span is a run of addresses, counted from a base.
type span struct{ first, count int }

// serverSpans are the tiers' runs within their segments. The web servers' is
// the segment's upper half.
var serverSpans = map[topology.Tier]span{
	topology.TierStatic:    {16, 32},
	topology.TierSearch:    {16, 16},
	topology.TierDatabase:  {16, 16},
	topology.TierSessions:  {32, 8},
	topology.TierCache:     {40, 8},
	topology.TierMedia:     {48, 8},
	topology.TierAdmin:     {16, 8},
	topology.TierDeploy:    {24, 8},
	topology.TierAnalytics: {32, 16},
}

// virtualSpans are the virtual addresses by the tier that they stand for. Those
// of the database lie in its segment, where its servers hand them to each
// other; those of load balancers lie outside all segments.
var virtualSpans = map[topology.Tier]span{
	topology.TierDatabase:  {10, 4},
	topology.TierBalancer:  {16, 112},
	topology.TierInternal:  {16, 1},
	topology.TierAnalytics: {17, 1},
	topology.TierSearch:    {16, 1},
}

// sourceSpans are the addresses from which a load balancer opens connections to
// its servers, by the tier that its virtual address stands for. Visitors' get
// four, since one address has 64,000 ports for each server.
var sourceSpans = map[topology.Tier]span{
	topology.TierBalancer:  {8, 4},
	topology.TierInternal:  {8, 1},
	topology.TierAnalytics: {9, 1},
	topology.TierSearch:    {8, 1},
}

// balancerPurposes tell in whose share a load balancer's addresses lie.
var balancerPurposes = map[topology.Tier]address.Purpose{
	topology.TierBalancer:  address.Public,
	topology.TierInternal:  address.Admin,
	topology.TierAnalytics: address.Admin,
	topology.TierSearch:    address.App,
}

// Which of the database's virtual addresses.
const (
	writerAddress = 0
	readerAddress = 1
)

// halves cuts a purpose's share of the network in two.
func halves(network netip.Prefix, p address.Purpose) (servers, balancers netip.Prefix, err error) {
	block, err := address.Block(network, p)
	if err != nil {
		return netip.Prefix{}, netip.Prefix{}, err
	}
	bits := block.Bits() + 1
	base := binary.BigEndian.Uint32(block.Addr().AsSlice())
	var upper [4]byte
	binary.BigEndian.PutUint32(upper[:], base+1<<(32-bits))
	return netip.PrefixFrom(block.Addr(), bits), netip.PrefixFrom(netip.AddrFrom4(upper), bits), nil
}

// serverSpan returns a tier's run of addresses within its segment.
func serverSpan(segment netip.Prefix, tier topology.Tier) (span, bool) {
	if tier == topology.TierWeb {
		half := 1 << (31 - segment.Bits())
		// The last address is the segment's broadcast.
		return span{half, half - 1}, true
	}
	at, ok := serverSpans[tier]
	return at, ok
}

// nth returns the index-th address of a run in a range.
func (at span) nth(within netip.Prefix, tier topology.Tier, index int) (netip.Addr, error) {
	if index < 0 || index >= at.count {
		return netip.Addr{}, fmt.Errorf("tier %s has no address %d: its range %s holds %d", tier, index, within, at.count)
	}
	return address.Host(within, at.first+index)
}

// addressIn returns the address of a tier's index-th server, from 0.
func addressIn(network netip.Prefix, tier topology.Tier, index int) (netip.Addr, error) {
	purpose, ok := tierSegments[tier]
	if !ok {
		return netip.Addr{}, fmt.Errorf("tier %s has no servers", tier)
	}
	segment, _, err := halves(network, purpose)
	if err != nil {
		return netip.Addr{}, err
	}
	at, _ := serverSpan(segment, tier)
	return at.nth(segment, tier, index)
}

// virtualIn returns the which-th virtual address that stands for a tier: by the
// order of channels for TierBalancer, writerAddress or readerAddress for
// TierDatabase, else 0.
func virtualIn(network netip.Prefix, tier topology.Tier, which int) (netip.Addr, error) {
	at, ok := virtualSpans[tier]
	if !ok {
		return netip.Addr{}, fmt.Errorf("tier %s has no virtual address", tier)
	}
	if tier == topology.TierDatabase {
		segment, _, err := halves(network, address.Data)
		if err != nil {
			return netip.Addr{}, err
		}
		return at.nth(segment, tier, which)
	}
	_, upper, err := halves(network, balancerPurposes[tier])
	if err != nil {
		return netip.Addr{}, err
	}
	return at.nth(upper, tier, which)
}

// sourcesIn returns the addresses from which the load balancer of a tier talks
// to its servers.
func sourcesIn(network netip.Prefix, tier topology.Tier) ([]netip.Addr, error) {
	at, ok := sourceSpans[tier]
	if !ok {
		return nil, fmt.Errorf("tier %s has no load balancer", tier)
	}
	_, upper, err := halves(network, balancerPurposes[tier])
	if err != nil {
		return nil, err
	}
	var out []netip.Addr
	for i := range at.count {
		one, err := at.nth(upper, tier, i)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// addressOf returns the address of a tier's index-th server, from 0.
func (s *site) addressOf(tier topology.Tier, index int) (netip.Addr, error) {
	return addressIn(s.cidr, tier, index)
}

// virtualAddress returns the which-th virtual address that stands for a tier.
func (s *site) virtualAddress(tier topology.Tier, which int) (netip.Addr, error) {
	return virtualIn(s.cidr, tier, which)
}
