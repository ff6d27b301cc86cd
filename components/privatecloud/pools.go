package privatecloud

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// staticPaths are what static servers answer for.
var staticPaths = []string{"/static/*", "/media/*"}

// addPool makes the pool of a tier's servers: found by their tags, or by
// address with weights while legacy servers take part in a cut-over.
func (s *site) addPool(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, front topology.Tier) (*nsxt.PolicyLbPool, error) {
	name, moving := in.Name, movingChannel(in)
	if moving != nil {
		// A pool of another kind is another pool: the virtual server changes
		// over in one step, and changes back when the cut-over is over.
		name += "-shared"
	}
	args, err := s.poolArgs(ctx, parent, in, name, front)
	if err != nil {
		return nil, err
	}
	if moving != nil {
		args.Algorithm = pulumi.String("WEIGHTED_ROUND_ROBIN")
		if args.Members, err = s.sharedMembers(*moving); err != nil {
			return nil, err
		}
	} else {
		args.MemberGroup = nsxt.PolicyLbPoolMemberGroupArgs{
			GroupPath: s.groups[in.Target].Path, Port: pulumi.String(fmt.Sprint(in.Port)),
			// A server's link-local IPv6 address is no member.
			AllowIpv4: pulumi.Bool(true), AllowIpv6: pulumi.Bool(false),
		}
	}
	return nsxt.NewPolicyLbPool(ctx, name, args, pulumi.Parent(parent))
}

// addFirstPool makes the pool of a tier's first server alone, which takes what
// changes the data that the others copy.
func (s *site) addFirstPool(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs) (*nsxt.PolicyLbPool, error) {
	first, err := s.addressOf(in.Target, 0)
	if err != nil {
		return nil, err
	}
	name := in.Name + "-first"
	args, err := s.poolArgs(ctx, parent, in, name, frontOf(in))
	if err != nil {
		return nil, err
	}
	args.Members = nsxt.PolicyLbPoolMemberArray{member(name, first.String(), in.Port, 1)}
	return nsxt.NewPolicyLbPool(ctx, name, args, pulumi.Parent(parent))
}

// poolArgs is what all pools have: a check of the servers, and addresses of the
// load balancer's own from which it speaks, by which the firewall knows it and
// servers believe what it says of the visitor.
func (s *site) poolArgs(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, name string, front topology.Tier) (*nsxt.PolicyLbPoolArgs, error) {
	monitor, err := s.addMonitor(ctx, parent, in, name)
	if err != nil {
		return nil, err
	}
	sources, err := sourcesIn(s.cidr, front)
	if err != nil {
		return nil, err
	}
	addresses := sources[0].String()
	if len(sources) > 1 {
		addresses += "-" + sources[len(sources)-1].String()
	}
	return &nsxt.PolicyLbPoolArgs{
		DisplayName: pulumi.String(s.called(name)), Algorithm: pulumi.String("ROUND_ROBIN"), ActiveMonitorPaths: pulumi.StringArray{monitor},
		MinActiveMembers: pulumi.Float64(1),
		Snat:             nsxt.PolicyLbPoolSnatArgs{Type: pulumi.String("IPPOOL"), IpPoolAddresses: pulumi.StringArray{pulumi.String(addresses)}},
		Tags:             nsxt.PolicyLbPoolTagArray(marks[nsxt.PolicyLbPoolTagInput, nsxt.PolicyLbPoolTagArgs](s, in.Target)),
	}, nil
}

// How often servers are checked, in seconds and tries, each at its own port.
const (
	checkInterval = 5
	checkTimeout  = 3
	checkFalls    = 3
	checkRises    = 2
)

