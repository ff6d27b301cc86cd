package awsfake

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/opensearch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// data is databases.
func data() []fake.Resource {
	return []fake.Resource{
		named("clusterIdentifier", row("rds/cluster:Cluster", rds.ClusterArgs{}, rds.Cluster{}, "{clusterIdentifier}",
			"rds:cluster:{clusterIdentifier}",
			"availabilityZones clusterIdentifier clusterIdentifierPrefix databaseName dbSubnetGroupName dbSystemId engine "+
				"engineMode kmsKeyId masterUsername snapshotIdentifier sourceRegion "+
				"storageEncrypted restoreToPointInTime s3Import clusterScalabilityType", outputs{
				"endpoint":          "{clusterIdentifier}.cluster-{12}.{region}.rds.amazonaws.com",
				"readerEndpoint":    "{clusterIdentifier}.cluster-ro-{12}.{region}.rds.amazonaws.com",
				"clusterResourceId": "cluster-{U26}", "hostedZoneId": "Z29XKXDKYMONMX", "masterUserSecrets": managedSecret,
				"clusterMembers": []any{}, "port": portOr(3306), "engineVersion": versionOr("8.0.mysql_aurora.3.08.2"),
				"engineVersionActual": versionOr("8.0.mysql_aurora.3.08.2"), "databaseName": givenOr("databaseName", ""),
			})),
		named("identifier", row("rds/clusterInstance:ClusterInstance", rds.ClusterInstanceArgs{}, rds.ClusterInstance{},
			"{identifier}", "rds:db:{identifier}",
			"availabilityZone clusterIdentifier dbSubnetGroupName engine identifier identifierPrefix customIamInstanceProfile",
			outputs{
				"endpoint": "{identifier}.{12}.{region}.rds.amazonaws.com", "dbiResourceId": "db-{U26}", "port": 3306,
				"networkType": "IPV4", "storageEncrypted": true,
			})),
		row("rds/clusterParameterGroup:ClusterParameterGroup", rds.ClusterParameterGroupArgs{}, rds.ClusterParameterGroup{},
			"{name}", "rds:cluster-pg:{name}", "description family name namePrefix"),
		row("rds/parameterGroup:ParameterGroup", rds.ParameterGroupArgs{}, rds.ParameterGroup{}, "{name}", "rds:pg:{name}",
			"description family name namePrefix"),
		row("rds/optionGroup:OptionGroup", rds.OptionGroupArgs{}, rds.OptionGroup{}, "{name}", "rds:og:{name}",
			"engineName majorEngineVersion name namePrefix optionGroupDescription"),
		row("rds/subnetGroup:SubnetGroup", rds.SubnetGroupArgs{}, rds.SubnetGroup{}, "{name}", "rds:subgrp:{name}",
			"name namePrefix", outputs{"supportedNetworkTypes": []any{"IPV4"}}),
		named("identifier", row("rds/instance:Instance", rds.InstanceArgs{}, rds.Instance{}, "db-{U26}", "rds:db:{identifier}",
			"characterSetName dbName engine kmsKeyId username storageEncrypted identifierPrefix "+
				"backupTarget customIamInstanceProfile timezone restoreToPointInTime s3Import snapshotIdentifier", outputs{
				"address": "{identifier}.{12}.{region}.rds.amazonaws.com", "endpoint": instanceEndpoint, "status": "available",
				"resourceId": "db-{U26}", "hostedZoneId": "Z29XKXDKYMONMX", "masterUserSecrets": managedSecret,
				"port": portOr(3306), "listenerEndpoints": []any{}, "replicas": []any{},
			})),
		row("rds/clusterEndpoint:ClusterEndpoint", rds.ClusterEndpointArgs{}, rds.ClusterEndpoint{},
			"{clusterEndpointIdentifier}", "rds:cluster-endpoint:{clusterEndpointIdentifier}",
			"clusterEndpointIdentifier clusterIdentifier",
			outputs{"endpoint": "{clusterEndpointIdentifier}.cluster-custom-{12}.{region}.rds.amazonaws.com"}),
		row("rds/globalCluster:GlobalCluster", rds.GlobalClusterArgs{}, rds.GlobalCluster{}, "{globalClusterIdentifier}",
			"rds!:global-cluster:{globalClusterIdentifier}", "databaseName globalClusterIdentifier storageEncrypted"),
		row("rds/eventSubscription:EventSubscription", rds.EventSubscriptionArgs{}, rds.EventSubscription{}, "{name}",
			"rds:es:{name}", "name namePrefix", outputs{"customerAwsId": "{account}"}),
		row("rds/proxy:Proxy", rds.ProxyArgs{}, rds.Proxy{}, "{name}", "rds:db-proxy:prx-{17}",
			"engineFamily name vpcSubnetIds", outputs{"endpoint": "{name}.proxy-{12}.{region}.rds.amazonaws.com"}),
		row("rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup", rds.ProxyDefaultTargetGroupArgs{},
			rds.ProxyDefaultTargetGroup{}, "{dbProxyName}", "rds:target-group:prx-tg-{17}", "dbProxyName",
			outputs{"name": "default"}),
		row("rds/proxyTarget:ProxyTarget", rds.ProxyTargetArgs{}, rds.ProxyTarget{}, "{dbProxyName}/{targetGroupName}/{10}", "",
			"dbClusterIdentifier dbInstanceIdentifier dbProxyName targetGroupName",
			outputs{"port": 3306, "type": "TRACKED_CLUSTER", "rdsResourceId": "{dbClusterIdentifier}"}),
		row("rds/proxyEndpoint:ProxyEndpoint", rds.ProxyEndpointArgs{}, rds.ProxyEndpoint{},
			"{dbProxyName}/{dbProxyEndpointName}", "rds:db-proxy-endpoint:prx-endpoint-{17}",
			"dbProxyEndpointName dbProxyName targetRole vpcSubnetIds",
			outputs{"endpoint": "{dbProxyEndpointName}.endpoint.proxy-{12}.{region}.rds.amazonaws.com"}),
	}
}

