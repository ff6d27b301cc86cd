package awsfake

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/efs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// storage is files: buckets and file systems.
func storage() []fake.Resource {
	return []fake.Resource{
		named("bucket", row("s3/bucketV2:BucketV2", s3.BucketV2Args{}, s3.BucketV2{}, "{bucket}", "s3!!:{bucket}",
			"bucket bucketPrefix objectLockEnabled", outputs{
				"bucketDomainName": "{bucket}.s3.amazonaws.com", "bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com",
				"hostedZoneId": "Z1BKCTXD74EZPE", "websiteDomain": "", "websiteEndpoint": "", "requestPayer": "BucketOwner",
			})),
		satellite("bucketAclV2:BucketAclV2", s3.BucketAclV2Args{}, s3.BucketAclV2{}),
		satellite("bucketCorsConfigurationV2:BucketCorsConfigurationV2", s3.BucketCorsConfigurationV2Args{},
			s3.BucketCorsConfigurationV2{}),
		satellite("bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", s3.BucketLifecycleConfigurationV2Args{},
			s3.BucketLifecycleConfigurationV2{}),
		satellite("bucketLoggingV2:BucketLoggingV2", s3.BucketLoggingV2Args{}, s3.BucketLoggingV2{}),
		satellite("bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", s3.BucketObjectLockConfigurationV2Args{},
			s3.BucketObjectLockConfigurationV2{}),
		owned("bucketOwnershipControls:BucketOwnershipControls", s3.BucketOwnershipControlsArgs{},
			s3.BucketOwnershipControls{}),
		owned("bucketPolicy:BucketPolicy", s3.BucketPolicyArgs{}, s3.BucketPolicy{}),
		owned("bucketPublicAccessBlock:BucketPublicAccessBlock", s3.BucketPublicAccessBlockArgs{},
			s3.BucketPublicAccessBlock{}),
		satellite("bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
			s3.BucketServerSideEncryptionConfigurationV2Args{}, s3.BucketServerSideEncryptionConfigurationV2{}),
		satellite("bucketVersioningV2:BucketVersioningV2", s3.BucketVersioningV2Args{}, s3.BucketVersioningV2{}),
		satellite("bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2", s3.BucketWebsiteConfigurationV2Args{},
			s3.BucketWebsiteConfigurationV2{}),
		owned("bucketNotification:BucketNotification", s3.BucketNotificationArgs{}, s3.BucketNotification{}),
		owned("bucketReplicationConfig:BucketReplicationConfig", s3.BucketReplicationConfigArgs{},
			s3.BucketReplicationConfig{}),
		row("s3/bucketMetric:BucketMetric", s3.BucketMetricArgs{}, s3.BucketMetric{}, "{bucket}:{name}", "", "bucket name"),
		row("s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
			s3.BucketIntelligentTieringConfigurationArgs{}, s3.BucketIntelligentTieringConfiguration{}, "{bucket}:{name}", "",
			"bucket name"),
		row("s3/inventory:Inventory", s3.InventoryArgs{}, s3.Inventory{}, "{bucket}:{name}", "", "bucket name"),
		row("s3/bucketObject:BucketObject", s3.BucketObjectArgs{}, s3.BucketObject{}, "{key}", "s3!!:{bucket}/{key}",
			"bucket key"),
		row("s3/bucketObjectv2:BucketObjectv2", s3.BucketObjectv2Args{}, s3.BucketObjectv2{}, "{bucket}/{key}",
			"s3!!:{bucket}/{key}", "bucket key"),
		row("efs/fileSystem:FileSystem", efs.FileSystemArgs{}, efs.FileSystem{}, "fs-{17}",
			"elasticfilesystem:file-system/{id}", "availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
			outputs{"dnsName": "{id}.efs.{region}.amazonaws.com", "numberOfMountTargets": 0}),
		row("efs/mountTarget:MountTarget", efs.MountTargetArgs{}, efs.MountTarget{}, "fsmt-{17}", "",
			"fileSystemId ipAddress subnetId", outputs{
				"dnsName":            "{fileSystemId}.efs.{region}.amazonaws.com",
				"mountTargetDnsName": "{region}a.{fileSystemId}.efs.{region}.amazonaws.com",
				"fileSystemArn":      "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
			}),
		row("efs/accessPoint:AccessPoint", efs.AccessPointArgs{}, efs.AccessPoint{}, "fsap-{17}",
			"elasticfilesystem:access-point/{id}", "fileSystemId posixUser rootDirectory", outputs{
				"fileSystemArn": "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
			}),
		row("efs/backupPolicy:BackupPolicy", efs.BackupPolicyArgs{}, efs.BackupPolicy{}, "{fileSystemId}", "", "fileSystemId"),
		row("efs/fileSystemPolicy:FileSystemPolicy", efs.FileSystemPolicyArgs{}, efs.FileSystemPolicy{}, "{fileSystemId}", "",
			"fileSystemId"),
		row("efs/replicationConfiguration:ReplicationConfiguration", efs.ReplicationConfigurationArgs{},
			efs.ReplicationConfiguration{}, "{sourceFileSystemId}", "", "destination sourceFileSystemId"),
	}
}

// owned is one of the resources that each hold one setting of a bucket.
func owned(token string, args pulumi.Input, state any) fake.Resource {
	return row("s3/"+token, args, state, "{bucket}", "", "bucket")
}

// satellite is one that may also name the bucket's owner.
func satellite(token string, args pulumi.Input, state any) fake.Resource {
	return row("s3/"+token, args, state, "{bucket}", "", "bucket expectedBucketOwner")
}
