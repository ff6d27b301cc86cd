package guest

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
)

// Redis is one server of a Redis 7 primary with its replicas, with a Sentinel
// beside each, or a server of its own.
type Redis struct {
	Base
	// Size of the server; at least 512 MiB.
	Size Size
	// Purpose is sessions (nothing is evicted, kept on disk) or cache (evicts,
	// kept in memory alone). It is also the name under which the sentinels
	// watch the primary.
	Purpose string
	// Nodes are the private IPv4 addresses of all servers in a fixed order, of
	// which the first is the primary to begin with: one, or an odd number from
	// three.
	Nodes []string
	// Position of this server among Nodes, from 0.
	Position int
	// Port of Redis, empty is 6379, and SentinelPort, empty is 26379.
	Port, SentinelPort int
	// PasswordEnv names the secret with the password of clients, replicas and
	// sentinels alike.
	PasswordEnv string
	// TLS, where given, replaces the plain ports.
	TLS *TLS
}

// TLS is a server's certificate in PEM. The document is secret with it.
type TLS struct {
	// Authority that signed the servers' certificates.
	Authority string
	// Certificate of this server, for its address, and its PrivateKey.
	Certificate, PrivateKey string
}

// HasSecrets tells that the document carries a secret's value.
func (r Redis) HasSecrets() bool { return r.TLS != nil || r.Base.HasSecrets() }

// redisTuning is how a Redis server's memory is divided.
type redisTuning struct {
	ReserveMiB, MaxMemoryMiB, ForkMiB int
}

// tuneRedis leaves a reserve for the system and for clients' buffers (256 MiB,
// or an eighth where that is more), and room for the pages that change while a
// forked child writes the data set: a third of the data set for a cache, which
// only forks for a new replica, two thirds for sessions, whose log is rewritten
// under load.
func tuneRedis(memoryMiB int, sessions bool) redisTuning {
	t := redisTuning{ReserveMiB: max(256, memoryMiB/8)}
	free := memoryMiB - t.ReserveMiB
	t.MaxMemoryMiB = free * 3 / 4
	if sessions {
		t.MaxMemoryMiB = free * 3 / 5
	}
	t.ForkMiB = free - t.MaxMemoryMiB
	return t
}

// Render gives the document of a Redis server.
func (r Redis) Render() (Document, error) {
	p := check("redis")
	b := r.Base.resolved()
	r.Port, r.SentinelPort = orNumber(r.Port, 6379), orNumber(r.SentinelPort, 26379)
	b.check(p.at("base"))
	b.needSecret(p.at("passwordEnv"), r.PasswordEnv)
	r.Size.check(p.at("size"), 512)
	r.check(p)
	if err := p.err(); err != nil {
		return "", err
	}
	m := r.model(b)
	c := newConfig(b, "redis")
	c.pkg("redis-server", "redis-tools")
	c.addSecrets(b, nil)
	c.render("/etc/sysctl.d/60-storefront.conf", "redis-sysctl.conf", nil)
	c.file("/etc/tmpfiles.d/storefront-redis.conf", "w /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise\n")
	c.render("/usr/local/share/storefront/redis.conf", "redis.conf", m)
	c.file("/etc/systemd/system/redis-server.service.d/storefront.conf", "[Service]\nReadWritePaths="+m.Data+"\n")
	c.needsData(b, "redis-server.service")
	if r.TLS != nil {
		c.file("/etc/redis/tls/authority.pem", pem(r.TLS.Authority))
		c.file("/etc/redis/tls/certificate.pem", pem(r.TLS.Certificate))
		c.secretFile("/etc/redis/tls/key.pem", pem(r.TLS.PrivateKey))
	}
	units := []string{"redis-server.service"}
	if len(r.Nodes) > 1 {
		c.pkg("redis-sentinel")
		c.render("/usr/local/share/storefront/sentinel.conf", "sentinel.conf", m)
		units = append(units, "redis-sentinel.service")
	}
	c.roleStep("role-redis.sh", m)
	c.enable(units...)
	return c.document()
}

// redisModel is what the configuration of Redis and Sentinel is rendered from.
type redisModel struct {
	Redis
	redisTuning
	Address, First, Data string
	Others               []string
	Sessions             bool
	Quorum               int
}

func (r Redis) model(b Base) redisModel {
	m := redisModel{
		Redis: r, Address: r.Nodes[r.Position], First: r.Nodes[0], Data: "/var/lib/redis",
		Sessions: r.Purpose == "sessions", Quorum: len(r.Nodes)/2 + 1,
	}
	m.redisTuning = tuneRedis(r.Size.MemoryMiB, m.Sessions)
	if b.DataDisk != nil {
		m.Data = b.DataDisk.MountPoint + "/redis"
	}
	for i, n := range r.Nodes {
		if i != r.Position {
			m.Others = append(m.Others, n)
		}
	}
	return m
}

func (r Redis) check(p problems) {
	if r.Purpose != "sessions" && r.Purpose != "cache" {
		p.at("purpose").add("%q is unknown; give sessions or cache", r.Purpose)
	}
	switch n := len(r.Nodes); {
	case n == 0:
		p.at("nodes").add("is empty; give the address of every server")
	case n%2 == 0:
		p.at("nodes").add("has %d servers; give one, or an odd number: half of an even number can't outvote the other half", n)
	case n > 7:
		p.at("nodes").add("has %d servers; give 7 at most", n)
	}
	seen := map[string]string{}
	for i, n := range r.Nodes {
		p.at("nodes[%d]", i).address(n)
		p.at("nodes[%d]", i).unique(seen, n)
	}
	p.at("position").between(r.Position, 0, max(0, len(r.Nodes)-1), "th server")
	p.at("port").port(r.Port)
	p.at("sentinelPort").port(r.SentinelPort)
	if r.Port == r.SentinelPort {
		p.at("sentinelPort").add("%d is Redis' port too", r.Port)
	}
	if r.TLS != nil {
		r.TLS.check(p.at("tls"))
	}
}

func (t TLS) check(p problems) {
	if _, err := tls.X509KeyPair([]byte(t.Certificate), []byte(t.PrivateKey)); err != nil {
		p.at("certificate").add("and its key don't fit: %v", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(t.Authority)) {
		p.at("authority").add("is no certificate in PEM")
	}
}

func pem(s string) string { return strings.TrimSpace(s) + "\n" }
