package vspherefake

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-vsphere/sdk/v4/go/vsphere"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
)

type answer = map[string]any

// inventory answers look-ups from what the site has and the stack has made.
type inventory struct{ site.VSphere }

// lookups are the functions that read from vCenter.
func lookups(v site.VSphere) []fake.Lookup {
	in := inventory{v}
	return []fake.Lookup{
		look("getDatacenter", vsphere.LookupDatacenterArgs{}, vsphere.LookupDatacenterResult{}, in.datacenter),
		look("getComputeCluster", vsphere.LookupComputeClusterArgs{}, vsphere.LookupComputeClusterResult{}, in.cluster),
		look("getHost", vsphere.LookupHostArgs{}, vsphere.LookupHostResult{}, in.host),
		look("getDatastore", vsphere.GetDatastoreArgs{}, vsphere.GetDatastoreResult{}, in.datastore),
		look("getDatastoreCluster", vsphere.LookupDatastoreClusterArgs{}, vsphere.LookupDatastoreClusterResult{},
			in.named("datastore cluster", "group-p", func(d *site.Datacenter) []string { return d.DatastoreClusters })),
		look("getNetwork", vsphere.GetNetworkArgs{}, vsphere.GetNetworkResult{}, in.network),
		look("getDistributedVirtualSwitch", vsphere.LookupDistributedVirtualSwitchArgs{},
			vsphere.LookupDistributedVirtualSwitchResult{},
			in.named("distributed virtual switch", "dvs", func(d *site.Datacenter) []string { return d.Switches })),
		look("getResourcePool", vsphere.LookupResourcePoolArgs{}, vsphere.LookupResourcePoolResult{}, in.resourcePool),
		look("getFolder", vsphere.LookupFolderArgs{}, vsphere.LookupFolderResult{}, in.folder),
		look("getVirtualMachine", vsphere.LookupVirtualMachineArgs{}, vsphere.LookupVirtualMachineResult{}, in.template),
		look("getPolicy", vsphere.GetPolicyArgs{}, vsphere.GetPolicyResult{}, in.policy),
		look("getTagCategory", vsphere.LookupTagCategoryArgs{}, vsphere.LookupTagCategoryResult{}, in.tagCategory),
		look("getTag", vsphere.LookupTagArgs{}, vsphere.LookupTagResult{}, in.tag),
		look("getContentLibrary", vsphere.LookupContentLibraryArgs{}, vsphere.LookupContentLibraryResult{}, in.library),
		look("getContentLibraryItem", vsphere.LookupContentLibraryItemArgs{}, vsphere.LookupContentLibraryItemResult{},
			in.libraryItem),
	}
}

func look(name string, args, result any, answer func(*fake.Query) (map[string]any, error)) fake.Lookup {
	return fake.Lookup{Token: "vsphere:index/" + name + ":" + name, Args: args, Result: result, Answer: answer}
}

func keyOf(name string) resource.PropertyKey { return resource.PropertyKey(name) }

func missing(kind, name string) error {
	return fmt.Errorf("%s %q not found in the simulated site", kind, name)
}

// in gives the data centre that a query names by its identifier, or the only
// one there is.
func (in inventory) in(q *fake.Query) (*site.Datacenter, error) {
	id := q.Text("datacenterId")
	for i := range in.Datacenters {
		d := &in.Datacenters[i]
		if id == moid("datacenter", d.Name) || id == "" && len(in.Datacenters) == 1 {
			return d, nil
		}
	}
	return nil, missing("datacenter", id)
}

func (in inventory) datacenter(q *fake.Query) (map[string]any, error) {
	name := q.Text("name")
	for _, d := range in.Datacenters {
		if d.Name == name || name == "" && len(in.Datacenters) == 1 {
			return answer{"id": moid("datacenter", d.Name), "name": d.Name, "virtualMachines": []any{}}, nil
		}
	}
	return nil, missing("datacenter", name)
}

func (in inventory) cluster(q *fake.Query) (map[string]any, error) {
	d, err := in.in(q)
	if err != nil {
		return nil, err
	}
	name := q.Text("name")
	for _, c := range d.Clusters {
		if c.Name == name {
			return answer{"id": moid("domain-c", name), "resourcePoolId": moid("resgroup", name)}, nil
		}
	}
	return nil, missing("compute cluster", name)
}

func (in inventory) host(q *fake.Query) (map[string]any, error) {
	d, err := in.in(q)
	if err != nil {
		return nil, err
	}
	name := q.Text("name")
	for _, c := range d.Clusters {
		if slices.Contains(c.Hosts, name) {
			return answer{"id": moid("host", name), "resourcePoolId": moid("resgroup", c.Name)}, nil
		}
	}
	return nil, missing("host", name)
}

