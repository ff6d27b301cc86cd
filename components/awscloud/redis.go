package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

const (
	redisVersion = "7.1"
	redisFamily  = "redis7"
)

// Redis makes a replication group with one shard, its password and its logs.
func (s *site) Redis(ctx *pulumi.Context, parent pulumi.Resource, in platform.RedisArgs) (platform.Redis, error) {
	node, err := redisNode(in.Redis.MemoryGiB)
	if err != nil {
		return platform.Redis{}, topology.Problems{{Path: string(in.Tier) + ".memoryGiB", Message: err.Error()}}
	}
	// Letters and digits: ElastiCache takes few other characters, and 128 at
	// the most (docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html).
	token, err := s.generate(ctx, parent, draw{
		name: in.Name + "-token", tier: in.Tier, purpose: "Password of Redis for " + string(in.Tier), length: 64, text: bare,
	})
	if err != nil {
		return platform.Redis{}, err
	}
	group, err := s.addReplicationGroup(ctx, parent, in, node, token)
	if err != nil {
		return platform.Redis{}, err
	}
	out := platform.Redis{
		Primary: group.PrimaryEndpointAddress, Reader: group.PrimaryEndpointAddress,
		Port: topology.PortRedis, TLS: true, Password: stored(token.arn, ""),
	}
	if *in.Redis.Replicas > 0 {
		out.Reader = group.ReaderEndpointAddress
	}
	return out, nil
}

func (s *site) addReplicationGroup(ctx *pulumi.Context, parent pulumi.Resource, in platform.RedisArgs, node string, token generated) (*elasticache.ReplicationGroup, error) {
	id := s.called(in.Name, 40)
	subnets, err := elasticache.NewSubnetGroup(ctx, in.Name, &elasticache.SubnetGroupArgs{
		Name: pulumi.String(id), Description: pulumi.String("Isolated subnets of " + in.Name),
		SubnetIds: s.vpc.subnetIDs(address.Data), Tags: s.tags(in.Tier, in.Name),
	}, pulumi.Parent(parent))
	if err != nil {
		return nil, err
	}
	parameters, err := s.addRedisParameters(ctx, parent, in)
	if err != nil {
		return nil, err
	}
	logs, err := s.addRedisLogs(ctx, parent, in)
	if err != nil {
		return nil, err
	}
	replicas := *in.Redis.Replicas
	args := &elasticache.ReplicationGroupArgs{
		ReplicationGroupId: pulumi.String(id), Description: pulumi.String("The storefront's " + string(in.Tier)),
		Engine: pulumi.String("redis"), EngineVersion: pulumi.String(redisVersion), NodeType: pulumi.String(node),
		Port: pulumi.Int(topology.PortRedis), NumCacheClusters: pulumi.Int(1 + replicas),
		AutomaticFailoverEnabled: pulumi.Bool(replicas > 0), MultiAzEnabled: pulumi.Bool(replicas > 0),
		AtRestEncryptionEnabled: pulumi.Bool(true), KmsKeyId: s.key.arn,
		// Its mode is "required" unless said otherwise.
		TransitEncryptionEnabled: pulumi.Bool(true), AuthToken: token.stored,
		SubnetGroupName: subnets.Name, SecurityGroupIds: pulumi.StringArray{s.groups[in.Tier]}, ParameterGroupName: parameters.Name,
		SnapshotRetentionLimit: pulumi.Int(*in.Redis.SnapshotDays), SnapshotWindow: pulumi.String("02:00-03:00"),
		MaintenanceWindow:         pulumi.String(maintenanceWindow),
		LogDeliveryConfigurations: logs,
		// Patches of one minor version are security fixes; they come in the
		// window and, with replicas, by a failover of seconds.
		AutoMinorVersionUpgrade: pulumi.Bool(true),
		// In production a change that restarts nodes waits for the window.
		ApplyImmediately: pulumi.Bool(!s.production()),
		Tags:             s.tags(in.Tier, in.Name),
	}
	if s.production() && !in.Evict {
		// Baskets live in sessions. A cache fills itself again.
		args.FinalSnapshotIdentifier = s.lastSnapshot(id)
	}
	return elasticache.NewReplicationGroup(ctx, in.Name, args, s.keeps(parent)...)
}

// addRedisParameters decides what happens when memory is full.
func (s *site) addRedisParameters(ctx *pulumi.Context, parent pulumi.Resource, in platform.RedisArgs) (*elasticache.ParameterGroup, error) {
	// A session that is dropped logs a visitor out in the middle of a checkout,
	// so writes are refused instead.
	evict := "noeviction"
	if in.Evict {
		// Magento's tag index has no expiry: with allkeys-lru it would be
		// dropped too, and pages would outlive the change of a price.
		evict = "volatile-lru"
	}
	name := s.called(in.Name, 200) + "-" + redisFamily
	return elasticache.NewParameterGroup(ctx, in.Name, &elasticache.ParameterGroupArgs{
		Name: pulumi.String(name), Family: pulumi.String(redisFamily), Description: pulumi.String("Redis for " + string(in.Tier)),
		Parameters: elasticache.ParameterGroupParameterArray{
			&elasticache.ParameterGroupParameterArgs{Name: pulumi.String("maxmemory-policy"), Value: pulumi.String(evict)},
		},
		Tags: s.tags(in.Tier, in.Name),
	}, pulumi.Parent(parent))
}

// addRedisLogs sends slow commands and the engine's own words to CloudWatch.
func (s *site) addRedisLogs(ctx *pulumi.Context, parent pulumi.Resource, in platform.RedisArgs) (elasticache.ReplicationGroupLogDeliveryConfigurationArray, error) {
	var out elasticache.ReplicationGroupLogDeliveryConfigurationArray
	for _, kind := range []string{"slow-log", "engine-log"} {
		group, err := s.addLogGroup(ctx, parent, in.Name+"-"+kind, "/storefront/"+s.meta.Stack+"/"+string(in.Tier)+"/"+kind, in.Tier)
		if err != nil {
			return nil, err
		}
		out = append(out, &elasticache.ReplicationGroupLogDeliveryConfigurationArgs{
			Destination: group.Name, DestinationType: pulumi.String("cloudwatch-logs"), LogFormat: pulumi.String("json"), LogType: pulumi.String(kind),
		})
	}
	return out, nil
}
