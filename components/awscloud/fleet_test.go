package awscloud

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// fleets builds servers behind a load balancer, servers with volumes and a
// server that nothing reaches.
func fleets(t *testing.T) *made {
	t.Helper()
	return run(t, "1a", small(topology.Production, nil), func(ctx *pulumi.Context, root pulumi.Resource, on *site, s topology.Storefront) error {
		pool, err := on.LoadBalancer(ctx, root, platform.LoadBalancerArgs{Name: "shop-internal", Target: topology.TierSearch, Port: topology.PortSolr})
		if err != nil {
			return err
		}
		boot := func(_ int, host platform.Host) pulumi.StringOutput {
			text := "#cloud-config\n"
			if host.Base.Cloud.Group != "" {
				text += "# waited for by " + host.Base.Cloud.Group + "\n"
			}
			return pulumi.String(text).ToStringOutput()
		}
		for _, f := range []platform.FleetArgs{
			{Name: "shop-search", Tier: topology.TierSearch, Size: topology.Size{VCPU: 2, MemoryGiB: 8}, Capacity: topology.Capacity{Min: 2, Max: 2}, DiskGiB: 20, DataDiskGiB: 100,
				Pools: []platform.LoadBalancer{pool}, Boot: boot},
			{Name: "shop-deploy", Tier: topology.TierDeploy, Size: topology.Size{VCPU: 2, MemoryGiB: 8}, Capacity: topology.Capacity{Min: 1, Max: 1}, DiskGiB: 20, Boot: boot},
		} {
			if _, err := on.Fleet(ctx, root, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// grant is a statement of a policy.
type grant struct {
	Action    []string
	Principal map[string]any
	Condition map[string]map[string]any
}

func grantsIn(t *testing.T, policy any) []grant {
	t.Helper()
	var doc struct{ Statement []grant }
	require.NoError(t, json.Unmarshal([]byte(policy.(string)), &doc))
	return doc.Statement
}

func TestServersWithWorkWaitUntilTheyAreSetUp(t *testing.T) {
	m := fleets(t)
	require.NotContains(t, m.of(t, "Group shop-deploy"), "initialLifecycleHooks", "it may wait for its token for days")
	group := m.of(t, "Group shop-search-1")
	hook := group["initialLifecycleHooks"].([]any)[0].(map[string]any)
	require.Equal(t, "storefront-ready", hook["name"])
	require.Equal(t, "ABANDON", hook["defaultResult"])
	require.Equal(t, "shop-search-1-test", group["name"])
	// The server knows the group that it reports to, and may.
	require.Contains(t, m.of(t, "RolePolicy shop-search")["policy"], "autoScalingGroupName/shop-search-*")
	require.Equal(t, 0.0, number(group["instanceMaintenancePolicy"].(map[string]any)["minHealthyPercentage"]), "its volume is at one server at a time")
}

// Without these, servers with encrypted disks never start, or start without
// their volume.
func TestTheKeyServesThoseWhoStartServers(t *testing.T) {
	m := fleets(t)
	var started []string
	for _, g := range grantsIn(t, m.of(t, "Key shop-network-data")["policy"]) {
		if arn, ok := g.Condition["ArnLike"]["aws:PrincipalArn"].(string); ok && strings.Contains(arn, "AWSServiceRoleForAutoScaling") {
			require.Equal(t, map[string]any{"AWS": "*"}, g.Principal, "the account as principal grants nothing by itself")
			require.Equal(t, "123456789012", g.Condition["StringEquals"]["kms:CallerAccount"])
			started = append(started, g.Action...)
		}
	}
	require.Contains(t, started, "kms:CreateGrant")
	require.Contains(t, started, "kms:Decrypt")

	var attached []string
	for _, g := range grantsIn(t, m.of(t, "RolePolicy shop-search")["policy"]) {
		if g.Condition["StringEquals"]["kms:ViaService"] == "ec2.eu-west-1.amazonaws.com" {
			attached = append(attached, g.Action...)
		}
	}
	require.Equal(t, []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*", "kms:CreateGrant"}, attached)
}
