package sandbox_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi-vsphere/sdk/v4/go/vsphere"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/nsxfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
	"github.com/storefront-toolkit/storefront/internal/sandbox/vspherefake"
)

// private makes a segment and then looks it up in vCenter, where it is a
// network.
func private(lookedUp string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		dc, err := vsphere.LookupDatacenter(ctx, &vsphere.LookupDatacenterArgs{Name: pulumi.StringRef("DC0")})
		if err != nil {
			return err
		}
		zone, err := nsxt.LookupPolicyTransportZone(ctx, &nsxt.LookupPolicyTransportZoneArgs{DisplayName: pulumi.StringRef("overlay-tz")})
		if err != nil {
			return err
		}
		segment, err := nsxt.NewPolicySegment(ctx, "app", &nsxt.PolicySegmentArgs{
			DisplayName: pulumi.String("shop-app"), TransportZonePath: pulumi.String(zone.Path),
		})
		if err != nil {
			return err
		}
		network := segment.Path.ApplyT(func(string) (string, error) {
			found, err := vsphere.GetNetwork(ctx, &vsphere.GetNetworkArgs{Name: lookedUp, DatacenterId: &dc.Id})
			if err != nil {
				return "", err
			}
			return found.Id, nil
		}).(pulumi.StringOutput)
		_, err = vsphere.NewVirtualMachine(ctx, "web-1", &vsphere.VirtualMachineArgs{
			ResourcePoolId:    pulumi.String("resgroup-1"),
			NetworkInterfaces: vsphere.VirtualMachineNetworkInterfaceArray{vsphere.VirtualMachineNetworkInterfaceArgs{NetworkId: network}},
		})
		return err
	}
}

func TestASegmentIsANetworkInVCenter(t *testing.T) {
	o := project(t, private("shop-app"))
	settings := "config:\n  vsphere:user: u\n  vsphere:password: p\n  vsphere:vsphereServer: vc\n  nsxt:host: nsx\n"
	require.NoError(t, os.WriteFile(filepath.Join(o.Project, "Pulumi.test.yaml"), []byte(settings), 0o600))
	s := site.Default()
	o.Packages = []*fake.Package{vspherefake.New(s), nsxfake.New(s)}

	first := do(t, sandbox.Up, o)
	require.Regexp(t, `^dvportgroup-`, byName(t, first, "web-1").Inputs["networkInterfaces"].([]any)[0].(map[string]any)["networkId"])
	require.Zero(t, do(t, sandbox.Up, o).Graph.Changes())

	o.Program = private("nowhere")
	_, err := sandbox.Do(context.Background(), sandbox.Preview, o)
	var refused *sandbox.Refused
	require.ErrorAs(t, err, &refused)
	require.Contains(t, refused.Lines, `vsphere:index/getNetwork:getNetwork: network "nowhere" not found in the simulated site`)
}
