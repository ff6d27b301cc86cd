package topology

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/components/topology/address"
)

var (
	codeForm     = regexp.MustCompile(`^[a-z][a-z0-9]{1,7}$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	labelForm    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	nameForm     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,62}$`)
	tagForm      = regexp.MustCompile(`^[\pL\pN _.:/=+@-]{1,128}$`)
	httpsForm    = regexp.MustCompile(`^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/%+-]*)?$`)
	sumForm      = regexp.MustCompile(`^[0-9a-f]{64}$`)
	slugForm     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)
)

// Validate returns every mistake in the declaration at the moment now, as
// Problems, or nil. It changes nothing and fills nothing in.
func (s Storefront) Validate(now time.Time) error {
	var p Problems
	r := s.Resolve()
	oneOf(&p, "environment", s.Environment, Production, Staging)
	if !tagForm.MatchString(s.Owner) {
		p.Add("owner", "%q is not a team's name: 1 to 128 letters, digits, spaces and _.:/=+@-", s.Owner)
	}
	if s.Wave != "" && !tagForm.MatchString(s.Wave) {
		p.Add("wave", "%q can't be a tag: 1 to 128 letters, digits, spaces and _.:/=+@-", s.Wave)
	}
	p = append(p, r.Network.validate().Under("network")...)
	p = append(p, validateChannels(s.Channels).Under("channels")...)
	p = append(p, r.validateCampaigns(now).Under("campaigns")...)
	p = append(p, r.validateEdge().Under("edge")...)
	between(&p, "loadBalancer.reservedUnits", s.LoadBalancer.ReservedUnits, 0, 100_000)
	p = append(p, r.Web.validate().Under("web")...)
	p = append(p, r.Access.validate(r.Network).Under("access")...)
	p = append(p, r.validateServers()...)
	p = append(p, r.Database.validate().Under("database")...)
	// Resolve lifts a max that is left out to min, and with it one that is too low.
	p = append(p, s.Database.Readers.validate().Under("database.readers")...)
	p = append(p, r.Sessions.validate().Under("sessions")...)
	p = append(p, r.Cache.validate().Under("cache")...)
	p = append(p, r.validateStores()...)
	return p.Err()
}

func (n Network) validate() (p Problems) {
	prefix, err := netip.ParsePrefix(n.CIDR)
	if err != nil {
		p.Add("cidr", "%q is not an address range such as 10.40.0.0/16", n.CIDR)
	} else if err := address.Check(prefix); err != nil {
		p.Add("cidr", "%v", err)
	}
	between(&p, "zones", n.Zones, 1, address.MaxZones)
	oneOf(&p, "nat", n.NAT, NATZone, NATSingle)
	return p
}

func validateChannels(channels []Channel) (p Problems) {
	if len(channels) == 0 {
		p.Add("", "there is none: a shop has one channel at the least")
	}
	codes, names := map[string]int{}, map[string]string{}
	for i, c := range channels {
		at := fmt.Sprintf("[%d]", i)
		if !codeForm.MatchString(c.Code) {
			p.Add(at+".code", "%q is not 2 to 8 lower-case letters and digits, a letter first", c.Code)
		}
		if first, twice := codes[c.Code]; twice {
			p.Add(at+".code", "%q is channels[%d]'s code already", c.Code, first)
		} else {
			codes[c.Code] = i
		}
		if !currencyForm.MatchString(c.Currency) {
			p.Add(at+".currency", "%q is not an ISO 4217 code such as GBP", c.Currency)
		}
		above0(&p, at+".requestsPerSecond", c.RequestsPerSecond, 1_000_000)
		if !IsHostname(c.Zone) {
			p.Add(at+".zone", "%q is not a DNS zone such as shop.example", c.Zone)
		}
		if len(c.Hostnames) == 0 {
			p.Add(at+".hostnames", "there is none: give the name that visitors type")
		}
		for j, h := range c.Hostnames {
			path := fmt.Sprintf("%s.hostnames[%d]", at, j)
			switch {
			case !IsHostname(h):
				p.Add(path, "%q is not a host name", h)
			case h != c.Zone && !strings.HasSuffix(h, "."+c.Zone):
				p.Add(path, "%s lies outside the zone %s", h, c.Zone)
			case names[h] != "":
				p.Add(path, "%s is %s already", h, names[h])
			default:
				names[h] = "channels" + path
			}
		}
		if c.Cutover != nil {
			p = append(p, c.Cutover.validate().Under(at+".cutover")...)
		}
	}
	return p
}

