package guest

import (
	"regexp"
	"slices"
	"strings"
)

// Shop says where the application finds what it works with. None of it is
// secret; it goes to /etc/storefront/storefront.env.
type Shop struct {
	// DatabaseWriter and DatabaseReader are host:port. An empty reader is the
	// writer.
	DatabaseWriter, DatabaseReader string
	// DatabaseTLS tells that the database takes no client without TLS. Its
	// authorities are RDS's, which the server fetches; AWS only.
	DatabaseTLS bool
	// Sessions and Cache are the two Redis services.
	Sessions, Cache RedisEndpoint
	// SearchURL is the search engine's address with its core or index path.
	SearchURL string
	// Media is where pictures come from.
	Media Media
	// Channels are the countries' shops that this server answers for.
	Channels []Channel
	// Release is the application's archive (.tar.gz, with pub/ and bin/ at its
	// top): s3://bucket/key or https://host/path. The server unpacks it before
	// it takes traffic. Empty leaves it to the deploy server to lay the
	// application into /srv/storefront/current.
	Release string
}

// RedisEndpoint is a Redis service as a client sees it.
type RedisEndpoint struct {
	// Address is host:port; empty where Sentinels tell it.
	Address string
	// Sentinels are the host:port of the watchers, which know the primary.
	Sentinels []string
	// Master is the name under which the sentinels watch the primary.
	Master string
	// TLS is spoken.
	TLS bool
}

// Media is a network file system or an origin of its own: one of Mount and
// Origin is set.
type Media struct {
	// Mount is an NFS 4 export, host:/path, mounted at /srv/media.
	Mount string
	// ReadOnly mounts it without the right to write.
	ReadOnly bool
	// Origin is the http(s) address that serves /media, without a path;
	// requests that still reach a web server are sent there.
	Origin string
}

// Channel is one country's shop.
type Channel struct {
	// Code is the application's website code (MAGE_RUN_CODE).
	Code string
	// Hosts are the names that lead to it.
	Hosts []string
}

// LoadBalancer is what stands before the server.
type LoadBalancer struct {
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []string
	// VisitorHeader is the header in which a CDN tells the visitor's address
	// and port, in place of any that the visitor sent. Only for a load balancer
	// that takes requests from this CDN alone. Empty takes X-Forwarded-For, to
	// which the load balancer has added who it talks to.
	VisitorHeader string
	// IdleTimeoutSeconds after which the load balancer drops an idle
	// connection; the server keeps its side open for longer, so that no
	// request is ever sent into a connection that is just being closed.
	IdleTimeoutSeconds int
}

func (s Shop) check(p problems, onAWS bool) {
	p.at("databaseWriter").endpoint(s.DatabaseWriter)
	if s.DatabaseReader != "" {
		p.at("databaseReader").endpoint(s.DatabaseReader)
	}
	if s.DatabaseTLS && !onAWS {
		p.at("databaseTLS").add("needs the cloud settings: only RDS's authorities are known")
	}
	s.Sessions.check(p.at("sessions"))
	s.Cache.check(p.at("cache"))
	if s.SearchURL != "" {
		p.at("searchURL").url(s.SearchURL, "http", "https")
	}
	s.Media.check(p.at("media"))
	checkChannels(p.at("channels"), s.Channels)
	switch {
	case s.Release == "":
	case strings.HasPrefix(s.Release, "s3://"):
		p.at("release").url("https"+strings.TrimPrefix(s.Release, "s3"), "https")
		if !onAWS {
			p.at("release").add("%q needs the cloud settings: without an instance role S3 gives nothing", s.Release)
		}
	default:
		p.at("release").url(s.Release, "https")
	}
}

func (r RedisEndpoint) check(p problems) {
	switch {
	case len(r.Sentinels) > 0:
		if r.Address != "" {
			p.at("address").add("is set beside the sentinels; they alone know the primary")
		}
		p.at("master").word(r.Master)
	case r.Master != "":
		p.at("master").add("%q needs sentinels", r.Master)
		fallthrough
	default:
		p.at("address").endpoint(r.Address)
	}
	for i, s := range r.Sentinels {
		p.at("sentinels[%d]", i).endpoint(s)
	}
}

func (m Media) check(p problems) {
	switch {
	case (m.Mount == "") == (m.Origin == ""):
		p.add("give one of mount and origin")
	case m.Mount != "":
		p.at("mount").mount(m.Mount)
	default:
		p.at("origin").url(m.Origin, "https", "http")
		if strings.Count(m.Origin, "/") > 2 {
			p.at("origin").add("%q has a path; /media is added to it", m.Origin)
		}
	}
}

