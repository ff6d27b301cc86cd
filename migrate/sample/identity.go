package sample

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func hash(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// addIdentity gives every server its UUID, card, address and the dates of its
// backups.
func (s *site) addIdentity() {
	next := map[string]int{}
	for _, m := range s.servers {
		random := s.random("identity " + m.Name)
		m.UUID = fmt.Sprintf("4203%04x-%04x-%04x-%04x-%012x", random.Uint32N(1<<16), random.Uint32N(1<<16), random.Uint32N(1<<16), random.Uint32N(1<<16), random.Uint64N(1<<48))
		mac := fmt.Sprintf("00:50:56:%02x:%02x:%02x", 0x80+random.Uint32N(0x40), random.Uint32N(256), random.Uint32N(256))
		next[m.network]++
		address := fmt.Sprintf("10.20.%d.%d", vlan(m.network)%256, 10+next[m.network])
		m.MACs, m.Addresses = []string{mac}, []string{address}
		m.NICs = []migrate.NIC{{MAC: mac, Network: m.network, Adapter: "Vmxnet3", Connected: true, Addresses: []string{address}}}
		m.DNSServers, m.TimeServers = nil, nil
		last := backupRun(m.Backup.Policy, random.IntN(180))
		m.Backup.Last = &last
	}
	dns, ntp := s.addresses("dns01", "dns02"), s.addresses("ntp01", "ntp02")
	for _, m := range s.servers {
		m.DNSServers, m.TimeServers = dns, ntp
	}
	for i := range s.hosts {
		s.hosts[i].DNS = dns
	}
}

// vlan reads the number in a network's name, such as 120 of "vl120-app".
func vlan(network string) int {
	digits, _, _ := strings.Cut(strings.TrimPrefix(network, "vl"), "-")
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic("sample: network without a number: " + network)
	}
	return n
}

// backupRun is the last run of a policy before the export: daily ones in the
// night before, weekly ones in the night to Sunday.
func backupRun(policy string, minute int) time.Time {
	night := time.Date(2026, 9, 14, 1, 0, 0, 0, time.UTC)
	if policy == "weekly" {
		night = time.Date(2026, 9, 13, 1, 0, 0, 0, time.UTC)
	}
	return night.Add(time.Duration(minute) * time.Minute)
}

func (s *site) addresses(names ...string) (out []string) {
	for _, n := range names {
		out = append(out, s.byName[n].Addresses[0])
	}
	slices.Sort(out)
	return out
}
