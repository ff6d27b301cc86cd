package cloudtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/sandbox/pulumicli"
)

// cloud is a running set of simulators.
type cloud struct {
	dir  string            // where its command lies
	env  map[string]string // what points Pulumi at it
	root string            // the repository
}

// start installs the simulators' plugins and starts them afresh, or skips the
// test with the reason.
func start(t *testing.T) *cloud {
	t.Helper()
	if os.Getenv("STOREFRONT_CLOUD_TEST") == "" {
		t.Skip("takes minutes; run it with: make cloud-test")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	c := &cloud{root: root, dir: filepath.Join(root, "..", "shared", "cloud")}
	if _, err := os.Stat(filepath.Join(c.dir, "cloud")); err != nil {
		t.Skipf("no simulated cloud stands beside the checkout (%s): the providers' own logic is not tried", c.dir)
	}
	c.run(t, "install")
	if os.Getenv("STOREFRONT_CLOUD_KEEP") == "" {
		// What an earlier run left behind would hide or make differences.
		c.run(t, "down")
		t.Cleanup(func() { c.run(t, "down") })
	}
	c.run(t, "up")
	c.env = map[string]string{}
	defer c.extendAWS(t)
	out := c.run(t, "env")
	script := out + "\nenv -0"
	all, err := exec.Command("bash", "-c", script).Output()
	require.NoError(t, err)
	for _, kv := range strings.Split(string(all), "\x00") {
		if k, v, ok := strings.Cut(kv, "="); ok {
			c.env[k] = v
		}
	}
	return c
}

// extendAWS starts the AWS simulator once more, with what the storefront needs
// beyond it, on a port of its own.
func (c *cloud) extendAWS(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	require.NoError(t, listener.Close())
	log, err := os.Create(filepath.Join(t.TempDir(), "aws.log"))
	require.NoError(t, err)
	cmd := exec.Command("python3", "awssim.py", filepath.Join(c.dir, "awssim.py"), "-H", "127.0.0.1", "-p", port)
	cmd.Env = append(os.Environ(), "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		log.Close()
		if t.Failed() {
			lastErrors(t, log.Name())
		}
	})
	c.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:" + port
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}, time.Minute, 200*time.Millisecond, "the AWS simulator did not start; see %s", log.Name())
}

// lastErrors shows what the simulator could not do.
func lastErrors(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		return
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(string(data), "\n") {
		if strings.Contains(line, "Error: ") && !seen[line] {
			seen[line] = true
			t.Logf("simulator: %s", line)
		}
	}
}

func (c *cloud) run(t *testing.T, verb string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(c.dir, "cloud"), verb)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	require.NoError(t, err, "cloud %s: %s", verb, problems.String())
	return string(out)
}

// has tells whether a Terraform provider is present.
func (c *cloud) has(t *testing.T, provider string) bool {
	return strings.Contains(c.run(t, "status"), "provider "+provider+": present")
}

// open makes a stack with its state in a folder of its own. Config is put on
// top of what Pulumi.<stack>.yaml says.
func (c *cloud) open(t *testing.T, project, stack string, program pulumi.RunFunc, config map[string]string) auto.Stack {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	require.NoError(t, os.MkdirAll(state, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), []byte("name: "+project+"\nruntime: go\n"), 0o600))
	if data, err := os.ReadFile(filepath.Join(c.root, "Pulumi."+stack+".yaml")); err == nil {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi."+stack+".yaml"), data, 0o600))
	}
	cli, err := pulumicli.Finder{Root: c.root}.Find(ctx)
	require.NoError(t, err)
	env := map[string]string{}
	for k, v := range c.env {
		env[k] = v
	}
	env["PULUMI_BACKEND_URL"] = "file://" + state
	env["PULUMI_CONFIG_PASSPHRASE"] = "cloud-test"
	env["PULUMI_HOME"] = filepath.Join(dir, "home")
	env["PULUMI_SKIP_UPDATE_CHECK"] = "true"
	env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
	// Plugins are found by the PATH of this process's child.
	s, err := auto.UpsertStackInlineSource(ctx, stack, project, program,
		auto.WorkDir(dir), auto.EnvVars(env), auto.Pulumi(cli), auto.SecretsProvider("passphrase"))
	require.NoError(t, err)
	for k, v := range config {
		require.NoError(t, s.SetConfigWithOptions(ctx, k, auto.ConfigValue{Value: v}, &auto.ConfigOptions{Path: strings.Contains(k, ".")}))
	}
	return s
}

// report gathers what an engine run says.
type report struct {
	mu       sync.Mutex
	problems []problem
	changes  []change
	creates  []string // URNs
	updates  []string // URNs
	deletes  []string // URNs
}

// problem is an error of one resource.
type problem struct{ urn, message string }

// change is a resource that a preview would change.
type change struct {
	urn, op string
	diffs   []string
}

// watch returns a channel for the engine's events and a function that waits for
// its end and gives the report.
func watch() (chan<- events.EngineEvent, func() *report) {
	r, ch, done := &report{}, make(chan events.EngineEvent, 64), make(chan struct{})
	go func() {
		defer close(done)
		for e := range ch {
			r.take(e)
		}
	}()
	return ch, func() *report { <-done; return r }
}

func (r *report) take(e events.EngineEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case e.DiagnosticEvent != nil && e.DiagnosticEvent.Severity == "error":
		m := strings.TrimSpace(e.DiagnosticEvent.Message)
		if m == "" || strings.Contains(m, "update failed") || strings.Contains(m, "preview failed") {
			return
		}
		r.problems = append(r.problems, problem{e.DiagnosticEvent.URN, m})
	case e.ResourcePreEvent != nil:
		m := e.ResourcePreEvent.Metadata
		switch m.Op {
		case apitype.OpSame, apitype.OpRead, apitype.OpRefresh:
		case apitype.OpCreate:
			r.creates = append(r.creates, m.URN)
			r.changes = append(r.changes, change{m.URN, string(m.Op), nil})
		case apitype.OpDelete:
			r.deletes = append(r.deletes, m.URN)
			r.changes = append(r.changes, change{m.URN, string(m.Op), nil})
		default:
			var diffs []string
			for path, d := range m.DetailedDiff {
				diffs = append(diffs, fmt.Sprintf("%s (%s)", path, d.Kind))
			}
			sort.Strings(diffs)
			if len(diffs) == 0 {
				diffs = m.Diffs
			}
			r.updates = append(r.updates, m.URN)
			r.changes = append(r.changes, change{m.URN, string(m.Op), diffs})
		}
	}
}

// nameOf is the part of a URN that people know a resource by: type and name.
func nameOf(urn string) string {
	p := strings.SplitN(urn, "::", 4)
	if len(p) != 4 {
		return urn
	}
	return p[2][strings.LastIndex(p[2], "$")+1:] + " " + p[3]
}

// unprotect lifts Pulumi's own protection in the state.
func unprotect(t *testing.T, s auto.Stack) {
	t.Helper()
	ctx := context.Background()
	dep, err := s.Export(ctx)
	require.NoError(t, err)
	var state map[string]any
	require.NoError(t, json.Unmarshal(dep.Deployment, &state))
	list, _ := state["resources"].([]any)
	for _, r := range list {
		delete(r.(map[string]any), "protect")
	}
	dep.Deployment, err = json.Marshal(state)
	require.NoError(t, err)
	require.NoError(t, s.Import(ctx, dep))
}
