package stacks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/storefront-toolkit/storefront/components"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/golden"
)

// stackFile reads a stack's configuration as the engine hands it on: texts as
// they are, all else as JSON.
func stackFile(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", name))
	require.NoError(t, err)
	var file struct{ Config map[string]any }
	require.NoError(t, yaml.Unmarshal(data, &file))
	out := map[string]string{}
	for k, v := range file.Config {
		if s, ok := v.(string); ok {
			out[k] = s
			continue
		}
		b, err := json.Marshal(v)
		require.NoError(t, err)
		out[k] = string(b)
	}
	return out
}

func read(values map[string]string) (Config, error) {
	var keys []string
	for k := range values {
		keys = append(keys, k)
	}
	return Read(func(k string) (string, bool) { v, ok := values[k]; return v, ok }, keys)
}

// The stacks' campaign lies in November 2027.
var now = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)

func TestTheStacksAreAccepted(t *testing.T) {
	files, err := filepath.Glob("../Pulumi.*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 2)
	for _, file := range files {
		require.NoError(t, refusal(t, withSecrets(stackFile(t, filepath.Base(file)))), file)
	}
}

func TestStagingRunsOnEitherPlatform(t *testing.T) {
	for name := range open {
		values := stackFile(t, "Pulumi.staging.yaml")
		values["storefront:platform"] = name
		require.NoError(t, refusal(t, withSecrets(values)), name)
	}
}

// refusal runs the program's own way from configuration to refusal.
func refusal(t *testing.T, values map[string]string) error {
	t.Helper()
	c, err := read(values)
	unread, _ := err.(topology.Problems)
	on, err := open[c.Platform](c, func(k string) (string, bool) { v, ok := values[k]; return v, ok })
	require.NoError(t, err)
	return allProblems(unread, located(components.Args{Shop: c.Topology, Platform: on, Now: now}.Check(), settingsKey[c.Platform]))
}

func TestMistakesComeAllAtOnceWithTheirFullPath(t *testing.T) {
	values := stackFile(t, "Pulumi.prod.yaml")
	values["storefront:topologie"] = "{}"
	values["storefront:aws"] = `{"certificates": "none", "zone": {}, "logDays": "x"}`
	values["aws:region"] = "eu-wst-1"
	var shop map[string]any
	require.NoError(t, json.Unmarshal([]byte(values["storefront:topology"]), &shop))
	web := shop["web"].(map[string]any)
	web["capacity"] = map[string]any{"min": 6, "max": 2}
	web["size"] = map[string]any{"vcpu": 8, "memoryGiB": 17}
	shop["campaigns"] = []any{}
	text, err := json.Marshal(shop)
	require.NoError(t, err)
	values["storefront:topology"] = string(text)

	lines := strings.Split(refusal(t, values).Error(), "\n")
	wants := []string{
		`aws:region: unknown region "eu-wst-1"; did you mean eu-west-1?`,
		`storefront:aws.certificates: "none" is neither issue`,
		"storefront:aws.clientRootCertificateArn: people's VPN certificates need an authority",
		"storefront:aws.logDays: x is not a number",
		"storefront:aws.zone: unknown key; did you mean zones?",
		"storefront:topologie: unknown key; did you mean storefront:topology?",
		"storefront:topology.web.capacity.max: 2 is below min 6",
		"storefront:topology.web.size: no instance type has 8 vCPU and 17 GiB; nearest: 8 vCPU and 16 GiB",
		"storefront:topology.web.warmPool: 6 is above capacity.max 2",
	}
	require.Len(t, lines, len(wants), "%s", strings.Join(lines, "\n"))
	for i, want := range wants {
		require.Contains(t, lines[i], want)
	}
}

func TestMissingKeysAreNamed(t *testing.T) {
	_, err := read(map[string]string{"storefront:platform": "aww"})
	require.ErrorContains(t, err, `storefront:platform: "aww" is not one of`)
	require.ErrorContains(t, err, "storefront:topology: is missing")
	_, err = read(map[string]string{"storefront:platform": "aws", "storefront:topology": "[]"})
	require.ErrorContains(t, err, "storefront:topology: not a mapping")
	require.ErrorContains(t, err, "storefront:aws: is missing")
}

func TestTheEditorsSchemaIsCurrent(t *testing.T) {
	got, err := Schema()
	require.NoError(t, err)
	golden.EqualFile(t, filepath.Join("..", "docs", "schema", "stack.schema.json"), got)
}
