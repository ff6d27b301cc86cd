package privatecloud

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// resolve returns the settings with their defaults.
func (s Settings) resolve() Settings {
	if s.NAT == "" {
		s.NAT = NATTier0
	}
	if len(s.TransitCIDRs) == 0 {
		// Router links and the gateways' inside, as NSX lays them where nobody
		// chose others (NSX administration guide, "Tier-0 transit subnets").
		s.TransitCIDRs = []string{"100.64.0.0/16", "169.254.0.0/24"}
	}
	if s.LoadBalancerSize == "" {
		s.LoadBalancerSize = Small
	}
	if s.GuestTimeout == nil {
		minutes := 10
		s.GuestTimeout = &minutes
	}
	return s
}

var (
	proxyForm = regexp.MustCompile(`^http://([0-9.]+):([0-9]{1,5})$`)
	sshForm   = regexp.MustCompile(`^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]+={0,3}( .*)?$`)
)

// validate returns what is wrong with the settings themselves, for a resolved
// declaration.
func (s Settings) validate(shop topology.Storefront) (p topology.Problems) {
	for _, need := range []struct{ path, value, what string }{
		{"datacenter", s.Datacenter, "vCenter's data centre"}, {"cluster", s.Cluster, "the compute cluster"},
		{"datastore", s.Datastore, "the datastore of the disks"}, {"template", s.Template, "the Debian 12 template"}, {"tier0.name", s.Tier0.Name, "the tier-0 gateway"},
		{"tier1.name", s.Tier1.Name, "the tier-1 gateway"}, {"edgeCluster", s.EdgeCluster, "the edge cluster"},
		{"transportZone", s.TransportZone, "the overlay transport zone"},
	} {
		if strings.TrimSpace(need.value) == "" {
			p.Add("$."+need.path, "is missing: name %s", need.what)
		}
	}
	if s.Hosts < 1 {
		p.Add("$.hosts", "%d is below 1: say how many hosts of the cluster take these servers, over which they are spread", s.Hosts)
	}
	word(&p, "$.nat", s.NAT, NATTier0, NATTier1)
	word(&p, "$.loadBalancerSize", s.LoadBalancerSize, Small, Medium, Large)
	for path, n := range map[string]float64{
		"hostVcpu": float64(s.HostVCPU), "hostMemoryGiB": s.HostMemoryGiB, "guestTimeout": float64(*s.GuestTimeout),
	} {
		if n < 0 {
			p.Add("$."+path, "%v is below 0", n)
		}
	}
	for i, key := range s.SSHKeys {
		if !sshForm.MatchString(key) {
			p.Add(fmt.Sprintf("$.sshKeys[%d]", i), "is not a public key such as ssh-ed25519 AAAA…")
		}
	}
	p = append(p, s.validateRanges(shop)...)
	p = append(p, s.validatePublic(shop)...)
	p = append(p, s.validateCertificates(shop)...)
	return append(p, s.validateLegacy(shop)...)
}

func word[T ~string](p *topology.Problems, path string, v T, allowed ...T) {
	if slices.Contains(allowed, v) {
		return
	}
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = string(a)
	}
	p.Add(path, "%q is not one of %s%s", v, strings.Join(words, ", "), topology.Suggest(string(v), words))
}

