package guest

// NFS is a file server (NFS 4 only) with its exports on the data disk.
type NFS struct {
	Base
	// Size of the server; at least 1024 MiB.
	Size Size
	// Exports, each a folder of the data disk.
	Exports []Export
}

// Export is one folder that is shared.
type Export struct {
	// Name of the folder on the data disk, such as media; NFS.ExportPath gives
	// the path by which clients mount it.
	Name string
	// Clients that may mount it.
	Clients []ExportClient
}

// ExportClient is a network, or one server as a /32, and its right.
type ExportClient struct {
	// Network in CIDR notation.
	Network string
	// Write gives the right to write.
	Write bool
}

// Render gives the document of a file server.
func (n NFS) Render() (Document, error) {
	p := check("nfs")
	b := n.Base.resolved()
	b.check(p.at("base"))
	n.Size.check(p.at("size"), 1024)
	if b.DataDisk == nil {
		p.at("base.dataDisk").add("is missing; a file server keeps its files on a disk of their own")
	}
	n.check(p)
	if err := p.err(); err != nil {
		return "", err
	}
	c := newConfig(b)
	c.pkg("nfs-kernel-server")
	c.addSecrets(b, nil)
	m := nfsModel{Root: b.DataDisk.MountPoint, Exports: n.Exports, Threads: min(256, max(16, 8*n.Size.VCPU))}
	c.render("/etc/exports.d/storefront.exports", "storefront.exports", m)
	c.render("/etc/nfs.conf.d/storefront.conf", "nfs.conf", m)
	c.needsData(b, "nfs-server.service")
	c.roleStep("role-nfs.sh", m)
	c.enable("nfs-server.service")
	return c.document()
}

type nfsModel struct {
	Root    string
	Exports []Export
	Threads int
}

func (n NFS) check(p problems) {
	if len(n.Exports) == 0 {
		p.at("exports").add("is empty; nothing would be shared")
	}
	names := map[string]string{}
	for i, e := range n.Exports {
		p := p.at("exports").index(i)
		p.at("name").word(e.Name)
		p.at("name").unique(names, e.Name)
		if len(e.Clients) == 0 {
			p.at("clients").add("is empty; nobody could mount it")
		}
		networks := map[string]string{}
		for j, cl := range e.Clients {
			p.at("clients[%d].network", j).network(cl.Network)
			p.at("clients[%d].network", j).unique(networks, cl.Network)
		}
	}
}

// ExportPath is the path by which clients mount an export: HOST:ExportPath.
func (n NFS) ExportPath(name string) string {
	if d := n.Base.resolved().DataDisk; d != nil {
		return d.MountPoint + "/" + name
	}
	return "/srv/data/" + name
}
