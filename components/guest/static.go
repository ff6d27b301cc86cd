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

// Render gives the document of a static server.
func (s Static) Render() (Document, error) {
	p := check("static")
	b := s.Base.resolved()
	b.check(p.at("base"))
	s.Size.check(p.at("size"), 512)
	s.LoadBalancer.check(p.at("loadBalancer"))
	p.at("staticMount").mount(s.StaticMount)
	p.at("mediaMount").mount(s.MediaMount)
	if len(s.Hosts) == 0 {
		p.at("hosts").add("is empty; nothing would be served")
	}
	seen := map[string]string{}
	for i, h := range s.Hosts {
		p.at("hosts[%d]", i).host(h)
		p.at("hosts[%d]", i).unique(seen, h)
	}
	if err := p.err(); err != nil {
		return "", err
	}
	c := newConfig(b)
	c.pkg("nginx-light")
	c.addSecrets(b, nil)
	c.addMount("/srv/static", s.StaticMount, true)
	c.addMount("/srv/media", s.MediaMount, true)
	c.render("/etc/nginx/nginx.conf", "nginx-static.conf", staticModel{
		Static: s, Workers: s.Size.VCPU,
		KeepAliveSeconds: s.LoadBalancer.IdleTimeoutSeconds + 5,
		OpenFiles:        min(200000, s.Size.MemoryMiB*10),
	})
	c.file("/etc/systemd/system/nginx.service.d/storefront.conf",
		"[Unit]\nRequiresMountsFor=/srv/static /srv/media\n\n[Service]\nLimitNOFILE=262144\nRestart=on-failure\n")
	c.logFile("nginx-access", "/var/log/nginx/access.log")
	c.logFile("nginx-error", "/var/log/nginx/error.log")
	c.enable("nginx.service")
	return c.document()
}

// staticModel is what NGINX's configuration is rendered from.
type staticModel struct {
	Static
	Workers, KeepAliveSeconds int
	// OpenFiles kept open, at about 100 bytes and a descriptor each.
	OpenFiles int
}