// validateRanges checks servers and ranges of the site around the network.
func (s Settings) validateRanges(shop topology.Storefront) (p topology.Problems) {
	network, _ := netip.ParsePrefix(shop.Network.CIDR)
	for key, list := range map[string][]string{"dnsServers": s.DNSServers, "ntpServers": s.NTPServers} {
		if len(list) == 0 {
			p.Add("$."+key, "there is none: the firewall lets servers ask only those that are named here")
		}
		for i, a := range list {
			if ip, err := netip.ParseAddr(a); err != nil || !ip.Is4() {
				p.Add(fmt.Sprintf("$.%s[%d]", key, i), "%q is not an IPv4 address", a)
			}
		}
	}
	for i, c := range s.TransitCIDRs {
		at := fmt.Sprintf("$.transitCidrs[%d]", i)
		q, ok := checkRange(&p, at, c)
		if ok && network.IsValid() && q.Overlaps(network) {
			p.Add("network.cidr", "%s overlaps %s, in which the gateways talk to each other: take another range, or name the site's own in its settings (transitCidrs)", network, q)
		}
	}
	for i, c := range s.VisitorRanges {
		checkRange(&p, fmt.Sprintf("$.visitorRanges[%d]", i), c)
	}
	if s.PackageProxy != "" {
		if _, _, ok := s.proxy(); !ok {
			p.Add("$.packageProxy", "%q is not http://ADDRESS:PORT", s.PackageProxy)
		}
	}
	return p
}

func checkRange(p *topology.Problems, path, cidr string) (netip.Prefix, bool) {
	q, err := netip.ParsePrefix(cidr)
	switch {
	case err != nil || !q.Addr().Is4():
		p.Add(path, "%q is not an IPv4 range such as 198.51.100.0/24", cidr)
	case q != q.Masked():
		p.Add(path, "%s has bits set behind its prefix; write %s", q, q.Masked())
	default:
		return q, true
	}
	return q, false
}

// proxy returns the package proxy's address and port, and false where there is
// none that can be read.
func (s Settings) proxy() (netip.Addr, int, bool) {
	m := proxyForm.FindStringSubmatch(s.PackageProxy)
	if m == nil {
		return netip.Addr{}, 0, false
	}
	ip, err := netip.ParseAddr(m[1])
	port, _ := strconv.Atoi(m[2])
	return ip, port, err == nil && port > 0 && port < 65536
}

// fronted returns the channels that have a public address of their own: with a
// shared load balancer the first alone.
func fronted(shop topology.Storefront) []topology.Channel {
	if shop.LoadBalancer.Shared && len(shop.Channels) > 1 {
		return shop.Channels[:1]
	}
	return shop.Channels
}

// validatePublic checks the public addresses, each of which has one use.
func (s Settings) validatePublic(shop topology.Storefront) (p topology.Problems) {
	used := map[netip.Addr]string{}
	use := func(path, text, missing string) {
		ip, err := netip.ParseAddr(text)
		switch {
		case text == "":
			p.Add(path, "%s", missing)
		case err != nil || !ip.Is4() || ip.IsPrivate() || !ip.IsGlobalUnicast():
			p.Add(path, "%q is not a public IPv4 address", text)
		case used[ip] != "":
			p.Add(path, "%s is %s already: every address has one use", ip, used[ip])
		default:
			used[ip] = path
		}
	}
	expected := map[string]bool{}
	for _, c := range fronted(shop) {
		expected[c.Code] = true
		use("$.publicAddresses."+c.Code, s.PublicAddresses[c.Code], "is missing: give the public address of the channel's load balancer")
	}
	for _, code := range slices.Sorted(maps.Keys(s.PublicAddresses)) {
		switch known := slices.ContainsFunc(shop.Channels, func(c topology.Channel) bool { return c.Code == code }); {
		case expected[code]:
		case known:
			p.Add("$.publicAddresses."+code, "with loadBalancer.shared all channels stand at the first one's address: leave it out")
		default:
			p.Add("$.publicAddresses."+code, "is no channel's code")
		}
	}
	use("$.egressAddress", s.EgressAddress, "is missing: give the address that servers are seen with outside")
	switch shop.Access.Mode {
	case topology.SiteVPN:
		use("$.vpnAddress", s.VPNAddress, "is missing: give the address of the VPN's end at this site")
	default:
		if s.VPNAddress != "" {
			p.Add("$.vpnAddress", "belongs to access.mode site-to-site")
		}
	}
	return p
}

// adminCertificate is the key of the back office's certificate.
const adminCertificate = "admin"

