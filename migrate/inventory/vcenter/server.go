package vcenter

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory"
)

func (r *reading) readServers() error {
	props := []string{
		"name", "parent", "parentVApp", "config.uuid", "config.instanceUuid", "config.template", "config.annotation", "config.managedBy",
		"config.guestFullName", "config.version", "config.firmware", "config.hardware", "config.tools", "config.cpuAllocation", "config.memoryAllocation",
		"config.extraConfig", "guest", "runtime.powerState", "runtime.host", "runtime.connectionState", "runtime.consolidationNeeded", "runtime.bootTime",
		"summary.storage", "snapshot", "layoutEx", "resourcePool", "customValue", "availableField",
	}
	if err := r.retrieve("VirtualMachine", props, &r.vms); err != nil {
		return err
	}
	sort.Slice(r.vms, func(i, j int) bool { return r.vms[i].Self.Value < r.vms[j].Self.Value })
	for i, vm := range r.vms {
		r.tally.Rows++
		r.place.add(vm.ManagedEntity)
		r.b.Servers = append(r.b.Servers, r.server(vm))
		r.progress(i+1, len(r.vms), "servers")
	}
	return nil
}

func (r *reading) server(vm mo.VirtualMachine) migrate.Server {
	s := migrate.Server{Name: vm.Name, Kind: migrate.KindVM, Power: powers[vm.Runtime.PowerState], Custom: map[string]string{}}
	if s.Power == "" {
		s.Power = migrate.PowerUnknown
	}
	if vm.Parent != nil {
		s.Datacenter, s.Folder = r.place.above(*vm.Parent, "Datacenter"), r.place.folder(vm.Self)
	}
	if h := vm.Runtime.Host; h != nil {
		s.Host = r.place.name[*h]
		s.Cluster = r.place.above(*h, "ClusterComputeResource")
		if s.Datacenter == "" {
			s.Datacenter = r.place.above(*h, "Datacenter")
		}
	}
	keep(&s, "VI SDK UUID", strings.ToLower(r.c.ServiceContent.About.InstanceUuid))
	var cards []int32
	if c := vm.Config; c != nil {
		configured(&s, c)
		cards = devices(&s, c.Hardware.Device)
	}
	if vm.Guest != nil {
		guest(&s, vm.Guest, cards)
	}
	if st := vm.Summary.Storage; st != nil {
		s.ProvisionedMiB, s.InUseMiB = (st.Committed+st.Uncommitted)>>20, st.Committed>>20
	}
	if vm.Snapshot != nil {
		s.Snapshots = snapshots(vm.Snapshot.RootSnapshotList, snapshotSizes(vm.LayoutEx))
	}
	r.remarks(&s, vm)
	inventory.Complete(&s)
	return s
}

var powers = map[types.VirtualMachinePowerState]migrate.Power{
	types.VirtualMachinePowerStatePoweredOn:  migrate.PowerOn,
	types.VirtualMachinePowerStatePoweredOff: migrate.PowerOff,
	types.VirtualMachinePowerStateSuspended:  migrate.PowerSuspended,
}

func configured(s *migrate.Server, c *types.VirtualMachineConfigInfo) {
	s.UUID, s.OS, s.Firmware = strings.ToLower(c.Uuid), c.GuestFullName, c.Firmware
	s.HardwareVersion, _ = strconv.Atoi(strings.TrimPrefix(c.Version, "vmx-"))
	s.CPUs, s.MemoryMiB = int(c.Hardware.NumCPU), int64(c.Hardware.MemoryMB)
	keep(s, "VM UUID", strings.ToLower(c.InstanceUuid))
	keep(s, "Annotation", c.Annotation)
	if c.Template {
		s.Kind = migrate.KindTemplate
	}
	if m := c.ManagedBy; m != nil {
		keep(s, "Managed by", strings.TrimSpace(m.ExtensionKey+" "+m.Type))
		if strings.EqualFold(m.Type, "placeholderVm") {
			s.Kind = migrate.KindPlaceholder
		}
	}
	if per := c.Hardware.NumCoresPerSocket; per > 0 {
		keep(s, "Sockets", strconv.Itoa(int(c.Hardware.NumCPU/per)))
	}
	limits(s, "CPU", "MHz", c.CpuAllocation)
	limits(s, "Memory", "MiB", c.MemoryAllocation)
	if c.Tools != nil && c.Tools.SyncTimeWithHost != nil {
		keep(s, "Sync time", strconv.FormatBool(*c.Tools.SyncTimeWithHost))
	}
	for _, x := range c.ExtraConfig {
		if v := x.GetOptionValue(); v.Key == "guestInfo.detailed.data" {
			if m := prettyName.FindStringSubmatch(fmt.Sprint(v.Value)); m != nil {
				s.OS = m[1]
			}
		}
	}
}

