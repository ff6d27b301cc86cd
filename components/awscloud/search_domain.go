package awscloud

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/opensearch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

const (
	searchVersion = "OpenSearch_2.19"
	// masterNode is large enough for ten data nodes
	// (docs.aws.amazon.com/opensearch-service, "Dedicated master nodes").
	masterNode = "m6g.large.search"
)

// SearchDomain makes an OpenSearch domain inside the network.
//
// Whoever reaches it may use it: the tier's security group lets in the shop's
// servers and nobody else, and PHP search clients sign no requests. The policy
// grants the index's verbs alone, not those that change the domain.
func (s *site) SearchDomain(ctx *pulumi.Context, parent pulumi.Resource, in platform.SearchDomainArgs) (platform.SearchDomain, error) {
	node, err := shapeOf(searchShapes, in.Size)
	if err != nil {
		return platform.SearchDomain{}, topology.Problems{{Path: string(in.Tier) + ".size", Message: err.Error()}}
	}
	if err := s.needSearchRole(ctx, parent, in); err != nil {
		return platform.SearchDomain{}, err
	}
	logs, allowed, err := s.addSearchLogs(ctx, parent, in)
	if err != nil {
		return platform.SearchDomain{}, err
	}
	id := s.called(in.Name, 28)
	arn := fmt.Sprintf("arn:%s:es:%s:%s:domain/%s", s.partition, s.settings.Region, s.accountID, id)
	zones := searchZones(in.Count, len(s.zoneNames))
	domain, err := opensearch.NewDomain(ctx, in.Name, &opensearch.DomainArgs{
		DomainName: pulumi.String(id), EngineVersion: pulumi.String(searchVersion),
		ClusterConfig: s.searchCluster(in, node, zones),
		EbsOptions: &opensearch.DomainEbsOptionsArgs{
			EbsEnabled: pulumi.Bool(true), VolumeType: pulumi.String("gp3"), VolumeSize: pulumi.Int(in.DiskGiB),
		},
		EncryptAtRest:        &opensearch.DomainEncryptAtRestArgs{Enabled: pulumi.Bool(true), KmsKeyId: s.key.arn},
		NodeToNodeEncryption: &opensearch.DomainNodeToNodeEncryptionArgs{Enabled: pulumi.Bool(true)},
		DomainEndpointOptions: &opensearch.DomainDomainEndpointOptionsArgs{
			EnforceHttps: pulumi.Bool(true), TlsSecurityPolicy: pulumi.String("Policy-Min-TLS-1-2-PFS-2023-10"),
		},
		VpcOptions: &opensearch.DomainVpcOptionsArgs{
			SubnetIds: s.vpc.subnetIDs(address.Data)[:zones], SecurityGroupIds: pulumi.StringArray{s.groups[in.Tier]},
		},
		AccessPolicies: policy(statement{
			Principal: map[string]any{"AWS": "*"}, Resource: []pulumi.StringInput{pulumi.String(arn + "/*")},
			Action: []string{"es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpDelete"},
		}),
		LogPublishingOptions:  logs,
		SoftwareUpdateOptions: &opensearch.DomainSoftwareUpdateOptionsArgs{AutoSoftwareUpdateEnabled: pulumi.Bool(true)},
		Tags:                  s.tags(in.Tier, in.Name),
	}, s.keeps(parent, pulumi.DependsOn([]pulumi.Resource{allowed}))...)
	if err != nil {
		return platform.SearchDomain{}, err
	}
	return platform.SearchDomain{Endpoint: domain.Endpoint}, nil
}

// searchZones is over how many zones a domain spreads: OpenSearch knows one,
// two and three.
func searchZones(count, zones int) int { return min(count, zones, 3) }

func (s *site) searchCluster(in platform.SearchDomainArgs, node string, zones int) *opensearch.DomainClusterConfigArgs {
	c := &opensearch.DomainClusterConfigArgs{
		InstanceType: pulumi.String(node), InstanceCount: pulumi.Int(in.Count),
		ZoneAwarenessEnabled: pulumi.Bool(zones > 1),
	}
	if zones > 1 {
		c.ZoneAwarenessConfig = &opensearch.DomainClusterConfigZoneAwarenessConfigArgs{AvailabilityZoneCount: pulumi.Int(zones)}
	}
	// Two data nodes can't outvote each other when a zone is lost; three
	// masters of their own decide. Three data nodes decide among themselves.
	if s.production() && in.Count > 1 && in.Count != 3 {
		c.DedicatedMasterEnabled, c.DedicatedMasterCount, c.DedicatedMasterType = pulumi.Bool(true), pulumi.Int(3), pulumi.String(masterNode)
	}
	return c
}

// needSearchRole refuses an account in which OpenSearch can't enter a network
// yet. The role is the account's, not a stack's: a stack that made it would
// take it from all others when it goes.
func (s *site) needSearchRole(ctx *pulumi.Context, parent pulumi.Resource, in platform.SearchDomainArgs) error {
	const service = "opensearchservice.amazonaws.com"
	roles, err := iam.GetRoles(ctx, &iam.GetRolesArgs{PathPrefix: pulumi.StringRef("/aws-service-role/" + service + "/")}, pulumi.Parent(parent))
	if err != nil {
		return fmt.Errorf("look for the role of %s: %w", service, err)
	}
	if len(roles.Names) == 0 {
		return topology.Problems{{Path: string(in.Tier) + ".engine", Message: "this account has no service-linked role for OpenSearch yet: " +
			"run `aws iam create-service-linked-role --aws-service-name " + service + "` once"}}
	}
	return nil
}

func (s *site) addSearchLogs(ctx *pulumi.Context, parent pulumi.Resource, in platform.SearchDomainArgs) (opensearch.DomainLogPublishingOptionArray, *cloudwatch.LogResourcePolicy, error) {
	var options opensearch.DomainLogPublishingOptionArray
	var groups []*cloudwatch.LogGroup
	for _, kind := range []string{"ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"} {
		word := strings.ToLower(strings.TrimPrefix(strings.TrimSuffix(strings.ReplaceAll(kind, "_", "-"), "-LOGS"), "ES-"))
		group, err := s.addLogGroup(ctx, parent, in.Name+"-"+word, "/storefront/"+s.meta.Stack+"/"+string(in.Tier)+"/"+word, in.Tier)
		if err != nil {
			return nil, nil, err
		}
		groups = append(groups, group)
		options = append(options, &opensearch.DomainLogPublishingOptionArgs{CloudwatchLogGroupArn: group.Arn, LogType: pulumi.String(kind)})
	}
	allowed, err := s.letWrite(ctx, in.Name, "es.amazonaws.com", groups, pulumi.Parent(parent))
	return options, allowed, err
}
