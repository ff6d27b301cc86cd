package sandbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

func TestMissingSecretsAreMadeUpEachOfItsOwn(t *testing.T) {
	o := project(t, func(ctx *pulumi.Context) error {
		for _, key := range []string{"shop:secrets", "other:password"} {
			value, _ := ctx.GetConfig(key)
			ctx.Export(strings.TrimSuffix(key, ":password"), pulumi.String(value))
		}
		return nil
	})
	settings := "config:\n  shop:platform: private\n  shop:secrets:\n    token: said\n"
	require.NoError(t, os.WriteFile(filepath.Join(o.Project, "Pulumi.test.yaml"), []byte(settings), 0o600))
	var asked string
	o.Secrets = func(get func(string) (string, bool)) []string {
		asked, _ = get("shop:platform")
		return []string{"shop:secrets.database", "shop:secrets.token", "other:password"}
	}
	run := do(t, sandbox.Preview, o)
	require.Equal(t, "private", asked)
	require.JSONEq(t, `{"database": "sandbox-placeholder-database", "token": "said"}`, run.Outputs["shop:secrets"].(string))
	require.Equal(t, "sandbox-placeholder-password", run.Outputs["other"])
	require.Contains(t, strings.Join(run.Notes, "\n"),
		`2 secret settings missing in the stack, made up as "sandbox-placeholder-…": shop:secrets.database, other:password`)

	left, err := os.ReadFile(filepath.Join(o.Project, "Pulumi.test.yaml"))
	require.NoError(t, err)
	require.Equal(t, settings, string(left))
}
