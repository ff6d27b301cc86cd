package privatecloud

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// opening is traffic that the distributed firewall lets through to servers.
type opening struct {
	from, to topology.Tier
	service  string // "tcp-80", "udp-53" or vrrp
	why      string
}

// vrrp is the protocol by which database servers agree on who has the virtual
// addresses (RFC 5798, IP protocol 112).
const vrrp = "vrrp"

// Ports that only this platform's own servers use.
const (
	portDNS         = 53
	portNTP         = 123
	portSMTPS       = 465 // RFC 8314
	portSubmission  = 587
	portStateCopies = 4444 // a replica's first copy of the primary
)

func tcp(port int) string { return fmt.Sprintf("tcp-%d", port) }
func udp(port int) string { return fmt.Sprintf("udp-%d", port) }

// openings lists what may reach servers: the topology's connections, and what
// servers of this platform's own need beside them. What goes to a load
// balancer of visitors or people is the gateway firewall's.
func openings(shop topology.Storefront) []opening {
	var out []opening
	for _, c := range shop.Connections() {
		if _, servers := tierSegments[c.To]; !servers {
			continue
		}
		out = append(out, opening{c.From, c.To, tcp(c.Port), c.Why})
		if c.Port == topology.PortRedis {
			out = append(out, opening{c.From, c.To, tcp(topology.PortSentinel), "which server is the primary"})
		}
	}
	out = append(out, opening{topology.TierBalancer, topology.TierStatic, tcp(topology.PortHTTP), "files that need no PHP"})
	database := topology.TierDatabase
	out = append(out,
		opening{database, database, tcp(topology.PortMySQL), "replication"},
		opening{database, database, tcp(portStateCopies), "first copies of replicas"},
		opening{database, database, vrrp, "who has the virtual addresses"},
	)
	for _, tier := range []topology.Tier{topology.TierSessions, topology.TierCache} {
		out = append(out,
			opening{tier, tier, tcp(topology.PortRedis), "replication"},
			opening{tier, tier, tcp(topology.PortSentinel), "votes on the primary"},
		)
	}
	if shop.Analytics.Engine == topology.Servers {
		for _, tier := range []topology.Tier{database, topology.TierSessions, topology.TierCache, topology.TierMedia} {
			out = append(out, opening{tier, topology.TierAnalytics, tcp(topology.PortLogs), "logs"})
		}
	}
	return out
}

// balancedBy tells which tier's load balancer sends requests to a tier; the
// gateways check the servers from addresses of their own.
var balancedBy = map[topology.Tier]topology.Tier{
	topology.TierWeb: topology.TierBalancer, topology.TierStatic: topology.TierBalancer, topology.TierAdmin: topology.TierInternal,
	topology.TierSearch: topology.TierSearch, topology.TierAnalytics: topology.TierAnalytics,
}

// Where the policies stand in NSX's order.
const (
	tierSequence = 100 // and 10 for each tier
	lastSequence = 1000
)

// addFirewall makes a policy a tier that lets in what is listed and drops, and
// logs, all else; then a last one for what servers open themselves. A rule
// holds at the network card of both its ends, so the last one's drop stands
// behind all tiers' rules.
func (s *site) addFirewall(ctx *pulumi.Context, parent pulumi.Resource) error {
	all := openings(s.shop)
	for i, tier := range serverTiers {
		var rules nsxt.PolicySecurityPolicyRuleArray
		for _, o := range all {
			if o.to != tier {
				continue
			}
			rule, err := s.letIn(ctx, parent, o)
			if err != nil {
				return err
			}
			rules = append(rules, rule)
		}
		own := pulumi.StringArray{s.groups[tier].Path}
		rules = append(rules, nsxt.PolicySecurityPolicyRuleArgs{
			DisplayName: pulumi.Sprintf("all else to %s", tier), Action: pulumi.String("DROP"), Direction: pulumi.String("IN"),
			IpVersion: pulumi.String("IPV4_IPV6"), DestinationGroups: own, Scopes: own, Logged: pulumi.Bool(true), LogLabel: pulumi.String("drop-to-" + string(tier)),
		})
		if err := s.addPolicy(ctx, parent, string(tier), tier, tierSequence+10*i, rules); err != nil {
			return err
		}
	}
	rules, err := s.outgoing(ctx, parent)
	if err != nil {
		return err
	}
	return s.addPolicy(ctx, parent, "outgoing", tierNetwork, lastSequence, rules)
}

func (s *site) addPolicy(ctx *pulumi.Context, parent pulumi.Resource, suffix string, tier topology.Tier, sequence int, rules nsxt.PolicySecurityPolicyRuleArray) error {
	name := s.name + "-" + suffix
	_, err := nsxt.NewPolicySecurityPolicy(ctx, name, &nsxt.PolicySecurityPolicyArgs{
		DisplayName: pulumi.String(s.called(name)), Category: pulumi.String("Application"), Stateful: pulumi.Bool(true), TcpStrict: pulumi.Bool(true),
		SequenceNumber: pulumi.Float64(sequence), Rules: rules,
		Tags: nsxt.PolicySecurityPolicyTagArray(marks[nsxt.PolicySecurityPolicyTagInput, nsxt.PolicySecurityPolicyTagArgs](s, tier)),
	}, pulumi.Parent(parent))
	return err
}