func (s *site) addMonitor(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, name string) (pulumi.StringOutput, error) {
	if in.TCP {
		m, err := nsxt.NewPolicyLbTcpMonitorProfile(ctx, name, &nsxt.PolicyLbTcpMonitorProfileArgs{
			DisplayName: pulumi.String(s.called(name)), Interval: pulumi.Float64(checkInterval),
			Timeout: pulumi.Float64(checkTimeout), FallCount: pulumi.Float64(checkFalls), RiseCount: pulumi.Float64(checkRises),
			Tags: nsxt.PolicyLbTcpMonitorProfileTagArray(marks[nsxt.PolicyLbTcpMonitorProfileTagInput, nsxt.PolicyLbTcpMonitorProfileTagArgs](s, in.Target)),
		}, pulumi.Parent(parent))
		if err != nil {
			return pulumi.StringOutput{}, err
		}
		return m.Path, nil
	}
	args := &nsxt.PolicyLbHttpMonitorProfileArgs{
		DisplayName: pulumi.String(s.called(name)), Interval: pulumi.Float64(checkInterval),
		Timeout: pulumi.Float64(checkTimeout), FallCount: pulumi.Float64(checkFalls), RiseCount: pulumi.Float64(checkRises),
		RequestMethod: pulumi.String("GET"), RequestUrl: pulumi.String(in.HealthPath), RequestVersion: pulumi.String("HTTP_VERSION_1_1"),
		ResponseStatusCodes: pulumi.Float64Array{pulumi.Float64(200)},
		RequestHeaders: nsxt.PolicyLbHttpMonitorProfileRequestHeaderArray{
			nsxt.PolicyLbHttpMonitorProfileRequestHeaderArgs{Name: pulumi.String("Host"), Value: pulumi.String(hostOf(in))},
		},
		Tags: nsxt.PolicyLbHttpMonitorProfileTagArray(marks[nsxt.PolicyLbHttpMonitorProfileTagInput, nsxt.PolicyLbHttpMonitorProfileTagArgs](s, in.Target)),
	}
	m, err := nsxt.NewPolicyLbHttpMonitorProfile(ctx, name, args, pulumi.Parent(parent))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return m.Path, nil
}

// hostOf is the name that servers are checked by; HTTP/1.1 wants one.
func hostOf(in platform.LoadBalancerArgs) string {
	switch {
	case in.Hostname != "":
		return in.Hostname
	case len(in.Channels) > 0:
		return in.Channels[0].Hostnames[0]
	default:
		return "localhost"
	}
}

// movingChannel is the channel whose visitors a load balancer shares with the
// legacy site, or nil.
func movingChannel(in platform.LoadBalancerArgs) *topology.Channel {
	for i := range in.Channels {
		if in.Channels[i].Cutover != nil {
			return &in.Channels[i]
		}
	}
	return nil
}

// sharesVisitors tells whether both sites take visitors.
func sharesVisitors(in platform.LoadBalancerArgs) bool {
	c := movingChannel(in)
	return c != nil && c.Cutover.NewShare > 0 && c.Cutover.NewShare < 100
}

// maxWeight is the largest weight of a pool's member (NSX policy API,
// LBPoolMember.weight).
const maxWeight = 256

// weights divides a share of percent among so many servers on either side, as
// weights of one server each: the pair of whole numbers that comes nearest to
// the share, and of equally near ones the smallest. A side with no share has
// weight 0.
func weights(percent, here, legacy int) (ours, theirs int) {
	switch percent {
	case 0:
		return 0, 1
	case 100:
		return 1, 0
	}
	ratio := float64(percent*legacy) / float64((100-percent)*here) // of our weight to theirs
	best := math.Inf(1)
	for b := 1; b <= maxWeight; b++ {
		a := min(max(int(math.Round(ratio*float64(b))), 1), maxWeight)
		// Logarithms see twice too much and half too little alike.
		if off := math.Abs(math.Log(float64(a) / float64(b) / ratio)); off < best-1e-12 {
			best, ours, theirs = off, a, b
		}
	}
	return ours, theirs
}

