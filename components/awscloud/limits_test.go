package awscloud

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

func TestVolumesForOperations(t *testing.T) {
	for _, c := range []struct {
		gib, iops int
		want      disk
		wrong     string
	}{
		{gib: 20, want: disk{kind: "gp3"}},
		{gib: 399, iops: 3000, want: disk{kind: "gp3"}},
		{gib: 400, iops: 12000, want: disk{kind: "gp3"}},
		{gib: 400, iops: 12001, want: disk{"gp3", 12001}},
		{gib: 200, iops: 5000, want: disk{"io2", 5000}},
		{gib: 500, iops: 64001, want: disk{"io2", 64001}},
		{gib: 99, iops: 3001, wrong: "more need storageGiB 100"},
		{gib: 200, iops: 200001, wrong: "200001 is above 200000"},
		{gib: 1000, iops: 256001, wrong: "256001 is above 256000"},
	} {
		got, err := diskFor(topology.Database{StorageGiB: c.gib, IOPS: c.iops})
		if c.wrong != "" {
			require.ErrorContains(t, err, c.wrong)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%d GiB, %d", c.gib, c.iops)
	}
}

func TestVolumesMayGrowByATenthAtTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gib := rapid.IntRange(20, 65536).Draw(t, "gib")
		if most := mostStorage(gib); most != 0 {
			require.LessOrEqual(t, most, 65536)
			require.GreaterOrEqual(t, float64(most), 1.1*float64(gib))
		} else {
			require.Greater(t, 1.1*float64(gib), 65536.0)
		}
	})
}

func TestNamesOfAnAccount(t *testing.T) {
	at := func(stack string) *site { return &site{meta: platform.Meta{Stack: stack}} }
	require.Equal(t, "shop-database-prod", at("prod").called("shop-database", 50))
	require.NotEqual(t, at("uat_1").called("shop", 50), at("uat-1").called("shop", 50))
	rapid.Check(t, func(t *rapid.T) {
		name := "s" + rapid.StringMatching(`[a-zA-Z0-9_.-]{0,60}`).Draw(t, "name")
		stack := rapid.StringMatching(`[a-zA-Z0-9_.-]{1,40}`).Draw(t, "stack")
		n := rapid.IntRange(28, 100).Draw(t, "n")
		got := at(stack).called(name, n)
		require.LessOrEqual(t, len(got), n)
		require.Regexp(t, `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, got)
	})
}

// A certificate's region says nothing while the stack's own is missing.
func TestAMissingRegionIsSaidOnce(t *testing.T) {
	s := small(topology.Production, nil)
	err := New(Settings{Certificates: Issue, ClientRootCertificateARN: "arn:aws:acm:eu-west-1:123456789012:certificate/a"}, aws.ProviderArgs{}).Validate(s)
	require.EqualError(t, err, "aws:region: is missing")
}

func TestAWSRefusesWhatItCannotDo(t *testing.T) {
	off := false
	s := small(topology.Production, func(s *topology.Storefront) {
		s.Network.Zones = 1
		s.Edge.CDN = &off
		s.Database = topology.Database{Engine: topology.MySQL, StorageGiB: 50, IOPS: 9000, Readers: topology.Readers{Min: 2, Max: 3}, Serverless: &topology.Serverless{MinUnits: 1, MaxUnits: 2}}
	})
	err := New(Settings{Region: "eu-west-1", Certificates: Issue, ClientRootCertificateARN: "arn:aws:acm:eu-west-1:123456789012:certificate/a"}, aws.ProviderArgs{}).Validate(s)
	for _, want := range []string{
		"network.zones: load balancers", "media.kind: without edge.cdn", "database.iops: a volume of 50 GiB",
		"database.readers.min: several replicas", "database.readers.max: readers scale", "database.serverless: only engine aurora-mysql",
	} {
		require.ErrorContains(t, err, want)
	}
}
