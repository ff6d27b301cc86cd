package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// managedRules are the rule groups of AWS in their order, with the rules of
// each that only count. Together with the rate limit they take 1227 of the 1500
// capacity units that a web ACL has without a surcharge
// (docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html).
var managedRules = []struct {
	name  string
	count []string
}{
	{"AWSManagedRulesAmazonIpReputationList", nil},
	{"AWSManagedRulesKnownBadInputsRuleSet", nil},
	// It blocks bodies over 8 KiB: a basket with many lines, a form with a
	// picture, a payment provider's notice.
	{"AWSManagedRulesCommonRuleSet", []string{"SizeRestrictions_BODY"}},
	{"AWSManagedRulesSQLiRuleSet", nil},
	{"AWSManagedRulesPHPRuleSet", nil},
}

// addFirewall makes a web ACL for distributions, or else for load balancers.
func (s *site) addFirewall(ctx *pulumi.Context, parent pulumi.Resource, name string, rateLimit int, global bool) (*wafv2.WebAcl, error) {
	scope, opts := "REGIONAL", []pulumi.ResourceOption{pulumi.Parent(parent)}
	if global {
		scope, opts = "CLOUDFRONT", append(opts, pulumi.Provider(s.edgeProvider))
	}
	rules := wafv2.WebAclRuleArray{rateRule(rateLimit)}
	for i, r := range managedRules {
		rules = append(rules, managedRule(r.name, i+1, r.count))
	}
	id := s.called(name, 100)
	acl, err := wafv2.NewWebAcl(ctx, name, &wafv2.WebAclArgs{
		Name: pulumi.String(id), Description: pulumi.String("Filters the storefront's visitors"), Scope: pulumi.String(scope),
		DefaultAction:    &wafv2.WebAclDefaultActionArgs{Allow: &wafv2.WebAclDefaultActionAllowArgs{}},
		Rules:            rules,
		VisibilityConfig: &wafv2.WebAclVisibilityConfigArgs{CloudwatchMetricsEnabled: pulumi.Bool(true), MetricName: pulumi.String(id), SampledRequestsEnabled: pulumi.Bool(true)},
		Tags:             s.tags(topology.TierEdge, name),
	}, opts...)
	if err != nil {
		return nil, err
	}
	return acl, s.logFirewall(ctx, name, id, acl, global, opts)
}

// rateRule blocks an address that asks too often. It comes first, so that a
// flood costs no further rules.
func rateRule(limit int) *wafv2.WebAclRuleArgs {
	return &wafv2.WebAclRuleArgs{
		Name: pulumi.String("rate-limit"), Priority: pulumi.Int(0),
		Action: &wafv2.WebAclRuleActionArgs{Block: &wafv2.WebAclRuleActionBlockArgs{
			CustomResponse: &wafv2.WebAclRuleActionBlockCustomResponseArgs{ResponseCode: pulumi.Int(429)},
		}},
		Statement: &wafv2.WebAclRuleStatementArgs{RateBasedStatement: &wafv2.WebAclRuleStatementRateBasedStatementArgs{
			Limit: pulumi.Int(limit), AggregateKeyType: pulumi.String("IP"), EvaluationWindowSec: pulumi.Int(300),
		}},
		VisibilityConfig: visible("rate-limit"),
	}
}

func managedRule(name string, priority int, count []string) *wafv2.WebAclRuleArgs {
	var overrides wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArray
	for _, rule := range count {
		overrides = append(overrides, &wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs{
			Name: pulumi.String(rule),
			ActionToUse: &wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs{
				Count: &wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs{},
			},
		})
	}
	return &wafv2.WebAclRuleArgs{
		Name: pulumi.String(name), Priority: pulumi.Int(priority),
		OverrideAction: &wafv2.WebAclRuleOverrideActionArgs{None: &wafv2.WebAclRuleOverrideActionNoneArgs{}},
		Statement: &wafv2.WebAclRuleStatementArgs{ManagedRuleGroupStatement: &wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs{
			VendorName: pulumi.String("AWS"), Name: pulumi.String(name), RuleActionOverrides: overrides,
		}},
		VisibilityConfig: visible(name),
	}
}

func visible(name string) *wafv2.WebAclRuleVisibilityConfigArgs {
	return &wafv2.WebAclRuleVisibilityConfigArgs{
		CloudwatchMetricsEnabled: pulumi.Bool(true), MetricName: pulumi.String(name), SampledRequestsEnabled: pulumi.Bool(true),
	}
}

// logFirewall keeps what was blocked or counted; all the rest stands in the
// access logs. Cookies and authorization would be logins in clear.
func (s *site) logFirewall(ctx *pulumi.Context, name, id string, acl *wafv2.WebAcl, global bool, opts []pulumi.ResourceOption) error {
	args := &cloudwatch.LogGroupArgs{
		// WAF delivers to names with this prefix only.
		Name: pulumi.String("aws-waf-logs-" + id), RetentionInDays: pulumi.Int(s.settings.LogDays), Tags: s.tags(topology.TierEdge, name),
	}
	if !global {
		// In us-east-1 there is no such key; CloudWatch's own encrypts there.
		args.KmsKeyId = s.key.arn
	}
	group, err := cloudwatch.NewLogGroup(ctx, name, args, opts...)
	if err != nil {
		return err
	}
	allowed, err := s.letWrite(ctx, name, "delivery.logs.amazonaws.com", []*cloudwatch.LogGroup{group}, opts...)
	if err != nil {
		return err
	}
	var redacted wafv2.WebAclLoggingConfigurationRedactedFieldArray
	for _, header := range []string{"authorization", "cookie"} {
		redacted = append(redacted, &wafv2.WebAclLoggingConfigurationRedactedFieldArgs{
			SingleHeader: &wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs{Name: pulumi.String(header)},
		})
	}
	_, err = wafv2.NewWebAclLoggingConfiguration(ctx, name, &wafv2.WebAclLoggingConfigurationArgs{
		ResourceArn: acl.Arn, LogDestinationConfigs: pulumi.StringArray{group.Arn}, RedactedFields: redacted,
		LoggingFilter: &wafv2.WebAclLoggingConfigurationLoggingFilterArgs{
			DefaultBehavior: pulumi.String("DROP"),
			Filters: wafv2.WebAclLoggingConfigurationLoggingFilterFilterArray{&wafv2.WebAclLoggingConfigurationLoggingFilterFilterArgs{
				Behavior: pulumi.String("KEEP"), Requirement: pulumi.String("MEETS_ANY"), Conditions: keptActions("BLOCK", "COUNT", "EXCLUDED_AS_COUNT"),
			}},
		},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{allowed}))...)
	return err
}

func keptActions(actions ...string) (out wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArray) {
	for _, a := range actions {
		out = append(out, &wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs{
			ActionCondition: &wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs{Action: pulumi.String(a)},
		})
	}
	return out
}

// shield puts the firewall before each load balancer, once where channels share one.
func (s *site) shield(ctx *pulumi.Context, parent pulumi.Resource, in platform.EdgeArgs, acl *wafv2.WebAcl) error {
	done := map[*lb.LoadBalancer]bool{}
	for _, c := range in.Channels {
		balancer := c.LoadBalancer.Handle.(*balancerHandle).lb
		if done[balancer] {
			continue
		}
		done[balancer] = true
		if _, err := wafv2.NewWebAclAssociation(ctx, in.Name+"-"+c.Channel.Code, &wafv2.WebAclAssociationArgs{
			ResourceArn: balancer.Arn, WebAclArn: acl.Arn,
		}, pulumi.Parent(parent)); err != nil {
			return err
		}
	}
	return nil
}
