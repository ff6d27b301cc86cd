package privatecloud

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-vsphere/sdk/v4/go/vsphere"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// machines are the servers of one tier, all alike but for their names,
// addresses and documents.
type machines struct {
	name  string
	tier  topology.Tier
	size  topology.Size
	count int
	// most is how many there may be, by which the tier's pool has its shares.
	most    int
	diskGiB int
	// dataGiB gives each server a disk that outlives it.
	dataGiB int
	// apart says that no two may ever share a host, rather than should not.
	apart bool
	boot  platform.Boot
	// alike servers get the same member number.
	alike bool
}

// place is a tier's place in vCenter.
type place struct {
	folder *vsphere.Folder
	pool   *vsphere.ResourcePool
	tags   pulumi.StringArray
}

// addMachines makes a tier's folder, pool, servers and rules of distance.
func (s *site) addMachines(ctx *pulumi.Context, parent pulumi.Resource, m machines) (place, error) {
	at, err := s.addPlace(ctx, parent, m)
	if err != nil {
		return at, err
	}
	var made []*vsphere.VirtualMachine
	var replaced []pulumi.Resource
	for i := range m.count {
		vm, err := s.addMachine(ctx, parent, m, i, at, replaced)
		if err != nil {
			return at, err
		}
		made = append(made, vm)
		if s.settings.Replace[s.machineName(m.name, i)] != "" {
			replaced = append(replaced, vm)
		}
	}
	return at, s.keepApart(ctx, parent, m, made)
}

// machineName is a server's name, counted from 1 as people count.
func (s *site) machineName(fleet string, index int) string {
	return fmt.Sprintf("%s-%d", fleet, index+1)
}

// Shares a server has by itself are by its processors and memory (Broadcom,
// "vSphere Resource Management", resource allocation shares). A pool has what
// its servers would have without it, at the tier's full number, so that adding
// one leaves the pool as it is.
const (
	sharesPerVCPU = 100
	sharesPerGiB  = 100
)

func (s *site) addPlace(ctx *pulumi.Context, parent pulumi.Resource, m machines) (at place, err error) {
	v := s.vcenter
	if at.folder, err = vsphere.NewFolder(ctx, m.name, &vsphere.FolderArgs{
		Path: pulumi.Sprintf("%s/%s", v.folder.Path, m.tier), Type: pulumi.String("vm"), DatacenterId: pulumi.String(v.datacenter),
	}, pulumi.Parent(parent)); err != nil {
		return at, err
	}
	if at.pool, err = vsphere.NewResourcePool(ctx, m.name, &vsphere.ResourcePoolArgs{
		Name: pulumi.String(s.called(m.name)), ParentResourcePoolId: v.root.ID(), ScaleDescendantsShares: unscaled,
		CpuShareLevel: pulumi.String("custom"), CpuShares: pulumi.Int(sharesPerVCPU * m.size.VCPU * m.most),
		MemoryShareLevel: pulumi.String("custom"), MemoryShares: pulumi.Int(int(sharesPerGiB*m.size.MemoryGiB) * m.most),
	}, pulumi.Parent(parent)); err != nil {
		return at, err
	}
	tag, err := vsphere.NewTag(ctx, m.name, &vsphere.TagArgs{
		Name: pulumi.String(string(m.tier)), CategoryId: v.categories["tier"],
	}, pulumi.Parent(parent))
	if err != nil {
		return at, err
	}
	at.tags = append(slices.Clone(pulumi.StringArray(v.marks)), tag.ID())
	return at, nil
}

// unwatched are the properties of a server whose changes are let be. A change
// of what it boots with, or of the template, would otherwise restart or replace
// every server of a tier at once; settings.Replace is how a server gets both.
// VMware's datasource also removes the document from extraConfig once read, and
// vCenter fills the swap placement in by itself.
var unwatched = []string{"extraConfig", "clone", "guestId", "firmware", "scsiType", "swapPlacementPolicy"}

