package guest

import (
	"regexp"
	"strings"
)

// Search is a Solr 9 server on Java 17 with the index on its data disk. The
// server at position 0 is the leader that is written to; the others poll it.
type Search struct {
	Base
	// Size of the server; at least 2048 MiB.
	Size Size
	// Address is the private address to listen on; empty asks the server at
	// boot for the one of its default route.
	Address string
	// Port to listen on; empty is 8983.
	Port int
	// Core is the index's name; empty is storefront.
	Core string
	// Position of the server in its fleet, from 0.
	Position int
	// Leader is the host of position 0; wanted on every other.
	Leader string
	// ClientNetworks may talk to Solr; at least one.
	ClientNetworks []string
	// Release of Solr; empty means SolrRelease.
	Release SolrDownload
}

// SolrDownload is an official archive of Solr.
type SolrDownload struct {
	// Version, such as 9.10.0.
	Version string
	// URL of solr-VERSION.tgz; empty takes it from archive.apache.org.
	URL string
	// SHA512 of the archive in lower-case hexadecimal, as Apache gives it.
	SHA512 string
}

// SolrRelease is the Solr that is installed where the configuration names no
// other. Its sum is the one that Apache publishes beside the archive.
var SolrRelease = SolrDownload{
	Version: "9.10.0",
	SHA512: "f97153ce12a1b88134b54c4a5a74f6eedd67e06092b6caa3cc9ddaff7b65fa3d" +
		"4816e7702fb07a54cc0e83724eb9ceab78af77100b688cd68323b5a988e031be",
}

var solrVersion = regexp.MustCompile(`^9\.[0-9]{1,2}\.[0-9]{1,2}$`)

func (d SolrDownload) resolved() SolrDownload {
	if d == (SolrDownload{}) {
		d = SolrRelease
	}
	d.URL = orElse(d.URL, "https://archive.apache.org/dist/solr/solr/"+d.Version+"/solr-"+d.Version+".tgz")
	return d
}

// solrHeapMiB is half of the memory: the index is read through the system's
// page cache, which takes the other half. Past 31 GiB Java's pointers grow and
// a larger heap holds less. Source: Solr reference guide, "JVM settings".
func solrHeapMiB(memoryMiB int) int { return min(memoryMiB/2, 31*1024) }

// Render gives the document of a search server.
func (s Search) Render() (Document, error) {
	p := check("search")
	b := s.Base.resolved()
	s.Port, s.Core, s.Release = orNumber(s.Port, 8983), orElse(s.Core, "storefront"), s.Release.resolved()
	b.check(p.at("base"))
	s.Size.check(p.at("size"), 2048)
	if b.DataDisk == nil {
		p.at("base.dataDisk").add("is missing; the index lives on a disk of its own")
	}
	s.check(p)
	if err := p.err(); err != nil {
		return "", err
	}
	m := searchModel{Search: s, Data: b.DataDisk.MountPoint + "/solr", HeapMiB: solrHeapMiB(s.Size.MemoryMiB),
		Proxy: b.PackageProxy, Allow: strings.Join(s.ClientNetworks, ", ")}
	c := newConfig(b)
	c.pkg("iproute2", "lsof", "openjdk-17-jre-headless", "procps")
	c.addSecrets(b, nil)
	c.render("/etc/default/solr.in.sh", "solr.in.sh", m)
	c.render("/etc/systemd/system/solr.service", "solr.service", m)
	c.render("/usr/local/share/storefront/configoverlay.json", "configoverlay.json", m)
	c.needsData(b, "solr.service")
	c.roleStep("role-search.sh", m)
	c.enable("solr.service")
	return c.document()
}

type searchModel struct {
	Search
	Data, Proxy, Allow string
	HeapMiB            int
}

func (s Search) check(p problems) {
	if s.Address != "" {
		p.at("address").address(s.Address)
	}
	p.at("port").port(s.Port)
	p.at("core").word(s.Core)
	p.at("position").between(s.Position, 0, 31, "th server")
	if s.Position > 0 {
		p.at("leader").host(s.Leader)
	} else if s.Leader != "" {
		p.at("leader").add("%q is set on the server at position 0, which is the leader itself", s.Leader)
	}
	checkNetworks(p.at("clientNetworks"), s.ClientNetworks)
	if !solrVersion.MatchString(s.Release.Version) {
		p.at("release.version").add("%q is no version of Solr 9; give one such as 9.10.0", s.Release.Version)
		return
	}
	p.at("release.url").url(s.Release.URL, "https")
	if !hex128.MatchString(s.Release.SHA512) {
		p.at("release.sha512").add("%q is no SHA-512 sum; give the 128 lower-case hexadecimal digits that Apache gives", s.Release.SHA512)
	}
}

// checkNetworks wants one network at least.
func checkNetworks(p problems, networks []string) {
	if len(networks) == 0 {
		p.add("is empty; nobody could reach the server")
	}
	seen := map[string]string{}
	for i, n := range networks {
		p.index(i).network(n)
		p.index(i).unique(seen, n)
	}
}
