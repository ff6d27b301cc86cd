package guest

import "slices"

// Web is a stateless server of the shop: Apache with the event module before
// PHP-FPM 8.2. It runs no cron.
type Web struct {
	Base
	// Size of the server; at least 1536 MiB.
	Size Size
	// PHP sizes the processes.
	PHP PHP
	// Shop says where the application finds what it works with.
	Shop Shop
	// LoadBalancer is what stands before the server.
	LoadBalancer LoadBalancer
}

// Render gives the document of a web server.
func (w Web) Render() (Document, error) {
	p := check("web")
	s := phpStack{
		base: w.Base.resolved(), shop: w.Shop, balance: w.LoadBalancer,
		php: w.PHP.resolved(128, 768, 60),
	}
	s.check(p, w.Size, 1536, 0)
	if err := p.err(); err != nil {
		return "", err
	}
	c := newConfig(s.base)
	s.lay(c)
	return c.document()
}

// check fills in the tuning, which a size may leave no room for.
func (s *phpStack) check(p problems, size Size, leastMiB, cronMiB int) {
	s.base.check(p.at("base"))
	size.check(p.at("size"), leastMiB)
	s.php.check(p.at("php"))
	s.shop.check(p.at("shop"), s.base.Cloud != nil)
	s.balance.check(p.at("loadBalancer"))
	for i, sec := range s.base.Secrets {
		if slices.ContainsFunc(s.shop.facts(s.base), func(f fact) bool { return f.Name == sec.Env }) {
			p.at("base.secrets[%d].env", i).add("%q is the name of a plain fact of the shop", sec.Env)
		}
	}
	if p.err() != nil {
		return
	}
	var err error
	if s.tuning, err = tuneWeb(size, s.php, cronMiB); err != nil {
		p.at("size.memoryMiB").add("%v", err)
	}
}

// lay puts Apache, PHP-FPM and the application's environment into a document.
func (s phpStack) lay(c *config) {
	m := s.model()
	c.pkg("apache2")
	c.pkg(phpPackages...)
	c.file("/etc/storefront/storefront.env", envFile(s.shop.facts(s.base)))
	c.addSecrets(s.base, []string{"php8.2-fpm.service"})
	c.file("/etc/apache2/storefront-channels.map", channelMap(s.shop.Channels))
	c.render("/etc/apache2/conf-available/storefront.conf", "apache-tuning.conf", m)
	c.render("/etc/apache2/storefront-health.conf", "apache-health.conf", m)
	c.render("/etc/apache2/sites-available/storefront.conf", "apache-site.conf", m)
	c.render("/etc/php/8.2/fpm/pool.d/storefront.conf", "php-pool.conf", m)
	c.render("/etc/php/8.2/fpm/conf.d/90-storefront.ini", "php.ini", m)
	c.render("/etc/php/8.2/cli/conf.d/90-storefront.ini", "php-cli.ini", m)
	c.render("/etc/systemd/system/php8.2-fpm.service.d/storefront.conf", "php-fpm-unit.conf", m)
	c.render("/usr/local/share/storefront/health.php", "health.php", nil)
	c.file("/usr/local/share/storefront/health.txt", "ok\n")
	if s.shop.Media.Mount != "" {
		c.addMount("/srv/media", s.shop.Media.Mount, s.shop.Media.ReadOnly)
	}
	if s.shop.Release != "" {
		c.script("/usr/local/sbin/storefront-release", "release.sh", m)
		if m.ReleaseInS3 {
			c.pkg("awscli")
		}
	}
	if c.ready != nil {
		c.ready.Release, c.ready.URL = s.shop.Release != "", "http://127.0.0.1/health"
	}
	if m.DatabaseTLS {
		c.script("/usr/local/sbin/storefront-database-ca", "database-ca.sh", m)
	}
	c.logFile("apache-access", "/var/log/apache2/access.log")
	c.logFile("apache-error", "/var/log/apache2/error.log")
	c.logFile("php-slow", "/var/log/php8.2-fpm-slow.log")
	c.roleStep("role-web.sh", m)
	c.enable("php8.2-fpm.service", "apache2.service")
}

// mountModel is one network file system.
type mountModel struct {
	What, Where string
	ReadOnly    bool
}

// addMount mounts an NFS 4 export at boot. The unit's name is the mount
// point's, as systemd wants it.
func (c *config) addMount(where, export string, readOnly bool) {
	c.pkg("nfs-common")
	unit := mountUnit(where)
	c.render("/etc/systemd/system/"+unit, "nfs.mount", mountModel{export, where, readOnly})
	c.enable(unit)
}
