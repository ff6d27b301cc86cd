package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeAWS notes each call and answers the status of a roll from a file: the
// first roll over the web servers ends as told, every other one well.
const fakeAWS = `#!/bin/bash
echo "$*" >>"$FAKE/calls"
case "$*" in
  *"s3 cp"*"s3://shop-releases/current.tar.gz $TMPDIR"*) cat "$FAKE/previous" >"${@: -1}" ;;
  *start-instance-refresh*web*) echo "roll-$(grep -c 'start-instance-refresh.*web' "$FAKE/calls")" ;;
  *start-instance-refresh*) echo roll-0 ;;
  *describe-instance-refreshes*admin*) printf 'Successful\t100\n' ;;
  *describe-instance-refreshes*roll-1*) cat "$FAKE/status" ;;
  *describe-instance-refreshes*) printf 'Successful\t100\n' ;;
esac
`

// TestRolloutRunsAndTakesBack runs the script against an AWS that answers as told.
func TestRolloutRunsAndTakesBack(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is absent")
	}
	const web, admin, look = "start-instance-refresh --auto-scaling-group-name web ", "start-instance-refresh --auto-scaling-group-name admin ", "describe-instance-refreshes"
	rolled := []string{"s3 cp", "s3 sync", "s3 cp", web, admin, look, look}
	for status, want := range map[string]struct {
		ok    bool
		calls []string
	}{
		"Successful\t100": {true, rolled},
		// The previous release is put back and rolled over both groups again.
		"Failed\t40": {false, append(slices.Clone(rolled), "s3 cp", "cancel-instance-refresh", "cancel-instance-refresh", look, look, web, admin, look, look)},
	} {
		dir := t.TempDir()
		write := func(name, text string, mode os.FileMode) string {
			path := filepath.Join(dir, name)
			require.NoError(t, os.WriteFile(path, []byte(text), mode))
			return path
		}
		write("aws", fakeAWS, 0o755)
		write("status", status+"\n", 0o644)
		write("previous", "the release before", 0o644)
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "tree", "pub"), 0o755))
		write("tree/pub/index.php", "<?php", 0o644)
		archive := filepath.Join(dir, "release.tar.gz")
		require.NoError(t, exec.Command("tar", "-czf", archive, "-C", filepath.Join(dir, "tree"), ".").Run())
		script := write("rollout", rolloutScript(t), 0o755)

		cmd := exec.Command("bash", script, archive, filepath.Join(dir, "tree"))
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "FAKE="+dir, "TMPDIR="+dir, "STOREFRONT_ROLLOUT_PAUSE=0")
		out, err := cmd.CombinedOutput()
		require.Equal(t, want.ok, err == nil, "%s", out)
		data, err := os.ReadFile(filepath.Join(dir, "calls"))
		require.NoError(t, err)
		calls := strings.Split(strings.TrimSpace(string(data)), "\n")
		require.Len(t, calls, len(want.calls), "%s", data)
		for i, c := range want.calls {
			require.Contains(t, calls[i], c)
			require.Contains(t, calls[i], "--region eu-west-1")
		}
	}
}

func TestRolloutRefusesWhatIsNoRelease(t *testing.T) {
	dir := t.TempDir()
	archive := filepath.Join(dir, "x.tar.gz")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "readme"), nil, 0o644))
	require.NoError(t, exec.Command("tar", "-czf", archive, "-C", dir, "readme").Run())
	script := filepath.Join(dir, "rollout")
	require.NoError(t, os.WriteFile(script, []byte(rolloutScript(t)), 0o755))
	out, err := exec.Command("bash", script, archive).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "has no pub/index.php")
}

func rolloutScript(t *testing.T) string {
	t.Helper()
	var c config
	return c.expand("rollout.sh", rolloutModel{Rollout{Release: "s3://shop-releases/current.tar.gz", Groups: []string{"web", "admin"}, StaticBucket: "shop-static"}, "eu-west-1"})
}
