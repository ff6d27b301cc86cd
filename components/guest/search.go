package guest

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
