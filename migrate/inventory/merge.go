package inventory

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Merge puts the batches of all inputs together into one estate. A server that
// several inputs know is one server; every fact keeps its source, and what
// sources say differently is listed. The result doesn't depend on the order of
// the batches but where two are equally to be believed.
func Merge(batches []Batch) *migrate.Estate {
	m := &merger{batches: batches, healthAt: map[string]int{}, e: &migrate.Estate{Schema: migrate.EstateSchema, Sources: []migrate.Source{}, Servers: []migrate.Server{}}}
	m.sources()
	m.servers()
	m.look = newLookup(m.e.Servers)
	m.site()
	m.flows()
	m.uses()
	m.access()
	m.account()
	return m.e
}

type merger struct {
	batches  []Batch
	stand    []standing
	e        *migrate.Estate
	look     *lookup
	told     []map[string]int // by source: notes, to keep them few
	healthAt map[string]int
	tracks   []*track // by source
}

// sources numbers the sources in the order given.
func (m *merger) sources() {
	for i, b := range m.batches {
		src := b.Source
		src.ID = fmt.Sprintf("S%d", i+1)
		src.Warnings = append([]migrate.Place(nil), src.Warnings...)
		m.e.Sources = append(m.e.Sources, src)
		m.stand = append(m.stand, standing{source: i, id: src.ID, format: src.Format, class: classOfFormat(src.Format), asOf: b.AsOf})
		m.told = append(m.told, map[string]int{})
		if !b.AsOf.IsZero() && (m.e.AsOf == nil || b.AsOf.After(*m.e.AsOf)) {
			t := b.AsOf
			m.e.AsOf = &t
		}
	}
}

// warn adds a note to a source once.
func (m *merger) warn(source int, note string) {
	if m.told[source][note]++; m.told[source][note] == 1 {
		src := &m.e.Sources[source]
		src.Warnings = append(src.Warnings, migrate.Place{Note: note})
	}
}

// servers finds which entries are one server, and gives each its ID.
func (m *merger) servers() {
	match := &matcher{warn: m.warn}
	for i, b := range m.batches {
		for j := range b.Servers {
			match.entries = append(match.entries, &entry{standing: m.stand[i], s: &m.batches[i].Servers[j]})
		}
	}
	// The matching goes by what the sources are, not by the order in which they
	// were named, so that the same exports give the same servers.
	sort.SliceStable(match.entries, func(i, j int) bool {
		a, b := match.entries[i], match.entries[j]
		return a.class < b.class || a.class == b.class && m.batches[a.source].Source.Name < m.batches[b.source].Source.Name
	})
	var contradictions [][]migrate.Contradiction
	for _, c := range match.clusters() {
		var s migrate.Server
		s.Kind, s.Power = migrate.KindUnknown, migrate.PowerUnknown
		found := append(c.mergeFacts(&s), c.mergeLists(&s)...)
		if _, named := s.From["name"]; !named {
			nameServer(&s)
		}
		m.e.Servers = append(m.e.Servers, s)
		contradictions = append(contradictions, found)
	}
	m.identify(contradictions)
}

// identify sorts the servers by what stays the same from export to export, so
// that namesakes get the same IDs each time.
func (m *merger) identify(contradictions [][]migrate.Contradiction) {
	order := make([]int, len(m.e.Servers))
	for i := range order {
		order[i] = i
	}
	key := make([]string, len(order))
	for i, s := range m.e.Servers {
		key[i] = strings.Join([]string{idName(s), kindOrder[s.Kind], s.FQDN, s.UUID, s.Serial, s.Datacenter, s.Cluster, s.Folder, s.Host, strings.Join(s.MACs, ","), strings.Join(s.Addresses, ",")}, "\x00")
	}
	sort.SliceStable(order, func(i, j int) bool {
		a, b := order[i], order[j]
		if key[a] != key[b] {
			return key[a] < key[b]
		}
		return content(m.e.Servers[a]) < content(m.e.Servers[b])
	})
	taken, servers := map[string]bool{}, make([]migrate.Server, 0, len(order))
	for _, i := range order {
		s := m.e.Servers[i]
		s.ID = freeID(idName(s), taken)
		servers = append(servers, s)
		for _, c := range contradictions[i] {
			c.Server = s.ID
			m.e.Contradictions = append(m.e.Contradictions, c)
		}
	}
	sort.SliceStable(servers, func(i, j int) bool { return servers[i].ID < servers[j].ID })
	sort.SliceStable(m.e.Contradictions, func(i, j int) bool { return m.e.Contradictions[i].Server < m.e.Contradictions[j].Server })
	m.e.Servers = servers
}

// kindOrder gives a name's plain ID to what runs, before its templates and
// shadows.
var kindOrder = map[migrate.Kind]string{
	migrate.KindVM: "0", migrate.KindPhysical: "0", migrate.KindUnknown: "1", migrate.KindTemplate: "2", migrate.KindPlaceholder: "3",
}

// content tells servers apart that no identity does.
func content(s migrate.Server) string {
	s.From = nil
	data, err := json.Marshal(s)
	if err != nil {
		return "" // a server is plain data, which can always be written
	}
	return string(data)
}

func idName(s migrate.Server) string {
	if name := strings.ToLower(strings.TrimSpace(s.Name)); name != "" {
		return name
	}
	return "unnamed"
}

// freeID makes a name unique with "~2" and so on.
func freeID(name string, taken map[string]bool) string {
	id := name
	for n := 2; taken[id]; n++ {
		id = fmt.Sprintf("%s~%d", name, n)
	}
	taken[id] = true
	return id
}

// access joins the access logs of all sources.
func (m *merger) access() {
	var list []*migrate.AccessHistory
	for i, b := range m.batches {
		if b.Access != nil {
			h := *b.Access
			h.Sources = []string{m.stand[i].id}
			list = append(list, &h)
		}
	}
	m.e.Access = MergeAccess(list)
}

// account checks every source's books: a reader that loses a row says so here,
// where a user sees it.
func (m *merger) account() {
	for i, s := range m.e.Sources {
		if lost := unaccounted(s); lost != 0 {
			m.warn(i, fmt.Sprintf("%d of its %d rows are not accounted for: this is a fault of the reader, report it", lost, s.Rows))
		}
	}
}

// unaccounted is how many rows are neither used nor counted as left out.
func unaccounted(s migrate.Source) int {
	n := s.Rows - s.Servers - s.Flows - s.Facts
	for _, l := range s.LeftOut {
		n -= l.Count
	}
	return n
}
