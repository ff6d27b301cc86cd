package inventory

import (
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// site merges what stands around the servers: hosts, clusters, datastores and
// what the manager complains of. The newest source's word counts.
func (m *merger) site() {
	order := make([]int, len(m.batches))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return aboutMachine.before(m.stand[order[i]], m.stand[order[j]]) })
	for _, i := range order {
		id := m.stand[i].id
		for _, h := range m.batches[i].Hosts {
			m.host(h, id)
		}
		for _, c := range m.batches[i].Clusters {
			m.cluster(c, id)
		}
		for _, d := range m.batches[i].Datastores {
			m.datastore(d, id)
		}
		for _, h := range m.batches[i].Health {
			m.health(h, id)
		}
	}
	m.sortSite()
}

func sameOrUnknown(a, b string) bool { return a == "" || b == "" || strings.EqualFold(a, b) }

func (m *merger) host(h migrate.Host, source string) {
	for i := range m.e.Hosts {
		have := &m.e.Hosts[i]
		if strings.EqualFold(have.Name, h.Name) && sameOrUnknown(have.Datacenter, h.Datacenter) && sameOrUnknown(have.Serial, h.Serial) && have.From[len(have.From)-1] != source {
			fillHost(have, h)
			have.From = append(have.From, source)
			return
		}
	}
	h.From = []string{source}
	m.e.Hosts = append(m.e.Hosts, h)
}

// fillHost adds what a source that is believed less knows besides.
func fillHost(to *migrate.Host, h migrate.Host) {
	for _, f := range []struct{ to, from *string }{
		{&to.Datacenter, &h.Datacenter}, {&to.Cluster, &h.Cluster}, {&to.Vendor, &h.Vendor}, {&to.Model, &h.Model},
		{&to.CPUModel, &h.CPUModel}, {&to.Version, &h.Version}, {&to.Serial, &h.Serial},
	} {
		*f.to = firstOf(*f.to, *f.from)
	}
	for _, f := range []struct{ to, from *int }{{&to.Sockets, &h.Sockets}, {&to.Cores, &h.Cores}, {&to.MHz, &h.MHz}} {
		if *f.to == 0 {
			*f.to = *f.from
		}
	}
	if to.MemoryMiB == 0 {
		to.MemoryMiB = h.MemoryMiB
	}
	if to.Boot == nil {
		to.Boot = h.Boot
	}
	if to.NTPRunning == nil {
		to.NTPRunning = h.NTPRunning
	}
	if len(to.NTP) == 0 {
		to.NTP = h.NTP
	}
	if len(to.DNS) == 0 {
		to.DNS = h.DNS
	}
}

func (m *merger) cluster(c migrate.Cluster, source string) {
	for i := range m.e.Clusters {
		have := &m.e.Clusters[i]
		if !strings.EqualFold(have.Name, c.Name) || !sameOrUnknown(have.Datacenter, c.Datacenter) {
			continue
		}
		have.Datacenter, have.EVC = firstOf(have.Datacenter, c.Datacenter), firstOf(have.EVC, c.EVC)
		if have.HA == nil {
			have.HA = c.HA
		}
		if have.DRS == nil {
			have.DRS = c.DRS
		}
		have.From = distinct(map[string]bool{}, have.From, []string{source})
		return
	}
	c.From = []string{source}
	m.e.Clusters = append(m.e.Clusters, c)
}

func (m *merger) datastore(d migrate.Datastore, source string) {
	for i := range m.e.Datastores {
		have := &m.e.Datastores[i]
		if have.Name == d.Name && sameOrUnknown(have.Address, d.Address) && sameOrUnknown(have.Type, d.Type) {
			have.Hosts = distinct(map[string]bool{}, have.Hosts, d.Hosts)
			have.From = distinct(map[string]bool{}, have.From, []string{source})
			return
		}
	}
	d.From = []string{source}
	m.e.Datastores = append(m.e.Datastores, d)
}

func (m *merger) health(h migrate.Health, source string) {
	if id, _ := m.look.find(h.Subject); id != "" {
		h.Subject = id
	}
	key := h.Subject + "\x00" + h.Kind + "\x00" + h.Message
	if i, known := m.healthAt[key]; known {
		have := &m.e.Health[i]
		have.From = distinct(map[string]bool{}, have.From, []string{source})
		return
	}
	m.healthAt[key] = len(m.e.Health)
	h.From = []string{source}
	m.e.Health = append(m.e.Health, h)
}

func (m *merger) sortSite() {
	sort.SliceStable(m.e.Hosts, func(i, j int) bool {
		a, b := m.e.Hosts[i], m.e.Hosts[j]
		return strings.ToLower(a.Name)+"\x00"+a.Datacenter+"\x00"+a.Serial < strings.ToLower(b.Name)+"\x00"+b.Datacenter+"\x00"+b.Serial
	})
	taken := map[string]bool{}
	for i := range m.e.Hosts {
		m.e.Hosts[i].ID = freeID(strings.ToLower(m.e.Hosts[i].Name), taken)
	}
	sort.SliceStable(m.e.Clusters, func(i, j int) bool {
		a, b := m.e.Clusters[i], m.e.Clusters[j]
		return a.Name+"\x00"+a.Datacenter < b.Name+"\x00"+b.Datacenter
	})
	sort.SliceStable(m.e.Datastores, func(i, j int) bool {
		a, b := m.e.Datastores[i], m.e.Datastores[j]
		return a.Name+"\x00"+a.Address < b.Name+"\x00"+b.Address
	})
	sort.SliceStable(m.e.Health, func(i, j int) bool {
		a, b := m.e.Health[i], m.e.Health[j]
		return a.Subject+"\x00"+a.Kind+"\x00"+a.Message < b.Subject+"\x00"+b.Kind+"\x00"+b.Message
	})
}