func (s Settings) validateCertificates(shop topology.Storefront) (p topology.Problems) {
	expected := map[string]bool{adminCertificate: true}
	for _, c := range shop.Channels {
		expected[c.Code] = true
	}
	for _, key := range slices.Sorted(maps.Keys(expected)) {
		if s.Certificates[key] == "" {
			p.Add("$.certificates."+key, "is missing: import the certificate into NSX and give its display name")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Certificates)) {
		if !expected[key] {
			p.Add("$.certificates."+key, "is neither a channel's code nor admin")
		}
	}
	return p
}

// validateLegacy wants inner addresses of legacy servers for each cut-over: the
// load balancer decrypts requests, and must not send them on over the internet.
func (s Settings) validateLegacy(shop topology.Storefront) (p topology.Problems) {
	moving := map[string]bool{}
	for i, c := range shop.Channels {
		if c.Cutover == nil {
			continue
		}
		moving[c.Code] = true
		if shop.LoadBalancer.Shared {
			p.Add(fmt.Sprintf("channels[%d].cutover", i), "a shared load balancer has one pool for all channels: leave loadBalancer.shared out until the cut-over is over")
		}
		if len(s.LegacyServers[c.Code]) == 0 {
			p.Add("$.legacyServers."+c.Code, "is missing: channels[%d].cutover shares the visitors at the load balancer, which decrypts their requests: "+
				"give the legacy web servers' private addresses", i)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(s.LegacyServers)) {
		if !moving[code] {
			p.Add("$.legacyServers."+code, "belongs to a channel with a cutover")
		}
		seen := map[netip.AddrPort]bool{}
		for i, text := range s.LegacyServers[code] {
			at := fmt.Sprintf("$.legacyServers.%s[%d]", code, i)
			switch one, err := legacyServer(text); {
			case err != nil:
				p.Add(at, "%v", err)
			case seen[one]:
				p.Add(at, "%s is there twice", one)
			default:
				seen[one] = true
			}
		}
	}
	return p
}

// legacyServer reads an address with or without a port.
func legacyServer(text string) (netip.AddrPort, error) {
	one, err := netip.ParseAddrPort(text)
	if err != nil {
		var ip netip.Addr
		if ip, err = netip.ParseAddr(text); err == nil {
			one = netip.AddrPortFrom(ip, topology.PortHTTP)
		}
	}
	if err != nil || !one.Addr().Is4() || one.Port() == 0 {
		return one, fmt.Errorf("%q is neither an IPv4 address nor address:port", text)
	}
	if !one.Addr().IsPrivate() {
		return one, fmt.Errorf("%s is not a private address: decrypted requests must not cross the internet", one.Addr())
	}
	return one, nil
}

// needed lists the secrets that a declaration needs, by key.
func (s Secrets) needed(shop topology.Storefront) map[string]string {
	need := map[string]string{
		"databasePassword": s.DatabasePassword, "sessionsPassword": s.SessionsPassword, "cachePassword": s.CachePassword,
		"runnerToken": s.RunnerToken,
	}
	if shop.Database.Readers.Min > 0 {
		need["replicationPassword"], need["failoverPassword"] = s.ReplicationPassword, s.FailoverPassword
	}
	if shop.Access.Mode == topology.SiteVPN {
		need["vpnPreSharedKey"] = s.VPNPreSharedKey
	}
	return need
}

// validate refuses secrets that are missing or easily guessed, and never says
// what they are.
func (s Secrets) validate(shop topology.Storefront) (p topology.Problems) {
	need := s.needed(shop)
	first := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(need)) {
		at, value := secretsKey+"."+key, need[key]
		switch {
		case value == "":
			p.Add(at, "is missing: pulumi config set --secret --path %s", at)
		case len(value) < minSecret:
			p.Add(at, "has %d characters, fewer than %d: pulumi config set --secret --path %s", len(value), minSecret, at)
		case first[value] != "":
			p.Add(at, "is the same as %s: what opens one must not open the other", first[value])
		default:
			first[value] = key
		}
	}
	return p
}
