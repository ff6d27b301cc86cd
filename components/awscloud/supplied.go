package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Supplied makes an empty place in Secrets Manager, which an operator fills
// with `aws secretsmanager put-secret-value`. The value never passes through
// Pulumi.
func (s *site) Supplied(ctx *pulumi.Context, parent pulumi.Resource, in platform.SuppliedArgs) (platform.Secret, error) {
	arn, err := s.addEmptySecret(ctx, parent, in.Name, in.Tier, in.Purpose)
	if err != nil {
		return platform.Secret{}, err
	}
	return stored(arn, ""), nil
}

// addEmptySecret makes a secret without a value.
func (s *site) addEmptySecret(ctx *pulumi.Context, parent pulumi.Resource, name string, tier topology.Tier, purpose string) (pulumi.StringOutput, error) {
	secret, err := secretsmanager.NewSecret(ctx, name, &secretsmanager.SecretArgs{
		Name:        pulumi.String(s.meta.Stack + "/" + name),
		Description: pulumi.String(purpose),
		KmsKeyId:    s.key.arn,
		// A name is free again at once where nothing has to be brought back.
		RecoveryWindowInDays: pulumi.Int(s.recoveryDays()),
		Tags:                 s.tags(tier, name),
	}, s.keeps(parent)...)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return secret.Arn, nil
}

// recoveryDays is how long a deleted secret can be brought back.
func (s *site) recoveryDays() int {
	if s.meta.Protected {
		return 30
	}
	return 0
}

// Releases makes the bucket that new servers fetch the application from.
func (s *site) Releases(ctx *pulumi.Context, parent pulumi.Resource, name string) (platform.Bucket, error) {
	bucket, err := s.addBucket(ctx, parent, name, bucketArgs{tier: "deploy", key: s.key.arn, keepDays: 90, keeps: true})
	if err != nil {
		return platform.Bucket{}, err
	}
	return platform.Bucket{Name: bucket.Bucket, ARN: bucket.Arn, Domain: bucket.BucketRegionalDomainName}, nil
}
