package awscloud

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// A stack that is made again under its name must not meet the snapshots that
// the first one left.
func TestFinalSnapshotsDifferFromStackToStack(t *testing.T) {
	for what, change := range map[string]func(*topology.Storefront){
		"Cluster shop-database":          nil,
		"Instance shop-database":         func(s *topology.Storefront) { s.Database.Engine = topology.MySQL },
		"ReplicationGroup shop-sessions": nil,
	} {
		name := func(vpc string) any {
			return buildIn(t, vpc, small(topology.Production, change)).of(t, what)["finalSnapshotIdentifier"]
		}
		require.Equal(t, name("1a"), name("1a"), what)
		require.NotEqual(t, name("1a"), name("2b"), what)
		require.Regexp(t, `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, name("1a"), what)
	}
}

// A record of which the inputs change is replaced, and its old one is deleted
// after that: were they another host name's, that name's proof would be gone.
func TestAFurtherHostNameLeavesTheOthersProofsAlone(t *testing.T) {
	with := func(hosts ...string) map[string]map[string]any {
		records := build(t, small(topology.Staging, func(s *topology.Storefront) { s.Channels[0].Hostnames = hosts })).all("Record")
		for name := range records {
			if records[name]["type"] != "CNAME" {
				delete(records, name)
			}
		}
		return records
	}
	before := with("www.shop.example", "shop.example")
	require.Equal(t, "_proof.shop.example", before["shop-web-uk-proof-shop.example"]["name"])
	for _, further := range []string{"a.shop.example", "b.shop.example", "m.shop.example", "uk.shop.example", "zz.shop.example"} {
		after := with("www.shop.example", "shop.example", further)
		require.Len(t, after, len(before)+1)
		for name, inputs := range before {
			require.Equal(t, inputs, after[name], "%s, after %s came", name, further)
		}
	}
}

func TestTheLogBucketTakesThisAccountsLoadBalancersAlone(t *testing.T) {
	var doc struct {
		Statement []struct {
			Effect    string
			Action    []string
			Principal map[string]any
			Resource  []string
		}
	}
	text := build(t, small(topology.Production, nil)).of(t, "BucketPolicy shop-network-logs")["policy"].(string)
	require.NoError(t, json.Unmarshal([]byte(text), &doc))
	require.Len(t, doc.Statement, 2)
	require.Equal(t, "Deny", doc.Statement[0].Effect)
	require.Equal(t, map[string]any{"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, doc.Statement[1].Principal)
	require.Equal(t, []string{"s3:PutObject"}, doc.Statement[1].Action)
	require.Equal(t, []string{"arn:aws:s3:::shop-network-logs-test-123456789012-eu-west-1/*/AWSLogs/123456789012/*"}, doc.Statement[1].Resource)
}

func TestAWarmPoolKeepsWhatIsAskedFor(t *testing.T) {
	args := &autoscaling.GroupArgs{}
	refresh(args, platform.FleetArgs{Capacity: topology.Capacity{Min: 6, Max: 60}, Scaling: &platform.Scaling{WarmPool: 6, Minimum: 8}})
	pool := args.WarmPool.(*autoscaling.GroupWarmPoolArgs)
	require.Equal(t, pulumi.Int(6), pool.MinSize)
	require.Equal(t, pulumi.Int(14), pool.MaxGroupPreparedCapacity, "else AWS keeps 60 less those that run")
}

func TestReservedUnitsHaveAFloor(t *testing.T) {
	refused := func(units int) error {
		return New(Settings{Region: "eu-west-1", Certificates: Issue, ClientRootCertificateARN: "arn:aws:acm:eu-west-1:123456789012:certificate/a"}, aws.ProviderArgs{}).
			Validate(small(topology.Production, func(s *topology.Storefront) { s.LoadBalancer.ReservedUnits = units }))
	}
	require.EqualError(t, refused(50), "loadBalancer.reservedUnits: 50 is below 100, the least that an Application Load Balancer reserves: more, or 0")
	require.NoError(t, refused(0))
	require.NoError(t, refused(100))
}