var prettyName = regexp.MustCompile(`prettyName='([^']+)'`)

func limits(s *migrate.Server, what, unit string, a *types.ResourceAllocationInfo) {
	if a == nil {
		return
	}
	if a.Limit != nil && *a.Limit > 0 {
		keep(s, what+" limit "+unit, strconv.FormatInt(*a.Limit, 10))
	}
	if a.Reservation != nil && *a.Reservation > 0 {
		keep(s, what+" reservation "+unit, strconv.FormatInt(*a.Reservation, 10))
	}
}

func keep(s *migrate.Server, key, value string) {
	if strings.TrimSpace(value) != "" {
		s.Custom[key] = value
	}
}

var toolsStates = map[string]string{
	string(types.VirtualMachineToolsRunningStatusGuestToolsRunning):          "running",
	string(types.VirtualMachineToolsRunningStatusGuestToolsExecutingScripts): "running",
	string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning):       "notRunning",
}

// guest takes over what the system inside reports. cards are the keys of the
// server's network cards, in their order.
func guest(s *migrate.Server, g *types.GuestInfo, cards []int32) {
	host := strings.ToLower(strings.TrimSuffix(g.HostName, "."))
	if strings.Contains(host, ".") {
		s.FQDN = host
	} else {
		keep(s, "DNS Name", host)
	}
	if s.OS == "" || g.GuestFullName != "" && !strings.Contains(s.OS, " ") {
		s.OS = g.GuestFullName
	}
	s.ToolsStatus = toolsStates[g.ToolsRunningStatus]
	switch types.VirtualMachineToolsVersionStatus(g.ToolsVersionStatus2) {
	case types.VirtualMachineToolsVersionStatusGuestToolsNotInstalled:
		s.ToolsStatus = "notInstalled"
	case types.VirtualMachineToolsVersionStatusGuestToolsSupportedOld, types.VirtualMachineToolsVersionStatusGuestToolsTooOld, types.VirtualMachineToolsVersionStatusGuestToolsNeedUpgrade:
		if s.ToolsStatus == "running" {
			s.ToolsStatus = "old"
		}
	}
	keep(s, "Tools Version", g.ToolsVersion)
	s.Addresses = []string{g.IpAddress}
	byKey := map[int32][]string{}
	for _, n := range g.Net {
		byKey[n.DeviceConfigId] = append(byKey[n.DeviceConfigId], n.IpAddress...)
		s.Addresses = append(s.Addresses, n.IpAddress...)
		if n.DnsConfig != nil {
			s.DNSServers = append(s.DNSServers, n.DnsConfig.IpAddress...)
		}
	}
	for i := range s.NICs {
		s.NICs[i].Addresses = byKey[cards[i]]
	}
	for _, st := range g.IpStack {
		if st.DnsConfig != nil {
			s.DNSServers = append(s.DNSServers, st.DnsConfig.IpAddress...)
		}
	}
	for _, d := range g.Disk {
		p := migrate.Partition{Path: d.DiskPath, CapacityMiB: d.Capacity >> 20, FreeMiB: d.FreeSpace >> 20}
		p.ConsumedMiB = max((d.Capacity-d.FreeSpace)>>20, 0)
		s.Partitions = append(s.Partitions, p)
	}
}

// remarks keep what a check or a person may want though the estate has no
// place for it.
func (r *reading) remarks(s *migrate.Server, vm mo.VirtualMachine) {
	keep(s, "VM ID", vm.Self.Value)
	keep(s, "Connection state", string(vm.Runtime.ConnectionState))
	if n := vm.Runtime.ConsolidationNeeded; n != nil && *n {
		keep(s, "Consolidation Needed", "True")
	}
	if t := vm.Runtime.BootTime; t != nil {
		keep(s, "PowerOn", t.UTC().Format("2006-01-02T15:04:05Z"))
	}
	if p := vm.ResourcePool; p != nil && r.place.name[*p] != "Resources" {
		keep(s, "Resource pool", r.place.name[*p])
	}
	names := map[int32]string{}
	for _, f := range vm.AvailableField {
		names[f.Key] = f.Name
	}
	for _, v := range vm.CustomValue {
		if sv, ok := v.(*types.CustomFieldStringValue); ok && names[sv.Key] != "" {
			inventory.SetStated(s, names[sv.Key], sv.Value)
		}
	}
}
