package audit

import (
	"net/netip"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// addressIndex finds the live servers that have an address.
type addressIndex map[netip.Addr][]*migrate.Server

// byAddress finds the live servers that have an address.
func (in *Input) byAddress() addressIndex {
	index := addressIndex{}
	for _, s := range in.live {
		for _, addr := range addressesOf(s) {
			index[addr] = append(index[addr], s)
		}
	}
	return index
}

// addressesOf lists a server's usable addresses once each.
func addressesOf(s *migrate.Server) []netip.Addr {
	texts := append([]string{}, s.Addresses...)
	for _, n := range s.NICs {
		texts = append(texts, n.Addresses...)
	}
	seen := map[netip.Addr]bool{}
	var out []netip.Addr
	for _, text := range texts {
		addr, ok := parseAddress(text)
		if ok && !linkLocal(addr) && !addr.IsLoopback() && !seen[addr] {
			seen[addr] = true
			out = append(out, addr)
		}
	}
	return out
}

// parseAddress reads an address with or without a prefix length or a zone.
func parseAddress(text string) (netip.Addr, bool) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "/")
	addr, err := netip.ParseAddr(text)
	return addr.WithZone("").Unmap(), err == nil
}

func linkLocal(addr netip.Addr) bool { return addr.IsLinkLocalUnicast() }

// dmzName tells whether a network's name says that the internet reaches it.
func dmzName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"dmz", "perimeter", "extern", "public", "internet-facing"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// inDMZ tells whether one of a server's networks is reached from the internet.
func inDMZ(s *migrate.Server) bool {
	for _, name := range networks(s) {
		if dmzName(name) {
			return true
		}
	}
	return false
}
