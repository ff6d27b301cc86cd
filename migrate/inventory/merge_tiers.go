package inventory

import (
	"regexp"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// entry is one source's word on one server.
type entry struct {
	standing
	s       *migrate.Server
	cluster *cluster
}

// cluster is one server as several sources know it.
type cluster struct {
	entries []*entry
}

// tier is one way to know a server again. Tiers are tried in order, so that a
// surer one decides before a less sure one can.
type tier struct {
	name string
	keys func(*entry) []string
	// may refuses a match that other facts speak against.
	may func(a, b *cluster) bool
	// tell warns of a key that several servers of one source share.
	tell bool
	// unlike words why two entries with one key are two servers after all; it
	// is empty where nothing of the kind is known. nil: nothing is looked at.
	unlike func(a, b *cluster) string
}

// tiers are, after those that the goal of the merge names, the short host name
// too: it stands before hardware and IP addresses, which move from server to
// server with a failover.
var tiers = []tier{
	{name: "UUID", keys: uuidKeys, may: sameSort, tell: true, unlike: cloned},
	{name: "serial number", keys: serialKeys, may: sameSort, tell: true, unlike: cloned},
	{name: "host name with domain", keys: fqdnKeys, may: mayShareFQDN},
	{name: "host name", keys: hostKeys, may: mayShareName},
	{name: "name", keys: nameKeys, may: mayShareName},
	{name: "MAC", keys: macKeys, may: mayShareAddress, unlike: cloned},
	{name: "address", keys: addressKeys, may: mayShareAddress, unlike: reused},
}

func uuidKeys(e *entry) []string {
	var out []string
	for _, u := range []string{canonUUID(e.s.UUID), serialUUID(e.s.Serial), canonUUID(e.s.Custom["VM UUID"])} {
		if u != "" {
			out = append(out, uuidKey(u))
		}
	}
	return out
}

func serialKeys(e *entry) []string {
	if s := canonSerial(e.s.Serial); s != "" && serialUUID(e.s.Serial) == "" {
		return []string{s}
	}
	return nil
}

var topDomain = regexp.MustCompile(`\.[a-z][a-z-]+$`)

// fqdn is a server's host name with domain; a name that is written with its
// domain serves where nothing else tells.
func (e *entry) fqdn() string {
	for _, n := range []string{e.s.FQDN, e.s.Name} {
		n = strings.ToLower(strings.TrimSuffix(n, "."))
		if _, isAddr := parseAddr(n); !isAddr && fqdnLike.MatchString(n) && topDomain.MatchString(n) {
			return n
		}
	}
	return ""
}

func fqdnKeys(e *entry) []string {
	if f := e.fqdn(); f != "" {
		return []string{f}
	}
	return nil
}

// host is what the system calls itself, without domain; the name in a list of
// virtual machines need not be that.
func (e *entry) host() string {
	if f := e.fqdn(); f != "" {
		return shortName(f)
	}
	return shortName(e.s.Custom[customDNSName])
}

// hostKeys fall back on the name: a source that doesn't tell host names apart
// from names uses the host name as name, mostly.
func hostKeys(e *entry) []string {
	if h := e.host(); h != "" {
		return []string{h}
	}
	return nameKeys(e)
}

func nameKeys(e *entry) []string {
	name := strings.ToLower(strings.TrimSpace(e.s.Name))
	if _, isAddr := parseAddr(name); name == "" || isAddr {
		return nil
	}
	if e.fqdn() == name {
		return []string{shortName(name)}
	}
	return []string{name}
}

func macKeys(e *entry) []string {
	var out []string
	for _, m := range e.s.MACs {
		if m = canonMAC(m); m != "" {
			out = append(out, m)
		}
	}
	return out
}

func addressKeys(e *entry) []string {
	return usableAddresses(append(append([]string(nil), e.s.Addresses...), e.s.Name))
}

// all gathers what the entries of a cluster say by keys.
func (c *cluster) all(keys func(*entry) []string) map[string]bool {
	out := map[string]bool{}
	for _, e := range c.entries {
		for _, k := range keys(e) {
			out[k] = true
		}
	}
	return out
}

// differ says that both sides tell and have nothing in common.
func differ(a, b *cluster, keys func(*entry) []string) bool {
	x, y := a.all(keys), b.all(keys)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	for k := range x {
		if y[k] {
			return false
		}
	}
	return true
}

// sameSort keeps templates and a replica's placeholders apart from servers.
func sameSort(a, b *cluster) bool {
	return !differ(a, b, func(e *entry) []string {
		switch e.s.Kind {
		case migrate.KindTemplate, migrate.KindPlaceholder:
			return []string{string(e.s.Kind)}
		case migrate.KindVM, migrate.KindPhysical:
			return []string{"server"}
		}
		return nil
	})
}

// mayShareFQDN lets a host name stand against a UUID, which guests and scanners
// report in several ways, but not against two hypervisors' UUIDs.
func mayShareFQDN(a, b *cluster) bool {
	return sameSort(a, b) && !differ(a, b, func(e *entry) []string {
		if e.class != classHypervisor {
			return nil
		}
		return uuidKeys(e)
	})
}

func mayShareName(a, b *cluster) bool {
	return sameSort(a, b) && !differ(a, b, uuidKeys) && !differ(a, b, fqdnKeys)
}

func hostOnly(e *entry) []string {
	if h := e.host(); h != "" {
		return []string{h}
	}
	return nil
}

// cloned tells of two virtual machines in two vCenters that neither a name nor
// a host name joins: one is a copy of the other that kept its UUID, and not the
// same one moved.
func cloned(a, b *cluster) string {
	called := func(e *entry) []string {
		if e.class != classHypervisor {
			return nil
		}
		return append(hostOnly(e), nameKeys(e)...)
	}
	if differ(a, b, centerKeys) && differ(a, b, called) {
		return "they run in two vCenters under different names, so the one is a copy of the other"
	}
	return ""
}

// centerKeys name the vCenter that has a virtual machine.
func centerKeys(e *entry) []string {
	if c := e.s.Custom[customCenter]; c != "" && e.class == classHypervisor {
		return []string{strings.ToLower(c)}
	}
	return nil
}

// plainNames are those that can be host names. "VM 7" is what a person calls a
// server, and says nothing against a source that knows it as web01.
func plainNames(e *entry) []string {
	var out []string
	for _, n := range append(nameKeys(e), hostOnly(e)...) {
		if n = shortName(n); hostLike.MatchString(n) {
			out = append(out, n)
		}
	}
	return out
}

var hostLike = regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]*$`)

// reused tells of an address that has gone from one server to another. An
// address is given anew once its server is off, and none is surer than a name.
func reused(a, b *cluster) string {
	switch {
	case differ(a, b, plainNames):
		return "their names differ"
	case a.off() != b.off():
		return "the one is off, and its address may have been given anew"
	}
	return ""
}

// off says that a source tells that the server is off, and none that it runs.
func (c *cluster) off() bool {
	off := false
	for _, e := range c.entries {
		if e.s.Power == migrate.PowerOn {
			return false
		}
		off = off || e.s.Power == migrate.PowerOff
	}
	return off
}

func mayShareAddress(a, b *cluster) bool {
	return sameSort(a, b) && !differ(a, b, uuidKeys) && !differ(a, b, hostOnly) && !siblings(a, b)
}

var digits = regexp.MustCompile(`\d+`)

// siblings are names that differ only in their numbers: lb01 and lb02 that
// share an address are a pair with a floating one, not one server.
func siblings(a, b *cluster) bool {
	for _, x := range a.entries {
		for _, y := range b.entries {
			p, q := shortName(x.s.Name), shortName(y.s.Name)
			if p != q && digits.ReplaceAllString(p, "#") == digits.ReplaceAllString(q, "#") {
				return true
			}
		}
	}
	return false
}
