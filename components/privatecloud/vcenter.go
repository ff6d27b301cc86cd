package privatecloud

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi-vsphere/sdk/v4/go/vsphere"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// vcenter is what the vCenter holds before the stack, and the shop's own place
// in it. All of the former are vCenter's identifiers.
type vcenter struct {
	datacenter, cluster, pool string
	datastore                 string
	policy                    string // empty: what the datastore gives
	template                  template

	folder     *vsphere.Folder
	root       *vsphere.ResourcePool
	categories map[string]pulumi.IDOutput // by the key of a mark
	marks      []pulumi.StringInput       // tags that every server has
	networks   map[string]pulumi.StringOutput
}

// template is the virtual machine that servers are cloned from.
type template struct {
	id, guest, firmware, scsi string
	diskGiB                   int
}

// findVCenter looks up what the site's settings name. It comes before the first
// registration, and what is missing is refused all at once.
func (s *site) findVCenter(ctx *pulumi.Context, parent pulumi.Resource) error {
	var missing topology.Problems
	refuse := func(path, name string, err error) {
		if err != nil {
			missing.Add("$."+path, "vCenter doesn't find %q: %v", name, err)
		}
	}
	in, v := s.settings, &s.vcenter
	center, err := vsphere.LookupDatacenter(ctx, &vsphere.LookupDatacenterArgs{Name: &in.Datacenter}, pulumi.Parent(parent))
	if refuse("datacenter", in.Datacenter, err); err != nil {
		return missing // nothing else can be looked for
	}
	v.datacenter = center.Id
	cluster, err := vsphere.LookupComputeCluster(ctx, &vsphere.LookupComputeClusterArgs{Name: in.Cluster, DatacenterId: &center.Id}, pulumi.Parent(parent))
	if refuse("cluster", in.Cluster, err); err == nil {
		v.cluster, v.pool = cluster.Id, cluster.ResourcePoolId
	}
	if in.ResourcePool != "" {
		pool, err := vsphere.LookupResourcePool(ctx, &vsphere.LookupResourcePoolArgs{Name: &in.ResourcePool, DatacenterId: &center.Id}, pulumi.Parent(parent))
		if refuse("resourcePool", in.ResourcePool, err); err == nil {
			v.pool = pool.Id
		}
	}
	store, err := vsphere.GetDatastore(ctx, &vsphere.GetDatastoreArgs{Name: in.Datastore, DatacenterId: &center.Id}, pulumi.Parent(parent))
	if refuse("datastore", in.Datastore, err); err == nil {
		v.datastore = store.Id
	}
	if in.StoragePolicy != "" {
		policy, err := vsphere.GetPolicy(ctx, &vsphere.GetPolicyArgs{Name: in.StoragePolicy}, pulumi.Parent(parent))
		if refuse("storagePolicy", in.StoragePolicy, err); err == nil {
			v.policy = policy.Id
		}
	}
	v.template, err = findTemplate(ctx, parent, center.Id, in.Template)
	refuse("template", in.Template, err)
	return missing.Err()
}

func findTemplate(ctx *pulumi.Context, parent pulumi.Resource, datacenter, name string) (template, error) {
	found, err := vsphere.LookupVirtualMachine(ctx, &vsphere.LookupVirtualMachineArgs{Name: &name, DatacenterId: &datacenter}, pulumi.Parent(parent))
	if err != nil {
		return template{}, err
	}
	if len(found.Disks) != 1 {
		return template{}, fmt.Errorf("it has %d disks; servers are cloned from one with a single disk", len(found.Disks))
	}
	t := template{id: found.Id, guest: found.GuestId, scsi: found.ScsiType, diskGiB: found.Disks[0].Size, firmware: "bios"}
	if found.Firmware != nil {
		t.firmware = *found.Firmware
	}
	return t, nil
}

