package sandbox_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

func TestAnInterruptedRunCanBeRunAgain(t *testing.T) {
	o := project(t, shop)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := 0
	o.Progress = func(p sandbox.Progress) {
		if p.Phase == "up" {
			if seen++; seen == 4 {
				cancel()
			}
		}
	}
	_, err := sandbox.Do(ctx, sandbox.Up, o)
	require.Error(t, err)

	// A run that is killed leaves a lock behind as well.
	locks := filepath.Join(o.Project, ".sandbox", "test", "state", ".pulumi", "locks", "organization", "shop", "test")
	require.NoError(t, os.MkdirAll(locks, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(locks, "11111111-1111-1111-1111-111111111111.json"), []byte(`{"pid":1}`), 0o600))

	o.Progress = nil
	do(t, sandbox.Up, o)
	require.Zero(t, do(t, sandbox.Up, o).Graph.Changes())
}

func TestEncryptedSettingsStandAsPlaceholders(t *testing.T) {
	o := project(t, func(ctx *pulumi.Context) error {
		c := config.New(ctx, "")
		ctx.Export("token", c.RequireSecret("token"))
		ctx.Export("length", pulumi.Int(len(c.Require("token"))))
		return nil
	})
	settings := "encryptionsalt: v1:abc=:v1:def:ghi\nconfig:\n  shop:token:\n    secure: v1:notours:notours\n"
	path := filepath.Join(o.Project, "Pulumi.test.yaml")
	require.NoError(t, os.WriteFile(path, []byte(settings), 0o600))
	run := do(t, sandbox.Preview, o)
	require.Equal(t, sandbox.Secret, run.Outputs["token"])
	require.EqualValues(t, len("sandbox-placeholder"), run.Outputs["length"])
	require.Contains(t, strings.Join(run.Notes, "\n"), `1 encrypted setting replaced by "sandbox-placeholder": shop:token`)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, settings, string(after), "the project's own file was written")
}

func TestMistypedSettingsAreRefused(t *testing.T) {
	o := project(t, shop)
	o.Config = []string{"web.capacity.max", "=3", "a:b:c=1"}
	_, err := sandbox.Do(context.Background(), sandbox.Preview, o)
	require.ErrorContains(t, err, `setting "web.capacity.max": write path=value`)
	require.ErrorContains(t, err, `setting "=3": write path=value`)
	require.ErrorContains(t, err, `setting "a:b:c=1"`)
}

func TestStackNamesThatAreNoNames(t *testing.T) {
	for _, name := range []string{"", "../prod", "a/b", strings.Repeat("x", 101)} {
		_, err := sandbox.Do(context.Background(), sandbox.Preview, sandbox.Options{Stack: name, Program: shop})
		require.ErrorContains(t, err, "a name has letters, digits", name)
	}
}

// fleet is a launch template and a group that follows its latest version.
func fleet(size string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		template, err := ec2.NewLaunchTemplate(ctx, "web", &ec2.LaunchTemplateArgs{InstanceType: pulumi.String(size)})
		if err != nil {
			return err
		}
		_, err = autoscaling.NewGroup(ctx, "web", &autoscaling.GroupArgs{
			MinSize: pulumi.Int(1), MaxSize: pulumi.Int(2),
			LaunchTemplate: &autoscaling.GroupLaunchTemplateArgs{
				Id:      template.ID(),
				Version: template.LatestVersion.ApplyT(func(int) string { return "v" }).(pulumi.StringOutput),
			},
		})
		return err
	}
}

func TestAGroupFollowsItsTemplatesVersion(t *testing.T) {
	o := project(t, fleet("c7g.large"))
	do(t, sandbox.Up, o)
	o.Program = fleet("c7g.xlarge")
	group := byName(t, do(t, sandbox.Preview, o), "web", "aws:autoscaling/group:Group")
	require.Equal(t, sandbox.Update, group.Op, "the version is unknown while previewing")
	require.Equal(t, []string{"launchTemplate.version"}, group.Changed)
}

func TestTwoRunsOnAFolderTakeTurns(t *testing.T) {
	o := project(t, shop)
	done := make(chan error, 2)
	start := time.Now()
	for range 2 {
		go func() {
			_, err := sandbox.Do(context.Background(), sandbox.Preview, o)
			done <- err
		}()
	}
	require.NoError(t, <-done)
	require.NoError(t, <-done)
	t.Logf("both done after %s", time.Since(start))
}