func (c Cutover) validate() (p Problems) {
	if len(c.Legacy) == 0 {
		p.Add("legacy", "there is none: give the legacy site's public addresses, or leave cutover out")
	}
	seen := map[netip.Addr]bool{}
	for i, a := range c.Legacy {
		at := fmt.Sprintf("legacy[%d]", i)
		ip, err := netip.ParseAddr(a)
		switch {
		case err != nil || ip.Zone() != "" || ip.Is4In6():
			p.Add(at, "%q is not an address such as 192.0.2.10", a)
		case ip.IsPrivate() || !ip.IsGlobalUnicast():
			p.Add(at, "%s is not a public address: visitors can't reach it", ip)
		case seen[ip]:
			p.Add(at, "%s is there twice", ip)
		}
		seen[ip] = true
	}
	between(&p, "newShare", c.NewShare, 0, 100)
	return p
}

// IsHostname tells whether h is a lower-case DNS name of two labels or more.
func IsHostname(h string) bool {
	labels := strings.Split(h, ".")
	if len(h) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if !labelForm.MatchString(l) {
			return false
		}
	}
	return true
}

func (s Storefront) validateCampaigns(now time.Time) (p Problems) {
	names := map[string]bool{}
	for i, c := range s.Campaigns {
		at := fmt.Sprintf("[%d]", i)
		if !slugForm.MatchString(c.Name) {
			p.Add(at+".name", "%q is not 1 to 31 lower-case letters, digits and dashes", c.Name)
		}
		if names[c.Name] {
			p.Add(at+".name", "%q is there twice", c.Name)
		}
		names[c.Name] = true
		switch {
		case c.Start.IsZero() || c.End.IsZero():
			p.Add(at, "a campaign needs a start and an end such as 2027-11-26T00:00:00Z")
		case !c.End.After(c.Start):
			p.Add(at+".end", "%s is not after the start %s", c.End.Format(time.RFC3339), c.Start.Format(time.RFC3339))
		case !c.End.After(now):
			p.Add(at+".end", "%s is in the past: take the campaign out", c.End.Format(time.RFC3339))
		}
		switch {
		case !(c.Multiple >= 1):
			p.Add(at+".multiple", "%v is below 1, the normal traffic", c.Multiple)
		case c.Multiple > 1000:
			p.Add(at+".multiple", "%v is above 1000 times normal traffic", c.Multiple)
		}
		between(&p, at+".leadMinutes", c.LeadMinutes, 0, 7*24*60)
		if c.WebServers < s.Web.Capacity.Min {
			p.Add(at+".webServers", "%d web servers are fewer than web.capacity.min %d, with which there is no campaign", c.WebServers, s.Web.Capacity.Min)
		}
		if c.WebServers > s.Web.Capacity.Max {
			p.Add(at+".webServers", "%d web servers for %v times normal traffic are more than web.capacity.max %d: raise that, or edge.offload where the CDN takes more", c.WebServers, c.Multiple, s.Web.Capacity.Max)
		}
		for j, o := range s.Campaigns[:i] {
			if c.ScaleUp().Before(o.End) && o.ScaleUp().Before(c.End) {
				p.Add(at, "overlaps campaigns[%d] %s: join them into one", j, o.Name)
			}
		}
	}
	return p
}

