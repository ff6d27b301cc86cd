package awscloud

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// statement is one grant of an IAM policy.
type statement struct {
	Effect    string // "Allow" where empty
	Action    []string
	Resource  []pulumi.StringInput
	Principal map[string]any
	Condition map[string]any
}

// policy renders statements as an IAM policy document.
func policy(statements ...statement) pulumi.StringOutput {
	var resources pulumi.Array
	for _, s := range statements {
		var list pulumi.StringArray
		list = append(list, s.Resource...)
		resources = append(resources, list)
	}
	return resources.ToArrayOutput().ApplyT(func(resolved []any) (string, error) {
		doc := map[string]any{"Version": "2012-10-17"}
		var out []map[string]any
		for i, s := range statements {
			m := map[string]any{"Effect": "Allow", "Action": s.Action, "Resource": resolved[i]}
			if s.Effect != "" {
				m["Effect"] = s.Effect
			}
			if s.Principal != nil {
				m["Principal"] = s.Principal
			}
			if s.Condition != nil {
				m["Condition"] = s.Condition
			}
			if len(s.Resource) == 0 {
				delete(m, "Resource")
			}
			out = append(out, m)
		}
		doc["Statement"] = out
		b, err := json.Marshal(doc)
		return string(b), err
	}).(pulumi.StringOutput)
}

// all is the resource list that names everything.
var all = []pulumi.StringInput{pulumi.String("*")}

// addRole makes a role that an AWS service takes on.
func (s *site) addRole(ctx *pulumi.Context, parent pulumi.Resource, name string, tier topology.Tier, service string) (*iam.Role, error) {
	return iam.NewRole(ctx, name, &iam.RoleArgs{
		AssumeRolePolicy: policy(statement{
			Action: []string{"sts:AssumeRole"}, Principal: map[string]any{"Service": service},
			// Another account's resource must not borrow this role through the service.
			Condition: confused(service, s.accountID),
		}),
		Tags: s.tags(tier, name),
	}, pulumi.Parent(parent))
}

// confused guards against the confused deputy where the service passes its
// source on; EC2 does not, nor is it documented of RDS Proxy.
func confused(service, account string) map[string]any {
	if service == "ec2.amazonaws.com" || service == "rds.amazonaws.com" {
		return nil
	}
	return map[string]any{"StringEquals": map[string]string{"aws:SourceAccount": account}}
}

// dataKey encrypts what keeps data.
type dataKey struct {
	arn pulumi.StringOutput
	id  pulumi.StringOutput
}

// useKey is what encrypting and decrypting take.
var useKey = []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"}

// autoScaling is the condition that the caller is this account's own role of
// Auto Scaling.
func (s *site) autoScaling(flags map[string]string) map[string]any {
	c := map[string]any{
		"StringEquals": map[string]string{"kms:CallerAccount": s.accountID},
		"ArnLike":      map[string]string{"aws:PrincipalArn": "arn:" + s.partition + ":iam::" + s.accountID + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*"},
	}
	if flags != nil {
		c["Bool"] = flags
	}
	return c
}

func (s *site) addKey(ctx *pulumi.Context, parent pulumi.Resource) error {
	root := "arn:" + s.partition + ":iam::" + s.accountID + ":root"
	key, err := kms.NewKey(ctx, s.name+"-data", &kms.KeyArgs{
		Description:          pulumi.String("The storefront's data, stack " + s.meta.Stack),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(30),
		Policy: policy(
			statement{Action: []string{"kms:*"}, Resource: all, Principal: map[string]any{"AWS": root}},
			// docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
			statement{
				Action: useKey, Resource: all, Principal: map[string]any{"Service": "logs." + s.settings.Region + ".amazonaws.com"},
				Condition: map[string]any{"ArnLike": map[string]string{
					"kms:EncryptionContext:aws:logs:arn": "arn:" + s.partition + ":logs:" + s.settings.Region + ":" + s.accountID + ":*",
				}},
			},
			// Auto Scaling starts servers whose disks this key encrypts. The account as
			// principal would only let IAM policies decide, and its role's can't be
			// changed; the role by name would have to be there before
			// (docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html).
			statement{Action: useKey, Resource: all, Principal: map[string]any{"AWS": "*"}, Condition: s.autoScaling(nil)},
			statement{
				Action: []string{"kms:CreateGrant"}, Resource: all, Principal: map[string]any{"AWS": "*"},
				Condition: s.autoScaling(map[string]string{"kms:GrantIsForAWSResource": "true"}),
			},
		),
		Tags: s.tags("network", s.name+"-data"),
	}, s.keeps(parent)...)
	if err != nil {
		return err
	}
	if _, err := kms.NewAlias(ctx, s.name+"-data", &kms.AliasArgs{
		Name: pulumi.String("alias/" + s.name + "-" + s.meta.Stack), TargetKeyId: key.KeyId,
	}, pulumi.Parent(parent)); err != nil {
		return err
	}
	s.key = dataKey{arn: key.Arn, id: key.KeyId}
	return nil
}

// sortedKeys returns a map's keys in order, so that two runs agree.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
