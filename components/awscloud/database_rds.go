package awscloud

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// disk is a volume of RDS in its own terms.
type disk struct {
	kind string
	iops int // 0: what the volume gives by itself
}

// Limits of RDS volumes for MySQL and MariaDB
// (docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html).
const (
	gp3Striped   = 400   // GiB from which a gp3 volume has four disks and settable operations
	gp3Small     = 3000  // operations a second below that
	gp3Base      = 12000 // and from there on
	gp3Most      = 64000
	io2Least     = 100 // GiB
	io2Most      = 256000
	io2PerGiB    = 1000
	rdsMostGiB   = 65536
	growthFactor = 2
)

// diskFor returns the cheapest volume that gives the operations asked for.
func diskFor(d topology.Database) (disk, error) {
	switch {
	case d.StorageGiB < gp3Striped && d.IOPS <= gp3Small, d.StorageGiB >= gp3Striped && d.IOPS <= gp3Base:
		return disk{kind: "gp3"}, nil
	case d.StorageGiB >= gp3Striped && d.IOPS <= gp3Most:
		return disk{"gp3", d.IOPS}, nil
	case d.StorageGiB < io2Least:
		return disk{}, fmt.Errorf("a volume of %d GiB gives at most %d operations a second; more need storageGiB %d or above", d.StorageGiB, gp3Small, io2Least)
	case d.IOPS > min(io2Most, io2PerGiB*d.StorageGiB):
		return disk{}, fmt.Errorf("%d is above %d, the most that a volume of %d GiB gives", d.IOPS, min(io2Most, io2PerGiB*d.StorageGiB), d.StorageGiB)
	}
	return disk{"io2", d.IOPS}, nil
}

// mostStorage is how far a volume may grow by itself; 0: not at all. RDS wants
// a tenth above what there is.
func mostStorage(gib int) int {
	if most := min(gib*growthFactor, rdsMostGiB); most*10 >= gib*11 {
		return most
	}
	return 0
}

func (s *site) addRDS(ctx *pulumi.Context, parent pulumi.Resource, d *database) error {
	volume, err := diskFor(d.args)
	if err != nil {
		return topology.Problems{{Path: "database.iops", Message: err.Error()}}
	}
	group, err := s.addParameters(ctx, parent, d, string(d.args.Engine)+d.args.Version, rdsParameters(d.args))
	if err != nil {
		return err
	}
	args := s.rdsArgs(d, d.name, d.id, group, volume)
	args.Engine, args.EngineVersion = pulumi.String(string(d.args.Engine)), pulumi.String(d.args.Version)
	args.DbName, args.Username = pulumi.String(d.args.Name), pulumi.String(masterUser)
	args.AllocatedStorage, args.KmsKeyId = pulumi.Int(d.args.StorageGiB), s.key.arn
	args.DbSubnetGroupName = d.subnets.Name
	args.MultiAz = pulumi.Bool(s.production())
	args.BackupRetentionPeriod, args.BackupWindow = pulumi.Int(d.args.BackupDays), pulumi.String(backupWindow)
	args.DeleteAutomatedBackups = pulumi.Bool(!s.production())
	args.SkipFinalSnapshot, args.FinalSnapshotIdentifier = pulumi.Bool(!s.production()), s.finalSnapshot(d)
	if err := s.rdsPassword(ctx, parent, d, args); err != nil {
		return err
	}
	if d.instance, err = rds.NewInstance(ctx, d.name, args, s.keeps(parent, pulumi.DependsOn(d.logs))...); err != nil {
		return err
	}
	d.members = append(d.members, d.instance)
	d.writer, d.reader = d.instance.Address, d.instance.Address
	if args.ManageMasterUserPassword != nil {
		d.master = managedLogin(ctx, d.instance.MasterUserSecrets, func(s rds.InstanceMasterUserSecret) *string { return s.SecretArn })
	}
	if d.args.Readers.Min > 0 {
		return s.addReplica(ctx, parent, d, group, volume)
	}
	return nil
}