// named answers for things that have a name and an identifier, and no more.
func (in inventory) named(
	kind, prefix string, list func(*site.Datacenter) []string,
) func(*fake.Query) (map[string]any, error) {
	return func(q *fake.Query) (map[string]any, error) {
		d, err := in.in(q)
		if err != nil {
			return nil, err
		}
		name := q.Text("name")
		if !slices.Contains(list(d), name) {
			return nil, missing(kind, name)
		}
		return answer{"id": moid(prefix, name)}, nil
	}
}

func (in inventory) datastore(q *fake.Query) (map[string]any, error) {
	got, err := in.named("datastore", "datastore", func(d *site.Datacenter) []string { return d.Datastores })(q)
	if err == nil {
		got["stats"] = map[string]any{"capacity": "10995116277760", "free": "8796093022208"}
	}
	return got, err
}

func (in inventory) network(q *fake.Query) (map[string]any, error) {
	name := q.Text("name")
	if id, ok := q.World.Find(Network, name); ok {
		return answer{"id": id, "type": "DistributedVirtualPortgroup"}, nil
	}
	got, err := in.named("network", "network", func(d *site.Datacenter) []string { return d.Networks })(q)
	if err == nil {
		got["type"] = "Network"
	}
	return got, err
}

func (in inventory) resourcePool(q *fake.Query) (map[string]any, error) {
	if id, ok := q.World.Find(pool, q.Text("name")); ok {
		return answer{"id": id}, nil
	}
	return in.named("resource pool", "resgroup", func(d *site.Datacenter) []string { return d.ResourcePools })(q)
}

func (in inventory) folder(q *fake.Query) (map[string]any, error) {
	path := q.Text("path")
	if id, ok := q.World.Find(folder, path); ok {
		return answer{"id": id}, nil
	}
	for _, d := range in.Datacenters {
		if slices.Contains(d.Folders, path) || path == "/"+d.Name+"/vm" {
			return answer{"id": moid("group-v", path)}, nil
		}
	}
	return nil, missing("folder", path)
}

func (in inventory) template(q *fake.Query) (map[string]any, error) {
	name := q.Text("name")
	if id, ok := q.World.Find(virtualMachine, name); ok {
		return answer{"id": id, "uuid": id}, nil
	}
	d, err := in.in(q)
	if err != nil {
		return nil, err
	}
	for _, t := range d.Templates {
		if t.Name == name {
			return machine(t), nil
		}
	}
	return nil, missing("virtual machine", name)
}

func machine(t site.Template) map[string]any {
	var disks []any
	for i, size := range t.DisksGiB {
		disks = append(disks, map[string]any{
			"label": fmt.Sprintf("disk%d", i), "size": size, "thinProvisioned": true, "eagerlyScrub": false, "unitNumber": i,
		})
	}
	id := (&fake.Object{URN: resource.URN(t.Name)}).UUID("template")
	return answer{
		"id": id, "uuid": id, "moid": moid("vm", t.Name), "guestId": t.GuestID, "firmware": t.Firmware, "scsiType": "pvscsi",
		"disks": disks, "networkInterfaceTypes": []any{"vmxnet3"}, "numCpus": 2, "memory": 2048, "hardwareVersion": 19,
		"guestIpAddresses": []any{}, "defaultIpAddress": "", "vtpm": false,
	}
}

func (in inventory) policy(q *fake.Query) (map[string]any, error) {
	name := q.Text("name")
	if !slices.Contains(in.StoragePolicies, name) {
		return nil, missing("storage policy", name)
	}
	return answer{"id": (&fake.Object{URN: resource.URN(name)}).UUID("policy")}, nil
}

func (in inventory) tagCategory(q *fake.Query) (map[string]any, error) {
	name := q.Text("name")
	if id, ok := q.World.Find(category, name); ok {
		return answer{"id": id}, nil
	}
	if !slices.Contains(in.TagCategories, name) {
		return nil, missing("tag category", name)
	}
	return answer{"id": "urn:vmomi:InventoryServiceCategory:" + moid("category", name) + ":GLOBAL"}, nil
}

func (in inventory) tag(q *fake.Query) (map[string]any, error) {
	if id, ok := q.World.Find(tag, q.Text("categoryId")+"/"+q.Text("name")); ok {
		return answer{"id": id}, nil
	}
	return nil, missing("tag", q.Text("name"))
}

func (in inventory) library(q *fake.Query) (map[string]any, error) {
	if _, ok := in.ContentLibraries[q.Text("name")]; !ok {
		return nil, missing("content library", q.Text("name"))
	}
	return answer{"id": moid("library", q.Text("name"))}, nil
}

func (in inventory) libraryItem(q *fake.Query) (map[string]any, error) {
	for library, items := range in.ContentLibraries {
		if moid("library", library) == q.Text("libraryId") && slices.Contains(items, q.Text("name")) {
			return answer{"id": moid("item", library+"/"+q.Text("name")), "type": "ovf"}, nil
		}
	}
	return nil, missing("content library item", q.Text("name"))
}
