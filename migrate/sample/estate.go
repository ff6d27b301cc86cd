package sample

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Estate is the sample as a reader that makes no mistake would have it. It is
// what the files of Write are compared with.
func Estate(seed uint64) *migrate.Estate { return build(seed).estate() }

func (s *site) estate() *migrate.Estate {
	at := asOf
	e := &migrate.Estate{
		Schema: migrate.EstateSchema, AsOf: &at,
		Sources:  []migrate.Source{{ID: "S1", Name: "sample", Format: "sample", Servers: len(s.servers), Flows: len(s.flows)}},
		Clusters: s.groups, Hosts: s.hosts, Datastores: s.stores, Access: s.accessHistory(),
	}
	for _, m := range s.servers {
		server := m.Server
		for port, process := range m.processes {
			protocol := "tcp"
			if port == 53 || port == 123 || port == 1194 {
				protocol = "udp"
			}
			server.Listens = append(server.Listens, migrate.Port{Port: port, Protocol: protocol, Process: process, Address: "0.0.0.0"})
		}
		slices.SortFunc(server.Listens, func(a, b migrate.Port) int { return a.Port - b.Port })
		server.Use = &migrate.Use{From: useFrom, To: useTo, CPU: summary(m.cpu), Memory: summary(m.mem)}
		e.Servers = append(e.Servers, server)
	}
	slices.SortFunc(e.Servers, func(a, b migrate.Server) int { return strings.Compare(a.ID, b.ID) })
	for _, t := range s.flows {
		e.Flows = append(e.Flows, s.estateFlow(t))
	}
	return e
}

// noise sorts the ports that surround an application, as in IANA's registry.
var noise = map[int]migrate.FlowClass{
	53: migrate.FlowDNS, 123: migrate.FlowTime, 10050: migrate.FlowMonitoring, 6514: migrate.FlowMonitoring, 6162: migrate.FlowBackup,
	22: migrate.FlowManagement, 88: migrate.FlowManagement, 389: migrate.FlowManagement, 3389: migrate.FlowManagement,
}

func (s *site) estateFlow(t traffic) migrate.Flow {
	first, last := trafficFrom, trafficTo
	f := migrate.Flow{
		From: t.from, To: t.to, FromOutside: s.byName[t.from] == nil, ToOutside: s.byName[t.to] == nil, Port: t.port, Protocol: t.protocol,
		Class: migrate.FlowApplication, Kind: "observed", Bytes: t.bytes, Connections: t.connections, First: &first, Last: &last,
		Days: observedDays, Sources: []string{"S1"},
	}
	class, isNoise := noise[t.port]
	switch backup := kin(t.from) == "backup" || kin(t.to) == "backup"; {
	case isNoise && (class == migrate.FlowDNS || class == migrate.FlowTime):
		f.Class = class
	case backup: // all else that a backup server says is about backups
		f.Class = migrate.FlowBackup
	case isNoise:
		f.Class = class
	}
	return f
}

// summary gives a run of samples by nearest-rank percentiles.
func summary(samples []float64) *migrate.Measure {
	sorted := slices.Clone(samples)
	slices.Sort(sorted)
	sum := 0.0
	for _, v := range sorted {
		sum += v
	}
	rank := func(p float64) float64 { return sorted[int(math.Ceil(p*float64(len(sorted))))-1] }
	return &migrate.Measure{Samples: len(sorted), Coverage: 1, Mean: sum / float64(len(sorted)), P50: rank(0.5), P95: rank(0.95), P99: rank(0.99), Max: sorted[len(sorted)-1]}
}

func (s *site) accessHistory() *migrate.AccessHistory {
	a := &migrate.AccessHistory{From: accessLogFrom, To: accessLogTo, Sources: []string{"S1"}}
	for _, h := range s.hours {
		errors := 0
		for _, n := range h.errors {
			errors += n
		}
		a.Hours = append(a.Hours, migrate.AccessHour{Start: h.start, Requests: int64(h.total()), Errors: int64(errors), PeakMinute: int64(h.total()/40 + 1)})
	}
	for i := range countries {
		a.Parts = append(a.Parts, s.accessPart(i))
	}
	slices.SortFunc(a.Parts, func(a, b migrate.AccessPart) int { return strings.Compare(a.Name, b.Name) })
	a.Events = []migrate.AccessEvent{{Start: campaign, End: campaign.Add(time.Hour), Kind: "surge", Detail: "the campaign", Multiple: multiple}}
	return a
}
