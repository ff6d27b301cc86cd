package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadyReports runs the report against a group that waits, one that doesn't
// and one that refuses.
func TestReadyReports(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is absent")
	}
	for name, c := range map[string]struct {
		answer string // of AWS, with its exit code
		ok     bool
		calls  int
	}{
		"the group waits":        {"exit 0", true, 1},
		"a reboot, nobody waits": {"echo 'An error occurred (ValidationError): No active Lifecycle Action found with instance ID i-1' >&2; exit 254", true, 6},
		"no right to report":     {"echo 'An error occurred (AccessDenied)' >&2; exit 254", false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			program := func(name, text string) {
				require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/bash\n"+text+"\n"), 0o755))
			}
			program("aws", `echo "$*" >>"$FAKE/calls"; `+c.answer)
			program("curl", `case "$*" in *instance-id) echo i-1 ;; *api/token) echo t ;; esac`)
			var cfg config
			program("ready", cfg.expand("ready.sh", readyModel{Region: "eu-west-1", Group: "web-prod", Hook: ReadyHook, URL: "http://127.0.0.1/health"}))
			cmd := exec.Command("bash", filepath.Join(dir, "ready"))
			cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "FAKE="+dir, "STOREFRONT_READY_PAUSE=0")
			out, err := cmd.CombinedOutput()
			require.Equal(t, c.ok, err == nil, "%s", out)
			data, err := os.ReadFile(filepath.Join(dir, "calls"))
			require.NoError(t, err)
			calls := strings.Split(strings.TrimSpace(string(data)), "\n")
			require.Len(t, calls, c.calls)
			require.Equal(t, "--region eu-west-1 autoscaling complete-lifecycle-action --auto-scaling-group-name web-prod "+
				"--lifecycle-hook-name storefront-ready --instance-id i-1 --lifecycle-action-result CONTINUE", calls[0])
		})
	}
}