// url is where the application says that its pictures are.
func (m Media) url() string {
	if m.Origin == "" {
		return ""
	}
	return m.Origin + "/media"
}

func (p problems) mount(s string) {
	host, path, ok := strings.Cut(s, ":")
	if !ok || !hostname.MatchString(host) || (path != "/" && !absolutePath.MatchString(path)) {
		p.add("%q is no NFS export; give host:/path", s)
	}
}

func checkChannels(p problems, channels []Channel) {
	if len(channels) == 0 {
		p.add("is empty; a server answers for one channel at least")
	}
	codes, hosts := map[string]string{}, map[string]string{}
	for i, ch := range channels {
		p := p.index(i)
		p.at("code").word(ch.Code)
		p.at("code").unique(codes, ch.Code)
		if len(ch.Hosts) == 0 {
			p.at("hosts").add("is empty; nothing would lead to the channel")
		}
		for j, h := range ch.Hosts {
			at := p.at("hosts[%d]", j)
			at.host(h)
			at.unique(hosts, h)
		}
	}
}

var headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)

func (l LoadBalancer) check(p problems) {
	if len(l.TrustedProxies) == 0 {
		p.at("trustedProxies").add("is empty; every visitor would have the load balancer's address")
	}
	for i, n := range l.TrustedProxies {
		p.at("trustedProxies[%d]", i).network(n)
	}
	if l.VisitorHeader != "" && !headerName.MatchString(l.VisitorHeader) {
		p.at("visitorHeader").add("%q is no header", l.VisitorHeader)
	}
	p.at("idleTimeoutSeconds").between(l.IdleTimeoutSeconds, 1, 4000, "s")
}

// fact is one line of storefront.env.
// databaseCA is where a server finds the authorities of RDS's certificates.
const databaseCA = "/etc/storefront/database-ca.pem"

type fact struct{ Name, Value string }

// facts are in a fixed order; what isn't set is left out.
func (s Shop) facts(b Base) []fact {
	fs := []fact{
		{"STOREFRONT_ENVIRONMENT", b.Environment},
		{"STOREFRONT_DATABASE_WRITER", s.DatabaseWriter},
		{"STOREFRONT_DATABASE_READER", orElse(s.DatabaseReader, s.DatabaseWriter)},
	}
	if s.DatabaseTLS {
		fs = append(fs, fact{"STOREFRONT_DATABASE_TLS", "1"}, fact{"STOREFRONT_DATABASE_CA", databaseCA})
	}
	fs = append(fs, s.Sessions.facts("SESSIONS")...)
	fs = append(fs, s.Cache.facts("CACHE")...)
	fs = append(fs, fact{"STOREFRONT_SEARCH_URL", s.SearchURL}, fact{"STOREFRONT_MEDIA_URL", s.Media.url()})
	if s.Media.Mount != "" {
		fs = append(fs, fact{"STOREFRONT_MEDIA_PATH", "/srv/media"})
	}
	codes := make([]string, len(s.Channels))
	for i, ch := range s.Channels {
		codes[i] = ch.Code
	}
	fs = append(fs, fact{"STOREFRONT_CHANNELS", strings.Join(codes, ",")})
	return slices.DeleteFunc(fs, func(f fact) bool { return f.Value == "" })
}

func (r RedisEndpoint) facts(name string) []fact {
	tls := "0"
	if r.TLS {
		tls = "1"
	}
	return []fact{
		{"STOREFRONT_" + name + "_ADDRESS", r.Address},
		{"STOREFRONT_" + name + "_SENTINELS", strings.Join(r.Sentinels, ",")},
		{"STOREFRONT_" + name + "_MASTER", r.Master},
		{"STOREFRONT_" + name + "_TLS", tls},
	}
}

func envFile(fs []fact) string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(envLine(f.Name, f.Value))
	}
	return b.String()
}

// channelMap is Apache's map from a host name to the channel's code, sorted as
// the channels are given.
func channelMap(channels []Channel) string {
	var b strings.Builder
	for _, ch := range channels {
		for _, h := range ch.Hosts {
			b.WriteString(h + " " + ch.Code + "\n")
		}
	}
	return b.String()
}

// mountUnit is systemd's name of a mount point's unit. The mount points here
// have no dash or dot, which systemd would escape.
func mountUnit(where string) string {
	return strings.ReplaceAll(strings.TrimPrefix(where, "/"), "/", "-") + ".mount"
}
