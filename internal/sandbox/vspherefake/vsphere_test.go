package vspherefake

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
)

var config = resource.PropertyMap{
	"user": resource.NewProperty("u"), "password": resource.NewProperty("p"), "vsphereServer": resource.NewProperty("vc"),
}

func TestTheTableNamesOnlyWhatTheSDKHas(t *testing.T) {
	require.NoError(t, New(site.Default()).Verify())
}

func TestEveryTypeGivesItsOutputs(t *testing.T) {
	probe, err := fake.NewProbe(New(site.Default()), config)
	require.NoError(t, err)
	for _, r := range New(site.Default()).Resources {
		t.Run(strings.TrimPrefix(r.Token, "vsphere:index/"), func(t *testing.T) {
			require.NoError(t, probe.Exercise(context.Background(), r.Token))
		})
	}
}

func TestLookupsKnowTheSiteAndNothingElse(t *testing.T) {
	probe, err := fake.NewProbe(New(site.Default()), config)
	require.NoError(t, err)
	get := func(name string, args map[string]any) (map[string]any, error) {
		out, err := probe.Lookup(context.Background(), "vsphere:index/"+name+":"+name, resource.NewPropertyMapFromMap(args))
		return out.Mappable(), err
	}
	dc, err := get("getDatacenter", map[string]any{"name": "DC0"})
	require.NoError(t, err)
	id := dc["id"]
	require.Regexp(t, `^datacenter-\d+$`, id)
	for name, args := range map[string]map[string]any{
		"getDatastore":      {"name": "LocalDS_0", "datacenterId": id},
		"getComputeCluster": {"name": "DC0_C0", "datacenterId": id},
		"getHost":           {"name": "DC0_C0_H3", "datacenterId": id},
		"getNetwork":        {"name": "VM Network", "datacenterId": id},
		"getPolicy":         {"name": "VM Encryption Policy"},
	} {
		got, err := get(name, args)
		require.NoError(t, err, name)
		require.NotEmpty(t, got["id"], name)
		args["name"] = "nowhere"
		_, err = get(name, args)
		require.ErrorContains(t, err, `"nowhere" not found in the simulated site`, name)
	}
	vm, err := get("getVirtualMachine", map[string]any{"name": "debian-12", "datacenterId": id})
	require.NoError(t, err)
	require.Equal(t, "debian12_64Guest", vm["guestId"])
	require.EqualValues(t, 40, vm["disks"].([]any)[0].(map[string]any)["size"])
	_, err = get("getDatastore", map[string]any{"name": "LocalDS_0", "datacenterId": "datacenter-1"})
	require.ErrorContains(t, err, `datacenter "datacenter-1" not found`)
}

func TestAMachineHasTheAddressThatItIsGiven(t *testing.T) {
	probe, err := fake.NewProbe(New(site.Default()), config)
	require.NoError(t, err)
	_, got, err := probe.Create(context.Background(), "vsphere:index/virtualMachine:VirtualMachine", "web-1",
		resource.NewPropertyMapFromMap(map[string]any{
			"resourcePoolId": "resgroup-1", "networkInterfaces": []any{map[string]any{"networkId": "network-1"}},
			"clone": map[string]any{"templateUuid": "x", "customize": map[string]any{
				"networkInterfaces": []any{map[string]any{"ipv4Address": "10.1.2.3", "ipv4Netmask": 24}},
			}},
		}))
	require.NoError(t, err)
	require.Equal(t, "10.1.2.3", got["defaultIpAddress"].StringValue())
	require.Regexp(t, `^00:50:56:`, got["networkInterfaces"].ArrayValue()[0].ObjectValue()["macAddress"].StringValue())
}

func TestCredentialsAreRequired(t *testing.T) {
	_, err := fake.NewProbe(New(site.Default()), resource.PropertyMap{"user": resource.NewProperty("u")})
	require.ErrorContains(t, err, "password: required, and not given")
	require.ErrorContains(t, err, "vsphereServer: required, and not given")
}
