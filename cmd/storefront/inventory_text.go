package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate"
)

// inventorySummary is what a run prints with --json: what each source gave and
// where sources differ. The servers are in the estate.
type inventorySummary struct {
	Sources        []migrate.Source        `json:"sources"`
	Contradictions []migrate.Contradiction `json:"contradictions"`
	Totals         inventoryTotals         `json:"totals"`
}

type inventoryTotals struct {
	Servers      int            `json:"servers"`
	ByKind       map[string]int `json:"byKind"`
	ByPower      map[string]int `json:"byPower"`
	Hosts        int            `json:"hosts"`
	Clusters     []clusterTotal `json:"clusters,omitempty"`
	Flows        int            `json:"flows"`
	FlowsByClass map[string]int `json:"flowsByClass"`
	OutsideFlows int            `json:"outsideFlows"` // with an end that is no server of the estate
	Measured     int            `json:"measured"`     // servers with measured use
}

// clusterTotal sums the servers of a cluster, powered off and templates among
// them, since they take their place too. Clusters of one name in two
// datacenters, or of two vCenters, are two.
type clusterTotal struct {
	clusterKey
	Servers     int   `json:"servers"`
	VCPUs       int   `json:"vCPUs"`
	MemoryMiB   int64 `json:"memoryMiB"`
	ConsumedMiB int64 `json:"consumedMiB"` // in the guests' file systems
	// InUseMiB is what the hypervisor counts, of servers whose guest tells
	// nothing.
	InUseMiB int64 `json:"inUseMiB"`
}

type clusterKey struct {
	Name       string `json:"name"`
	Datacenter string `json:"datacenter,omitempty"`
	// VCenter is its address, or the source that its export is.
	VCenter string `json:"vCenter,omitempty"`
}

// vcenterColumn is what RVTools calls the vCenter's address.
const vcenterColumn = "VI SDK Server"

// clusterOf tells whose cluster a server is in.
func clusterOf(s *migrate.Server, formats map[string]string) clusterKey {
	k := clusterKey{Name: s.Cluster, Datacenter: s.Datacenter, VCenter: s.Custom[vcenterColumn]}
	if s.Cluster == "" {
		return clusterKey{}
	}
	for _, source := range s.From["cluster"] {
		if k.VCenter == "" && (strings.HasPrefix(formats[source], "rvtools") || strings.HasPrefix(formats[source], "vcenter")) {
			k.VCenter = source
		}
	}
	return k
}

func summaryOf(e *migrate.Estate) inventorySummary {
	t := inventoryTotals{Servers: len(e.Servers), ByKind: map[string]int{}, ByPower: map[string]int{}, Hosts: len(e.Hosts), Flows: len(e.Flows), FlowsByClass: map[string]int{}}
	at, formats := map[clusterKey]int{}, map[string]string{}
	for _, s := range e.Sources {
		formats[s.ID] = s.Format
	}
	for _, s := range e.Servers {
		t.ByKind[string(s.Kind)]++
		t.ByPower[string(s.Power)]++
		if s.Use != nil {
			t.Measured++
		}
		key := clusterOf(&s, formats)
		i, known := at[key]
		if !known {
			i = len(t.Clusters)
			at[key] = i
			t.Clusters = append(t.Clusters, clusterTotal{clusterKey: key})
		}
		c := &t.Clusters[i]
		c.Servers++
		c.VCPUs += s.CPUs
		c.MemoryMiB += s.MemoryMiB
		c.ConsumedMiB += s.ConsumedMiB
		if s.ConsumedMiB == 0 {
			c.InUseMiB += s.InUseMiB
		}
	}
	sortBy(t.Clusters, func(c clusterTotal) string { return c.Name + "\x00" + c.Datacenter + "\x00" + c.VCenter })
	for _, f := range e.Flows {
		t.FlowsByClass[cmp.Or(string(f.Class), string(migrate.FlowApplication))]++
		if f.FromOutside || f.ToOutside {
			t.OutsideFlows++
		}
	}
	out := inventorySummary{Sources: e.Sources, Contradictions: e.Contradictions, Totals: t}
	if out.Contradictions == nil {
		out.Contradictions = []migrate.Contradiction{}
	}
	return out
}

// How many lines of one kind are printed; the rest is counted. The estate and
// --json have all.
const (
	mostReasons        = 8
	mostWarnings       = 8
	mostContradictions = 20
)

// writeInventory prints for people what --json prints for programs.
func writeInventory(w io.Writer, e *migrate.Estate, written string) error {
	b := bufio.NewWriter(w)
	sum := summaryOf(e)
	for _, s := range sum.Sources {
		writeSource(b, s)
	}
	writeContradictions(b, sum.Contradictions)
	writeTotals(b, sum.Totals)
	if written != "" {
		fmt.Fprintf(b, "\nEstate written to %s\n", written)
	}
	return b.Flush()
}

