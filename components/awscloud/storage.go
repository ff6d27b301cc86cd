package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// bucketArgs is what differs between the storefront's buckets.
type bucketArgs struct {
	tier topology.Tier
	// key encrypts it; nil takes S3's own, which log deliveries need.
	key pulumi.StringInput
	// expireDays drops objects; 0 keeps them.
	expireDays int
	// keepDays is how long replaced versions stay; 0: the bucket keeps none.
	keepDays int
	// coldDays moves replaced versions to cheaper storage; 0: never.
	coldDays int
	// acl lets a delivery that writes through ACLs in (CloudFront's standard logs).
	acl    bool
	policy []statement
	// policyElsewhere leaves the policy to whoever knows the readers, with
	// guardBucket: a bucket has one policy only.
	policyElsewhere bool
	// keeps marks a bucket whose content can't be made again.
	keeps bool
}

// bucketName makes a name that is the whole world's ours by the account.
func (s *site) bucketName(name string) string {
	return short(name+"-"+s.meta.Stack+"-"+s.accountID+"-"+s.settings.Region, 63)
}

// bucket is a bucket with what guards it.
type bucket struct {
	*s3.BucketV2
	// open is its name, given once whom the policy lets in may write; the zero
	// output where the policy is made elsewhere.
	open pulumi.StringOutput
}

// addBucket makes a private, encrypted bucket that takes TLS only.
func (s *site) addBucket(ctx *pulumi.Context, parent pulumi.Resource, name string, in bucketArgs) (*bucket, error) {
	opts := []pulumi.ResourceOption{pulumi.Parent(parent)}
	if in.keeps {
		opts = s.keeps(parent)
	}
	made, err := s3.NewBucketV2(ctx, name, &s3.BucketV2Args{
		Bucket:       pulumi.String(s.bucketName(name)),
		ForceDestroy: pulumi.Bool(!s.meta.Protected),
		Tags:         s.tags(in.tier, name),
	}, opts...)
	if err != nil {
		return nil, err
	}
	below := pulumi.Parent(parent)
	block, err := s3.NewBucketPublicAccessBlock(ctx, name, &s3.BucketPublicAccessBlockArgs{
		Bucket: made.ID(), BlockPublicAcls: pulumi.Bool(true), BlockPublicPolicy: pulumi.Bool(true),
		IgnorePublicAcls: pulumi.Bool(true), RestrictPublicBuckets: pulumi.Bool(true),
	}, below)
	if err != nil {
		return nil, err
	}
	ownership := "BucketOwnerEnforced"
	if in.acl {
		ownership = "BucketOwnerPreferred"
	}
	owner, err := s3.NewBucketOwnershipControls(ctx, name, &s3.BucketOwnershipControlsArgs{
		Bucket: made.ID(), Rule: &s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String(ownership)},
	}, below)
	if err != nil {
		return nil, err
	}
	if err := s.encryptBucket(ctx, name, made, in, below); err != nil {
		return nil, err
	}
	if err := s.ageBucket(ctx, name, made, in, below); err != nil {
		return nil, err
	}
	if in.policyElsewhere {
		return &bucket{BucketV2: made}, nil
	}
	guard, err := s.guardBucket(ctx, name, made.Bucket, made.Arn, in.policy, below, pulumi.DependsOn([]pulumi.Resource{block, owner}))
	if err != nil {
		return nil, err
	}
	return &bucket{made, guard.Bucket}, nil
}

func (s *site) encryptBucket(ctx *pulumi.Context, name string, bucket *s3.BucketV2, in bucketArgs, below pulumi.ResourceOption) error {
	by := &s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{SseAlgorithm: pulumi.String("AES256")}
	if in.key != nil {
		by.SseAlgorithm = pulumi.String("aws:kms")
		by.KmsMasterKeyId = in.key.ToStringOutput().ToStringPtrOutput()
	}
	_, err := s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name, &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{&s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled: pulumi.Bool(in.key != nil),
		}},
	}, below)
	return err
}