func (s *site) addMachine(ctx *pulumi.Context, parent pulumi.Resource, m machines, index int, at place, after []pulumi.Resource) (*vsphere.VirtualMachine, error) {
	name, member := s.machineName(m.name, index), index
	if m.alike {
		member = 0
	}
	address, err := s.addressOf(m.tier, index)
	if err != nil {
		return nil, err
	}
	disks, err := s.disks(ctx, parent, name, m)
	if err != nil {
		return nil, err
	}
	segment := s.segmentOf(m.tier)
	extra, err := s.guestInfo(name, netip.PrefixFrom(address, segment.cidr.Bits()), segment.gateway, m.boot(member, s.host(name, m)))
	if err != nil {
		return nil, err
	}
	args := &vsphere.VirtualMachineArgs{
		Name: pulumi.String(s.called(name)), ResourcePoolId: at.pool.ID(), Folder: at.folder.Path,
		DatastoreId: pulumi.String(s.vcenter.datastore), StoragePolicyId: s.policy(),
		NumCpus: pulumi.Int(m.size.VCPU), NumCoresPerSocket: pulumi.Int(m.size.VCPU), // one NUMA client where it fits a socket
		Memory:  pulumi.Int(memoryMiB(m.size)),
		GuestId: pulumi.String(s.vcenter.template.guest), Firmware: pulumi.String(s.vcenter.template.firmware),
		ScsiType: pulumi.String(s.vcenter.template.scsi), EnableDiskUuid: pulumi.Bool(true),
		NetworkInterfaces: vsphere.VirtualMachineNetworkInterfaceArray{vsphere.VirtualMachineNetworkInterfaceArgs{
			NetworkId: s.networkOf(ctx, parent, segment), AdapterType: pulumi.String("vmxnet3"),
		}},
		Clone: vsphere.VirtualMachineCloneArgs{TemplateUuid: pulumi.String(s.vcenter.template.id)},
		Disks: disks, ExtraConfig: extra, Tags: at.tags,
		WaitForGuestNetTimeout: pulumi.Int(*s.settings.GuestTimeout), WaitForGuestIpTimeout: pulumi.Int(0),
	}
	if mark := s.settings.Replace[name]; mark != "" {
		args.ReplaceTrigger = pulumi.String(mark)
	}
	vm, err := vsphere.NewVirtualMachine(ctx, name, args, pulumi.Parent(parent),
		pulumi.IgnoreChanges(unwatched), pulumi.DeleteBeforeReplace(true), // the name, the address and the data disk are taken over
		// Servers of a tier that are replaced in one run are replaced one by one.
		pulumi.DependsOn(after))
	if err != nil {
		return nil, err
	}
	return vm, s.tagMachine(ctx, parent, name, vm.ID().ToStringOutput(), m.tier)
}

// memoryMiB is a size's memory; vSphere takes multiples of 4 MiB.
func memoryMiB(z topology.Size) int { return int(z.MemoryGiB*1024) / 4 * 4 }

// dataDevice is where a server finds its second disk.
const dataDevice = "/dev/sdb"

// host is what is known of a server before it starts.
func (s *site) host(name string, m machines) platform.Host {
	base := guest.Base{
		Hostname: name, Environment: string(s.meta.Environment), SSHAuthorizedKeys: s.settings.SSHKeys,
		TimeServers: s.settings.NTPServers, PackageProxy: s.settings.PackageProxy,
	}
	if m.dataGiB > 0 {
		base.DataDisk = &guest.DataDisk{Device: dataDevice}
	}
	return platform.Host{Base: base}
}

func (s *site) policy() pulumi.StringPtrInput {
	if s.vcenter.policy == "" {
		return nil
	}
	return pulumi.String(s.vcenter.policy)
}

