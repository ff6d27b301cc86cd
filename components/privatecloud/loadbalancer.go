package privatecloud

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

const (
	// headerBytes is the room for a request's headers. NSX gives 1,024 by
	// default, which a shop's cookies fill.
	headerBytes = 16384
	// idleSeconds lies under the servers' keep-alive, so that they never close
	// first.
	idleSeconds = 60
	// tcpProfile is one of NSX's own; the provider makes none for TCP.
	tcpProfile = "/infra/lb-app-profiles/default-tcp-lb-app-profile"
	// cookieProfile is one of NSX's own: a cookie that names the server.
	cookieProfile = "/infra/lb-persistence-profiles/default-cookie-lb-persistence-profile"
)

// addBalancer makes the gateway's load balancer, of which NSX has one a tier-1,
// and the profiles that its virtual servers share.
func (s *site) addBalancer(ctx *pulumi.Context, parent pulumi.Resource) error {
	service, err := nsxt.NewPolicyLbService(ctx, s.name, &nsxt.PolicyLbServiceArgs{
		DisplayName: pulumi.String(s.called(s.name)), ConnectivityPath: s.gateways.tier1, Enabled: pulumi.Bool(true),
		Size: pulumi.String(string(s.settings.LoadBalancerSize)), ErrorLogLevel: pulumi.String("INFO"),
		Tags: nsxt.PolicyLbServiceTagArray(marks[nsxt.PolicyLbServiceTagInput, nsxt.PolicyLbServiceTagArgs](s, topology.TierBalancer)),
	}, s.keeps(parent)...)
	if err != nil {
		return err
	}
	s.balancer.path = service.Path
	for _, profile := range []struct {
		name     string
		redirect bool
		path     *pulumi.StringOutput
	}{{s.name + "-http", false, &s.balancer.http}, {s.name + "-redirect", true, &s.balancer.redirect}} {
		made, err := nsxt.NewPolicyLbHttpApplicationProfile(ctx, profile.name, &nsxt.PolicyLbHttpApplicationProfileArgs{
			DisplayName: pulumi.String(s.called(profile.name)), HttpRedirectToHttps: pulumi.Bool(profile.redirect),
			RequestHeaderSize: pulumi.Float64(headerBytes), ResponseHeaderSize: pulumi.Float64(headerBytes),
			XForwardedFor: pulumi.String("INSERT"), IdleTimeout: pulumi.Float64(idleSeconds), ResponseTimeout: pulumi.Float64(idleSeconds),
			Tags: nsxt.PolicyLbHttpApplicationProfileTagArray(marks[nsxt.PolicyLbHttpApplicationProfileTagInput, nsxt.PolicyLbHttpApplicationProfileTagArgs](s, topology.TierBalancer)),
		}, pulumi.Parent(parent))
		if err != nil {
			return err
		}
		*profile.path = made.Path
	}
	tls, err := nsxt.NewPolicyLbClientSslProfile(ctx, s.name, &nsxt.PolicyLbClientSslProfileArgs{
		// The newest that NSX's load balancer speaks.
		DisplayName: pulumi.String(s.called(s.name)), CipherGroupLabel: pulumi.String("HIGH_SECURITY"), Protocols: pulumi.StringArray{pulumi.String("TLS_V1_2")},
		PreferServerCiphers: pulumi.Bool(true), SessionCacheEnabled: pulumi.Bool(true),
		Tags: nsxt.PolicyLbClientSslProfileTagArray(marks[nsxt.PolicyLbClientSslProfileTagInput, nsxt.PolicyLbClientSslProfileTagArgs](s, topology.TierBalancer)),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	s.balancer.tls = tls.Path
	return nil
}

// LoadBalancer makes the virtual servers and pools in front of a tier. Static
// servers have a pool alone: the channels' virtual servers send them what needs
// no PHP, and visitors when no web server answers.
func (s *site) LoadBalancer(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs) (platform.LoadBalancer, error) {
	front := frontOf(in)
	pool, err := s.addPool(ctx, parent, in, front)
	if err != nil {
		return platform.LoadBalancer{}, err
	}
	if in.Target == topology.TierStatic {
		s.balancer.static = pool
		return platform.LoadBalancer{Address: pulumi.String(s.shop.Channels[0].Hostnames[0]).ToStringOutput()}, nil
	}
	which := 0
	if in.Public {
		which = s.channelIndex(in.Channels[0].Code)
	}
	virtual, err := s.virtualAddress(front, which)
	if err != nil {
		return platform.LoadBalancer{}, err
	}
	at := virtual.String()
	if err := s.addVirtualServer(ctx, parent, in, at, pool); err != nil {
		return platform.LoadBalancer{}, err
	}
	if in.Public {
		at = s.settings.PublicAddresses[in.Channels[0].Code]
		if err := s.addPublicSide(ctx, parent, in, at, virtual.String()); err != nil {
			return platform.LoadBalancer{}, err
		}
	}
	out := platform.LoadBalancer{Address: pulumi.String(at).ToStringOutput()}
	if in.PeoplePort > 0 {
		// They come to the server itself: its address is fixed.
		first, err := s.addressOf(in.Target, 0)
		if err != nil {
			return platform.LoadBalancer{}, err
		}
		out.People = pulumi.String(fmt.Sprintf("%s:%d", first, in.PeoplePort)).ToStringOutput()
	}
	return out, nil
}

// frontOf is the tier whose addresses a load balancer has.
func frontOf(in platform.LoadBalancerArgs) topology.Tier {
	switch {
	case in.Public, in.Target == topology.TierStatic:
		return topology.TierBalancer
	case in.TLS:
		return topology.TierInternal
	default:
		// An inner balancer stands in the tier that it stands for.
		return in.Target
	}
}

func (s *site) channelIndex(code string) int {
	return slices.IndexFunc(s.shop.Channels, func(c topology.Channel) bool { return c.Code == code })
}

// addVirtualServer listens at an address and sends to a pool.
func (s *site) addVirtualServer(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, at string, pool *nsxt.PolicyLbPool) error {
	args := &nsxt.PolicyLbVirtualServerArgs{
		DisplayName: pulumi.String(s.called(in.Name)), Enabled: pulumi.Bool(true), ServicePath: s.balancer.path, IpAddress: pulumi.String(at),
		Ports: pulumi.StringArray{pulumi.String(fmt.Sprint(in.Port))}, DefaultPoolMemberPorts: pulumi.StringArray{pulumi.String(fmt.Sprint(in.Port))},
		PoolPath: pool.Path, ApplicationProfilePath: s.balancer.http, AccessLogEnabled: pulumi.Bool(!in.TCP),
		Tags: nsxt.PolicyLbVirtualServerTagArray(marks[nsxt.PolicyLbVirtualServerTagInput, nsxt.PolicyLbVirtualServerTagArgs](s, in.Target)),
	}
	if in.TCP {
		args.ApplicationProfilePath = pulumi.String(tcpProfile)
	}
	var rules nsxt.PolicyLbVirtualServerRuleArray
	if in.TLS {
		args.Ports = pulumi.StringArray{pulumi.String(fmt.Sprint(topology.PortHTTPS))}
		args.ClientSsl = s.clientTLS(in)
		rules = append(rules, tellHTTPS())
	}
	if in.Public && s.balancer.static != nil {
		args.SorryPoolPath = s.balancer.static.Path
		rules = append(rules, toPool("files", s.balancer.static.Path, staticPaths))
	}
	if sharesVisitors(in) {
		// Sessions of the two sites lie apart: a visitor stays on the one that
		// he came to. Once the cut-over is over nothing is remembered.
		args.PersistenceProfilePath = pulumi.String(cookieProfile)
	}
	if len(in.WritePaths) > 0 {
		first, err := s.addFirstPool(ctx, parent, in)
		if err != nil {
			return err
		}
		rules = append(rules, toPool("writes", first.Path, in.WritePaths))
	}
	if len(rules) > 0 {
		args.Rules = rules
	}
	_, err := nsxt.NewPolicyLbVirtualServer(ctx, in.Name, args, s.visited(parent, in)...)
	return err
}

// visited returns the options of what visitors reach: protected in production.
func (s *site) visited(parent pulumi.Resource, in platform.LoadBalancerArgs) []pulumi.ResourceOption {
	if in.Public {
		return s.keeps(parent)
	}
	return []pulumi.ResourceOption{pulumi.Parent(parent)}
}

// addPublicSide sends plain HTTP to HTTPS, and the public address here.
func (s *site) addPublicSide(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, public, virtual string) error {
	name := in.Name + "-http"
	if _, err := nsxt.NewPolicyLbVirtualServer(ctx, name, &nsxt.PolicyLbVirtualServerArgs{
		DisplayName: pulumi.String(s.called(name)), Enabled: pulumi.Bool(true), ServicePath: s.balancer.path, IpAddress: pulumi.String(virtual),
		Ports: pulumi.StringArray{pulumi.String(fmt.Sprint(topology.PortHTTP))}, ApplicationProfilePath: s.balancer.redirect,
		Tags: nsxt.PolicyLbVirtualServerTagArray(marks[nsxt.PolicyLbVirtualServerTagInput, nsxt.PolicyLbVirtualServerTagArgs](s, in.Target)),
	}, s.visited(parent, in)...); err != nil {
		return err
	}
	return s.publish(ctx, parent, in.Name, public, virtual)
}

// clientTLS is how visitors' TLS ends: the first channel's certificate, and by
// name those of the others behind the same address.
func (s *site) clientTLS(in platform.LoadBalancerArgs) nsxt.PolicyLbVirtualServerClientSslArgs {
	keys := []string{adminCertificate}
	if in.Public {
		keys = nil
		for _, c := range in.Channels {
			keys = append(keys, c.Code)
		}
	}
	args := nsxt.PolicyLbVirtualServerClientSslArgs{
		DefaultCertificatePath: pulumi.String(s.certificates[keys[0]]), SslProfilePath: s.balancer.tls, ClientAuth: pulumi.String("IGNORE"),
	}
	var others []string
	for _, key := range keys[1:] {
		if path := s.certificates[key]; path != s.certificates[keys[0]] && !slices.Contains(others, path) {
			others = append(others, path)
		}
	}
	if len(others) > 0 {
		args.SniPaths = pulumi.ToStringArray(others)
	}
	return args
}