// caching is Redis, and the search service.
func caching() []fake.Resource {
	return []fake.Resource{
		named("replicationGroupId", row("elasticache/replicationGroup:ReplicationGroup", elasticache.ReplicationGroupArgs{},
			elasticache.ReplicationGroup{}, "{replicationGroupId}", "elasticache:replicationgroup:{replicationGroupId}",
			"atRestEncryptionEnabled dataTieringEnabled kmsKeyId port replicationGroupId securityGroupNames "+
				"snapshotArns snapshotName subnetGroupName globalReplicationGroupId", outputs{
				"primaryEndpointAddress":       redisName("master"),
				"readerEndpointAddress":        redisName("replica"),
				"configurationEndpointAddress": "", "memberClusters": redisMembers, "clusterEnabled": false,
				"engineVersionActual": versionOr("7.1"),
			})),
		named("clusterId", row("elasticache/cluster:Cluster", elasticache.ClusterArgs{}, elasticache.Cluster{}, "{clusterId}",
			"elasticache:cluster:{clusterId}",
			"clusterId engine port replicationGroupId subnetGroupName snapshotArns snapshotName availabilityZone")),
		row("elasticache/subnetGroup:SubnetGroup", elasticache.SubnetGroupArgs{}, elasticache.SubnetGroup{}, "{name}",
			"elasticache:subnetgroup:{name}", "name"),
		row("elasticache/parameterGroup:ParameterGroup", elasticache.ParameterGroupArgs{}, elasticache.ParameterGroup{},
			"{name}", "elasticache:parametergroup:{name}", "description family name"),
		row("elasticache/user:User", elasticache.UserArgs{}, elasticache.User{}, "{userId}", "elasticache:user:{userId}",
			"userId userName"),
		row("elasticache/userGroup:UserGroup", elasticache.UserGroupArgs{}, elasticache.UserGroup{}, "{userGroupId}",
			"elasticache:usergroup:{userGroupId}", "userGroupId"),
		row("elasticache/userGroupAssociation:UserGroupAssociation", elasticache.UserGroupAssociationArgs{},
			elasticache.UserGroupAssociation{}, "{userGroupId},{userId}", "", "userGroupId userId"),
		row("elasticache/globalReplicationGroup:GlobalReplicationGroup", elasticache.GlobalReplicationGroupArgs{},
			elasticache.GlobalReplicationGroup{}, "ldgnf-{globalReplicationGroupIdSuffix}",
			"elasticache!:globalreplicationgroup:ldgnf-{globalReplicationGroupIdSuffix}",
			"globalReplicationGroupIdSuffix primaryReplicationGroupId"),
		row("elasticache/serverlessCache:ServerlessCache", elasticache.ServerlessCacheArgs{}, elasticache.ServerlessCache{},
			"{name}", "elasticache:serverlesscache:{name}", "kmsKeyId name subnetIds snapshotArnsToRestores"),
		named("domainName", row("opensearch/domain:Domain", opensearch.DomainArgs{}, opensearch.Domain{}, "{arn}",
			"es:domain/{domainName}", "domainName encryptAtRest.kmsKeyId", outputs{
				"domainId": "{account}/{domainName}", "endpoint": "vpc-{domainName}-{26}.{region}.es.amazonaws.com",
				"dashboardEndpoint": "vpc-{domainName}-{26}.{region}.es.amazonaws.com/_dashboards",
				"kibanaEndpoint":    "", "endpointV2": "", "dashboardEndpointV2": "",
			})),
		row("opensearch/domainPolicy:DomainPolicy", opensearch.DomainPolicyArgs{}, opensearch.DomainPolicy{},
			"esd-policy-{domainName}", "", "domainName"),
		row("opensearch/vpcEndpoint:VpcEndpoint", opensearch.VpcEndpointArgs{}, opensearch.VpcEndpoint{}, "aos-{20}", "",
			"domainArn"),
	}
}

