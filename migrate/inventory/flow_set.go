package inventory

import (
	"net/netip"
	"sort"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Kinds of a flow.
const (
	flowObserved   = "observed"
	flowAllowed    = "allowed"
	flowReferenced = "referenced"
)

// flowKey tells flows apart: what differs only in the client's port, the time
// or the number of bytes is one flow.
type flowKey struct {
	from, to string
	port     int
	protocol string
	kind     string
}

// flowSet gathers flows, adding up what is the same.
type flowSet struct {
	flows map[flowKey]*migrate.Flow
	watch watch
	last  time.Time // zero: no row told its time
}

func newFlowSet() *flowSet { return &flowSet{flows: map[flowKey]*migrate.Flow{}} }

func keyOf(f migrate.Flow) flowKey { return flowKey{f.From, f.To, f.Port, f.Protocol, f.Kind} }

// add merges a flow into the set and tells whether it is a new one.
func (s *flowSet) add(f migrate.Flow) bool {
	k := keyOf(f)
	s.span(f.First, f.Last)
	have := s.flows[k]
	if have == nil {
		s.flows[k] = &f
		return true
	}
	have.Bytes += f.Bytes
	have.Connections += f.Connections
	have.First = earlier(have.First, f.First)
	have.Last = later(have.Last, f.Last)
	if have.Process == "" {
		have.Process = f.Process
	}
	return false
}

// span widens the observed period.
func (s *flowSet) span(first, last *time.Time) {
	if first == nil || first.IsZero() {
		first = last
	}
	if last == nil || last.IsZero() {
		last = first
	}
	if first == nil || first.IsZero() {
		return
	}
	s.watch.add(earlier2(*first, *last), later2(*first, *last))
	s.last = s.watch.to
}

// days is the length of observation, 0 when no row told its time.
func (s *flowSet) days() float64 {
	return s.watch.to.Sub(s.watch.from).Hours() / 24
}

// sorted returns the flows by From, To, Port, Protocol, each with the length
// of observation.
func (s *flowSet) sorted() []migrate.Flow {
	out := make([]migrate.Flow, 0, len(s.flows))
	days := s.days()
	for _, f := range s.flows {
		if f.Kind == flowObserved && f.Days == 0 {
			f.Days = days
		}
		out = append(out, *f)
	}
	sortFlows(out)
	return out
}

func sortFlows(flows []migrate.Flow) {
	sort.Slice(flows, func(i, j int) bool {
		a, b := flows[i], flows[j]
		switch {
		case a.From != b.From:
			return a.From < b.From
		case a.To != b.To:
			return a.To < b.To
		case a.Port != b.Port:
			return a.Port < b.Port
		case a.Protocol != b.Protocol:
			return a.Protocol < b.Protocol
		}
		return a.Kind < b.Kind
	})
}

func earlier(a, b *time.Time) *time.Time {
	if a == nil || (b != nil && b.Before(*a)) {
		return b
	}
	return a
}

func later(a, b *time.Time) *time.Time {
	if a == nil || (b != nil && b.After(*a)) {
		return b
	}
	return a
}

// parseAddr reads an address as tools print it: with brackets, a zone, or an
// IPv4 address dressed as IPv6.
func parseAddr(s string) (netip.Addr, bool) {
	s = strings.Trim(strings.TrimSpace(s), "[]")
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}, false
	}
	return a.Unmap().WithZone(""), true
}

// usableAddr tells whether an address can name a server: unicast, and neither
// loopback, link-local nor unspecified.
func usableAddr(a netip.Addr) bool {
	return a.IsValid() && !a.IsUnspecified() && !a.IsLoopback() && !a.IsMulticast() &&
		!a.IsLinkLocalUnicast() && a != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// Reasons for which an end is no server.
const (
	reasonBadAddress = "an address that can't be read"
	reasonNoEnd      = "an end is missing"
	reasonLoopback   = "within one server (loopback)"
	reasonMulticast  = "to a multicast or broadcast address, behind which no one server stands"
	reasonLinkLocal  = "a link-local address, which names no server"
)

// flowEnd normalises one end of a flow: an address in its canonical form, a
// name in lower case without the closing dot. The reason says why it is no
// server; it is empty for a good end.
func flowEnd(s string) (end, reason string) {
	s = strings.TrimSpace(s)
	if s == "" || s == "-" || s == "*" {
		return "", reasonNoEnd
	}
	a, ok := parseAddr(s)
	if !ok {
		name := strings.ToLower(strings.TrimSuffix(s, "."))
		if name == "" {
			return "", reasonNoEnd
		}
		if name == "localhost" || strings.HasPrefix(name, "localhost.") {
			return "", reasonLoopback
		}
		return name, ""
	}
	switch {
	case a.IsUnspecified():
		return "", reasonNoEnd
	case a.IsLoopback():
		return "", reasonLoopback
	case a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "", reasonMulticast
	case a.IsLinkLocalUnicast():
		return "", reasonLinkLocal
	}
	return a.String(), ""
}

// flowEnds normalises both ends of a flow.
func flowEnds(from, to string) (f, t, reason string) {
	if f, reason = flowEnd(from); reason != "" {
		return "", "", reason
	}
	t, reason = flowEnd(to)
	return f, t, reason
}

// addrEnds is flowEnds for logs whose ends are addresses and nothing else.
func addrEnds(from, to string) (f, t, reason string) {
	for _, s := range []string{from, to} {
		if _, ok := parseAddr(s); !ok && s != "" && s != "-" {
			return "", "", reasonBadAddress
		}
	}
	return flowEnds(from, to)
}
