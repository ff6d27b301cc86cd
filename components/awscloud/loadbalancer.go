package awscloud

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// balancerHandle is what a fleet and the edge need of a load balancer.
type balancerHandle struct {
	lb       *lb.LoadBalancer
	listener *lb.Listener
	// routed sends requests to the targets: the listener, or a rule of it.
	routed pulumi.Resource
	// targets holds the group for all servers and, where writes or people go to
	// the first server only, a second one for that.
	targets []*lb.TargetGroup
	// http tells that requests can be counted: a TCP balancer counts none.
	http bool
}

// tlsPolicy refuses everything below TLS 1.2
// (docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"

// LoadBalancer makes a load balancer with its listeners and target groups.
func (s *site) LoadBalancer(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs) (platform.LoadBalancer, error) {
	balancer, err := s.addBalancer(ctx, parent, in)
	if err != nil {
		return platform.LoadBalancer{}, err
	}
	h := &balancerHandle{lb: balancer, http: !in.TCP}
	all, err := s.addTargets(ctx, parent, in.Name, in)
	if err != nil {
		return platform.LoadBalancer{}, err
	}
	h.targets = append(h.targets, all)
	var address pulumi.StringOutput
	switch {
	case in.TLS:
		address, err = s.addHTTPS(ctx, parent, in, h)
	default:
		address, err = s.addPlain(ctx, parent, in, h)
	}
	out := platform.LoadBalancer{Address: address, Handle: h}
	if in.Public && s.originKey != nil {
		out.VisitorHeader = visitorHeader
	}
	if in.PeoplePort > 0 && err == nil {
		out.People, err = s.addPeople(ctx, parent, in, h)
	}
	return out, err
}

func (s *site) addBalancer(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs) (*lb.LoadBalancer, error) {
	args := &lb.LoadBalancerArgs{
		Name:                     pulumi.String(short(in.Name+"-"+s.meta.Stack, 32)),
		Internal:                 pulumi.Bool(!in.Public),
		EnableDeletionProtection: pulumi.Bool(s.meta.Protected),
		Subnets:                  s.vpc.subnetIDs(address.App),
		SecurityGroups:           pulumi.StringArray{s.groups[balancerTier(in)]},
		Tags:                     s.tags(in.Target, in.Name),
	}
	if in.Public {
		args.Subnets = s.vpc.subnetIDs(address.Public)
	}
	if in.TCP {
		args.LoadBalancerType = pulumi.String("network")
		args.EnableCrossZoneLoadBalancing = pulumi.Bool(true)
		return lb.NewLoadBalancer(ctx, in.Name, args, pulumi.Parent(parent))
	}
	args.LoadBalancerType = pulumi.String("application")
	args.DropInvalidHeaderFields = pulumi.Bool(true)
	args.DesyncMitigationMode = pulumi.String("defensive")
	args.EnableHttp2 = pulumi.Bool(true)
	// Under the servers' keep-alive, so that they never close first.
	args.IdleTimeout = pulumi.Int(60)
	args.XffHeaderProcessingMode = pulumi.String("append")
	args.AccessLogs = &lb.LoadBalancerAccessLogsArgs{
		Bucket: s.logs, Prefix: pulumi.String(in.Name), Enabled: pulumi.Bool(true),
	}
	if in.ReservedUnits > 0 {
		args.MinimumLoadBalancerCapacity = &lb.LoadBalancerMinimumLoadBalancerCapacityArgs{CapacityUnits: pulumi.Int(in.ReservedUnits)}
	}
	return lb.NewLoadBalancer(ctx, in.Name, args, pulumi.Parent(parent))
}

// balancerTier is the security group that a balancer stands in.
func balancerTier(in platform.LoadBalancerArgs) topology.Tier {
	switch {
	case in.Public:
		return topology.TierBalancer
	case in.TLS:
		return topology.TierInternal
	default:
		// An inner balancer belongs to the tier that it stands for, whose
		// members may talk to each other on its port.
		return in.Target
	}
}

