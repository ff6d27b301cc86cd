package awscloud

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

const (
	auroraFamily = "aurora-mysql8.0"
	// Aurora MySQL 3.10 is a long-term release: three years of fixes alone
	// (docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Update.SpecialVersions.html).
	auroraVersion = "8.0.mysql_aurora.3.10.3"
	// readerCPU is the percentage that readers are scaled to.
	readerCPU = 60
)

func (s *site) addAurora(ctx *pulumi.Context, parent pulumi.Resource, d *database) error {
	if err := s.addCluster(ctx, parent, d); err != nil {
		return err
	}
	group, err := s.addParameters(ctx, parent, d, auroraFamily, without(sharedParameters, "character_set_server", "collation_server"))
	if err != nil {
		return err
	}
	for i := range 1 + d.args.Readers.Min {
		if err := s.addClusterInstance(ctx, parent, d, group, i); err != nil {
			return err
		}
	}
	d.writer, d.reader = d.cluster.Endpoint, d.cluster.Endpoint
	if d.args.Readers.Max > 0 {
		d.reader = d.cluster.ReaderEndpoint
	}
	if !s.legacyFollows() {
		d.master = managedLogin(ctx, d.cluster.MasterUserSecrets, func(s rds.ClusterMasterUserSecret) *string { return s.SecretArn })
	}
	if d.args.Readers.Max > d.args.Readers.Min {
		return s.scaleReaders(ctx, parent, d)
	}
	return nil
}

