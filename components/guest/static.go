package guest

// Static is an NGINX server in the DMZ that reads static files and media and
// writes nothing.
type Static struct {
	Base
	// Size of the server; at least 512 MiB.
	Size Size
	// Hosts are the names that it answers for; any other gets no answer but
	// the health check's.
	Hosts []string
	// StaticMount and MediaMount are NFS exports, host:/path, mounted read-only
	// at /srv/static and /srv/media.
	StaticMount, MediaMount string
	// LoadBalancer is what stands before the server.
	LoadBalancer LoadBalancer
}
