package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// originHeader is what the shop's own distributions send along. The load
// balancers' security group lets all of CloudFront in, so that anybody's
// distribution, without this one's firewall, could else reach them
// (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html).
const originHeader = "X-Storefront-Origin"

// visitorHeader is CloudFront's word for the visitor's address and port. It
// replaces what a visitor sends under this name; who comes to the load balancer
// past the distributions has no key and is turned away
// (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html).
const visitorHeader = "CloudFront-Viewer-Address"

// addOriginKey draws the header's value, where there is a CDN.
func (s *site) addOriginKey(ctx *pulumi.Context, parent pulumi.Resource) error {
	if !*s.shop.Edge.CDN {
		return nil
	}
	key, err := s.generate(ctx, parent, draw{
		name: s.name + "-origin-key", tier: topology.TierEdge, purpose: "Sent by the distributions, asked for by the load balancers", length: 64, text: bare,
	})
	s.originKey = &key
	return err
}

// originHeaders prove a request to the load balancer.
func (s *site) originHeaders() cloudfront.DistributionOriginCustomHeaderArray {
	return cloudfront.DistributionOriginCustomHeaderArray{&cloudfront.DistributionOriginCustomHeaderArgs{
		Name: pulumi.String(originHeader), Value: s.originKey.stored,
	}}
}

// visitorsAction is what a listener does with a request that no rule takes.
func (s *site) visitorsAction(in platform.LoadBalancerArgs, h *balancerHandle) *lb.ListenerDefaultActionArgs {
	if !in.Public || s.originKey == nil {
		return &lb.ListenerDefaultActionArgs{Type: pulumi.String("forward"), TargetGroupArn: h.targets[0].Arn}
	}
	return &lb.ListenerDefaultActionArgs{Type: pulumi.String("fixed-response"), FixedResponse: &lb.ListenerDefaultActionFixedResponseArgs{
		ContentType: pulumi.String("text/plain"), MessageBody: pulumi.String("Use the shop's own name."), StatusCode: pulumi.String("403"),
	}}
}

// letDistributionsIn takes requests that carry the key.
func (s *site) letDistributionsIn(ctx *pulumi.Context, parent pulumi.Resource, in platform.LoadBalancerArgs, h *balancerHandle) error {
	if !in.Public || s.originKey == nil {
		return nil
	}
	rule, err := lb.NewListenerRule(ctx, in.Name+"-distributions", &lb.ListenerRuleArgs{
		ListenerArn: h.listener.Arn, Priority: pulumi.Int(1),
		Conditions: lb.ListenerRuleConditionArray{&lb.ListenerRuleConditionArgs{
			HttpHeader: &lb.ListenerRuleConditionHttpHeaderArgs{HttpHeaderName: pulumi.String(originHeader), Values: pulumi.StringArray{s.originKey.stored}},
		}},
		Actions: lb.ListenerRuleActionArray{&lb.ListenerRuleActionArgs{Type: pulumi.String("forward"), TargetGroupArn: h.targets[0].Arn}},
		Tags:    s.tags(in.Target, in.Name+"-distributions"),
	}, pulumi.Parent(parent))
	h.routed = rule
	return err
}
