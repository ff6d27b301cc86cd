package privatecloud

import (
	mathbits "math/bits"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Exports of the file server.
const (
	exportMedia  = "media"  // product images and uploads
	exportStatic = "static" // what a deployment generates: styles, scripts, fonts
)

// nfsOptions are those with which guests mount an export.
const nfsOptions = "nfsvers=4.2,hard,noatime,_netdev"

// Media makes a file server. The back office writes; web servers write where
// the declaration says so, and static servers never do.
func (s *site) Media(ctx *pulumi.Context, parent pulumi.Resource, in platform.MediaArgs) (platform.Media, error) {
	m, out, err := s.planMedia(in)
	if err != nil {
		return platform.Media{}, err
	}
	_, err = s.addMachines(ctx, parent, m)
	return out, err
}

// planMedia says which server there will be and what it exports.
func (s *site) planMedia(in platform.MediaArgs) (machines, platform.Media, error) {
	m := machines{
		name: in.Name, tier: topology.TierMedia, size: s.fileServerSize(), count: 1, most: 1, diskGiB: serverDiskGiB,
		dataGiB: in.Media.StorageGiB,
	}
	role := guest.NFS{Size: guestSize(m.size)}
	admin, web, static := s.clients(topology.TierAdmin, true), s.clients(topology.TierWeb, in.Media.WebWrites), s.clients(topology.TierStatic, false)
	role.Exports = []guest.Export{
		{Name: exportMedia, Clients: slices.Concat(admin, web, static)},
		{Name: exportStatic, Clients: slices.Concat(admin, static)},
	}
	m.boot = s.secretDocument(nil, func(_ int, base guest.Base) guest.Role {
		one := role
		one.Base = base
		return one
	})
	out, err := s.mounts(m, role)
	return m, out, err
}

// mounts tells how clients reach the exports.
func (s *site) mounts(m machines, role guest.NFS) (platform.Media, error) {
	at, err := s.addressOf(topology.TierMedia, 0)
	if err != nil {
		return platform.Media{}, err
	}
	role.Base = s.host(s.machineName(m.name, 0), m).Base
	mount := func(export string) *platform.Mount {
		return &platform.Mount{
			Source: pulumi.String(at.String() + ":" + role.ExportPath(export)).ToStringOutput(), Type: "nfs4", Options: nfsOptions,
		}
	}
	return platform.Media{Mount: mount(exportMedia), StaticMount: mount(exportStatic)}, nil
}

// clients are a tier's addresses as ranges: all that may ever stand, so that
// adding a server leaves the file server as it is. Spoof guard keeps any other
// server from taking one of them.
func (s *site) clients(tier topology.Tier, write bool) []guest.ExportClient {
	segment := s.segmentOf(tier).cidr
	at, _ := serverSpan(segment, tier)
	var out []guest.ExportClient
	for first, end := at.first, at.first+at.count; first < end; {
		// The largest range that begins here: by the address's own alignment,
		// and no longer than what is left. What is left is rounded up, which
		// adds nothing but the segment's broadcast address.
		bits := 32 - min(mathbits.TrailingZeros32(uint32(first)), mathbits.Len32(uint32(end-first)+1)-1)
		base, err := address.Host(segment, first)
		if err != nil {
			break // a span lies within its segment
		}
		out = append(out, guest.ExportClient{Network: netip.PrefixFrom(base, bits).String(), Write: write})
		first += 1 << (32 - bits)
	}
	return out
}

// fileServerSize has memory for the pages that are read most; the kernel's NFS
// server itself needs little.
func (s *site) fileServerSize() topology.Size {
	if s.meta.Environment == topology.Production {
		return topology.Size{VCPU: 4, MemoryGiB: 16}
	}
	return topology.Size{VCPU: 2, MemoryGiB: 4}
}