// ageBucket keeps replaced versions for a while and drops what nobody finishes.
func (s *site) ageBucket(ctx *pulumi.Context, name string, bucket *s3.BucketV2, in bucketArgs, below pulumi.ResourceOption) error {
	status := "Suspended"
	if in.keepDays > 0 {
		status = "Enabled"
	}
	versioning, err := s3.NewBucketVersioningV2(ctx, name, &s3.BucketVersioningV2Args{
		Bucket: bucket.ID(), VersioningConfiguration: &s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String(status)},
	}, below)
	if err != nil {
		return err
	}
	rules := s3.BucketLifecycleConfigurationV2RuleArray{&s3.BucketLifecycleConfigurationV2RuleArgs{
		Id: pulumi.String("unfinished-uploads"), Status: pulumi.String("Enabled"),
		Filter:                         &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
		AbortIncompleteMultipartUpload: &s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{DaysAfterInitiation: pulumi.Int(7)},
	}}
	if in.keepDays > 0 {
		replaced := &s3.BucketLifecycleConfigurationV2RuleArgs{
			Id: pulumi.String("replaced-versions"), Status: pulumi.String("Enabled"),
			Filter:                      &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
			NoncurrentVersionExpiration: &s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{NoncurrentDays: pulumi.Int(in.keepDays)},
		}
		if in.coldDays > 0 {
			replaced.NoncurrentVersionTransitions = s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionTransitionArray{
				&s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionTransitionArgs{
					NoncurrentDays: pulumi.Int(in.coldDays), StorageClass: pulumi.String("STANDARD_IA"),
				},
			}
		}
		rules = append(rules, replaced)
	}
	if in.expireDays > 0 {
		rules = append(rules, &s3.BucketLifecycleConfigurationV2RuleArgs{
			Id: pulumi.String("old"), Status: pulumi.String("Enabled"),
			Filter:     &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
			Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(in.expireDays)},
		})
	}
	_, err = s3.NewBucketLifecycleConfigurationV2(ctx, name, &s3.BucketLifecycleConfigurationV2Args{
		Bucket: bucket.ID(), Rules: rules,
	}, below, pulumi.DependsOn([]pulumi.Resource{versioning}))
	return err
}

// guardBucket registers a bucket's policy.
func (s *site) guardBucket(ctx *pulumi.Context, name string, bucket pulumi.StringInput, arn pulumi.StringOutput, grants []statement, opts ...pulumi.ResourceOption) (*s3.BucketPolicy, error) {
	return s3.NewBucketPolicy(ctx, name, &s3.BucketPolicyArgs{Bucket: bucket, Policy: policy(bucketStatements(arn, grants)...)}, opts...)
}

// bucketStatements refuses what comes without TLS and grants the rest, on all
// objects where a grant names nothing.
func bucketStatements(arn pulumi.StringOutput, grants []statement) []statement {
	out := []statement{{
		Effect: "Deny", Action: []string{"s3:*"}, Principal: map[string]any{"AWS": "*"},
		Resource:  []pulumi.StringInput{arn, pulumi.Sprintf("%s/*", arn)},
		Condition: map[string]any{"Bool": map[string]string{"aws:SecureTransport": "false"}},
	}}
	for _, g := range grants {
		if g.Resource == nil {
			g.Resource = []pulumi.StringInput{pulumi.Sprintf("%s/*", arn)}
		}
		out = append(out, g)
	}
	return out
}

// addLogBucket makes the bucket for access logs. Load balancers deliver through
// one service principal in every region (docs.aws.amazon.com/elasticloadbalancing,
// enable-access-logging); they take no customer key. The account in the path is
// what keeps other accounts' load balancers out: AWS writes the load balancer's
// own there. Under a condition on aws:SourceArn AWS refuses to switch logs on.
func (s *site) addLogBucket(ctx *pulumi.Context, parent pulumi.Resource) error {
	name := s.name + "-logs"
	bucket, err := s.addBucket(ctx, parent, name, bucketArgs{
		tier: "network", expireDays: s.settings.LogDays, acl: true,
		policy: []statement{{
			Action: []string{"s3:PutObject"}, Principal: map[string]any{"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
			Resource: []pulumi.StringInput{pulumi.Sprintf("arn:%s:s3:::%s/*/AWSLogs/%s/*", s.partition, s.bucketName(name), s.accountID)},
		}},
	})
	if err != nil {
		return err
	}
	// Logs are refused, and with them the load balancer, before the policy is there.
	s.logs = bucket.open
	s.outputs["logBucket"] = bucket.Bucket
	return nil
}
