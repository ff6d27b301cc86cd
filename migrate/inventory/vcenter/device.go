package vcenter

import (
	"fmt"
	"strings"

	"github.com/vmware/govmomi/vim25/types"

	"github.com/storefront-toolkit/storefront/migrate"
)

// devices takes disks and network cards out of a server's hardware, and returns
// the cards' keys, by which the guest names them.
func devices(s *migrate.Server, list []types.BaseVirtualDevice) (cards []int32) {
	controllers := map[int32]controller{}
	for _, d := range list {
		if c := controllerOf(d); c.name != "" {
			controllers[d.GetVirtualDevice().Key] = c
		}
	}
	for _, d := range list {
		if disk, ok := d.(*types.VirtualDisk); ok {
			s.Disks = append(s.Disks, diskOf(disk, controllers[disk.ControllerKey]))
			continue
		}
		if card, ok := d.(types.BaseVirtualEthernetCard); ok {
			n := nicOf(card.GetVirtualEthernetCard())
			n.Adapter = strings.TrimPrefix(strings.TrimPrefix(fmt.Sprintf("%T", d), "*types."), "Virtual")
			s.NICs = append(s.NICs, n)
			cards = append(cards, d.GetVirtualDevice().Key)
		}
	}
	return cards
}

// controller is what a disk hangs on.
type controller struct{ name, sharing string }

func controllerOf(d types.BaseVirtualDevice) controller {
	label := ""
	if i := d.GetVirtualDevice().DeviceInfo; i != nil {
		label = i.GetDescription().Label
	}
	switch c := d.(type) {
	case types.BaseVirtualSCSIController:
		shared := string(c.GetVirtualSCSIController().SharedBus)
		if shared == string(types.VirtualSCSISharingNoSharing) {
			shared = ""
		}
		return controller{label, shared}
	case types.BaseVirtualController:
		return controller{name: label}
	}
	return controller{}
}

func diskOf(d *types.VirtualDisk, on controller) migrate.Disk {
	out := migrate.Disk{CapacityMiB: d.CapacityInBytes >> 20, Controller: on.name}
	if out.CapacityMiB == 0 {
		out.CapacityMiB = d.CapacityInKB >> 10
	}
	if d.DeviceInfo != nil {
		out.Label = d.DeviceInfo.GetDescription().Label
	}
	if f, ok := d.Backing.(types.BaseVirtualDeviceFileBackingInfo); ok {
		out.Path = f.GetVirtualDeviceFileBackingInfo().FileName
	}
	switch b := d.Backing.(type) {
	case *types.VirtualDiskFlatVer2BackingInfo:
		out.Mode, out.Sharing = b.DiskMode, b.Sharing
		out.Thin = b.ThinProvisioned != nil && *b.ThinProvisioned
	case *types.VirtualDiskSeSparseBackingInfo:
		out.Mode, out.Thin = b.DiskMode, true
	case *types.VirtualDiskRawDiskMappingVer1BackingInfo:
		out.Mode, out.Sharing, out.Raw = b.DiskMode, b.Sharing, true
	}
	if on.sharing != "" {
		out.Sharing = on.sharing
	}
	return out
}

func nicOf(c *types.VirtualEthernetCard) migrate.NIC {
	n := migrate.NIC{MAC: strings.ToLower(c.MacAddress)}
	if c.DeviceInfo != nil {
		n.Network = c.DeviceInfo.GetDescription().Summary
	}
	if c.Connectable != nil {
		n.Connected = c.Connectable.Connected
	}
	if b, ok := c.Backing.(*types.VirtualEthernetCardNetworkBackingInfo); ok {
		n.Network = b.DeviceName
	}
	return n
}

// snapshotSizes sums the files that each snapshot added.
func snapshotSizes(l *types.VirtualMachineFileLayoutEx) map[string]int64 {
	out := map[string]int64{}
	if l == nil {
		return out
	}
	size := map[int32]int64{}
	for _, f := range l.File {
		size[f.Key] = f.Size
	}
	for _, s := range l.Snapshot {
		out[s.Key.Value] = (size[s.DataKey] + size[s.MemoryKey]) >> 20
	}
	return out
}

func snapshots(tree []types.VirtualMachineSnapshotTree, sizes map[string]int64) []migrate.Snapshot {
	var out []migrate.Snapshot
	for _, s := range tree {
		created := s.CreateTime.UTC()
		out = append(out, migrate.Snapshot{Name: s.Name, Created: &created, SizeMiB: sizes[s.Snapshot.Value]})
		out = append(out, snapshots(s.ChildSnapshotList, sizes)...)
	}
	return out
}