func (s Storefront) validateEdge() (p Problems) {
	if !(s.Edge.Offload >= 0 && s.Edge.Offload < 1) {
		p.Add("offload", "%v is not a share from 0 to 0.99", s.Edge.Offload)
	}
	if !*s.Edge.CDN && s.Edge.Offload > 0 {
		p.Add("offload", "%v without a CDN: nothing takes that share off the web servers", s.Edge.Offload)
	}
	// AWS WAF counts in five minutes and takes 10 to 2,000,000,000; under 100 a
	// family behind one address would be locked out.
	between(&p, "rateLimit", s.Edge.RateLimit, 100, 2_000_000_000)
	return p
}

const (
	// mostDiskGiB bounds a system disk, which keeps little: a slip of the pen
	// lies beyond.
	mostDiskGiB = 16384
	// mostDataGiB is the largest disk of vSphere, 62 TiB; gp3 volumes have 64.
	mostDataGiB = 62 * 1024
)

func (w Web) validate() (p Problems) {
	p = append(p, w.Size.validate().Under("size")...)
	p = append(p, w.Capacity.validate().Under("capacity")...)
	// Fewer would ask for more servers than can be counted.
	if !(w.RequestsPerServer >= 0.01) {
		p.Add("requestsPerServer", "%v is below 0.01", w.RequestsPerServer)
	}
	between(&p, "cpuTarget", w.CPUTarget, 10, 90)
	switch {
	case w.WarmPool < 0:
		p.Add("warmPool", "%d is below 0", w.WarmPool)
	case w.WarmPool > w.Capacity.Max:
		p.Add("warmPool", "%d is above capacity.max %d", w.WarmPool, w.Capacity.Max)
	}
	between(&p, "diskGiB", w.DiskGiB, 8, mostDiskGiB)
	between(&p, "phpMemoryMiB", w.PHPMemoryMiB, 64, 4096)
	if float64(w.PHPMemoryMiB)*2 > w.Size.MemoryGiB*1024 {
		p.Add("phpMemoryMiB", "%d leaves no room for two PHP processes in %v GiB", w.PHPMemoryMiB, w.Size.MemoryGiB)
	}
	return p
}

func (c Capacity) validate() (p Problems) {
	between(&p, "min", c.Min, 1, 1000)
	switch {
	case c.Max < c.Min:
		p.Add("max", "%d is below min %d", c.Max, c.Min)
	case c.Max > 1000:
		p.Add("max", "%d is above 1000", c.Max)
	}
	return p
}

func (z Size) validate() (p Problems) {
	between(&p, "vcpu", z.VCPU, 1, 192)
	if !(z.MemoryGiB >= 0.5 && z.MemoryGiB <= 1536) {
		p.Add("memoryGiB", "%v is not between 0.5 and 1536", z.MemoryGiB)
	}
	return p
}