func (s *site) letIn(ctx *pulumi.Context, parent pulumi.Resource, o opening) (nsxt.PolicySecurityPolicyRuleArgs, error) {
	service, err := s.service(ctx, parent, o.service)
	sources := s.members(o.from)
	if balancedBy[o.to] == o.from {
		sources = append(sources, s.others[groupHealth].Path)
	}
	scopes := pulumi.StringArray{s.groups[o.to].Path}
	if _, servers := tierSegments[o.from]; servers && o.from != o.to {
		scopes = append(scopes, s.groups[o.from].Path)
	}
	return nsxt.PolicySecurityPolicyRuleArgs{
		DisplayName: pulumi.Sprintf("%s to %s, %s", o.from, o.to, o.service), Notes: pulumi.String(o.why), Action: pulumi.String("ALLOW"),
		Direction: pulumi.String("IN_OUT"), IpVersion: pulumi.String("IPV4"), SourceGroups: sources, DestinationGroups: s.members(o.to),
		Services: pulumi.StringArray{service}, Scopes: scopes, Logged: pulumi.Bool(false),
	}, err
}

// members are the groups that a tier is made of: its servers, and the addresses
// that stand for them.
func (s *site) members(tier topology.Tier) pulumi.StringArray {
	out := pulumi.StringArray{s.groups[tier].Path}
	if front := s.fronts[tier]; front != nil {
		out = append(out, front.Path)
	}
	return out
}

// webPorts are where servers find packages, payment services and mail outside.
var webPorts = []int{topology.PortHTTP, topology.PortHTTPS, portSMTPS, portSubmission}

// outgoing is what servers may open themselves. It holds for whatever is on the
// segments, so that a server that carries no tags yet reaches its packages and
// nobody reaches it.
func (s *site) outgoing(ctx *pulumi.Context, parent pulumi.Resource) (rules nsxt.PolicySecurityPolicyRuleArray, err error) {
	scope := pulumi.StringArray{s.others[groupSegments].Path}
	allow := func(name, from, to string, excluded bool, services ...string) {
		var paths pulumi.StringArray
		if paths, err = s.services(ctx, parent, err, services); err != nil {
			return
		}
		rules = append(rules, nsxt.PolicySecurityPolicyRuleArgs{
			DisplayName: pulumi.String(name), Action: pulumi.String("ALLOW"), Direction: pulumi.String("OUT"), IpVersion: pulumi.String("IPV4"),
			SourceGroups: pulumi.StringArray{s.others[from].Path}, DestinationGroups: pulumi.StringArray{s.others[to].Path},
			DestinationsExcluded: pulumi.Bool(excluded), Services: paths, Scopes: scope, Logged: pulumi.Bool(false),
		})
	}
	allow("names", groupSegments, groupResolvers, false, udp(portDNS), tcp(portDNS))
	allow("time", groupSegments, groupClocks, false, udp(portNTP))
	if _, port, ok := s.settings.proxy(); ok {
		allow("package proxy", groupSegments, groupProxy, false, tcp(port))
	}
	allow("outside", groupOutgoing, groupNetwork, true, outside()...)
	return append(rules, nsxt.PolicySecurityPolicyRuleArgs{
		DisplayName: pulumi.String("all else"), Action: pulumi.String("DROP"), Direction: pulumi.String("IN_OUT"), IpVersion: pulumi.String("IPV4_IPV6"),
		Scopes: scope, Logged: pulumi.Bool(true), LogLabel: pulumi.String("drop-other"),
	}), err
}

func outside() []string {
	var out []string
	for _, port := range webPorts {
		out = append(out, tcp(port))
	}
	return out
}

// services returns the paths of services, unless there was an error before.
func (s *site) services(ctx *pulumi.Context, parent pulumi.Resource, before error, names []string) (out pulumi.StringArray, err error) {
	if before != nil {
		return nil, before
	}
	for _, name := range names {
		path, err := s.service(ctx, parent, name)
		if err != nil {
			return nil, err
		}
		out = append(out, path)
	}
	return out, nil
}

// service returns the path of a service, which is made where it is asked for
// first.
func (s *site) service(ctx *pulumi.Context, parent pulumi.Resource, key string) (pulumi.StringOutput, error) {
	if path, made := s.serviceAt[key]; made {
		return path, nil
	}
	name := s.name + "-" + key
	args := &nsxt.PolicyServiceArgs{
		DisplayName: pulumi.String(s.called(name)),
		Tags:        nsxt.PolicyServiceTagArray(marks[nsxt.PolicyServiceTagInput, nsxt.PolicyServiceTagArgs](s, tierNetwork)),
	}
	if key == vrrp {
		args.IpProtocolEntries = nsxt.PolicyServiceIpProtocolEntryArray{nsxt.PolicyServiceIpProtocolEntryArgs{
			DisplayName: pulumi.String(key), Protocol: pulumi.Float64(112),
		}}
	} else {
		protocol, port, _ := strings.Cut(key, "-")
		args.L4PortSetEntries = nsxt.PolicyServiceL4PortSetEntryArray{nsxt.PolicyServiceL4PortSetEntryArgs{
			DisplayName: pulumi.String(key), Protocol: pulumi.String(strings.ToUpper(protocol)), DestinationPorts: pulumi.StringArray{pulumi.String(port)},
		}}
	}
	made, err := nsxt.NewPolicyService(ctx, name, args, pulumi.Parent(parent))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	s.serviceAt[key] = made.Path
	return made.Path, nil
}

// legacyServices lists the services on which legacy servers answer, sorted.
func (s *site) legacyServices() []string {
	var ports []int
	for _, list := range s.settings.LegacyServers {
		for _, text := range list {
			if one, err := legacyServer(text); err == nil {
				ports = append(ports, int(one.Port()))
			}
		}
	}
	slices.Sort(ports)
	var out []string
	for _, port := range slices.Compact(ports) {
		out = append(out, "tcp-"+strconv.Itoa(port))
	}
	return out
}