func (s *site) addTargets(ctx *pulumi.Context, parent pulumi.Resource, name string, in platform.LoadBalancerArgs) (*lb.TargetGroup, error) {
	args := &lb.TargetGroupArgs{
		Name:       pulumi.String(short(name+"-"+s.meta.Stack, 32)),
		VpcId:      s.vpc.id,
		Port:       pulumi.Int(in.Port),
		Protocol:   pulumi.String("HTTP"),
		TargetType: pulumi.String("instance"),
		// Long enough for a checkout to finish, short enough for a night's roll.
		DeregistrationDelay: pulumi.Int(60),
		HealthCheck: &lb.TargetGroupHealthCheckArgs{
			Enabled: pulumi.Bool(true), Path: pulumi.String(in.HealthPath), Port: pulumi.String("traffic-port"), Protocol: pulumi.String("HTTP"),
			Matcher: pulumi.String("200"), Interval: pulumi.Int(10), Timeout: pulumi.Int(5),
			HealthyThreshold: pulumi.Int(2), UnhealthyThreshold: pulumi.Int(3),
		},
		Tags: s.tags(in.Target, name),
	}
	if in.TCP {
		args.Protocol = pulumi.String("TCP")
		args.HealthCheck = &lb.TargetGroupHealthCheckArgs{
			Enabled: pulumi.Bool(true), Port: pulumi.String("traffic-port"), Protocol: pulumi.String("TCP"),
			Interval: pulumi.Int(10), HealthyThreshold: pulumi.Int(2), UnhealthyThreshold: pulumi.Int(2),
		}
		return lb.NewTargetGroup(ctx, name, args, pulumi.Parent(parent))
	}
	args.LoadBalancingAlgorithmType = pulumi.String("round_robin")
	// Sessions live in Redis: any server can answer any visitor.
	args.Stickiness = &lb.TargetGroupStickinessArgs{Enabled: pulumi.Bool(false), Type: pulumi.String("lb_cookie")}
	return lb.NewTargetGroup(ctx, name, args, pulumi.Parent(parent))
}

// addHTTPS listens with certificates and sends plain HTTP there.
func (s *site) addHTTPS(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, h *balancerHandle) (pulumi.StringOutput, error) {
	names, zones, keys := served(in, s.shop)
	var certs []pulumi.StringOutput
	for i := range keys {
		regional, err := s.certificate(ctx, parent, certificateName(in, keys[i]), keys[i], names[i], zones[i])
		if err != nil {
			return pulumi.StringOutput{}, err
		}
		certs = append(certs, regional)
	}
	listener, err := lb.NewListener(ctx, in.Name+"-https", &lb.ListenerArgs{
		LoadBalancerArn: h.lb.Arn, Port: pulumi.Int(topology.PortHTTPS), Protocol: pulumi.String("HTTPS"),
		SslPolicy: pulumi.String(tlsPolicy), CertificateArn: certs[0],
		DefaultActions: lb.ListenerDefaultActionArray{s.visitorsAction(in, h)},
		Tags:           s.tags(in.Target, in.Name+"-https"),
	}, pulumi.Parent(parent))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	h.listener, h.routed = listener, listener
	if err := s.letDistributionsIn(ctx, parent, in, h); err != nil {
		return pulumi.StringOutput{}, err
	}
	for i, c := range certs[1:] {
		if _, err := lb.NewListenerCertificate(ctx, in.Name+"-"+keys[i+1], &lb.ListenerCertificateArgs{
			ListenerArn: listener.Arn, CertificateArn: c,
		}, pulumi.Parent(parent)); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	if in.Public {
		if err := s.addRedirect(ctx, parent, in, h); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	if in.Hostname == "" {
		return h.lb.DnsName, nil
	}
	return pulumi.String(in.Hostname).ToStringOutput(), s.addName(ctx, parent, in, h)
}

func (s *site) addRedirect(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, h *balancerHandle) error {
	_, err := lb.NewListener(ctx, in.Name+"-http", &lb.ListenerArgs{
		LoadBalancerArn: h.lb.Arn, Port: pulumi.Int(topology.PortHTTP), Protocol: pulumi.String("HTTP"),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type: pulumi.String("redirect"),
			Redirect: &lb.ListenerDefaultActionRedirectArgs{
				Protocol: pulumi.String("HTTPS"), Port: pulumi.String("443"), StatusCode: pulumi.String("HTTP_301"),
			},
		}},
		Tags: s.tags(in.Target, in.Name+"-http"),
	}, pulumi.Parent(parent))
	return err
}

