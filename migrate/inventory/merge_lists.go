package inventory

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// mergeLists joins what sources may each know a part of, and takes whole what
// would be counted twice if it were joined: disks, file systems, cards and
// snapshots come from one source.
func (c *cluster) mergeLists(to *migrate.Server) []migrate.Contradiction {
	machine, guest := aboutMachine.order(c.entries), aboutGuest.order(c.entries)
	to.MACs = joinTexts(to, "macs", machine, func(s *migrate.Server) []string { return s.MACs })
	to.Addresses = joinTexts(to, "addresses", guest, func(s *migrate.Server) []string { return s.Addresses })
	to.TimeServers = joinTexts(to, "timeServers", guest, func(s *migrate.Server) []string { return s.TimeServers })
	to.DNSServers = joinTexts(to, "dnsServers", guest, func(s *migrate.Server) []string { return s.DNSServers })
	to.Software = joinSoftware(to, guest)
	to.Listens = joinPorts(to, guest)
	to.Disks = whole(to, "disks", machine, func(s *migrate.Server) []migrate.Disk { return s.Disks })
	to.Partitions = whole(to, "partitions", guest, func(s *migrate.Server) []migrate.Partition { return s.Partitions })
	to.NICs = whole(to, "nics", machine, func(s *migrate.Server) []migrate.NIC { return s.NICs })
	to.Snapshots = whole(to, "snapshots", machine, func(s *migrate.Server) []migrate.Snapshot { return s.Snapshots })
	for _, e := range machine {
		if e.s.Use != nil && to.Use == nil {
			use := *e.s.Use
			to.Use = &use
			from(to, "use", e.id)
		}
	}
	joinCustom(to, machine)
	return diskContradiction(machine)
}

func joinTexts(to *migrate.Server, field string, order []*entry, get func(*migrate.Server) []string) []string {
	var lists [][]string
	for _, e := range order {
		if l := get(e.s); len(l) > 0 {
			lists = append(lists, l)
			from(to, field, e.id)
		}
	}
	return distinct(map[string]bool{}, lists...)
}

// whole takes a list from the first source that has one.
func whole[T any](to *migrate.Server, field string, order []*entry, get func(*migrate.Server) []T) []T {
	for _, e := range order {
		if l := get(e.s); len(l) > 0 {
			from(to, field, e.id)
			return append([]T(nil), l...)
		}
	}
	return nil
}

func joinSoftware(to *migrate.Server, order []*entry) []migrate.Software {
	var out []migrate.Software
	at := map[string]int{}
	for _, e := range order {
		for _, p := range e.s.Software {
			from(to, "software", e.id)
			key := strings.ToLower(p.Name)
			if i, have := at[key]; have {
				if out[i].Version == "" {
					out[i].Version = p.Version
				}
				continue
			}
			at[key] = len(out)
			out = append(out, p)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

func joinPorts(to *migrate.Server, order []*entry) []migrate.Port {
	var out []migrate.Port
	at := map[string]int{}
	for _, e := range order {
		for _, p := range e.s.Listens {
			from(to, "listens", e.id)
			key := p.Protocol + "/" + strconv.Itoa(p.Port) + "/" + p.Address
			if i, have := at[key]; have {
				if out[i].Process == "" {
					out[i].Process = p.Process
				}
				continue
			}
			at[key] = len(out)
			out = append(out, p)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return portLess(out[i], out[j]) })
	return out
}

// joinCustom keeps every source's columns; where two disagree the later one's
// stands beside with the source's ID.
func joinCustom(to *migrate.Server, order []*entry) {
	for _, e := range order {
		for _, k := range sortedKeys(e.s.Custom) {
			v := e.s.Custom[k]
			if have, ok := to.Custom[k]; ok && have != v {
				keepCustom(to, k+" ("+e.id+")", v)
			} else {
				keepCustom(to, k, v)
			}
			from(to, "custom", e.id)
		}
	}
}

// diskContradiction compares what sources say of all disks together.
func diskContradiction(order []*entry) []migrate.Contradiction {
	var d migrate.Contradiction
	var chosen, against *entry
	for _, e := range order {
		var sum int64
		for _, disk := range e.s.Disks {
			sum += disk.CapacityMiB
		}
		if sum == 0 {
			continue
		}
		if chosen == nil {
			chosen, d.Chosen = e, fmt.Sprintf("%d disks, %d MiB", len(e.s.Disks), sum)
		} else if against == nil && !near(positive(sum), positive(allDisks(chosen.s))) {
			against = e
		}
		d.Values = append(d.Values, migrate.Claim{Source: e.id, Value: fmt.Sprintf("%d disks, %d MiB", len(e.s.Disks), sum)})
	}
	if against == nil {
		return nil
	}
	d.Field, d.Why = "disks", aboutMachine.why(chosen.standing, against.standing)
	return []migrate.Contradiction{d}
}

func allDisks(s *migrate.Server) int64 {
	var sum int64
	for _, d := range s.Disks {
		sum += d.CapacityMiB
	}
	return sum
}
