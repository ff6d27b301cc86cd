package inventory

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// siteTab reads a tab whose rows are things of their own, each with a name.
func (x *rvImport) siteTab(s *table.Sheet, name table.Col, add func(table.Row)) error {
	if s.Header == nil {
		return nil
	}
	return x.each(s, func(r table.Row) {
		if r.Text(name) == "" {
			x.acc.leave("a row without a name: a total or a note", r.Place(table.Absent, ""))
			return
		}
		x.acc.fact()
		add(r)
	})
}

func (x *rvImport) vHost(s *table.Sheet) error {
	name, dc, cluster := s.Col("Host"), s.Col("Datacenter"), s.Col("Cluster")
	vendor, model, cpu, serial := s.Col("Vendor"), s.Col("Model"), s.Col("CPU Model"), s.Col("Service tag", "Serial number")
	sockets, cores, mhz, memory := s.Col("# CPU"), s.Col("# Cores"), s.Col("Speed"), s.Col("# Memory")
	version, boot, evc := s.Col("ESX Version"), s.Col("Boot time"), s.Col("Current EVC")
	ntp, ntpd, dns := s.Col("NTP Server(s)"), s.Col("NTPD running"), s.Col("DNS Servers")
	return x.siteTab(s, name, func(r table.Row) {
		h := migrate.Host{
			Name: r.Text(name), Datacenter: r.Text(dc), Cluster: r.Text(cluster), Vendor: r.Text(vendor), Model: r.Text(model),
			CPUModel: strings.Join(strings.Fields(r.Text(cpu)), " "), Version: r.Text(version), Serial: r.Text(serial),
			NTP: r.List(ntp), DNS: r.List(dns),
		}
		h.Sockets, h.Cores, h.MHz = smallCount(r, sockets), smallCount(r, cores), smallCount(r, mhz)
		h.MemoryMiB, _ = r.Count(memory)
		if t, ok := r.Time(boot); ok {
			h.Boot = &t
		}
		if on, ok := r.Bool(ntpd); ok {
			h.NTPRunning = &on
		}
		x.b.Hosts = append(x.b.Hosts, h)
		x.cluster(migrate.Cluster{Name: h.Cluster, Datacenter: h.Datacenter, EVC: r.Text(evc)})
	})
}

func smallCount(r table.Row, c table.Col) int {
	n, ok := r.Count(c)
	if !ok || n > 1<<30 {
		return 0
	}
	return int(n)
}

// cluster adds what is known of a cluster to what is there already.
func (x *rvImport) cluster(c migrate.Cluster) {
	if c.Name == "" {
		return
	}
	for i := range x.b.Clusters {
		have := &x.b.Clusters[i]
		if have.Name != c.Name || have.Datacenter != "" && c.Datacenter != "" && have.Datacenter != c.Datacenter {
			continue
		}
		have.Datacenter = firstOf(have.Datacenter, c.Datacenter)
		have.EVC = firstOf(have.EVC, c.EVC)
		if c.HA != nil {
			have.HA = c.HA
		}
		if c.DRS != nil {
			have.DRS = c.DRS
		}
		return
	}
	x.b.Clusters = append(x.b.Clusters, c)
}

func (x *rvImport) vCluster(s *table.Sheet) error {
	name, ha, drs := s.Col("Name", "Cluster"), s.Col("HA enabled"), s.Col("DRS enabled")
	return x.siteTab(s, name, func(r table.Row) {
		c := migrate.Cluster{Name: r.Text(name)}
		if on, ok := r.Bool(ha); ok {
			c.HA = &on
		}
		if on, ok := r.Bool(drs); ok {
			c.DRS = &on
		}
		x.cluster(c)
	})
}

func (x *rvImport) vDatastore(s *table.Sheet) error {
	name, typ, address, hosts := s.Col("Name"), s.Col("Type"), s.Col("Address"), s.Col("Hosts")
	size, provisioned, free := s.Col("Capacity MiB", "Capacity MB"), s.Col("Provisioned MiB", "Provisioned MB"), s.Col("Free MiB", "Free MB")
	return x.siteTab(s, name, func(r table.Row) {
		d := migrate.Datastore{Name: r.Text(name), Type: r.Text(typ), Address: r.Text(address), Hosts: distinct(map[string]bool{}, r.List(hosts))}
		d.CapacityMiB, _ = r.Count(size)
		d.ProvisionedMiB, _ = r.Count(provisioned)
		d.FreeMiB, _ = r.Count(free)
		x.b.Datastores = append(x.b.Datastores, d)
	})
}

func (x *rvImport) vHealth(s *table.Sheet) error {
	name, kind, message := s.Col("Name"), s.Col("Message type"), s.Col("Message")
	return x.siteTab(s, name, func(r table.Row) {
		x.b.Health = append(x.b.Health, migrate.Health{Subject: r.Text(name), Kind: r.Text(kind), Message: r.Text(message)})
	})
}

func (x *rvImport) vMetaData(s *table.Sheet) error {
	version, created := s.Col("RVTools version", "RVTools major version"), s.Col("xlsx creation datetime", "CSV creation datetime")
	return x.each(s, func(r table.Row) {
		x.acc.fact()
		if v := r.Text(version); v != "" {
			x.acc.src.Version = fmt.Sprintf("RVTools %s", v)
		}
		if t, ok := r.Time(created); ok && t.After(x.asOf) {
			x.asOf = t
		}
	})
}
