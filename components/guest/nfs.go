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
	// Path as clients mount it, such as /media.
	Path string
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
