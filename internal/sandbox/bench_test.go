package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

// large is a program of about n resources, in components of thirty: a network
// and its subnets, each with a route table, an association and a route.
func large(n int) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		top, err := newComponent(ctx, "Storefront", "shop", nil)
		if err != nil {
			return err
		}
		for i := range n / 30 {
			if err := part(ctx, fmt.Sprintf("part%02d", i), i, top); err != nil {
				return err
			}
		}
		return nil
	}
}

func part(ctx *pulumi.Context, name string, i int, top pulumi.Resource) error {
	c, err := newComponent(ctx, "Network", name, top)
	if err != nil {
		return err
	}
	parent := pulumi.Parent(c)
	vpc, err := ec2.NewVpc(ctx, name, &ec2.VpcArgs{CidrBlock: pulumi.Sprintf("10.%d.0.0/16", i)}, parent)
	if err != nil {
		return err
	}
	gateway, err := ec2.NewInternetGateway(ctx, name, &ec2.InternetGatewayArgs{VpcId: vpc.ID()}, parent)
	if err != nil {
		return err
	}
	for j := range 7 {
		sub := fmt.Sprintf("%s-%d", name, j)
		subnet, err := ec2.NewSubnet(ctx, sub, &ec2.SubnetArgs{VpcId: vpc.ID(), CidrBlock: pulumi.Sprintf("10.%d.%d.0/24", i, j)}, parent)
		if err != nil {
			return err
		}
		table, err := ec2.NewRouteTable(ctx, sub, &ec2.RouteTableArgs{VpcId: vpc.ID()}, parent)
		if err != nil {
			return err
		}
		_, err = ec2.NewRouteTableAssociation(ctx, sub, &ec2.RouteTableAssociationArgs{SubnetId: subnet.ID(), RouteTableId: table.ID()}, parent)
		if err != nil {
			return err
		}
		_, err = ec2.NewRoute(ctx, sub, &ec2.RouteArgs{
			RouteTableId: table.ID(), DestinationCidrBlock: pulumi.String("0.0.0.0/0"), GatewayId: gateway.ID(),
		}, parent)
		if err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkPreview previews a stack of 300 resources in the engine, and says
// where the time goes.
func BenchmarkPreview(b *testing.B) {
	o := project(b, large(300))
	do(b, sandbox.Preview, o) // makes the stack and warms the caches
	b.ResetTimer()
	var last *sandbox.Run
	for range b.N {
		last = do(b, sandbox.Preview, o)
	}
	require.Greater(b, len(last.Graph.Resources), 300)
	b.ReportMetric(last.Seconds.Setup, "s-setup")
	b.ReportMetric(last.Seconds.Preview, "s-engine")
	b.ReportMetric(last.Seconds.Program, "s-program")
}

// BenchmarkUp brings 300 resources up from nothing.
func BenchmarkUp(b *testing.B) {
	for range b.N {
		run := do(b, sandbox.Up, project(b, large(300)))
		b.ReportMetric(run.Seconds.Command, "s-engine")
	}
}