// rdsArgs is what a primary and its replica have in common.
func (s *site) rdsArgs(d *database, name, id string, group *rds.ParameterGroup, volume disk) *rds.InstanceArgs {
	args := &rds.InstanceArgs{
		Identifier: pulumi.String(id), InstanceClass: pulumi.String(d.class), Port: pulumi.Int(topology.PortMySQL),
		StorageType: pulumi.String(volume.kind), StorageEncrypted: pulumi.Bool(true),
		VpcSecurityGroupIds: pulumi.StringArray{s.groups[topology.TierDatabase]}, PubliclyAccessible: pulumi.Bool(false),
		ParameterGroupName: group.Name,
		MaintenanceWindow:  pulumi.String(maintenanceWindow),
		// The configuration names the major version: fixes of the minor one
		// come in the window, on the standby first.
		AutoMinorVersionUpgrade:      pulumi.Bool(true),
		EnabledCloudwatchLogsExports: pulumi.ToStringArray(exportedLogs),
		MonitoringInterval:           pulumi.Int(60), MonitoringRoleArn: d.monitor.Arn,
		PerformanceInsightsEnabled: pulumi.Bool(d.insights),
		CopyTagsToSnapshot:         pulumi.Bool(true),
		DeletionProtection:         pulumi.Bool(s.meta.Protected),
		ApplyImmediately:           pulumi.Bool(!s.production()),
		Tags:                       s.tags(topology.TierDatabase, name),
	}
	if volume.iops > 0 {
		args.Iops = pulumi.Int(volume.iops)
	}
	if most := mostStorage(d.args.StorageGiB); most > 0 {
		args.MaxAllocatedStorage = pulumi.Int(most)
	}
	if d.insights {
		args.PerformanceInsightsKmsKeyId = s.key.arn
		args.PerformanceInsightsRetentionPeriod = pulumi.Int(7)
	}
	return args
}

// rdsParameters are the settings of one engine. MySQL 8.4 writes rows to the
// binary log by itself and will drop the setting.
func rdsParameters(d topology.Database) map[string]string {
	p := without(sharedParameters)
	p["require_secure_transport"] = "1"
	if d.Version != "8.4" {
		p["binlog_format"] = clusterParameters["binlog_format"]
	}
	return p
}

// rdsPassword leaves the password to AWS, except where a replica is wanted: RDS
// makes none of an instance whose password it manages
// (docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html).
func (s *site) rdsPassword(ctx *pulumi.Context, parent pulumi.Resource, d *database, args *rds.InstanceArgs) error {
	if d.args.Readers.Min == 0 {
		args.ManageMasterUserPassword, args.MasterUserSecretKmsKeyId = pulumi.Bool(true), s.key.arn
		return nil
	}
	password, err := s.ownPassword(ctx, parent, d, false)
	args.Password = password
	return err
}

// addReplica adds the server that answers reads. Its key, subnets and content
// are the primary's.
func (s *site) addReplica(ctx *pulumi.Context, parent pulumi.Resource, d *database, group *rds.ParameterGroup, volume disk) error {
	name, id := d.name+"-reader", d.id+"-reader"
	var logs []pulumi.Resource
	for _, log := range exportedLogs {
		written, err := s.addLogGroup(ctx, parent, name+"-"+log, "/aws/rds/instance/"+id+"/"+log, topology.TierDatabase)
		if err != nil {
			return err
		}
		logs = append(logs, written)
	}
	args := s.rdsArgs(d, name, id, group, volume)
	args.ReplicateSourceDb = d.instance.Identifier
	args.AvailabilityZone = pulumi.String(s.zoneNames[len(s.zoneNames)-1])
	args.SkipFinalSnapshot = pulumi.Bool(true)
	replica, err := rds.NewInstance(ctx, name, args, pulumi.Parent(parent), pulumi.DependsOn(logs))
	if err != nil {
		return err
	}
	d.members, d.reader = append(d.members, replica), replica.Address
	return nil
}
