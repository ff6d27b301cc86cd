package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeAWS notes each call and answers a roll's status from a file.
const fakeAWS = `#!/bin/bash
echo "$*" >>"$FAKE/calls"
case "$*" in
  *"s3 cp"*"s3://shop-releases/current.tar.gz $TMPDIR"*) cat "$FAKE/previous" >"${@: -1}" ;;
  *start-instance-refresh*) echo roll-1 ;;
  *describe-instance-refreshes*) cat "$FAKE/status" ;;
esac
`

// TestRolloutRunsAndTakesBack runs the script against an AWS that answers as told.
func TestRolloutRunsAndTakesBack(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is absent")
	}
	for status, want := range map[string]struct {
		ok    bool
		calls []string
	}{
		"Successful\t100": {true, []string{"s3 cp", "s3 sync", "s3 cp", "start-instance-refresh", "describe-instance-refreshes"}},
		"Failed\t40":      {false, []string{"s3 cp", "s3 sync", "s3 cp", "start-instance-refresh", "describe-instance-refreshes", "s3 cp"}},
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
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "FAKE="+dir, "TMPDIR="+dir)
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
	return c.expand("rollout.sh", rolloutModel{Rollout{Release: "s3://shop-releases/current.tar.gz", Group: "web", StaticBucket: "shop-static"}, "eu-west-1"})
}
