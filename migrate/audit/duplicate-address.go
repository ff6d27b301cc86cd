package audit

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/storefront-toolkit/storefront/migrate"
)

var duplicateAddress = Check{
	ID:       "duplicate-address",
	Category: "network",
	Severity: migrate.SeverityMedium,
	Title:    "Two running servers have the same address",
	Why:      "Which of them answers changes by the minute; traffic that was measured may belong to the other, and so may the move group.",
	Remedy:   "If it is a shared address of a pair (VRRP), say so in the override file; else renumber one of them.",
	Answer:   "AWS gives addresses by itself; on a private cloud each server's is computed from its tier and number, apart from the shared ones.",
	Find:     findDuplicateAddress,
}

func findDuplicateAddress(in *Input) (hits []Hit, unjudged []Unjudged) {
	index := in.byAddress()
	if len(index) == 0 {
		return nil, []Unjudged{{Reason: "no server's address is known"}}
	}
	addresses := make([]netip.Addr, 0, len(index))
	for addr := range index {
		addresses = append(addresses, addr)
	}
	slices.SortFunc(addresses, func(a, b netip.Addr) int { return cmp.Compare(a.String(), b.String()) })
	for _, addr := range addresses {
		var running []*migrate.Server
		for _, s := range index[addr] {
			if runs(s) {
				running = append(running, s)
			}
		}
		if len(running) > 1 {
			hits = append(hits, Hit{Subjects: ids(running), Evidence: []string{addr.String() + in.sources(running[0], "addresses")}})
		}
	}
	return hits, nil
}
