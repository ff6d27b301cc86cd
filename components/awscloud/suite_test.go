package awscloud_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/awscloud"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/platform/platformtest"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/sandbox/awsfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

func settings() awscloud.Settings {
	return awscloud.Settings{
		Region: "eu-west-1", Certificates: awscloud.Issue,
		ClientRootCertificateARN: "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000001",
	}
}

func probes(t *testing.T) map[string]*fake.Probe {
	t.Helper()
	p, err := fake.NewProbe(awsfake.New(), resource.PropertyMap{"region": resource.NewProperty("eu-west-1")})
	require.NoError(t, err)
	return map[string]*fake.Probe{"aws": p}
}

func TestAWSPassesTheSuite(t *testing.T) {
	platformtest.Run(t, platformtest.Case{
		Open:   func() platform.Platform { return awscloud.New(settings(), aws.ProviderArgs{}) },
		Probes: probes,
		Keeps:  keeps,
		Marks:  marks,
		Variants: map[string]func(*topology.Storefront){
			"aurora": func(s *topology.Storefront) {
				s.Database = topology.Database{Engine: topology.AuroraMySQL, StorageGiB: 200, Size: topology.Size{VCPU: 8, MemoryGiB: 64},
					Readers: topology.Readers{Min: 1, Max: 4}, Proxy: true}
				s.Media = topology.Media{Kind: topology.ObjectMedia}
				s.Access = topology.Access{Mode: topology.ClientVPN, ClientCIDR: "10.99.0.0/22"}
				s.Web.WarmPool, s.LoadBalancer.ReservedUnits = 2, 100
			},
			"serverless, no CDN, shared": func(s *topology.Storefront) {
				no := false
				s.Database = topology.Database{Engine: topology.AuroraMySQL, StorageGiB: 200, Serverless: &topology.Serverless{MinUnits: 0.5, MaxUnits: 8}}
				s.LoadBalancer.Shared, s.Edge.CDN = true, &no
				s.Web.Capacity.Max = 40
			},
			"opensearch, mysql": func(s *topology.Storefront) {
				s.Database = topology.Database{Engine: topology.MySQL, StorageGiB: 400, Size: topology.Size{VCPU: 4, MemoryGiB: 32}, IOPS: 12000}
				s.Search = topology.Search{Engine: topology.OpenSearch, Size: topology.Size{VCPU: 4, MemoryGiB: 16}, Count: 3, DiskGiB: 100}
				s.Analytics = topology.Analytics{Engine: topology.OpenSearch, Size: topology.Size{VCPU: 2, MemoryGiB: 16}, Count: 2, DiskGiB: 200}
			},
		},
	})
}

// keeps knows the types that keep data. A replica keeps only a copy.
func keeps(r platformtest.Registered) bool {
	switch r.Type {
	case "aws:rds/instance:Instance":
		return !r.Inputs.HasValue("replicateSourceDb")
	case "aws:rds/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup", "aws:efs/fileSystem:FileSystem",
		"aws:ebs/volume:Volume", "aws:opensearch/domain:Domain", "aws:kms/key:Key", "aws:secretsmanager/secret:Secret":
		return true
	}
	return false
}

// marks reads tags, which an Auto Scaling group words as a list. Types whose
// inputs show none are those that AWS gives none to.
func marks(r platformtest.Registered) (map[string]string, bool) {
	v, ok := r.Inputs["tags"]
	if !ok {
		return nil, false
	}
	out := map[string]string{}
	if v.IsArray() {
		for _, e := range v.ArrayValue() {
			o := e.ObjectValue()
			out[o["key"].StringValue()] = o["value"].StringValue()
		}
		return out, true
	}
	for k, e := range v.ObjectValue() {
		out[strings.TrimSpace(string(k))] = e.StringValue()
	}
	return out, true
}