// managedSecret is the secret that the database service itself keeps, where
// the program asks for it.
func managedSecret(o *fake.Object) any {
	if o.Text("manageMasterUserPassword") != "true" {
		return []any{}
	}
	key := o.Text("masterUserSecretKmsKeyId")
	if key == "" {
		key = o.Expand("key", "arn:{partition}:kms:{region}:{account}:key/{uuid}")
	}
	return []any{map[string]any{
		"kmsKeyId":     key,
		"secretArn":    o.Expand("secret", "arn:{partition}:secretsmanager:{region}:{account}:secret:rds!cluster-{uuid}-{6}"),
		"secretStatus": "active",
	}}
}

func instanceEndpoint(o *fake.Object) any {
	port := o.Text("port")
	if port == "" {
		port = "3306"
	}
	return o.Expand("address", "{identifier}.{12}.{region}.rds.amazonaws.com:") + port
}

// redisName is the primary's or the readers' name: they differ in one word.
func redisName(word string) func(*fake.Object) any {
	return func(o *fake.Object) any {
		return o.Expand("redis", word+".{replicationGroupId}.{6}.") + shortRegion(o.Settings["region"]) + ".cache.amazonaws.com"
	}
}

func redisMembers(o *fake.Object) any {
	out := []any{}
	for i := range max(1, numberOr(o, "numCacheClusters", 1)) {
		out = append(out, o.Expand("", "{replicationGroupId}-")+pad3(i+1))
	}
	return out
}

// shortRegion is a region as it stands in a cache's name: eu-west-1 is euw1.
func shortRegion(region string) string {
	parts := strings.Split(region, "-")
	if len(parts) < 3 {
		return region
	}
	var b strings.Builder
	b.WriteString(parts[0])
	for _, p := range parts[1 : len(parts)-1] {
		b.WriteString(p[:1])
	}
	return b.String() + parts[len(parts)-1]
}
