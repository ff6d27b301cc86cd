package vspherefake

import (
	"fmt"

	"github.com/pulumi/pulumi-vsphere/sdk/v4/go/vsphere"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// resources is the table. What replaces a resource is what the provider's
// source marks so; a virtual machine is also cloned anew for another template.
func resources() []fake.Resource {
	return []fake.Resource{
		row("VirtualMachine", vsphere.VirtualMachineArgs{}, vsphere.VirtualMachine{}, "{uuid}", "clone replaceTrigger",
			map[string]any{
				"uuid": "{id}", "defaultIpAddress": firstAddress, "guestIpAddresses": addresses, "vmwareToolsStatus": "guestToolsRunning",
				"vmxPath": "{name}/{name}.vmx", "imported": false, "rebootRequired": false, "hardwareVersion": 19,
				"networkInterfaces": interfaces, "vappTransports": []any{}, "changeVersion": "1",
			}),
		row("VirtualDisk", vsphere.VirtualDiskArgs{}, vsphere.VirtualDisk{}, "[{datastore}] {vmdkPath}",
			"vmdkPath datastore type adapterType datacenter createDirectories"),
		row("VirtualMachineSnapshot", vsphere.VirtualMachineSnapshotArgs{}, vsphere.VirtualMachineSnapshot{}, "snapshot-{8}",
			"virtualMachineUuid snapshotName description memory quiesce removeChildren consolidate"),
		row("Folder", vsphere.FolderArgs{}, vsphere.Folder{}, "group-v{4}", "type datacenterId"),
		row("ResourcePool", vsphere.ResourcePoolArgs{}, vsphere.ResourcePool{}, "resgroup-{4}", ""),
		row("Tag", vsphere.TagArgs{}, vsphere.Tag{}, "urn:vmomi:InventoryServiceTag:{uuid}:GLOBAL", "categoryId"),
		row("TagCategory", vsphere.TagCategoryArgs{}, vsphere.TagCategory{},
			"urn:vmomi:InventoryServiceCategory:{uuid}:GLOBAL", "cardinality"),
		row("CustomAttribute", vsphere.CustomAttributeArgs{}, vsphere.CustomAttribute{}, "{4}", "managedObjectType"),
		row("VmStoragePolicy", vsphere.VmStoragePolicyArgs{}, vsphere.VmStoragePolicy{}, "{uuid}", ""),
		row("ComputeCluster", vsphere.ComputeClusterArgs{}, vsphere.ComputeCluster{}, "domain-c{4}", "datacenterId",
			map[string]any{"resourcePoolId": "resgroup-{4}"}),
		row("ComputeClusterHostGroup", vsphere.ComputeClusterHostGroupArgs{}, vsphere.ComputeClusterHostGroup{},
			"{computeClusterId}:{name}", "name computeClusterId"),
		row("ComputeClusterVmGroup", vsphere.ComputeClusterVmGroupArgs{}, vsphere.ComputeClusterVmGroup{},
			"{computeClusterId}:{name}", "name computeClusterId"),
		row("ComputeClusterVmHostRule", vsphere.ComputeClusterVmHostRuleArgs{}, vsphere.ComputeClusterVmHostRule{},
			"{computeClusterId}:{4}", "computeClusterId"),
		row("ComputeClusterVmAffinityRule", vsphere.ComputeClusterVmAffinityRuleArgs{},
			vsphere.ComputeClusterVmAffinityRule{}, "{computeClusterId}:{4}", "computeClusterId"),
		row("ComputeClusterVmAntiAffinityRule", vsphere.ComputeClusterVmAntiAffinityRuleArgs{},
			vsphere.ComputeClusterVmAntiAffinityRule{}, "{computeClusterId}:{4}", "computeClusterId"),
		row("ComputeClusterVmDependencyRule", vsphere.ComputeClusterVmDependencyRuleArgs{},
			vsphere.ComputeClusterVmDependencyRule{}, "{computeClusterId}:{4}", "computeClusterId"),
		row("DatastoreClusterVmAntiAffinityRule", vsphere.DatastoreClusterVmAntiAffinityRuleArgs{},
			vsphere.DatastoreClusterVmAntiAffinityRule{}, "{datastoreClusterId}:{4}", "datastoreClusterId"),
		row("DrsVmOverride", vsphere.DrsVmOverrideArgs{}, vsphere.DrsVmOverride{}, "{computeClusterId}:{virtualMachineId}",
			"computeClusterId virtualMachineId"),
		row("HaVmOverride", vsphere.HaVmOverrideArgs{}, vsphere.HaVmOverride{}, "{computeClusterId}:{virtualMachineId}",
			"computeClusterId virtualMachineId"),
		row("StorageDrsVmOverride", vsphere.StorageDrsVmOverrideArgs{}, vsphere.StorageDrsVmOverride{},
			"{datastoreClusterId}:{virtualMachineId}", "datastoreClusterId virtualMachineId"),
		row("DistributedVirtualSwitch", vsphere.DistributedVirtualSwitchArgs{}, vsphere.DistributedVirtualSwitch{}, "{uuid}",
			"datacenterId folder"),
		row("DistributedPortGroup", vsphere.DistributedPortGroupArgs{}, vsphere.DistributedPortGroup{}, "dvportgroup-{4}",
			"distributedVirtualSwitchUuid"),
		row("ContentLibrary", vsphere.ContentLibraryArgs{}, vsphere.ContentLibrary{}, "{uuid}",
			"name description storageBackings publication subscription"),
		row("ContentLibraryItem", vsphere.ContentLibraryItemArgs{}, vsphere.ContentLibraryItem{}, "{uuid}",
			"name libraryId description fileUrl type sourceUuid"),
		row("File", vsphere.FileArgs{}, vsphere.File{}, "[{datastore}] {datacenter}/{destinationFile}",
			"sourceDatacenter sourceDatastore sourceFile"),
		row("Role", vsphere.RoleArgs{}, vsphere.Role{}, "{8}", ""),
		row("EntityPermissions", vsphere.EntityPermissionsArgs{}, vsphere.EntityPermissions{}, "{entityId}",
			"entityId entityType"),
		row("GuestOsCustomization", vsphere.GuestOsCustomizationArgs{}, vsphere.GuestOsCustomization{}, "{name}", ""),
	}
}

// firstAddress is a machine's address: the one that its customization sets, or
// one that it would get.
func firstAddress(o *fake.Object) any { return addresses(o).([]any)[0] }

func addresses(o *fake.Object) any {
	if set := customized(o); set != "" {
		return []any{set}
	}
	n := o.Number("address", 1<<16)
	return []any{fmt.Sprintf("10.250.%d.%d", n>>8, 1+n%254)}
}

// customized is the first static address that the clone's customization sets.
func customized(o *fake.Object) string {
	at := o.Inputs
	for _, key := range []string{"clone", "customize"} {
		v := at[keyOf(key)]
		if !v.IsObject() {
			return ""
		}
		at = v.ObjectValue()
	}
	nics := at["networkInterfaces"]
	if !nics.IsArray() || len(nics.ArrayValue()) == 0 || !nics.ArrayValue()[0].IsObject() {
		return ""
	}
	if v := nics.ArrayValue()[0].ObjectValue()["ipv4Address"]; v.IsString() {
		return v.StringValue()
	}
	return ""
}

// interfaces are the machine's network cards, each with the hardware address
// that vCenter gives it.
func interfaces(o *fake.Object) any {
	out := []any{}
	if v := o.Inputs["networkInterfaces"]; v.IsArray() {
		for i, nic := range v.ArrayValue() {
			card, _ := nic.Mappable().(map[string]any)
			if card == nil {
				card = map[string]any{}
			}
			if card["macAddress"] == nil {
				h := o.Hex(fmt.Sprint("mac", i), 6)
				card["macAddress"] = "00:50:56:" + h[:2] + ":" + h[2:4] + ":" + h[4:]
			}
			card["key"], card["deviceAddress"] = 4000+i, fmt.Sprintf("pci:0:%d", 7+i)
			out = append(out, card)
		}
	}
	return out
}