// sharedMembers lists this site's web servers and the legacy ones, with weights
// by which the fleet's least number takes its share. All that the fleet may grow
// to are there from the start: those that don't stand fail their checks and get
// nothing.
func (s *site) sharedMembers(c topology.Channel) (nsxt.PolicyLbPoolMemberArray, error) {
	var out nsxt.PolicyLbPoolMemberArray
	legacy := s.settings.LegacyServers[c.Code]
	ours, theirs := weights(c.Cutover.NewShare, s.shop.Web.Capacity.Min, len(legacy))
	for i := range fleets(s.shop)[0].count {
		ip, err := s.addressOf(topology.TierWeb, i)
		if err != nil {
			return nil, err
		}
		out = append(out, member(fmt.Sprintf("web-%d", i+1), ip.String(), topology.PortHTTP, ours))
	}
	for i, text := range legacy {
		one, err := legacyServer(text)
		if err != nil {
			return nil, err
		}
		out = append(out, member(fmt.Sprintf("legacy-%d", i+1), one.Addr().String(), int(one.Port()), theirs))
	}
	return out, nil
}

// member is one server of a pool. One without weight takes no visitors.
func member(name, ip string, port, weight int) nsxt.PolicyLbPoolMemberArgs {
	state := "ENABLED"
	if weight == 0 {
		state, weight = "DISABLED", 1
	}
	return nsxt.PolicyLbPoolMemberArgs{
		DisplayName: pulumi.String(name), IpAddress: pulumi.String(ip), Port: pulumi.String(fmt.Sprint(port)),
		Weight: pulumi.Float64(weight), AdminState: pulumi.String(state),
	}
}

// tellHTTPS lets servers know how the visitor came: the application would send
// everyone on to HTTPS forever.
func tellHTTPS() nsxt.PolicyLbVirtualServerRuleArgs {
	return nsxt.PolicyLbVirtualServerRuleArgs{
		DisplayName: pulumi.String("scheme"), Phase: pulumi.String("HTTP_REQUEST_REWRITE"), MatchStrategy: pulumi.String("ALL"),
		Actions: nsxt.PolicyLbVirtualServerRuleActionArray{nsxt.PolicyLbVirtualServerRuleActionArgs{
			HttpRequestHeaderRewrites: nsxt.PolicyLbVirtualServerRuleActionHttpRequestHeaderRewriteArray{
				nsxt.PolicyLbVirtualServerRuleActionHttpRequestHeaderRewriteArgs{HeaderName: pulumi.String("X-Forwarded-Proto"), HeaderValue: pulumi.String("https")},
			},
		}},
	}
}

// toPool sends requests whose path matches one of the patterns to a pool.
func toPool(name string, pool pulumi.StringOutput, patterns []string) nsxt.PolicyLbVirtualServerRuleArgs {
	var conditions nsxt.PolicyLbVirtualServerRuleConditionHttpRequestUriArray
	for _, p := range patterns {
		conditions = append(conditions, nsxt.PolicyLbVirtualServerRuleConditionHttpRequestUriArgs{
			Uri: pulumi.String(pathExpression(p)), MatchType: pulumi.String("REGEX"), CaseSensitive: pulumi.Bool(true), Inverse: pulumi.Bool(false),
		})
	}
	return nsxt.PolicyLbVirtualServerRuleArgs{
		DisplayName: pulumi.String(name), Phase: pulumi.String("HTTP_FORWARDING"), MatchStrategy: pulumi.String("ANY"),
		Conditions: nsxt.PolicyLbVirtualServerRuleConditionArray{nsxt.PolicyLbVirtualServerRuleConditionArgs{HttpRequestUris: conditions}},
		Actions: nsxt.PolicyLbVirtualServerRuleActionArray{nsxt.PolicyLbVirtualServerRuleActionArgs{
			SelectPools: nsxt.PolicyLbVirtualServerRuleActionSelectPoolArray{nsxt.PolicyLbVirtualServerRuleActionSelectPoolArgs{PoolId: pool}},
		}},
	}
}

// pathExpression turns a pattern such as "*/update*" into the regular expression
// that NSX matches a path with.
func pathExpression(pattern string) string {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return "^" + strings.Join(parts, ".*") + "$"
}
