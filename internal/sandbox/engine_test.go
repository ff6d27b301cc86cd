package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
	"github.com/storefront-toolkit/storefront/internal/sandbox/awsfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/pulumicli"
)

// project writes a project of one stack and gives the options of a run in it.
func project(t testing.TB, program pulumi.RunFunc) sandbox.Options {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the Pulumi engine")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("Pulumi.yaml", "name: shop\nruntime: go\n")
	write("Pulumi.test.yaml", "config:\n  aws:region: eu-west-1\n  shop:web:\n    capacity:\n      max: 2\n")
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	return sandbox.Options{
		Stack: "test", Project: dir, Program: program, Packages: []*fake.Package{awsfake.New()},
		CLI: pulumicli.Finder{Root: root, Progress: os.Stderr},
	}
}

type component struct{ pulumi.ResourceState }

func newComponent(ctx *pulumi.Context, kind, name string, parent pulumi.Resource) (*component, error) {
	c := &component{}
	var opts []pulumi.ResourceOption
	if parent != nil {
		opts = append(opts, pulumi.Parent(parent))
	}
	return c, ctx.RegisterComponentResource("storefront:index:"+kind, name, c, opts...)
}

// shop is a small program: a network, a bucket, a secret.
func shop(ctx *pulumi.Context) error {
	top, err := newComponent(ctx, "Storefront", "shop", nil)
	if err != nil {
		return err
	}
	network, err := newComponent(ctx, "Network", "shop-network", top)
	if err != nil {
		return err
	}
	zones, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{State: pulumi.StringRef("available")})
	if err != nil {
		return err
	}
	vpc, err := ec2.NewVpc(ctx, "shop-vpc", &ec2.VpcArgs{CidrBlock: pulumi.String("10.0.0.0/16")}, pulumi.Parent(network))
	if err != nil {
		return err
	}
	for i, zone := range zones.Names {
		_, err := ec2.NewSubnet(ctx, "shop-app-"+zone, &ec2.SubnetArgs{
			VpcId: vpc.ID(), CidrBlock: pulumi.Sprintf("10.0.%d.0/24", i), AvailabilityZone: pulumi.String(zone),
		}, pulumi.Parent(network))
		if err != nil {
			return err
		}
	}
	media, err := newComponent(ctx, "Media", "shop-media", top)
	if err != nil {
		return err
	}
	bucket, err := s3.NewBucketV2(ctx, "shop-media", nil, pulumi.Parent(media), pulumi.Protect(true))
	if err != nil {
		return err
	}
	secret, err := secretsmanager.NewSecret(ctx, "shop-key", nil, pulumi.Parent(media))
	if err != nil {
		return err
	}
	_, err = secretsmanager.NewSecretVersion(ctx, "shop-key", &secretsmanager.SecretVersionArgs{
		SecretId: secret.ID(), SecretString: pulumi.ToSecret(pulumi.String("hunter2-in-plain")).(pulumi.StringOutput),
	}, pulumi.Parent(media))
	if err != nil {
		return err
	}
	var web struct{ Capacity struct{ Max int } }
	config.New(ctx, "").RequireObject("web", &web)
	ctx.Export("max", pulumi.Int(web.Capacity.Max))
	ctx.Export("bucket", bucket.Bucket)
	ctx.Export("vpc", vpc.ID())
	ctx.Export("key", pulumi.ToSecret(pulumi.String("hunter2-in-plain")))
	return nil
}

func do(t testing.TB, command sandbox.Command, o sandbox.Options) *sandbox.Run {
	t.Helper()
	run, err := sandbox.Do(context.Background(), command, o)
	require.NoError(t, err)
	return run
}

func TestAStackLivesAndDies(t *testing.T) {
	o := project(t, shop)

	preview := do(t, sandbox.Preview, o)
	require.Equal(t, 11, preview.Graph.Count()[sandbox.Create], preview.Graph.Count())
	require.Equal(t, sandbox.Unknown, preview.Outputs["vpc"])
	require.Equal(t, sandbox.Secret, preview.Outputs["key"])
	subnet := byName(t, preview, "shop-app-eu-west-1a")
	require.Equal(t, "network", subnet.Tier)
	require.Equal(t, []string{byName(t, preview, "shop-vpc").URN}, subnet.PropertyDependencies["vpcId"])
	require.Equal(t, sandbox.Unknown, subnet.Inputs["vpcId"])

	up := do(t, sandbox.Up, o)
	require.Equal(t, 11, up.Graph.Count()[sandbox.Create])
	require.Regexp(t, `^vpc-[0-9a-f]{17}$`, up.Outputs["vpc"])
	require.EqualValues(t, 2, up.Outputs["max"])
	require.Equal(t, byName(t, up, "shop-vpc").ID, byName(t, up, "shop-app-eu-west-1a").Inputs["vpcId"])
	require.True(t, byName(t, up, "shop-media", "aws:s3/bucketV2:BucketV2").Protect)

	again := do(t, sandbox.Up, o)
	require.Zero(t, again.Graph.Changes(), again.Graph.Count())
	require.Zero(t, do(t, sandbox.Refresh, o).Graph.Changes())

	o.Config = []string{"shop:web.capacity.max=12"}
	require.EqualValues(t, 12, do(t, sandbox.Preview, o).Outputs["max"])
	o.Config = nil

	_, err := sandbox.Do(context.Background(), sandbox.Destroy, o)
	var refused *sandbox.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []string{
		"1 resource is protected: run up with --config storefront:topology.protect=false, then destroy with the same; or destroy with --unprotect",
	}, refused.Lines)

	o.Unprotect = true
	require.Equal(t, 11, do(t, sandbox.Destroy, o).Graph.Count()[sandbox.Delete])
	noPlainSecret(t, o.Project)
}

