package awscloud

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
)

// managed are the rights that every server has: to be reached through Systems
// Manager instead of an open port, and to report its memory.
var managed = map[string]string{
	"ssm":     "AmazonSSMManagedInstanceCore",
	"metrics": "CloudWatchAgentServerPolicy",
}

// addServerRole makes the role of a fleet's servers and returns the ARN of its
// instance profile.
func (s *site) addServerRole(ctx *pulumi.Context, parent pulumi.Resource, in platform.FleetArgs) (pulumi.StringOutput, error) {
	role, err := s.addRole(ctx, parent, in.Name, in.Tier, "ec2.amazonaws.com")
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	for _, k := range sortedKeys(managed) {
		if _, err := iam.NewRolePolicyAttachment(ctx, in.Name+"-"+k, &iam.RolePolicyAttachmentArgs{
			Role: role.Name, PolicyArn: pulumi.String("arn:" + s.partition + ":iam::aws:policy/" + managed[k]),
		}, pulumi.Parent(parent)); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	if grants := s.grants(in); len(grants) > 0 {
		if _, err := iam.NewRolePolicy(ctx, in.Name, &iam.RolePolicyArgs{Role: role.Name, Policy: policy(grants...)}, pulumi.Parent(parent)); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	profile, err := iam.NewInstanceProfile(ctx, in.Name, &iam.InstanceProfileArgs{Role: role.Name, Tags: s.tags(in.Tier, in.Name)}, pulumi.Parent(parent))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return profile.Arn, nil
}

// grants are the rights that this fleet has beyond every server's.
func (s *site) grants(in platform.FleetArgs) []statement {
	var out []statement
	var secrets []pulumi.StringInput
	for _, secret := range in.Secrets {
		if secret.Stored {
			secrets = append(secrets, secret.ARN)
		}
	}
	if len(secrets) > 0 {
		out = append(out,
			statement{Action: []string{"secretsmanager:GetSecretValue"}, Resource: secrets},
			statement{Action: []string{"kms:Decrypt"}, Resource: []pulumi.StringInput{s.key.arn},
				Condition: map[string]any{"StringEquals": map[string]string{"kms:ViaService": "secretsmanager." + s.settings.Region + ".amazonaws.com"}}})
	}
	out = append(out, s.writeGrants(in.WritesSecrets)...)
	for _, b := range in.Buckets {
		actions := []string{"s3:GetObject"}
		if b.Write {
			actions = append(actions, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
		}
		out = append(out,
			statement{Action: []string{"s3:ListBucket"}, Resource: []pulumi.StringInput{b.Bucket.ARN}},
			statement{Action: actions, Resource: []pulumi.StringInput{pulumi.Sprintf("%s/*", b.Bucket.ARN)}},
			statement{Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resource: []pulumi.StringInput{s.key.arn},
				Condition: map[string]any{"StringEquals": map[string]string{"kms:ViaService": "s3." + s.settings.Region + ".amazonaws.com"}}})
	}
	if in.DataDiskGiB > 0 {
		prefix := "arn:" + s.partition + ":ec2:" + s.settings.Region + ":" + s.accountID
		out = append(out,
			statement{Action: []string{"ec2:AttachVolume", "ec2:DetachVolume"},
				Resource:  []pulumi.StringInput{pulumi.String(prefix + ":volume/*"), pulumi.String(prefix + ":instance/*")},
				Condition: map[string]any{"StringEquals": map[string]string{"aws:ResourceTag/fleet": in.Name}}},
			statement{Action: []string{"ec2:DescribeVolumes"}, Resource: all})
		out = append(out, s.attachEncrypted()...)
	}
	if len(in.Pools) > 0 {
		// Names are the fleet's own, or its members' with a number behind.
		group := fmt.Sprintf("arn:%s:autoscaling:%s:%s:autoScalingGroup:*:autoScalingGroupName/%s-*", s.partition, s.settings.Region, s.accountID, in.Name)
		out = append(out, statement{Action: []string{"autoscaling:CompleteLifecycleAction"}, Resource: []pulumi.StringInput{pulumi.String(group)}})
	}
	for _, f := range in.Refreshes {
		out = append(out, statement{Action: []string{"autoscaling:StartInstanceRefresh", "autoscaling:CancelInstanceRefresh"}, Resource: []pulumi.StringInput{f.ID}})
	}
	if len(in.Refreshes) > 0 {
		out = append(out, statement{Action: []string{"autoscaling:DescribeInstanceRefreshes", "autoscaling:DescribeAutoScalingGroups"}, Resource: all})
	}
	return out
}

// attachEncrypted are the rights to the key that attaching a volume takes of the
// one who attaches it
// (docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html).
func (s *site) attachEncrypted() []statement {
	through := map[string]string{"kms:ViaService": "ec2." + s.settings.Region + ".amazonaws.com"}
	key := []pulumi.StringInput{s.key.arn}
	return []statement{
		{Action: []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"}, Resource: key,
			Condition: map[string]any{"StringEquals": through}},
		{Action: []string{"kms:CreateGrant"}, Resource: key,
			Condition: map[string]any{"StringEquals": through, "Bool": map[string]string{"kms:GrantIsForAWSResource": "true"}}},
	}
}
