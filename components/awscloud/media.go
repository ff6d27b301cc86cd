package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/efs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// mediaKeepDays and mediaColdDays are how long a replaced picture can be brought
// back, and when it moves to cheaper storage, which takes 30 days at the least.
const (
	mediaKeepDays = 90
	mediaColdDays = 30
)

// Media makes a bucket, or a file system where shared files are asked for.
func (s *site) Media(ctx *pulumi.Context, parent pulumi.Resource, in platform.MediaArgs) (platform.Media, error) {
	if in.Media.Kind == topology.NFSMedia {
		mount, err := s.addFileSystem(ctx, parent, in.Name)
		return platform.Media{Mount: mount}, err
	}
	args := bucketArgs{tier: topology.TierMedia, keepDays: 7, keeps: true}
	if s.production() {
		args.keepDays, args.coldDays = mediaKeepDays, mediaColdDays
	}
	bucket, err := s.addServedBucket(ctx, parent, in.Name, args)
	return platform.Media{Bucket: bucket}, err
}

// Static makes a bucket: S3 needs no servers for files.
func (s *site) Static(ctx *pulumi.Context, parent pulumi.Resource, in platform.StaticArgs) (platform.Static, error) {
	bucket, err := s.addServedBucket(ctx, parent, in.Name, bucketArgs{tier: topology.TierStatic, keepDays: in.Static.KeepDays, keeps: true})
	return platform.Static{Bucket: bucket}, err
}

// addServedBucket makes a bucket whose objects everybody sees through the CDN.
// S3's own key encrypts them: a customer key would protect nothing that is not
// public, would cost a call for each picture, and its policy would have to name
// distributions that are made after it. Edge registers the policy.
func (s *site) addServedBucket(ctx *pulumi.Context, parent pulumi.Resource, name string, in bucketArgs) (*platform.Bucket, error) {
	in.policyElsewhere = true
	bucket, err := s.addBucket(ctx, parent, name, in)
	if err != nil {
		return nil, err
	}
	return &platform.Bucket{Name: bucket.Bucket, ARN: bucket.Arn, Domain: bucket.BucketRegionalDomainName}, nil
}

// nfsOptions are what AWS recommends for EFS
// (docs.aws.amazon.com/efs/latest/ug/mounting-fs-nfs-mount-settings.html).
const nfsOptions = "nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev"

// addFileSystem makes an EFS file system with a mount target in each zone.
//
// The servers mount it with the kernel's NFS client: Debian has no package of
// efs-utils, without which there is neither TLS nor an access point nor an
// identity. So the file system's policy can't ask for them; what is read passes
// between servers and mount targets inside the network, where the tier's
// security group lets in nobody but the servers.
func (s *site) addFileSystem(ctx *pulumi.Context, parent pulumi.Resource, name string) (*platform.Mount, error) {
	files, err := efs.NewFileSystem(ctx, name, &efs.FileSystemArgs{
		CreationToken: pulumi.String(s.called(name, 64)), Encrypted: pulumi.Bool(true), KmsKeyId: s.key.arn,
		PerformanceMode: pulumi.String("generalPurpose"),
		// Elastic follows a campaign's peak without a figure to guess.
		ThroughputMode: pulumi.String("elastic"),
		LifecyclePolicies: efs.FileSystemLifecyclePolicyArray{
			&efs.FileSystemLifecyclePolicyArgs{TransitionToIa: pulumi.String("AFTER_30_DAYS")},
			&efs.FileSystemLifecyclePolicyArgs{TransitionToPrimaryStorageClass: pulumi.String("AFTER_1_ACCESS")},
		},
		Tags: s.tags(topology.TierMedia, name),
	}, s.keeps(parent)...)
	if err != nil {
		return nil, err
	}
	if _, err := efs.NewBackupPolicy(ctx, name, &efs.BackupPolicyArgs{
		FileSystemId: files.ID(), BackupPolicy: &efs.BackupPolicyBackupPolicyArgs{Status: pulumi.String("ENABLED")},
	}, pulumi.Parent(parent)); err != nil {
		return nil, err
	}
	if _, err := efs.NewFileSystemPolicy(ctx, name, &efs.FileSystemPolicyArgs{
		FileSystemId: files.ID(), Policy: mountTargetsOnly(files.Arn),
	}, pulumi.Parent(parent)); err != nil {
		return nil, err
	}
	var targets []any
	for zone, subnet := range s.vpc.subnets[address.Data] {
		target, err := efs.NewMountTarget(ctx, name+"-"+s.letter(zone), &efs.MountTargetArgs{
			FileSystemId: files.ID(), SubnetId: subnet.ID(), SecurityGroups: pulumi.StringArray{s.groups[topology.TierMedia]},
		}, pulumi.Parent(parent))
		if err != nil {
			return nil, err
		}
		targets = append(targets, target.ID())
	}
	// The name answers once there are targets: servers have to wait for them.
	source := pulumi.All(append([]any{files.DnsName}, targets...)...).ApplyT(func(v []any) string {
		return v[0].(string) + ":/"
	}).(pulumi.StringOutput)
	return &platform.Mount{Source: source, Type: "nfs4", Options: nfsOptions}, nil
}

// mountTargetsOnly refuses every way to the files but the mount targets, that
// is, but the network.
func mountTargetsOnly(arn pulumi.StringOutput) pulumi.StringOutput {
	return policy(statement{
		Principal: map[string]any{"AWS": "*"}, Resource: []pulumi.StringInput{arn},
		Action:    []string{"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"},
		Condition: map[string]any{"Bool": map[string]string{"elasticfilesystem:AccessedViaMountTarget": "true"}},
	})
}
