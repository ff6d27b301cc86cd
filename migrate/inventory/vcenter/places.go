package vcenter

import (
	"path"
	"sort"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"

	"github.com/storefront-toolkit/storefront/migrate"
)

// places knows where objects lie: folders, datacenters, clusters.
type places struct {
	name   map[types.ManagedObjectReference]string
	parent map[types.ManagedObjectReference]types.ManagedObjectReference
}

func (p places) add(e mo.ManagedEntity) {
	p.name[e.Self] = e.Name
	if e.Parent != nil {
		p.parent[e.Self] = *e.Parent
	}
}

// above is the name of the nearest object of a kind over ref. The depth is
// bound because a damaged inventory could hold a circle.
func (p places) above(ref types.ManagedObjectReference, kinds ...string) string {
	for range 64 {
		for _, k := range kinds {
			if ref.Type == k {
				return p.name[ref]
			}
		}
		next, ok := p.parent[ref]
		if !ok {
			return ""
		}
		ref = next
	}
	return ""
}

// folder is the path of folders from the datacenter to the object, as the
// client shows it; the hidden folder "vm" is left out.
func (p places) folder(ref types.ManagedObjectReference) string {
	out := ""
	for range 64 {
		next, ok := p.parent[ref]
		if !ok || next.Type == "Datacenter" {
			break
		}
		ref = next
		if over, has := p.parent[ref]; ref.Type == "Folder" && has && over.Type != "Datacenter" {
			out = path.Join(p.name[ref], out)
		}
	}
	if out == "" {
		return ""
	}
	return "/" + out
}

func (r *reading) readPlaces() error {
	r.place = places{name: map[types.ManagedObjectReference]string{}, parent: map[types.ManagedObjectReference]types.ManagedObjectReference{}}
	for _, kind := range []string{"Folder", "Datacenter", "ComputeResource", "ResourcePool", "VirtualApp"} {
		var list []mo.ManagedEntity
		if err := r.retrieve(kind, []string{"name", "parent"}, &list); err != nil {
			return err
		}
		for _, e := range list {
			r.place.add(e)
		}
	}
	return r.readClusters()
}

func (r *reading) readClusters() error {
	var list []mo.ClusterComputeResource
	if err := r.retrieve("ClusterComputeResource", []string{"name", "parent", "configurationEx", "summary"}, &list); err != nil {
		return err
	}
	for _, c := range list {
		r.place.add(c.ManagedEntity)
		out := migrate.Cluster{Name: c.Name, Datacenter: r.place.above(c.Self, "Datacenter")}
		if conf, ok := c.ConfigurationEx.(*types.ClusterConfigInfoEx); ok {
			out.HA, out.DRS = conf.DasConfig.Enabled, conf.DrsConfig.Enabled
		}
		if s, ok := c.Summary.(*types.ClusterComputeResourceSummary); ok {
			out.EVC = s.CurrentEVCModeKey
		}
		r.fact()
		r.b.Clusters = append(r.b.Clusters, out)
	}
	return nil
}

func (r *reading) readHosts() error {
	var list []mo.HostSystem
	props := []string{"name", "parent", "summary.hardware", "summary.config.product", "runtime.bootTime", "config.dateTimeInfo", "config.network.dnsConfig", "config.service"}
	if err := r.retrieve("HostSystem", props, &list); err != nil {
		return err
	}
	for _, h := range list {
		r.place.add(h.ManagedEntity)
		r.fact()
		r.b.Hosts = append(r.b.Hosts, r.host(h))
	}
	return nil
}

func (r *reading) host(h mo.HostSystem) migrate.Host {
	out := migrate.Host{Name: h.Name, Datacenter: r.place.above(h.Self, "Datacenter"), Cluster: r.place.above(h.Self, "ClusterComputeResource")}
	if hw := h.Summary.Hardware; hw != nil {
		out.Vendor, out.Model, out.CPUModel = hw.Vendor, hw.Model, hw.CpuModel
		out.Sockets, out.Cores, out.MHz = int(hw.NumCpuPkgs), int(hw.NumCpuCores), int(hw.CpuMhz)
		out.MemoryMiB = hw.MemorySize >> 20
		for _, id := range hw.OtherIdentifyingInfo {
			if d, ok := id.IdentifierType.(*types.ElementDescription); ok && d.Key == "ServiceTag" {
				out.Serial = id.IdentifierValue
			}
		}
	}
	if p := h.Summary.Config.Product; p != nil {
		out.Version = p.FullName
	}
	if t := h.Runtime.BootTime; t != nil {
		boot := t.UTC()
		out.Boot = &boot
	}
	if h.Config != nil {
		hostServices(h.Config, &out)
	}
	return out
}

func hostServices(c *types.HostConfigInfo, out *migrate.Host) {
	if c.DateTimeInfo != nil && c.DateTimeInfo.NtpConfig != nil {
		out.NTP = c.DateTimeInfo.NtpConfig.Server
	}
	if c.Network != nil && c.Network.DnsConfig != nil {
		out.DNS = c.Network.DnsConfig.GetHostDnsConfig().Address
	}
	if c.Service == nil {
		return
	}
	for _, s := range c.Service.Service {
		if s.Key == "ntpd" {
			running := s.Running
			out.NTPRunning = &running
		}
	}
}

func (r *reading) readDatastores() error {
	var list []mo.Datastore
	if err := r.retrieve("Datastore", []string{"name", "parent", "summary", "host"}, &list); err != nil {
		return err
	}
	for _, d := range list {
		r.place.add(d.ManagedEntity)
		s := d.Summary
		out := migrate.Datastore{
			Name: d.Name, Type: s.Type, Address: s.Url, CapacityMiB: s.Capacity >> 20, FreeMiB: s.FreeSpace >> 20,
			ProvisionedMiB: (s.Capacity - s.FreeSpace + s.Uncommitted) >> 20,
		}
		for _, h := range d.Host {
			out.Hosts = append(out.Hosts, r.place.name[h.Key])
		}
		sort.Strings(out.Hosts)
		r.fact()
		r.b.Datastores = append(r.b.Datastores, out)
	}
	return nil
}
