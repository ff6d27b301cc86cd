package audit

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Input is what every check sees: the estate, the options and indexes that are
// made once.
type Input struct {
	Estate *migrate.Estate
	Options
	// AsOf is the moment to judge at: the option, else the estate's own. Zero
	// where neither tells.
	AsOf time.Time

	live   []*migrate.Server // may be running: no template, no placeholder, not known to be off
	byID   map[string]*migrate.Server
	byFQDN map[string]string          // ID of a live server by its full name
	byRole map[Role][]*migrate.Server // live ones
	byHost map[string][]*migrate.Server
	hosts  map[string]*migrate.Host // by ID and by name, in lower case
	from   map[string][]*migrate.Flow
	to     map[string][]*migrate.Flow

	median *float64           // of the access logs' hours, once it was asked for
	loads  map[period]float64 // the busiest hour of a period of measurement

	unjudged []Unjudged // what the checks so far could not judge
}

func newInput(estate *migrate.Estate, options Options) *Input {
	in := &Input{
		Estate: estate, Options: options, AsOf: options.AsOf,
		byID:   map[string]*migrate.Server{},
		byFQDN: map[string]string{},
		byRole: map[Role][]*migrate.Server{},
		byHost: map[string][]*migrate.Server{},
		hosts:  map[string]*migrate.Host{},
		from:   map[string][]*migrate.Flow{},
		to:     map[string][]*migrate.Flow{},
		loads:  map[period]float64{},
	}
	if in.AsOf.IsZero() && estate.AsOf != nil {
		in.AsOf, in.AsOfWhy = *estate.AsOf, "the newest date in the sources"
	}
	for i := range estate.Servers {
		s := &estate.Servers[i]
		in.byID[s.ID] = s
		if !isLive(s) {
			continue
		}
		in.live = append(in.live, s)
		if s.FQDN != "" {
			in.byFQDN[strings.ToLower(s.FQDN)] = s.ID
		}
		in.byRole[roleOf(s)] = append(in.byRole[roleOf(s)], s)
		if s.Host != "" {
			in.byHost[strings.ToLower(s.Host)] = append(in.byHost[strings.ToLower(s.Host)], s)
		}
	}
	for i := range estate.Hosts {
		h := &estate.Hosts[i]
		in.hosts[strings.ToLower(h.Name)] = h
		in.hosts[strings.ToLower(h.ID)] = h
	}
	for i := range estate.Flows {
		f := &estate.Flows[i]
		if !f.FromOutside {
			in.from[f.From] = append(in.from[f.From], f)
		}
		if !f.ToOutside {
			in.to[f.To] = append(in.to[f.To], f)
		}
	}
	return in
}

func isLive(s *migrate.Server) bool {
	return s.Kind != migrate.KindTemplate && s.Kind != migrate.KindPlaceholder &&
		s.Power != migrate.PowerOff && s.Power != migrate.PowerSuspended
}

// runs tells whether a source says that the server is switched on.
func runs(s *migrate.Server) bool { return isLive(s) && s.Power == migrate.PowerOn }

// production tells whether a server serves customers. A server whose
// environment nobody names counts as production: a shop's servers do, unless
// something marks them otherwise.
func production(s *migrate.Server) bool {
	return s.Environment.Value == "" || s.Environment.Value == "production"
}

// rehearsal tells whether a server is known to be staging, test or development.
func rehearsal(s *migrate.Server) bool {
	switch s.Environment.Value {
	case "staging", "test", "development":
		return true
	}
	return false
}

// withRole returns the live production servers that have one of the roles.
func (in *Input) withRole(roles ...Role) []*migrate.Server {
	var out []*migrate.Server
	for _, s := range in.live {
		if production(s) && slices.Contains(roles, roleOf(s)) {
			out = append(out, s)
		}
	}
	return out
}

// hasFlows tells whether anything was observed of a server's traffic.
func (in *Input) hasFlows(id string) bool {
	return slices.ContainsFunc(in.from[id], observed) || slices.ContainsFunc(in.to[id], observed)
}

// flowsKnown tells whether the estate has observed traffic at all.
func (in *Input) flowsKnown() bool {
	return slices.ContainsFunc(in.Estate.Flows, func(f migrate.Flow) bool { return observed(&f) })
}

func observed(f *migrate.Flow) bool { return f.Kind == "" || f.Kind == "observed" }

// business tells whether a flow is traffic of an application.
func business(f *migrate.Flow) bool { return f.Class == "" || f.Class == migrate.FlowApplication }

// host finds a server's hypervisor host, or nil.
func (in *Input) host(s *migrate.Server) *migrate.Host { return in.hosts[strings.ToLower(s.Host)] }

// name is how a finding calls the server with an ID.
func (in *Input) name(id string) string {
	if s := in.byID[id]; s != nil {
		return s.ID
	}
	return id
}

// sources names what told a field of a server, for the end of an evidence.
func (in *Input) sources(s *migrate.Server, field string) string {
	return in.sourceNames(s.From[field])
}

func (in *Input) sourceNames(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, cmp.Or(in.sourceName(id), id))
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(sortedUnique(names), ", ") + ")"
}

func (in *Input) sourceName(id string) string {
	for _, s := range in.Estate.Sources {
		if s.ID == id {
			return s.Name
		}
	}
	return ""
}

// flowText is a flow as evidence.
func (in *Input) flowText(f *migrate.Flow) string {
	kind := cmp.Or(f.Kind, "observed")
	text := fmt.Sprintf("%s %s → %s %s/%s", kind, f.From, f.To, f.Protocol, portText(f.Port))
	if f.Connections > 0 {
		text += fmt.Sprintf(", %d connections", f.Connections)
	}
	return text + in.sourceNames(f.Sources)
}

func portText(port int) string {
	if port == 0 {
		return "any"
	}
	return fmt.Sprint(port)
}

// ids lists the servers' IDs, sorted.
func ids(servers []*migrate.Server) []string {
	out := make([]string, 0, len(servers))
	for _, s := range servers {
		out = append(out, s.ID)
	}
	slices.Sort(out)
	return out
}

// keys lists a map's keys, sorted.
func keys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// groupBy gathers servers under a key, leaving out those with an empty one.
func groupBy(servers []*migrate.Server, key func(*migrate.Server) string) map[string][]*migrate.Server {
	groups := map[string][]*migrate.Server{}
	for _, s := range servers {
		if k := key(s); k != "" {
			groups[k] = append(groups[k], s)
		}
	}
	return groups
}

// public tells whether an end outside the estate is the internet: a public
// address, or a rule that lets everybody in.
func public(end string) bool {
	switch strings.ToLower(end) {
	case "any", "internet", "0.0.0.0/0", "::/0", "0.0.0.0", "::", "*":
		return true
	}
	addr, err := netip.ParseAddr(end)
	if err != nil {
		prefix, err := netip.ParsePrefix(end)
		if err != nil {
			return false
		}
		addr = prefix.Addr()
	}
	return addr.IsGlobalUnicast() && !addr.IsPrivate() && !sharedSpace.Contains(addr)
}

// sharedSpace is carrier-grade NAT (RFC 6598): private in all but name.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// privateAddress tells whether an end outside the estate is an address of the
// company's own network.
func privateAddress(end string) bool {
	addr, err := netip.ParseAddr(end)
	return err == nil && (addr.IsPrivate() || sharedSpace.Contains(addr))
}
