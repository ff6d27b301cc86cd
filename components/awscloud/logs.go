package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// addLogGroup makes a log group under the name that its writer expects, before
// the writer would make one that keeps everything for ever.
func (s *site) addLogGroup(ctx *pulumi.Context, parent pulumi.Resource, name, group string, tier topology.Tier) (*cloudwatch.LogGroup, error) {
	return cloudwatch.NewLogGroup(ctx, name, &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(group),
		RetentionInDays: pulumi.Int(s.settings.LogDays),
		KmsKeyId:        s.key.arn,
		Tags:            s.tags(tier, name),
	}, pulumi.Parent(parent))
}

// letWrite lets a service write to log groups.
func (s *site) letWrite(ctx *pulumi.Context, name, service string, groups []*cloudwatch.LogGroup, opts ...pulumi.ResourceOption) (*cloudwatch.LogResourcePolicy, error) {
	var streams []pulumi.StringInput
	for _, g := range groups {
		streams = append(streams, pulumi.Sprintf("%s:*", g.Arn))
	}
	return cloudwatch.NewLogResourcePolicy(ctx, name, &cloudwatch.LogResourcePolicyArgs{
		PolicyName: pulumi.String(s.called(name, 128)),
		PolicyDocument: policy(statement{
			Action: []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"}, Resource: streams,
			Principal: map[string]any{"Service": service},
			Condition: map[string]any{"StringEquals": map[string]string{"aws:SourceAccount": s.accountID}},
		}),
	}, opts...)
}
