package sizing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// resting tells whether all or none of the needs rest on a basis.
func resting(needs []need, b Basis, of func(need) Basis) (all, none bool) {
	all, none = len(needs) > 0, true
	for _, n := range needs {
		if of(n) == b {
			none = false
		} else {
			all = false
		}
	}
	return all, none
}

func cpuBasis(n need) Basis    { return n.CPU }
func memoryBasis(n need) Basis { return n.Memory }

// busyWord is what may be said of vCPUs that a tier keeps busy: nobody saw the
// ones that are taken from a server's size.
func busyWord(needs []need) string {
	all, none := resting(needs, Nameplate, cpuBasis)
	switch {
	case all:
		return fmt.Sprintf("taken for busy (%d %% of those built, nothing was measured)", cpuTarget)
	case none:
		return "busy"
	}
	return "busy, or taken for it where nothing was measured,"
}

// busyAtP95 is busyWord for tiers whose own p95 counts.
func busyAtP95(needs []need) string {
	if all, _ := resting(needs, Measured, cpuBasis); all {
		return "busy at p95"
	}
	return busyWord(needs)
}

// memoryWord is the same of memory.
func memoryWord(needs []need) string {
	if all, _ := resting(needs, Measured, memoryBasis); all {
		return "in use (p99)"
	}
	all, none := resting(needs, Nameplate, memoryBasis)
	switch {
	case all:
		return fmt.Sprintf("taken for used (%d %% of what is built in, nothing was measured)", memoryTarget)
	case none:
		return "in use"
	}
	return "in use, or taken for it where nothing was measured,"
}

// headroomText says that growth was allowed for, which is so for what was
// measured alone; the others have the size that they were built with.
func (s *sizer) headroomText(needs []need) string {
	text := fmt.Sprintf(", with %.0f %% headroom", s.options.Headroom*100)
	all, none := resting(needs, Nameplate, cpuBasis)
	switch {
	case all:
		return ", as today's servers were built"
	case none:
		return text
	}
	return text + " on what was measured"
}

// byMemory are tiers whose size follows from memory, byDisk from data alone.
var (
	byMemory = []string{tierSessions, tierCache}
	byDisk   = []string{tierEdge, tierMedia}
)

// warnBasis says what the figures rest on where that is thin, and where more is
// asked of servers than they have.
func (s *sizer) warnBasis() {
	var notes, above []string
	tiers := map[string][]string{}
	for _, name := range tierOrder {
		t := s.tiers[name]
		if t == nil || slices.Contains(byDisk, name) {
			continue
		}
		count := map[string]int{}
		for _, v := range t.Servers {
			if note := sizedNote(name, v); note != "" {
				count[note]++
			}
		}
		for _, note := range slices.Sorted(maps.Keys(count)) {
			if tiers[note] == nil {
				notes = append(notes, note)
			}
			tiers[note] = append(tiers[note], fmt.Sprintf("%s (%d of %d)", name, count[note], len(t.Servers)))
		}
		if busy, vcpus := inAll(t.Servers); busy > vcpus*(1+s.options.Headroom)+1e-9 && !slices.Contains(byMemory, name) {
			above = append(above, fmt.Sprintf("%s %s of %s", name, number(busy), number(vcpus)))
		}
	}
	for _, note := range notes {
		s.warn("%s: %s", note, strings.Join(tiers[note], ", "))
	}
	if len(above) > 0 {
		s.warn("more vCPUs are reckoned to be busy at %s times the median hour than today's servers have: %s. Nobody has seen such a load; that use grows with requests is an upper bound. Measure over a busy period and add its access logs, or give a smaller --campaign-multiple",
			number(s.multiple), strings.Join(above, ", "))
	}
}

// sizedNote is what is to be said of what a server's size rests on.
func sizedNote(tier string, v Server) string {
	switch {
	case slices.Contains(byMemory, tier) && v.Memory == Nameplate:
		return "memory was not measured, or for too short a time, so that servers are taken as large as they were built"
	case slices.Contains(byMemory, tier):
		return ""
	case v.CPU == Nameplate:
		return v.Note + ", so that servers are taken as large as they were built"
	}
	return v.Note
}

func inAll(servers []Server) (busy, vcpus float64) {
	for _, v := range servers {
		busy += v.PeakVCPU
		vcpus += float64(v.VCPU)
	}
	return busy, vcpus
}