func (a Access) validate(n Network) (p Problems) {
	oneOf(&p, "mode", a.Mode, ClientVPN, SiteVPN)
	network, _ := netip.ParsePrefix(n.CIDR)
	apart := func(path, cidr string) (netip.Prefix, bool) {
		q, err := netip.ParsePrefix(cidr)
		switch {
		case err != nil || !q.Addr().Is4():
			p.Add(path, "%q is not an IPv4 range such as 10.90.0.0/22", cidr)
		case q != q.Masked():
			p.Add(path, "%s has bits set behind its prefix; write %s", q, q.Masked())
		case !q.Addr().IsGlobalUnicast():
			p.Add(path, "%s is no range that computers have addresses from", q)
		case network.IsValid() && network.Overlaps(q):
			p.Add(path, "%s overlaps network.cidr %s", q, network)
		default:
			return q, true
		}
		return q, false
	}
	switch a.Mode {
	case ClientVPN:
		// AWS Client VPN takes /22 to /12 (docs.aws.amazon.com/vpn/latest/clientvpn-admin/how-it-works.html).
		if q, ok := apart("clientCidr", a.ClientCIDR); ok && (q.Bits() > 22 || q.Bits() < 12) {
			p.Add("clientCidr", "%s is not between /12 and /22", q)
		}
		if len(a.OfficeCIDRs) > 0 || a.PeerAddress != "" {
			p.Add("mode", "officeCidrs and peerAddress belong to mode site-to-site")
		}
	case SiteVPN:
		if a.ClientCIDR != "" {
			p.Add("clientCidr", "belongs to mode client-vpn")
		}
		if len(a.OfficeCIDRs) == 0 {
			p.Add("officeCidrs", "there is none: give the office's networks")
		}
		offices := make([]netip.Prefix, len(a.OfficeCIDRs)) // the zero one overlaps none
		for i, c := range a.OfficeCIDRs {
			at := fmt.Sprintf("officeCidrs[%d]", i)
			q, ok := apart(at, c)
			if !ok {
				continue
			}
			if j := slices.IndexFunc(offices[:i], q.Overlaps); j >= 0 {
				p.Add(at, "%s overlaps officeCidrs[%d] %s: name each network once", q, j, offices[j])
			}
			offices[i] = q
		}
		if ip, err := netip.ParseAddr(a.PeerAddress); err != nil || ip.IsPrivate() || !ip.Is4() || !ip.IsGlobalUnicast() {
			p.Add("peerAddress", "%q is not a public IPv4 address", a.PeerAddress)
		}
	}
	return p
}

func (s Storefront) validateServers() (p Problems) {
	p = append(p, s.Static.Size.validate().Under("static.size")...)
	between(&p, "static.count", s.Static.Count, 1, 20)
	between(&p, "static.diskGiB", s.Static.DiskGiB, 8, mostDiskGiB)
	between(&p, "static.keepDays", s.Static.KeepDays, 1, 3650)
	p = append(p, s.Admin.Size.validate().Under("admin.size")...)
	between(&p, "admin.diskGiB", s.Admin.DiskGiB, 8, mostDiskGiB)
	if len(s.Channels) > 0 {
		zone := s.Channels[0].Zone
		if !IsHostname(s.Admin.Hostname) || !strings.HasSuffix(s.Admin.Hostname, "."+zone) {
			p.Add("admin.hostname", "%q lies outside the first channel's zone %s", s.Admin.Hostname, zone)
		}
		for i, c := range s.Channels {
			if slices.Contains(c.Hostnames, s.Admin.Hostname) {
				p.Add("admin.hostname", "%s is a shop's name already (channels[%d])", s.Admin.Hostname, i)
			}
		}
	}
	p = append(p, s.Deploy.Size.validate().Under("deploy.size")...)
	between(&p, "deploy.diskGiB", s.Deploy.DiskGiB, 8, mostDiskGiB)
	return append(p, s.Deploy.Runner.validate().Under("deploy.runner")...)
}

func (r Runner) validate() (p Problems) {
	oneOf(&p, "kind", r.Kind, "gitlab", "github")
	for path, u := range map[string]string{"url": r.URL, "program.url": r.Program.URL} {
		if !httpsForm.MatchString(u) {
			p.Add(path, "%q is not an https address", u)
		}
	}
	if !sumForm.MatchString(r.Program.SHA256) {
		p.Add("program.sha256", "%q is not a SHA-256 sum: 64 hexadecimal digits in lower case", r.Program.SHA256)
	}
	return p
}

