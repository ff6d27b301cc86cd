package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
)

// CloudFront's own policies, by the IDs that they have in every account
// (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide, "Use managed
// cache policies" and "Use managed origin request policies").
const (
	cachingDisabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
	cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
	// allViewer passes on what the visitor sent and what CloudFront knows of
	// him: AllViewerAndCloudFrontHeaders-2022-06.
	allViewer = "33f36d7e-f396-46d9-90e0-52428a34d9dc"
)

// delivery is what the channels' distributions share.
type delivery struct {
	name     string
	args     platform.EdgeArgs
	firewall pulumi.StringPtrInput // nil without one

	headers *cloudfront.ResponseHeadersPolicy
	access  *cloudfront.OriginAccessControl
	// plain takes the version out of a static file's path.
	plain *cloudfront.Function
}

func (s *site) prepareDelivery(ctx *pulumi.Context, parent pulumi.Resource, d *delivery) (err error) {
	if d.headers, err = s.addSecurityHeaders(ctx, parent, d.name); err != nil {
		return err
	}
	if d.plain, err = s.addFunction(ctx, parent, d.name+"-static-paths", "Takes the version out of the paths of static files", staticPaths); err != nil {
		return err
	}
	d.access, err = cloudfront.NewOriginAccessControl(ctx, d.name, &cloudfront.OriginAccessControlArgs{
		Name: pulumi.String(s.called(d.name, 64)), Description: pulumi.String("Reads the storefront's buckets"),
		OriginAccessControlOriginType: pulumi.String("s3"), SigningBehavior: pulumi.String("always"), SigningProtocol: pulumi.String("sigv4"),
	}, pulumi.Parent(parent))
	return err
}

// addSecurityHeaders makes the headers that every response gets. A content
// security policy is the shop's own: it alone knows its payment providers.
func (s *site) addSecurityHeaders(ctx *pulumi.Context, parent pulumi.Resource, name string) (*cloudfront.ResponseHeadersPolicy, error) {
	var hidden cloudfront.ResponseHeadersPolicyRemoveHeadersConfigItemArray
	for _, h := range []string{"X-Magento-Debug", "X-Magento-Tags", "X-Powered-By"} {
		hidden = append(hidden, &cloudfront.ResponseHeadersPolicyRemoveHeadersConfigItemArgs{Header: pulumi.String(h)})
	}
	return cloudfront.NewResponseHeadersPolicy(ctx, name, &cloudfront.ResponseHeadersPolicyArgs{
		Name: pulumi.String(s.called(name, 100)), Comment: pulumi.String("Security headers of the storefront"),
		SecurityHeadersConfig: &cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs{
			// A year, for the shop's names alone: what else lies in the zone may
			// still speak plain HTTP.
			StrictTransportSecurity: &cloudfront.ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs{
				AccessControlMaxAgeSec: pulumi.Int(31536000), IncludeSubdomains: pulumi.Bool(false), Preload: pulumi.Bool(false), Override: pulumi.Bool(true),
			},
			ContentTypeOptions: &cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs{Override: pulumi.Bool(true)},
			FrameOptions: &cloudfront.ResponseHeadersPolicySecurityHeadersConfigFrameOptionsArgs{
				FrameOption: pulumi.String("SAMEORIGIN"), Override: pulumi.Bool(false),
			},
			ReferrerPolicy: &cloudfront.ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs{
				ReferrerPolicy: pulumi.String("strict-origin-when-cross-origin"), Override: pulumi.Bool(false),
			},
		},
		RemoveHeadersConfig: &cloudfront.ResponseHeadersPolicyRemoveHeadersConfigArgs{Items: hidden},
	}, pulumi.Parent(parent))
}

// staticPaths does what the rewrite rule of Magento's pub/static does: the
// version in a path only makes browsers fetch anew after a deployment.
const staticPaths = `function handler(event) {
  var request = event.request;
  request.uri = request.uri.replace(/^\/static\/version[0-9]+\//, '/static/');
  return request;
}
`

func (s *site) addFunction(ctx *pulumi.Context, parent pulumi.Resource, name, purpose, code string) (*cloudfront.Function, error) {
	return cloudfront.NewFunction(ctx, name, &cloudfront.FunctionArgs{
		Name: pulumi.String(s.called(name, 64)), Comment: pulumi.String(purpose), Runtime: pulumi.String("cloudfront-js-2.0"),
		Code: pulumi.String(code), Publish: pulumi.Bool(true),
	}, pulumi.Parent(parent))
}

// edgeCertificate returns the channel's certificate for CloudFront. ACM asks for
// the same proofs in every region, so those that the load balancer's listener
// waited for prove this one too.
func (s *site) edgeCertificate(ctx *pulumi.Context, parent pulumi.Resource, name string, c platform.ChannelOrigin) (pulumi.StringOutput, error) {
	if s.settings.Certificates == Existing {
		return pulumi.String(s.settings.CertificateARNs[c.Channel.Code].Edge).ToStringOutput(), nil
	}
	there := []pulumi.ResourceOption{pulumi.Parent(parent), pulumi.Provider(s.edgeProvider)}
	certificate, err := s.requestCertificate(ctx, name, c.Channel.Hostnames, there...)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	proven, err := acm.NewCertificateValidation(ctx, name, &acm.CertificateValidationArgs{CertificateArn: certificate.Arn},
		append(there, pulumi.DependsOn([]pulumi.Resource{c.LoadBalancer.Handle.(*balancerHandle).listener}))...)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return proven.CertificateArn, nil
}

// letRead lets distributions read a bucket, and nobody else.
func (s *site) letRead(ctx *pulumi.Context, parent pulumi.Resource, name string, b *platform.Bucket, readers []any) error {
	grants := func(arns []any) []statement {
		only := map[string]any{"StringEquals": map[string]any{"AWS:SourceArn": arns}}
		by := map[string]any{"Service": "cloudfront.amazonaws.com"}
		return []statement{
			{Action: []string{"s3:GetObject"}, Principal: by, Condition: only},
			{Action: []string{"s3:ListBucket"}, Resource: []pulumi.StringInput{b.ARN}, Principal: by, Condition: only},
		}
	}
	// The policy names the distributions, which are known late.
	text := pulumi.All(readers...).ApplyT(func(arns []any) pulumi.StringOutput {
		return policy(bucketStatements(b.ARN, grants(arns))...)
	}).(pulumi.StringOutput)
	_, err := s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{Bucket: b.Name, Policy: text}, pulumi.Parent(parent))
	return err
}
