package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
)

// Supplied makes an empty place in Secrets Manager, which an operator fills
// with `aws secretsmanager put-secret-value`. The value never passes through
// Pulumi.
func (s *site) Supplied(ctx *pulumi.Context, parent pulumi.Resource, in platform.SuppliedArgs) (platform.Secret, error) {
	secret, err := secretsmanager.NewSecret(ctx, in.Name, &secretsmanager.SecretArgs{
		Name:        pulumi.String(s.meta.Stack + "/" + in.Name),
		Description: pulumi.String(in.Purpose),
		KmsKeyId:    s.key.arn,
		// A name is free again at once where nothing has to be brought back.
		RecoveryWindowInDays: pulumi.Int(s.recoveryDays()),
		Tags:                 s.tags(in.Tier, in.Name),
	}, pulumi.Parent(parent), pulumi.Protect(s.meta.Protected))
	if err != nil {
		return platform.Secret{}, err
	}
	return platform.Secret{ARN: secret.Arn, Stored: true}, nil
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
