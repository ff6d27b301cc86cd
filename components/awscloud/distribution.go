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
		OrderedCacheBehaviors: fileBehaviors(d),
		CustomErrorResponses:  freshErrors(),
		WebAclId:              d.firewall,
		LoggingConfig: &cloudfront.DistributionLoggingConfigArgs{
			// CloudFront takes the bucket's global name only.
			Bucket: pulumi.Sprintf("%s.s3.amazonaws.com", s.logs), Prefix: pulumi.String("cdn/" + c.Channel.Code + "/"), IncludeCookies: pulumi.Bool(false),
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
// arguments that the visitor sent, and keeps nothing.
//
// CloudFront keeps Set-Cookie with a page: one visitor's session would be the
// next one's. It can be told to take cookies off a kept page, but not off a
// failed one, which it keeps as well. Nor has the shop a way to take a page back
// after the change of a price. So pages are kept by the shop's own page cache in
// Redis, and the CDN takes what is most of the requests: pictures, styles and
// scripts.
func pageBehavior(d *delivery) *cloudfront.DistributionDefaultCacheBehaviorArgs {
	return &cloudfront.DistributionDefaultCacheBehaviorArgs{
		TargetOriginId: pulumi.String(originBalancer), ViewerProtocolPolicy: pulumi.String("redirect-to-https"), Compress: pulumi.Bool(true),
		AllowedMethods: allMethods, CachedMethods: readMethods,
		CachePolicyId: pulumi.String(cachingDisabled), OriginRequestPolicyId: pulumi.String(allViewer), ResponseHeadersPolicyId: d.headers.ID(),
	}
}

// fileBehaviors are the paths that buckets serve.
func fileBehaviors(d *delivery) cloudfront.DistributionOrderedCacheBehaviorArray {
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

// keptErrors are the failures that CloudFront keeps for ten seconds unless told
// otherwise, even where it keeps no page
// (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html).
var keptErrors = []int{400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}

// freshErrors keeps none of them: one visitor's failed request, cookies and all,
// must not be everybody's.
func freshErrors() (out cloudfront.DistributionCustomErrorResponseArray) {
	for _, code := range keptErrors {
		out = append(out, &cloudfront.DistributionCustomErrorResponseArgs{ErrorCode: pulumi.Int(code), ErrorCachingMinTtl: pulumi.Int(0)})
	}
	return out
}
