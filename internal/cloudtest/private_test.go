package cloudtest

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/stacks"
)

// vcsimGaps are what the vCenter simulator can't do.
var vcsimGaps = gaps{
	{kind: "vsphere:index/virtualDisk:VirtualDisk", forgets: "size", why: "its datastore browser reports no capacity, so the provider reads 0"},
}

// TestPrivate brings the private stack up on the vCenter and NSX simulators,
// sees that nothing is left to do, adds two web servers and takes it down.
func TestPrivate(t *testing.T) {
	c := start(t)
	for _, provider := range []string{"vsphere", "nsxt"} {
		if !c.has(t, provider) {
			t.Skipf("the Terraform provider %s is absent: its own logic is not tried", provider)
		}
	}
	config := c.privateSite(t)
	s := c.open(t, "storefront", "private", stacks.DeployAt(now), config)
	ctx := context.Background()

	events, wait := watch()
	_, err := s.Preview(ctx, optpreview.EventStreams(events))
	first := wait()
	require.Empty(t, worded(first.problems), "the preview has provider errors")
	require.NoError(t, err)
	t.Logf("preview: %d resources, 0 provider errors", len(first.creates))

	up := c.upPrivate(t, s)
	require.Len(t, up.creates, len(first.creates))
	t.Logf("up: %d resources, 0 provider errors", len(up.creates))
	require.Empty(t, strings.Join(vcsimGaps.unexplained(previewed(t, s).changes), "\n"), "a second preview changes something")

	set(t, s, "storefront:topology.web.capacity.min", "10")
	grown := c.upPrivate(t, s)
	scaled(t, grown)
	require.Empty(t, vcsimGaps.unexplained(previewed(t, s).changes))

	events, wait = watch()
	// The vCenter simulator hangs on deletions side by side.
	_, err = s.Destroy(ctx, optdestroy.EventStreams(events), optdestroy.Parallel(1))
	down := wait()
	require.Empty(t, worded(down.problems), "destroy was refused")
	require.NoError(t, err)
	t.Logf("destroy: %d resources", len(down.deletes))
}

// upPrivate brings the stack up, one resource after the other: the vCenter
// simulator hangs on clones side by side.
func (c *cloud) upPrivate(t *testing.T, s auto.Stack) *report {
	t.Helper()
	events, wait := watch()
	_, err := s.Up(context.Background(), optup.EventStreams(events), optup.Parallel(1))
	up := wait()
	require.Empty(t, worded(up.problems), "up has provider errors")
	require.NoError(t, err)
	return up
}

func previewed(t *testing.T, s auto.Stack) *report {
	t.Helper()
	events, wait := watch()
	_, err := s.Preview(context.Background(), optpreview.EventStreams(events))
	seen := wait()
	require.Empty(t, worded(seen.problems))
	require.NoError(t, err)
	return seen
}

func set(t *testing.T, s auto.Stack, path, value string) {
	t.Helper()
	require.NoError(t, s.SetConfigWithOptions(context.Background(), path, auto.ConfigValue{Value: value}, &auto.ConfigOptions{Path: true}))
}

// scaled sees that two more web servers brought nothing but themselves, their
// tags and entries of anti-affinity rules.
func scaled(t *testing.T, grown *report) {
	t.Helper()
	var servers int
	for _, urn := range grown.creates {
		switch name := nameOf(urn); {
		case strings.HasPrefix(name, "vsphere:index/virtualMachine:VirtualMachine storefront-web-"):
			servers++
		case strings.HasPrefix(name, "nsxt:index/policyVmTags:PolicyVmTags storefront-web-"):
		case strings.HasPrefix(name, "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule storefront-web-apart-"):
		default:
			t.Errorf("scaling out made %s", name)
		}
	}
	require.Equal(t, 2, servers)
	require.Empty(t, grown.deletes)
	var left []change
	for _, c := range grown.changes {
		if c.op == "update" && !strings.Contains(nameOf(c.urn), "AntiAffinityRule storefront-web-apart-") {
			left = append(left, c)
		}
	}
	require.Empty(t, vcsimGaps.unexplained(left), "scaling out changed something else")
	t.Logf("scale-out by two: %d created, %d changed", len(grown.creates), len(grown.updates))
}
