package awscloud

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Windows in UTC, one after the other. No hour is night in every country; these
// are Europe's, on a weekday on which somebody is there the morning after.
const (
	backupWindow      = "01:00-02:00"
	maintenanceWindow = "tue:03:00-tue:04:00"
)

// masterUser makes the shop's own users, and does nothing else: only the back
// office's server can read its password, which AWS changes every seven days.
const masterUser = "storefront"

// database is a database while its parts are put together.
type database struct {
	id       string
	name     string
	args     topology.Database
	subnets  *rds.SubnetGroup
	monitor  *iam.Role
	logs     []pulumi.Resource
	class    string
	insights bool

	// What the engine's file fills in.
	writer, reader pulumi.StringOutput
	master         pulumi.StringOutput // ARN of {"username": …, "password": …}
	cluster        *rds.Cluster        // one of cluster
	instance       *rds.Instance       // and instance
	members        []pulumi.Resource

	login login
}

// Database makes Aurora MySQL, or RDS for MySQL or MariaDB, in subnets without
// a way out.
func (s *site) Database(ctx *pulumi.Context, parent pulumi.Resource, in platform.DatabaseArgs) (platform.Database, error) {
	d, err := s.prepareDatabase(ctx, parent, in)
	if err != nil {
		return platform.Database{}, err
	}
	if in.Database.Engine == topology.AuroraMySQL {
		err = s.addAurora(ctx, parent, d)
	} else {
		err = s.addRDS(ctx, parent, d)
	}
	if err != nil {
		return platform.Database{}, err
	}
	if d.login, err = s.addLogin(ctx, parent, d); err != nil {
		return platform.Database{}, err
	}
	server := d.writer
	if in.Database.Proxy {
		if err := s.addProxy(ctx, parent, d); err != nil {
			return platform.Database{}, err
		}
	}
	return platform.Database{
		Writer: d.writer, Reader: d.reader, Port: topology.PortMySQL, TLS: true,
		User: stored(d.login.shop, "username"), Password: stored(d.login.shop, "password"),
		Owner: &platform.DatabaseOwner{Server: server, Master: stored(d.master, ""), Shop: stored(d.login.shop, ""), Pooled: d.login.pooledSecrets()},
	}, nil
}

// prepareDatabase makes what both kinds of database need.
func (s *site) prepareDatabase(ctx *pulumi.Context, parent pulumi.Resource, in platform.DatabaseArgs) (*database, error) {
	d := &database{id: s.called(in.Name, 50), name: in.Name, args: in.Database, class: "db.serverless"}
	var err error
	if in.Database.Serverless == nil {
		if d.class, err = shapeOf(databaseShapes, in.Database.Size); err != nil {
			return nil, topology.Problems{{Path: "database.size", Message: err.Error()}}
		}
	}
	// Insights need the performance schema, for which the smallest classes
	// have too little memory (docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide,
	// "Using T instance classes for development and testing").
	d.insights = !strings.HasPrefix(d.class, "db.t")
	if d.subnets, err = rds.NewSubnetGroup(ctx, in.Name, &rds.SubnetGroupArgs{
		Name: pulumi.String(d.id), Description: pulumi.String("Isolated subnets of " + in.Name),
		SubnetIds: s.vpc.subnetIDs(address.Data), Tags: s.tags(topology.TierDatabase, in.Name),
	}, pulumi.Parent(parent)); err != nil {
		return nil, err
	}
	if d.monitor, err = s.addRole(ctx, parent, in.Name+"-monitoring", topology.TierDatabase, "monitoring.rds.amazonaws.com"); err != nil {
		return nil, err
	}
	attached, err := iam.NewRolePolicyAttachment(ctx, in.Name+"-monitoring", &iam.RolePolicyAttachmentArgs{
		Role: d.monitor.Name, PolicyArn: pulumi.String("arn:" + s.partition + ":iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"),
	}, pulumi.Parent(parent))
	if err != nil {
		return nil, err
	}
	d.logs = []pulumi.Resource{attached}
	kind := "instance"
	if in.Database.Engine == topology.AuroraMySQL {
		kind = "cluster"
	}
	for _, log := range exportedLogs {
		group, err := s.addLogGroup(ctx, parent, in.Name+"-"+log, "/aws/rds/"+kind+"/"+d.id+"/"+log, topology.TierDatabase)
		if err != nil {
			return nil, err
		}
		d.logs = append(d.logs, group)
	}
	return d, nil
}