func (s *site) addCluster(ctx *pulumi.Context, parent pulumi.Resource, d *database) error {
	var parameters rds.ClusterParameterGroupParameterArray
	for _, k := range sortedKeys(clusterParameters) {
		parameters = append(parameters, &rds.ClusterParameterGroupParameterArgs{
			Name: pulumi.String(k), Value: pulumi.String(clusterParameters[k]), ApplyMethod: pulumi.String(applyMethod(k)),
		})
	}
	group, err := rds.NewClusterParameterGroup(ctx, d.name, &rds.ClusterParameterGroupArgs{
		Name:   pulumi.String(d.id + "-" + strings.ReplaceAll(auroraFamily, ".", "-")),
		Family: pulumi.String(auroraFamily), Description: pulumi.String("Settings of " + d.name),
		Parameters: parameters, Tags: s.tags(topology.TierDatabase, d.name),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	args := &rds.ClusterArgs{
		ClusterIdentifier: pulumi.String(d.id), Engine: pulumi.String("aurora-mysql"), EngineVersion: pulumi.String(auroraVersion),
		DatabaseName: pulumi.String(d.args.Name), Port: pulumi.Int(topology.PortMySQL), MasterUsername: pulumi.String(masterUser),
		StorageEncrypted: pulumi.Bool(true), KmsKeyId: s.key.arn,
		DbSubnetGroupName: d.subnets.Name, VpcSecurityGroupIds: pulumi.StringArray{s.groups[topology.TierDatabase]},
		DbClusterParameterGroupName: group.Name,
		BackupRetentionPeriod:       pulumi.Int(d.args.BackupDays),
		PreferredBackupWindow:       pulumi.String(backupWindow), PreferredMaintenanceWindow: pulumi.String(maintenanceWindow),
		EnabledCloudwatchLogsExports: pulumi.ToStringArray(exportedLogs),
		CopyTagsToSnapshot:           pulumi.Bool(true),
		DeletionProtection:           pulumi.Bool(s.meta.Protected),
		DeleteAutomatedBackups:       pulumi.Bool(!s.production()),
		SkipFinalSnapshot:            pulumi.Bool(!s.production()), FinalSnapshotIdentifier: s.finalSnapshot(d),
		ApplyImmediately: pulumi.Bool(!s.production()),
		Tags:             s.tags(topology.TierDatabase, d.name),
	}
	if u := d.args.Serverless; u != nil {
		args.Serverlessv2ScalingConfiguration = &rds.ClusterServerlessv2ScalingConfigurationArgs{
			MinCapacity: pulumi.Float64(u.MinUnits), MaxCapacity: pulumi.Float64(u.MaxUnits),
		}
	}
	if err := s.clusterPassword(ctx, parent, d, args); err != nil {
		return err
	}
	// AWS patches a long-term release itself, once a year; the next run must
	// not try to undo that.
	d.cluster, err = rds.NewCluster(ctx, d.name, args, s.keeps(parent, pulumi.DependsOn(d.logs), pulumi.IgnoreChanges([]string{"engineVersion"}))...)
	return err
}

// clusterPassword leaves the master's password to AWS, which draws it, keeps it
// and changes it every seven days.
//
// Not while a channel is cut over: Aurora counts replication by the binary log
// to or from elsewhere among what goes with no managed password, and it is how
// the legacy database follows, should the cut-over be taken back
// (docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html).
// The shop notices neither change: it has users of its own.
func (s *site) clusterPassword(ctx *pulumi.Context, parent pulumi.Resource, d *database, args *rds.ClusterArgs) (err error) {
	if s.legacyFollows() {
		args.MasterPassword, err = s.ownPassword(ctx, parent, d, true)
		return err
	}
	args.ManageMasterUserPassword, args.MasterUserSecretKmsKeyId = pulumi.Bool(true), s.key.arn
	return nil
}

// legacyFollows tells that a legacy site still has a part in a channel.
func (s *site) legacyFollows() bool {
	return slices.ContainsFunc(s.shop.Channels, func(c topology.Channel) bool { return c.Cutover != nil })
}

// addClusterInstance adds the i-th server of a cluster. The first starts as the
// writer; after a failover it may be a reader. They lie in the zones in turn.
func (s *site) addClusterInstance(ctx *pulumi.Context, parent pulumi.Resource, d *database, group *rds.ParameterGroup, i int) error {
	name := fmt.Sprintf("%s-%d", d.name, i)
	args := &rds.ClusterInstanceArgs{
		Identifier: pulumi.String(fmt.Sprintf("%s-%d", d.id, i)), ClusterIdentifier: d.cluster.ID(),
		Engine: pulumi.String("aurora-mysql"), InstanceClass: pulumi.String(d.class),
		AvailabilityZone:     pulumi.String(s.zoneNames[i%len(s.zoneNames)]),
		DbParameterGroupName: group.Name, DbSubnetGroupName: d.subnets.Name,
		PubliclyAccessible: pulumi.Bool(false),
		// A serverless reader of tier 0 or 1 keeps the writer's capacity, and so
		// can take over at once.
		PromotionTier: pulumi.Int(min(i, 15)),
		// Else AWS would move the cluster off the long-term release.
		AutoMinorVersionUpgrade: pulumi.Bool(false),
		MonitoringInterval:      pulumi.Int(60), MonitoringRoleArn: d.monitor.Arn,
		PerformanceInsightsEnabled: pulumi.Bool(d.insights),
		PreferredMaintenanceWindow: pulumi.String(maintenanceWindow),
		CopyTagsToSnapshot:         pulumi.Bool(true),
		ApplyImmediately:           pulumi.Bool(!s.production()),
		Tags:                       s.tags(topology.TierDatabase, name),
	}
	if d.insights {
		args.PerformanceInsightsKmsKeyId = s.key.arn
		args.PerformanceInsightsRetentionPeriod = pulumi.Int(7)
	}
	opts := []pulumi.ResourceOption{pulumi.Parent(parent)}
	if i == 0 {
		opts = s.keeps(parent)
	} else {
		// The first to be there becomes the writer.
		opts = append(opts, pulumi.DependsOn(d.members[:1]))
	}
	instance, err := rds.NewClusterInstance(ctx, name, args, opts...)
	d.members = append(d.members, instance)
	return err
}

// scaleReaders lets the number of readers follow their CPU. Readers that it
// adds are AWS's: before a cluster can be deleted, max has to go down to min.
func (s *site) scaleReaders(ctx *pulumi.Context, parent pulumi.Resource, d *database) error {
	name := d.name + "-readers"
	target, err := appautoscaling.NewTarget(ctx, name, &appautoscaling.TargetArgs{
		ServiceNamespace: pulumi.String("rds"), ScalableDimension: pulumi.String("rds:cluster:ReadReplicaCount"),
		ResourceId:  pulumi.Sprintf("cluster:%s", d.cluster.ClusterIdentifier),
		MinCapacity: pulumi.Int(d.args.Readers.Min), MaxCapacity: pulumi.Int(d.args.Readers.Max),
		Tags: s.tags(topology.TierDatabase, name),
	}, pulumi.Parent(parent), pulumi.DependsOn(d.members))
	if err != nil {
		return err
	}
	_, err = appautoscaling.NewPolicy(ctx, name, &appautoscaling.PolicyArgs{
		Name: pulumi.String(d.id + "-readers"), PolicyType: pulumi.String("TargetTrackingScaling"),
		ServiceNamespace: target.ServiceNamespace, ScalableDimension: target.ScalableDimension, ResourceId: target.ResourceId,
		TargetTrackingScalingPolicyConfiguration: &appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs{
			PredefinedMetricSpecification: &appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs{
				PredefinedMetricType: pulumi.String("RDSReaderAverageCPUUtilization"),
			},
			TargetValue: pulumi.Float64(readerCPU),
			// A reader needs minutes to start and to warm its memory: quick to
			// come, slow to go.
			ScaleOutCooldown: pulumi.Int(120), ScaleInCooldown: pulumi.Int(900),
		},
	}, pulumi.Parent(parent))
	return err
}
