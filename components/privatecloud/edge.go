package privatecloud

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Edge makes nothing: names, CDN and web application firewall stand outside. It
// tells what they have to be set up with.
func (s *site) Edge(_ *pulumi.Context, _ pulumi.Resource, in platform.EdgeArgs) (platform.Edge, error) {
	out := platform.Edge{Endpoints: map[string]pulumi.StringOutput{}, Outputs: pulumi.Map{}}
	origins := pulumi.Map{}
	for _, c := range in.Channels {
		out.Endpoints[c.Channel.Code] = c.LoadBalancer.Address
		origins[c.Channel.Code] = s.origin(in.Edge, c)
	}
	out.Outputs["origins"] = origins
	// Of the back office's name only who came through the VPN gets further.
	admin, err := s.virtualAddress(topology.TierInternal, 0)
	if err != nil {
		return out, err
	}
	out.Outputs["names"] = pulumi.StringMap{s.shop.Admin.Hostname: pulumi.String(admin.String())}
	if *in.Edge.WAF {
		out.Outputs["firewall"] = pulumi.Map{
			"requestsPerAddressInFiveMinutes": pulumi.Int(in.Edge.RateLimit),
			"rules":                           pulumi.ToStringArray([]string{"OWASP top ten", "known bad inputs", "SQL injection", "PHP applications"}),
		}
	}
	return out, nil
}

// origin is what a CDN has to know of a channel, or visitors' names where there
// is none.
func (s *site) origin(e topology.Edge, c platform.ChannelOrigin) pulumi.Map {
	out := pulumi.Map{
		"address":   c.LoadBalancer.Address,
		"hostnames": pulumi.ToStringArray(c.Channel.Hostnames),
		"zone":      pulumi.String(c.Channel.Zone),
		"protocol":  pulumi.String("https"),
		"port":      pulumi.Int(topology.PortHTTPS),
		"tls":       pulumi.String("TLSv1.2"),
		"health":    pulumi.String(guest.HealthPath),
		// The load balancer refuses a request whose headers are longer.
		"requestHeaderBytes": pulumi.Int(headerBytes),
		"idleSeconds":        pulumi.Int(idleSeconds),
	}
	if *e.CDN {
		// The load balancer picks a certificate and servers a shop by it.
		out["forward"] = pulumi.ToStringArray([]string{"Host", "X-Forwarded-For", "cookies", "query"})
		out["cache"] = pulumi.ToStringArray(staticPaths)
		out["offload"] = pulumi.Float64(e.Offload)
	}
	return out
}