// exportedLogs go to CloudWatch. The general log would hold every statement,
// customers' data in it.
var exportedLogs = []string{"error", "slowquery"}

// sharedParameters hold for every engine and replica.
var sharedParameters = map[string]string{
	"character_set_server": "utf8mb4",
	// What Magento's tables have. MySQL 8's own default is unknown to MariaDB
	// and can't be compared with tables that a dump brings.
	"collation_server": "utf8mb4_general_ci",
	// Backups and replicas need the binary log, and with it Magento's
	// triggers need this (experienceleague.adobe.com, "MySQL" prerequisites).
	"log_bin_trust_function_creators": "1",
	// Pages and product texts with pictures inside, and dumps, are larger than
	// the default of 4 or 16 MiB.
	"max_allowed_packet":         "67108864",
	"slow_query_log":             "1",
	"long_query_time":            "1",
	"log_output":                 "FILE", // a table is not exported
	"innodb_print_all_deadlocks": "1",    // checkouts of a flash sale meet on stock rows
}

// clusterParameters hold for a whole Aurora cluster.
var clusterParameters = map[string]string{
	"character_set_server": sharedParameters["character_set_server"],
	"collation_server":     sharedParameters["collation_server"],
	// Both ends are new, and a password in clear on the wire is never wanted.
	"require_secure_transport": "ON",
	// A cut-over that is taken back needs the orders of the meantime: the
	// legacy database follows through the binary log (see clusterPassword). It
	// takes rows, and a restart of the writer to be switched on later.
	"binlog_format": "ROW",
}

// wantsRestart are parameters that RDS changes with a restart only.
var wantsRestart = []string{"binlog_format"}

// applyMethod says when a parameter of an Aurora cluster takes hold.
func applyMethod(name string) string {
	if slices.Contains(wantsRestart, name) {
		return "pending-reboot"
	}
	return "immediate"
}

// without returns a copy of m that lacks the keys.
func without(m map[string]string, keys ...string) map[string]string {
	out := maps.Clone(m)
	for _, k := range keys {
		delete(out, k)
	}
	return out
}

func instanceParameters(m map[string]string) rds.ParameterGroupParameterArray {
	var out rds.ParameterGroupParameterArray
	for _, k := range sortedKeys(m) {
		out = append(out, &rds.ParameterGroupParameterArgs{Name: pulumi.String(k), Value: pulumi.String(m[k]), ApplyMethod: pulumi.String("immediate")})
	}
	return out
}

// addParameters makes an instance parameter group. Its name holds the family,
// since a change of version needs a second group beside the first.
func (s *site) addParameters(ctx *pulumi.Context, parent pulumi.Resource, d *database, family string, values map[string]string) (*rds.ParameterGroup, error) {
	return rds.NewParameterGroup(ctx, d.name, &rds.ParameterGroupArgs{
		Name:   pulumi.String(d.id + "-" + strings.ReplaceAll(family, ".", "-")),
		Family: pulumi.String(family), Description: pulumi.String("Settings of " + d.name),
		Parameters: instanceParameters(values), Tags: s.tags(topology.TierDatabase, d.name),
	}, pulumi.Parent(parent))
}

// finalSnapshot is what is left when a production database is deleted.
func (s *site) finalSnapshot(d *database) pulumi.StringPtrInput {
	if !s.production() {
		return nil
	}
	return s.lastSnapshot(d.id)
}

// lastSnapshot names what is left of a store. The snapshot outlives its stack,
// so the next stack of that name needs another one: the network's ID tells them
// apart, which is AWS's own and stays while the stack stands.
func (s *site) lastSnapshot(id string) pulumi.StringPtrInput {
	return s.vpc.id.ApplyT(func(vpc pulumi.ID) *string {
		name := id + "-final-" + strings.TrimPrefix(string(vpc), "vpc-")
		return &name
	}).(pulumi.StringPtrOutput)
}
