package awscloud

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
)

// Edge makes what visitors see: a distribution a channel, or the load balancers
// themselves, behind the web application firewall, and the channels' names.
func (s *site) Edge(ctx *pulumi.Context, parent pulumi.Resource, in platform.EdgeArgs) (platform.Edge, error) {
	out := platform.Edge{Endpoints: map[string]pulumi.StringOutput{}}
	if *in.Edge.CDN {
		return out, s.deliver(ctx, parent, in, out.Endpoints)
	}
	return out, s.serveDirectly(ctx, parent, in, out.Endpoints)
}

// deliver puts a CDN before the load balancers and the buckets.
func (s *site) deliver(ctx *pulumi.Context, parent pulumi.Resource, in platform.EdgeArgs, endpoints map[string]pulumi.StringOutput) error {
	d := &delivery{name: in.Name, args: in}
	if *in.Edge.WAF {
		acl, err := s.addFirewall(ctx, parent, in.Name, in.Edge.RateLimit, true)
		if err != nil {
			return err
		}
		d.firewall = acl.Arn.ToStringPtrOutput()
	}
	if err := s.prepareDelivery(ctx, parent, d); err != nil {
		return err
	}
	ids, readers := pulumi.StringMap{}, []any{}
	for _, c := range in.Channels {
		distribution, err := s.addDistribution(ctx, parent, d, c)
		if err != nil {
			return err
		}
		if err := s.addNames(ctx, parent, in.Name, c.Channel, target{distribution.DomainName, distribution.HostedZoneId, true}); err != nil {
			return err
		}
		endpoints[c.Channel.Code], ids[c.Channel.Code] = distribution.DomainName, distribution.ID()
		readers = append(readers, distribution.Arn)
	}
	s.outputs["distributions"] = ids
	return s.guardServed(ctx, parent, in, readers)
}

// serveDirectly points the names at the load balancers.
func (s *site) serveDirectly(ctx *pulumi.Context, parent pulumi.Resource, in platform.EdgeArgs, endpoints map[string]pulumi.StringOutput) error {
	if *in.Edge.WAF {
		acl, err := s.addFirewall(ctx, parent, in.Name, in.Edge.RateLimit, false)
		if err != nil {
			return err
		}
		if err := s.shield(ctx, parent, in, acl); err != nil {
			return err
		}
	}
	for _, c := range in.Channels {
		balancer := c.LoadBalancer.Handle.(*balancerHandle).lb
		// The network is IPv4 alone, and so are its load balancers.
		if err := s.addNames(ctx, parent, in.Name, c.Channel, target{balancer.DnsName, balancer.ZoneId, false}); err != nil {
			return err
		}
		endpoints[c.Channel.Code] = balancer.DnsName
	}
	return s.guardServed(ctx, parent, in, nil)
}

// guardServed registers the policies of the buckets that are served: only the
// distributions among readers may read. To list is among it, since S3 answers
// 403 instead of 404 to who may not; no distribution serves a bucket's root,
// where a list would be.
func (s *site) guardServed(ctx *pulumi.Context, parent pulumi.Resource, in platform.EdgeArgs, readers []any) error {
	buckets := map[string]*platform.Bucket{"media": in.Media.Bucket, "static": in.Static.Bucket}
	for _, kind := range sortedKeys(buckets) {
		b := buckets[kind]
		if b == nil {
			continue
		}
		name := in.Name + "-" + kind
		if len(readers) == 0 {
			if _, err := s.guardBucket(ctx, name, b.Name, b.ARN, nil, pulumi.Parent(parent)); err != nil {
				return err
			}
			continue
		}
		if err := s.letRead(ctx, parent, name, b, readers); err != nil {
			return err
		}
	}
	return nil
}