// noPlainSecret looks through every file of a sandbox for the secret.
func noPlainSecret(t *testing.T, dir string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		require.NotContains(t, string(b), "hunter2-in-plain", path)
		return err
	}))
	require.Greater(t, files, 5)
}

func byName(t *testing.T, run *sandbox.Run, name string, types ...string) sandbox.Resource {
	t.Helper()
	for _, r := range run.Graph.Resources {
		if r.Name == name && (len(types) == 0 || r.Type == types[0]) {
			return r
		}
	}
	require.Fail(t, "no resource "+name)
	return sandbox.Resource{}
}

func TestSecretsStayOutOfStateAndGraph(t *testing.T) {
	o := project(t, shop)
	run := do(t, sandbox.Up, o)
	require.Equal(t, sandbox.Secret, byName(t, run, "shop-key", "aws:secretsmanager/secretVersion:SecretVersion").Inputs["secretString"])
	path := filepath.Join(o.Project, "graph.json")
	require.NoError(t, run.Graph.Write(path))
	noPlainSecret(t, o.Project)
}

// raw is any resource with any inputs, as no typed SDK would let it through.
type raw struct{ pulumi.CustomResourceState }

func register(token, name string, inputs pulumi.Map) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		return ctx.RegisterResource(token, name, inputs, &raw{})
	}
}

func TestEverythingWrongIsRefusedAtOnce(t *testing.T) {
	o := project(t, func(ctx *pulumi.Context) error {
		for _, run := range []pulumi.RunFunc{
			register("aws:ec2/vpc:Vpc", "typo", pulumi.Map{"cidrBlok": pulumi.String("10.0.0.0/16")}),
			register("aws:ec2/subnet:Subnet", "missing", pulumi.Map{"cidrBlock": pulumi.String("10.0.0.0/24")}),
			register("aws:lb/targetGroup:TargetGroup", "nested", pulumi.Map{"healthCheck": pulumi.Map{"interval": pulumi.String("ten")}}),
			register("aws:quantum/computer:Computer", "unknown", pulumi.Map{}),
		} {
			if err := run(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := sandbox.Do(context.Background(), sandbox.Up, o)
	var refused *sandbox.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []string{
		`typo (aws:ec2/vpc:Vpc): cidrBlok: no such property; did you mean "cidrBlock"?`,
		`missing (aws:ec2/subnet:Subnet): vpcId: required, and not given`,
		`nested (aws:lb/targetGroup:TargetGroup): healthCheck.interval: a whole number is wanted, not a string`,
		`unknown (aws:quantum/computer:Computer): this resource type isn't simulated: add a row for it in internal/sandbox/awsfake`,
	}, inOrder(refused.Lines, "typo", "missing", "nested", "unknown"))
	o.Program = shop
	require.Equal(t, 11, do(t, sandbox.Preview, o).Graph.Count()[sandbox.Create], "the state was touched")
}

func inOrder(lines []string, starts ...string) []string {
	var out []string
	for _, s := range starts {
		for _, l := range lines {
			if strings.HasPrefix(l, s+" ") {
				out = append(out, l)
			}
		}
	}
	if len(out) != len(lines) {
		return lines
	}
	return out
}

func TestTheProgramsErrorsComeWithoutNoise(t *testing.T) {
	o := project(t, func(*pulumi.Context) error {
		return fmt.Errorf("storefront:web.capacity.max: 2 is below min 4\nstorefront:channels[1].code: \"uk\" is there twice")
	})
	_, err := sandbox.Do(context.Background(), sandbox.Up, o)
	var refused *sandbox.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []string{
		"storefront:web.capacity.max: 2 is below min 4",
		`storefront:channels[1].code: "uk" is there twice`,
	}, refused.Lines)
}

func TestARefusedLookupNamesWhatIsMissing(t *testing.T) {
	o := project(t, func(ctx *pulumi.Context) error {
		_, err := ec2.LookupManagedPrefixList(ctx, &ec2.LookupManagedPrefixListArgs{Name: pulumi.StringRef("nowhere")})
		if err != nil {
			return fmt.Errorf("find the prefix list: %w", err)
		}
		return nil
	})
	_, err := sandbox.Do(context.Background(), sandbox.Preview, o)
	var refused *sandbox.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []string{`find the prefix list: prefix list "nowhere" not found in the simulated account`}, refused.Lines)
}

func TestAReplacementCountsOnce(t *testing.T) {
	vpc := func(cidr, tag string) pulumi.RunFunc {
		return func(ctx *pulumi.Context) error {
			_, err := ec2.NewVpc(ctx, "main", &ec2.VpcArgs{
				CidrBlock: pulumi.String(cidr), Tags: pulumi.StringMap{"tier": pulumi.String(tag)},
			})
			return err
		}
	}
	o := project(t, vpc("10.0.0.0/16", "a"))
	first := byName(t, do(t, sandbox.Up, o), "main")

	o.Program = vpc("10.0.0.0/16", "b")
	updated := do(t, sandbox.Up, o)
	require.Equal(t, 1, updated.Graph.Count()[sandbox.Update])
	require.Equal(t, first.ID, byName(t, updated, "main").ID)
	require.Equal(t, []string{"tags.tier"}, byName(t, updated, "main").Changed)

	o.Program = vpc("10.1.0.0/16", "b")
	replaced := do(t, sandbox.Up, o)
	require.Equal(t, 1, replaced.Graph.Count()[sandbox.Replace], replaced.Graph.Count())
	require.NotEqual(t, first.ID, byName(t, replaced, "main").ID)
	require.Equal(t, []string{"cidrBlock"}, byName(t, replaced, "main").Replacing)
}