// addInventory makes the shop's folder and resource pool, in which each tier
// has its own, and the categories of its tags. A vCenter knows a category by
// name alone, so the names hold the stack's.
func (s *site) addInventory(ctx *pulumi.Context, parent pulumi.Resource) (err error) {
	v := &s.vcenter
	v.categories, v.networks = map[string]pulumi.IDOutput{}, map[string]pulumi.StringOutput{}
	if v.folder, err = vsphere.NewFolder(ctx, s.name, &vsphere.FolderArgs{
		Path: pulumi.String(s.called(s.meta.Project)), Type: pulumi.String("vm"), DatacenterId: pulumi.String(v.datacenter),
	}, pulumi.Parent(parent)); err != nil {
		return err
	}
	if v.root, err = vsphere.NewResourcePool(ctx, s.name, &vsphere.ResourcePoolArgs{
		Name: pulumi.String(s.called(s.meta.Project)), ParentResourcePoolId: pulumi.String(v.pool), ScaleDescendantsShares: unscaled,
	}, pulumi.Parent(parent)); err != nil {
		return err
	}
	marks := s.meta.Tags("")
	for _, key := range sortedKeys(marks) {
		name := s.name + "-" + key
		category, err := vsphere.NewTagCategory(ctx, name, &vsphere.TagCategoryArgs{
			Name: pulumi.String(s.called(s.meta.Project + "-" + key)), Cardinality: pulumi.String("SINGLE"),
			Description:     pulumi.String("The " + key + " of a server"),
			AssociableTypes: pulumi.StringArray{pulumi.String("VirtualMachine")},
		}, pulumi.Parent(parent), pulumi.IgnoreChanges([]string{"associableTypes"})) // vCenter adds types of its own
		if err != nil {
			return err
		}
		v.categories[key] = category.ID()
		if key == "tier" {
			continue // each tier makes its own
		}
		tag, err := vsphere.NewTag(ctx, name, &vsphere.TagArgs{Name: pulumi.String(marks[key]), CategoryId: category.ID()}, pulumi.Parent(parent))
		if err != nil {
			return err
		}
		v.marks = append(v.marks, tag.ID())
	}
	return nil
}

// unscaled leaves a pool's shares as they are given: the tiers' pools have
// theirs by the servers that they may hold.
var unscaled = pulumi.String("disabled")

// How long, and how often, a segment is looked for in vCenter after NSX has
// made it: the hosts report it one after the other.
const (
	networkTries = 40
	networkPause = 5 * time.Second
)

// networkOf returns vCenter's identifier of a segment. It is unknown in a
// preview that has yet to make the segment.
func (s *site) networkOf(ctx *pulumi.Context, parent pulumi.Resource, at segment) pulumi.StringOutput {
	if known, ok := s.vcenter.networks[at.name]; ok {
		return known
	}
	found := at.path.ApplyT(func(path string) (string, error) {
		if !ctx.DryRun() {
			// A look-up that fails is shown as an error even if a later one
			// finds the network, so NSX is asked first.
			if err := realized(ctx, parent, path); err != nil {
				return "", fmt.Errorf("wait for segment %s: %w", at.name, err)
			}
		}
		return s.waitForNetwork(ctx, parent, at.name)
	}).(pulumi.StringOutput)
	s.vcenter.networks[at.name] = found
	return found
}

// realized waits until NSX has brought a segment to the hosts.
func realized(ctx *pulumi.Context, parent pulumi.Resource, path string) error {
	delay, timeout := 0.0, 600.0 // seconds
	_, err := nsxt.GetPolicyRealizationInfo(ctx, &nsxt.GetPolicyRealizationInfoArgs{Path: path, Delay: &delay, Timeout: &timeout}, pulumi.Parent(parent))
	return err
}

func (s *site) waitForNetwork(ctx *pulumi.Context, parent pulumi.Resource, name string) (string, error) {
	for try := 1; ; try++ {
		found, err := vsphere.GetNetwork(ctx, &vsphere.GetNetworkArgs{Name: name, DatacenterId: &s.vcenter.datacenter}, pulumi.Parent(parent))
		if err == nil {
			return found.Id, nil
		}
		if ctx.DryRun() || try == networkTries {
			return "", fmt.Errorf("segment %s does not show as a network in vCenter; see whether the cluster's hosts are in the transport zone: %w", name, err)
		}
		time.Sleep(networkPause)
	}
}
