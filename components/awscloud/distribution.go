package awscloud

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Origins of a distribution.
const (
	originBalancer = "balancer"
	originMedia    = "media"
	originStatic   = "static"
)

// uncached are paths, below a store's code or not, of which no page is anybody
// else's. The shop forbids to keep them, too; here a mistake of the shop's can't
// show one visitor's basket to another.
var uncached = []string{"*/checkout*", "*/customer*", "*/wishlist*", "*/sales/*", "*/rest/*", "*/graphql*"}

// addDistribution makes a channel's distribution.
func (s *site) addDistribution(ctx *pulumi.Context, parent pulumi.Resource, d *delivery, c platform.ChannelOrigin) (*cloudfront.Distribution, error) {
	name := d.name + "-" + c.Channel.Code
	certificate, err := s.edgeCertificate(ctx, parent, name, c)
	if err != nil {
		return nil, err
	}
	return cloudfront.NewDistribution(ctx, name, &cloudfront.DistributionArgs{
		Comment: pulumi.String(fmt.Sprintf("%s, stack %s", name, s.meta.Stack)),
		Enabled: pulumi.Bool(true), IsIpv6Enabled: pulumi.Bool(true), HttpVersion: pulumi.String("http2and3"),
		// Visitors come from every continent.
		PriceClass: pulumi.String("PriceClass_All"),
		Aliases:    pulumi.ToStringArray(c.Channel.Hostnames),
		ViewerCertificate: &cloudfront.DistributionViewerCertificateArgs{
			AcmCertificateArn: certificate, SslSupportMethod: pulumi.String("sni-only"), MinimumProtocolVersion: pulumi.String("TLSv1.2_2021"),
		},
		Origins:               s.origins(d, c),
		DefaultCacheBehavior:  pageBehavior(d),
		OrderedCacheBehaviors: orderedBehaviors(d),
		CustomErrorResponses:  shortErrors(),
		WebAclId:              d.firewall,
		LoggingConfig: &cloudfront.DistributionLoggingConfigArgs{
			// CloudFront takes the bucket's global name only.
			Bucket: pulumi.Sprintf("%s.s3.amazonaws.com", s.logs.name), Prefix: pulumi.String("cdn/" + c.Channel.Code + "/"), IncludeCookies: pulumi.Bool(false),
		},
		Restrictions: &cloudfront.DistributionRestrictionsArgs{
			GeoRestriction: &cloudfront.DistributionRestrictionsGeoRestrictionArgs{RestrictionType: pulumi.String("none")},
		},
		Tags: s.tags(topology.TierEdge, name),
	}, pulumi.Parent(parent))
}

// origins are the load balancer, and the buckets where there are any.
func (s *site) origins(d *delivery, c platform.ChannelOrigin) cloudfront.DistributionOriginArray {
	out := cloudfront.DistributionOriginArray{&cloudfront.DistributionOriginArgs{
		OriginId: pulumi.String(originBalancer), DomainName: c.LoadBalancer.Handle.(*balancerHandle).lb.DnsName,
		CustomHeaders: s.originHeaders(),
		CustomOriginConfig: &cloudfront.DistributionOriginCustomOriginConfigArgs{
			HttpPort: pulumi.Int(topology.PortHTTP), HttpsPort: pulumi.Int(topology.PortHTTPS),
			OriginProtocolPolicy: pulumi.String("https-only"), OriginSslProtocols: pulumi.ToStringArray([]string{"TLSv1.2"}),
			// Under the load balancer's idle time, so that it never closes first.
			OriginKeepaliveTimeout: pulumi.Int(55), OriginReadTimeout: pulumi.Int(60),
		},
	}}
	for _, o := range []struct {
		id     string
		bucket *platform.Bucket
	}{{originMedia, d.args.Media.Bucket}, {originStatic, d.args.Static.Bucket}} {
		if o.bucket == nil {
			continue
		}
		out = append(out, &cloudfront.DistributionOriginArgs{
			OriginId: pulumi.String(o.id), DomainName: o.bucket.Domain, OriginAccessControlId: d.access.ID(),
		})
	}
	return out
}

var (
	allMethods  = pulumi.ToStringArray([]string{"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
	readMethods = pulumi.ToStringArray([]string{"GET", "HEAD"})
)

// pageBehavior sends everything to the shop with the name, cookies and
// arguments that the visitor sent.
func pageBehavior(d *delivery) *cloudfront.DistributionDefaultCacheBehaviorArgs {
	return &cloudfront.DistributionDefaultCacheBehaviorArgs{
		TargetOriginId: pulumi.String(originBalancer), ViewerProtocolPolicy: pulumi.String("redirect-to-https"), Compress: pulumi.Bool(true),
		AllowedMethods: allMethods, CachedMethods: readMethods,
		CachePolicyId: d.pages.ID(), OriginRequestPolicyId: pulumi.String(allViewer), ResponseHeadersPolicyId: d.headers.ID(),
		FunctionAssociations: cloudfront.DistributionDefaultCacheBehaviorFunctionAssociationArray{
			&cloudfront.DistributionDefaultCacheBehaviorFunctionAssociationArgs{EventType: pulumi.String("viewer-response"), FunctionArn: d.shared.Arn},
		},
	}
}

// orderedBehaviors are files first, then what is never kept.
func orderedBehaviors(d *delivery) cloudfront.DistributionOrderedCacheBehaviorArray {
	var out cloudfront.DistributionOrderedCacheBehaviorArray
	if d.args.Media.Bucket != nil {
		out = append(out, fileBehavior(d, "/media/*", originMedia))
	}
	if d.args.Static.Bucket != nil {
		files := fileBehavior(d, "/static/*", originStatic)
		files.FunctionAssociations = cloudfront.DistributionOrderedCacheBehaviorFunctionAssociationArray{
			&cloudfront.DistributionOrderedCacheBehaviorFunctionAssociationArgs{EventType: pulumi.String("viewer-request"), FunctionArn: d.plain.Arn},
		}
		out = append(out, files)
	}
	for _, path := range uncached {
		out = append(out, &cloudfront.DistributionOrderedCacheBehaviorArgs{
			PathPattern: pulumi.String(path), TargetOriginId: pulumi.String(originBalancer),
			ViewerProtocolPolicy: pulumi.String("redirect-to-https"), Compress: pulumi.Bool(true),
			AllowedMethods: allMethods, CachedMethods: readMethods,
			CachePolicyId: pulumi.String(cachingDisabled), OriginRequestPolicyId: pulumi.String(allViewer), ResponseHeadersPolicyId: d.headers.ID(),
		})
	}
	return out
}

func fileBehavior(d *delivery, path, origin string) *cloudfront.DistributionOrderedCacheBehaviorArgs {
	return &cloudfront.DistributionOrderedCacheBehaviorArgs{
		PathPattern: pulumi.String(path), TargetOriginId: pulumi.String(origin),
		ViewerProtocolPolicy: pulumi.String("redirect-to-https"), Compress: pulumi.Bool(true),
		AllowedMethods: readMethods, CachedMethods: readMethods,
		CachePolicyId: pulumi.String(cachingOptimized), ResponseHeadersPolicyId: d.headers.ID(),
	}
}

// shortErrors keeps the origin's failures for a second instead of ten: one
// visitor's failed request must not be everybody's.
func shortErrors() (out cloudfront.DistributionCustomErrorResponseArray) {
	for _, code := range []int{500, 502, 503, 504} {
		out = append(out, &cloudfront.DistributionCustomErrorResponseArgs{ErrorCode: pulumi.Int(code), ErrorCachingMinTtl: pulumi.Int(1)})
	}
	return out
}