func writeSource(w io.Writer, s migrate.Source) {
	fmt.Fprintf(w, "%s  %s\n    %s\n", s.ID, s.Name, strings.TrimSpace(s.Format+" "+s.Version))
	left := 0
	for _, l := range s.LeftOut {
		left += l.Count
	}
	fmt.Fprintf(w, "    %s: %s, %s, %s, %d left out\n", phrase.Count(s.Rows, "row"), phrase.Count(s.Servers, "server"), phrase.Count(s.Flows, "flow"), phrase.Count(s.Facts, "fact"), left)
	for i, l := range s.LeftOut {
		if i == mostReasons {
			fmt.Fprintf(w, "      %s\n", andMore(len(s.LeftOut)-i, "reason"))
			break
		}
		fmt.Fprintf(w, "      %6d  %s", l.Count, l.Reason)
		if len(l.Examples) > 0 {
			fmt.Fprintf(w, " (%s)", placeText(l.Examples[0]))
		}
		fmt.Fprintln(w)
	}
	for i, p := range s.Warnings {
		if i == mostWarnings {
			fmt.Fprintf(w, "    ! %s\n", andMore(len(s.Warnings)-i, "warning"))
			break
		}
		fmt.Fprintf(w, "    ! %s\n", placeText(p))
	}
}

func writeContradictions(w io.Writer, list []migrate.Contradiction) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", phrase.Count(len(list), "contradiction"))
	for i, c := range list {
		if i == mostContradictions {
			fmt.Fprintf(w, "    %s\n", andMore(len(list)-i, "contradiction"))
			break
		}
		var claims []string
		for _, v := range c.Values {
			claims = append(claims, v.Source+" "+v.Value)
		}
		fmt.Fprintf(w, "    %s %s: %s; taken: %s, because %s\n", c.Server, c.Field, strings.Join(claims, ", "), c.Chosen, c.Why)
	}
}

func writeTotals(w io.Writer, t inventoryTotals) {
	flows := phrase.Count(t.Flows, "flow")
	if t.FlowsByClass[string(migrate.FlowApplication)] < t.Flows {
		flows += " (" + counts(t.FlowsByClass) + ")"
	}
	fmt.Fprintf(w, "\n%s (%s; %s), %s, %s of which %d leave the estate, %d servers with measured use\n",
		phrase.Count(t.Servers, "server"), counts(t.ByKind), counts(t.ByPower), phrase.Count(t.Hosts, "host"), flows, t.OutsideFlows, t.Measured)
	writeClusters(w, t.Clusters)
}

// writeClusters has a column for what the hypervisor counts on disk where a
// guest does not tell.
func writeClusters(w io.Writer, clusters []clusterTotal) {
	if len(clusters) == 0 {
		return
	}
	named, inUse, width := map[string]int{}, int64(0), 24
	for _, c := range clusters {
		named[c.Name]++
		inUse += c.InUseMiB
	}
	names := make([]string, len(clusters))
	for i, c := range clusters {
		names[i] = clusterName(c.clusterKey, named[c.Name] > 1)
		width = max(width, len([]rune(names[i])))
	}
	head := fmt.Sprintf("\n    %-*s %8s %8s %14s %14s", width, "cluster", "servers", "vCPU", "memory GiB", "consumed TiB")
	if inUse > 0 {
		head += fmt.Sprintf(" %14s", "in use TiB")
	}
	fmt.Fprintln(w, head)
	for i, c := range clusters {
		line := fmt.Sprintf("    %-*s %8d %8d %14.2f %14s", width, names[i], c.Servers, c.VCPUs, float64(c.MemoryMiB)/1024, tib(c.ConsumedMiB, inUse > 0))
		if inUse > 0 {
			line += fmt.Sprintf(" %14s", tib(c.InUseMiB, true))
		}
		fmt.Fprintln(w, line)
	}
	if inUse > 0 {
		fmt.Fprintln(w, "    consumed: in the guests' file systems; in use: as the hypervisor counts, of servers whose guest tells nothing")
	}
}

func clusterName(k clusterKey, repeated bool) string {
	if k.Name == "" {
		return "(none)"
	}
	var where []string
	for _, part := range []string{k.Datacenter, k.VCenter} {
		if part != "" {
			where = append(where, part)
		}
	}
	if !repeated || len(where) == 0 {
		return k.Name
	}
	return k.Name + " (" + strings.Join(where, ", ") + ")"
}

// tib writes what is on disk; where another column may tell, nothing is a dash.
func tib(mib int64, dash bool) string {
	if mib == 0 && dash {
		return "-"
	}
	return fmt.Sprintf("%.3f", float64(mib)/(1<<20))
}

// placeText writes a place as "sheet, row 3, column CPUs: note".
func placeText(p migrate.Place) string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, p.Sheet)
	}
	if p.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column != "" {
		parts = append(parts, "column "+p.Column)
	}
	at := strings.Join(parts, ", ")
	switch {
	case p.Note == "":
		return at
	case at == "":
		return p.Note
	}
	return at + ": " + p.Note
}

func andMore(n int, noun string) string {
	return fmt.Sprintf("and %s more", phrase.Count(n, noun))
}

func counts(m map[string]int) string {
	var out []string
	for k, n := range m {
		out = append(out, fmt.Sprintf("%d %s", n, k))
	}
	sortBy(out, func(s string) string { return s[strings.IndexByte(s, ' '):] })
	return strings.Join(out, ", ")
}

func sortBy[T any](list []T, key func(T) string) {
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(key(a), key(b)) })
}