func (d Database) validate() (p Problems) {
	oneOf(&p, "engine", d.Engine, AuroraMySQL, MySQL, MariaDB)
	versions := map[Engine][]string{AuroraMySQL: {"8.0"}, MySQL: {"8.0", "8.4"}, MariaDB: {"10.6", "10.11", "11.4"}}[d.Engine]
	if versions != nil && !slices.Contains(versions, d.Version) {
		p.Add("version", "%q is not a version of %s known here: %s", d.Version, d.Engine, strings.Join(versions, ", "))
	}
	switch name := strings.ToLower(d.Name); {
	case !nameForm.MatchString(d.Name):
		p.Add("name", "%q is not a schema name: letters, digits and _, a letter first", d.Name)
	case slices.Contains(ownSchemas, name):
		p.Add("name", "%q is a schema of the database's own: choose another", d.Name)
	case slices.Contains(sqlWords, name):
		p.Add("name", "%q is a word of SQL, which RDS takes for no schema: choose another", d.Name)
	}
	between(&p, "storageGiB", d.StorageGiB, 20, 65536)
	between(&p, "iops", d.IOPS, 0, 256_000)
	between(&p, "backupDays", d.BackupDays, 1, 35)
	if d.Serverless == nil {
		return append(p, d.Size.validate().Under("size")...)
	}
	if d.Size != (Size{}) {
		p.Add("size", "a serverless database has no fixed size: leave it out")
	}
	u := *d.Serverless
	for _, v := range []struct {
		path  string
		units float64
	}{{"serverless.minUnits", u.MinUnits}, {"serverless.maxUnits", u.MaxUnits}} {
		if !(v.units >= 0.5 && v.units <= 256) || v.units*2 != math.Trunc(v.units*2) {
			p.Add(v.path, "%v is not a multiple of 0.5 between 0.5 and 256", v.units)
		}
	}
	if u.MaxUnits < max(u.MinUnits, 1) {
		p.Add("serverless.maxUnits", "%v is below %v", u.MaxUnits, max(u.MinUnits, 1))
	}
	return p
}

func (r Readers) validate() (p Problems) {
	between(&p, "min", r.Min, 0, 15)
	between(&p, "max", r.Max, 0, 15)
	if r.Max > 0 && r.Max < r.Min {
		p.Add("max", "%d is below min %d", r.Max, r.Min)
	}
	return p
}

func (r Redis) validate() (p Problems) {
	above0(&p, "memoryGiB", r.MemoryGiB, 600)
	between(&p, "replicas", *r.Replicas, 0, 5)
	between(&p, "snapshotDays", *r.SnapshotDays, 0, 35)
	return p
}

func (s Storefront) validateStores() (p Problems) {
	oneOf(&p, "search.engine", s.Search.Engine, Solr, OpenSearch)
	p = append(p, s.Search.Size.validate().Under("search.size")...)
	between(&p, "search.count", s.Search.Count, 1, 10)
	between(&p, "search.diskGiB", s.Search.DiskGiB, 10, mostDataGiB)
	oneOf(&p, "analytics.engine", s.Analytics.Engine, Servers, OpenSearch)
	p = append(p, s.Analytics.Size.validate().Under("analytics.size")...)
	between(&p, "analytics.count", s.Analytics.Count, 1, 10)
	between(&p, "analytics.diskGiB", s.Analytics.DiskGiB, 10, mostDataGiB)
	oneOf(&p, "media.kind", s.Media.Kind, ObjectMedia, NFSMedia)
	between(&p, "media.storageGiB", s.Media.StorageGiB, 1, mostDataGiB)
	return p
}

func oneOf[T ~string](p *Problems, path string, v T, allowed ...T) {
	if slices.Contains(allowed, v) {
		return
	}
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = string(a)
	}
	p.Add(path, "%q is not one of %s%s", v, strings.Join(words, ", "), Suggest(string(v), words))
}

func between(p *Problems, path string, v, low, high int) {
	if v < low || v > high {
		p.Add(path, "%d is not between %d and %d", v, low, high)
	}
}

// above0 wants more than nothing, and a bound that no shop meets: what lies
// beyond is a slip of the pen.
func above0(p *Problems, path string, v, most float64) {
	if !(v > 0 && v <= most) {
		p.Add(path, "%v is not above 0 and at most %s", v, strconv.FormatFloat(most, 'f', -1, 64))
	}
}