// addName gives the back office its name. The name is public, the address
// behind it private: only who came through the VPN gets there.
func (s *site) addName(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, h *balancerHandle) error {
	_, err := route53.NewRecord(ctx, in.Name, &route53.RecordArgs{
		ZoneId: s.zoneIDs[s.shop.Channels[0].Zone].ToStringOutput(), Name: pulumi.String(in.Hostname), Type: pulumi.String("A"),
		Aliases: route53.RecordAliasArray{&route53.RecordAliasArgs{
			Name: h.lb.DnsName, ZoneId: h.lb.ZoneId, EvaluateTargetHealth: pulumi.Bool(false),
		}},
	}, pulumi.Parent(parent))
	return err
}

// addPlain listens inside the network on the servers' own port.
func (s *site) addPlain(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, h *balancerHandle) (pulumi.StringOutput, error) {
	protocol := "HTTP"
	if in.TCP {
		protocol = "TCP"
	}
	listener, err := lb.NewListener(ctx, in.Name, &lb.ListenerArgs{
		LoadBalancerArn: h.lb.Arn, Port: pulumi.Int(in.Port), Protocol: pulumi.String(protocol),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type: pulumi.String("forward"), TargetGroupArn: h.targets[0].Arn,
		}},
		Tags: s.tags(in.Target, in.Name),
	}, pulumi.Parent(parent))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	h.listener, h.routed = listener, listener
	if len(in.WritePaths) > 0 {
		err = s.addWrites(ctx, parent, in, h)
	}
	return h.lb.DnsName, err
}

// addWrites sends what changes an index to the first server, which the others copy.
func (s *site) addWrites(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, h *balancerHandle) error {
	first, err := s.addTargets(ctx, parent, in.Name+"-first", in)
	if err != nil {
		return err
	}
	h.targets = append(h.targets, first)
	_, err = lb.NewListenerRule(ctx, in.Name+"-writes", &lb.ListenerRuleArgs{
		ListenerArn: h.listener.Arn, Priority: pulumi.Int(10),
		Conditions: lb.ListenerRuleConditionArray{&lb.ListenerRuleConditionArgs{
			PathPattern: &lb.ListenerRuleConditionPathPatternArgs{Values: pulumi.ToStringArray(in.WritePaths)},
		}},
		Actions: lb.ListenerRuleActionArray{&lb.ListenerRuleActionArgs{
			Type: pulumi.String("forward"), TargetGroupArn: first.Arn,
		}},
		Tags: s.tags(in.Target, in.Name+"-writes"),
	}, pulumi.Parent(parent))
	return err
}

// addPeople listens on a second port, for the first server.
func (s *site) addPeople(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, h *balancerHandle) (pulumi.StringOutput, error) {
	name, second := in.Name+"-people", in
	second.Port = in.PeoplePort
	first, err := s.addTargets(ctx, parent, name, second)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	h.targets = append(h.targets, first)
	if _, err := lb.NewListener(ctx, name, &lb.ListenerArgs{
		LoadBalancerArn: h.lb.Arn, Port: pulumi.Int(in.PeoplePort), Protocol: pulumi.String("TCP"),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{Type: pulumi.String("forward"), TargetGroupArn: first.Arn}},
		Tags:           s.tags(in.Target, name),
	}, pulumi.Parent(parent)); err != nil {
		return pulumi.StringOutput{}, err
	}
	// The balancer stands in the servers' own group.
	own := s.groups[in.Target]
	return pulumi.Sprintf("%s:%d", h.lb.DnsName, in.PeoplePort), s.allow(ctx, parent, name, own, rule{port: in.PeoplePort, from: own, why: "requests of people, passed on"})
}

// certificateName derives a certificate's name from its balancer's.
func certificateName(in platform.LoadBalancerArgs, key string) string {
	if len(in.Channels) == 1 || in.Hostname != "" {
		return in.Name
	}
	return fmt.Sprintf("%s-%s", in.Name, key)
}

// served lists the names that a balancer answers for, a certificate's worth at a
// time, with their zones and the settings' key of an existing certificate.
func served(in platform.LoadBalancerArgs, shop topology.Storefront) (names [][]string, zones, keys []string) {
	if in.Hostname != "" {
		return [][]string{{in.Hostname}}, []string{shop.Channels[0].Zone}, []string{"admin"}
	}
	for _, c := range in.Channels {
		names, zones, keys = append(names, c.Hostnames), append(zones, c.Zone), append(keys, c.Code)
	}
	return names, zones, keys
}