// disks are a server's system disk, which goes with it, and its data disk,
// which is a resource of its own: a server that takes another's place gets the
// same one.
func (s *site) disks(ctx *pulumi.Context, parent pulumi.Resource, name string, m machines) (vsphere.VirtualMachineDiskArray, error) {
	disks := vsphere.VirtualMachineDiskArray{vsphere.VirtualMachineDiskArgs{
		Label: pulumi.String("system"), UnitNumber: pulumi.Int(0), ThinProvisioned: pulumi.Bool(true), StoragePolicyId: s.policy(),
		// A clone's disk can't be smaller than the template's.
		Size: pulumi.Int(max(m.diskGiB, s.vcenter.template.diskGiB)),
	}}
	if m.dataGiB == 0 {
		return disks, nil
	}
	data, err := vsphere.NewVirtualDisk(ctx, name+"-data", &vsphere.VirtualDiskArgs{
		// Beside the servers' own folders on the datastore, which go with them.
		VmdkPath: pulumi.String(s.called(s.meta.Project) + "-data/" + name + ".vmdk"), CreateDirectories: pulumi.Bool(true),
		Datacenter: pulumi.String(s.settings.Datacenter), Datastore: pulumi.String(s.settings.Datastore),
		Size: pulumi.Int(m.dataGiB), Type: pulumi.String("thin"),
	}, s.keeps(parent)...)
	if err != nil {
		return nil, err
	}
	return append(disks, vsphere.VirtualMachineDiskArgs{
		Label: pulumi.String("data"), UnitNumber: pulumi.Int(1), Attach: pulumi.Bool(true), Path: data.VmdkPath,
		DatastoreId: pulumi.String(s.vcenter.datastore),
	}), nil
}

// guestInfo is what cloud-init's VMware datasource reads (cloudinit.readthedocs.io,
// "VMware"). The network is static: there is no DHCP to depend upon.
func (s *site) guestInfo(name string, address netip.Prefix, gateway netip.Addr, document pulumi.StringOutput) (pulumi.StringMap, error) {
	metadata, err := json.Marshal(map[string]any{
		"instance-id": name, "local-hostname": name,
		// Any user of the guest can read guestinfo, so the document, which may
		// hold secrets, is taken away once it has been read.
		"cleanup-guestinfo": []string{"userdata"},
		"network": map[string]any{"version": 2, "ethernets": map[string]any{"lan": map[string]any{
			"match": map[string]any{"name": "e*"}, "addresses": []string{address.String()}, "dhcp4": false,
			"routes":      []any{map[string]any{"to": "0.0.0.0/0", "via": gateway.String()}},
			"nameservers": map[string]any{"addresses": s.settings.DNSServers},
		}}},
	})
	if err != nil {
		return nil, fmt.Errorf("encode the metadata of %s: %w", name, err)
	}
	userdata := document.ApplyT(func(doc string) (string, error) { return guest.Document(doc).UserData() }).(pulumi.StringOutput)
	return pulumi.StringMap{
		"guestinfo.metadata":          pulumi.String(base64.StdEncoding.EncodeToString(metadata)),
		"guestinfo.metadata.encoding": pulumi.String("base64"),
		"guestinfo.userdata":          pulumi.ToSecret(userdata).(pulumi.StringOutput),
		"guestinfo.userdata.encoding": pulumi.String("gzip+base64"),
	}, nil
}

// keepApart spreads a tier's servers over the hosts. A rule can't be kept with
// more servers than hosts, so one names as many as there are hosts and the next
// ones get a rule of their own: each rule puts one server on a host, and the
// tier is spread evenly. Adding a server adds to the last rule or makes the
// next; the others stay as they are.
func (s *site) keepApart(ctx *pulumi.Context, parent pulumi.Resource, m machines, made []*vsphere.VirtualMachine) error {
	number := 0
	for group := range slices.Chunk(made, s.settings.Hosts) {
		number++
		if len(group) < 2 {
			continue // one server is apart from all others of its rule
		}
		ids := pulumi.StringArray{}
		for _, vm := range group {
			ids = append(ids, vm.ID())
		}
		name := fmt.Sprintf("%s-apart-%d", m.name, number)
		if _, err := vsphere.NewComputeClusterVmAntiAffinityRule(ctx, name, &vsphere.ComputeClusterVmAntiAffinityRuleArgs{
			Name: pulumi.String(s.called(name)), ComputeClusterId: pulumi.String(s.vcenter.cluster), VirtualMachineIds: ids,
			// A rule that must be kept, with as many hosts as servers, would
			// never let a host be emptied for its maintenance.
			Enabled: pulumi.Bool(true), Mandatory: pulumi.Bool(m.apart && s.settings.Hosts > len(group)),
		}, pulumi.Parent(parent)); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
