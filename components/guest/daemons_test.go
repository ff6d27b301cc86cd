package guest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// TestRealDaemons puts what the documents lay before the programs that will
// read it, from Debian's packages. Where a program is absent its part is
// skipped with a message; with STOREFRONT_REQUIRE_DAEMONS=1 that is a failure.
func TestRealDaemons(t *testing.T) {
	if testing.Short() {
		t.Skip("starts daemons for two minutes")
	}
	t.Run("cloud-init", testCloudInit)
	t.Run("packages", testPackages)
	t.Run("scripts", testScripts)
	t.Run("units", testUnits)
	t.Run("small-files", testSmallFiles)
	t.Run("secrets", testSecretsScript)
	t.Run("data-disk", testDataDisk)
	t.Run("web", testWebServer)
	t.Run("web-behind-cdn", testWebBehindCDN)
	t.Run("database-authorities", testDatabaseAuthorities)
	t.Run("static", testStaticServer)
	t.Run("logs", testLogServer)
	t.Run("logs-domain", testLogDomain)
	t.Run("redis", testRedisFailover)
	t.Run("redis-alone-tls", testRedisTLS)
	t.Run("database-user", testShopUser)
	t.Run("exports", testExports)
	t.Run("database-alone", testDatabaseAlone)
	t.Run("database-pair", testDatabasePair)
	t.Run("database", testDatabaseFailover)
}

// need finds programs of Debian's packages and gives the first one's path.
func need(t *testing.T, names ...string) string {
	t.Helper()
	var first string
	for _, name := range names {
		path := program(name)
		switch {
		case path == "" && os.Getenv("STOREFRONT_REQUIRE_DAEMONS") == "1":
			t.Fatalf("%s is not installed, and STOREFRONT_REQUIRE_DAEMONS=1 wants it", name)
		case path == "":
			t.Skipf("%s is not installed; STOREFRONT_REQUIRE_DAEMONS=1 makes that a failure", name)
		}
		first = orElse(first, path)
	}
	return first
}

func program(name string) string {
	for _, dir := range []string{"/usr/sbin", "/usr/bin", "/sbin", "/bin"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err == nil && st.Mode()&0o111 != 0 {
			return filepath.Join(dir, name)
		}
	}
	return ""
}

// needRoot skips what only root can do, such as a daemon that changes its user.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() == 0 {
		return
	}
	if os.Getenv("STOREFRONT_REQUIRE_DAEMONS") == "1" {
		t.Fatal("needs root: the daemon changes its user")
	}
	t.Skip("needs root: the daemon changes its user")
}

// laid are the files of a document.
type laid map[string]writeFile

func lay(t *testing.T, r Role) laid {
	t.Helper()
	d, err := r.Render()
	require.NoError(t, err)
	var c cloudConfig
	require.NoError(t, yaml.Unmarshal([]byte(d), &c))
	files := laid{}
	for _, f := range c.WriteFiles {
		require.NotContains(t, files, f.Path, "a file is laid twice")
		files[f.Path] = f
	}
	return files
}

// into writes every file below a new root, with paths and addresses rewritten
// by pairs, and gives the root.
func (l laid) into(t *testing.T, rewrite ...string) string {
	t.Helper()
	root := newRoot(t)
	l.intoRoot(t, root, rewrite...)
	return root
}

func (l laid) intoRoot(t *testing.T, root string, rewrite ...string) {
	t.Helper()
	r := strings.NewReplacer(rewrite...)
	for path, f := range l {
		mode, err := strconv.ParseUint(f.Permissions, 8, 32)
		require.NoError(t, err)
		write(t, filepath.Join(root, path), r.Replace(strings.ReplaceAll(f.Content, "@ROOT@", root)), os.FileMode(mode))
	}
}

// newRoot is a folder that daemons of other users can pass through.
func newRoot(t *testing.T) string {
	t.Helper()
	root, err := os.MkdirTemp("", "guest")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(root) })
	require.NoError(t, os.Chmod(root, 0o755))
	return root
}

func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), mode))
	require.NoError(t, os.Chmod(path, mode))
}

// command runs a program to its end and gives all that it said.
func command(t *testing.T, env []string, name string, args ...string) (string, error) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

func mustRun(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := command(t, nil, name, args...)
	require.NoError(t, err, "%s %s\n%s", name, strings.Join(args, " "), out)
	return out
}

// daemon is a program that a test started.
type daemon struct {
	cmd  *exec.Cmd
	done chan struct{}
	log  *bytes.Buffer
}

// start runs a daemon in the foreground until the test is over.
func start(t *testing.T, env []string, name string, args ...string) *daemon {
	t.Helper()
	d := &daemon{cmd: exec.Command(name, args...), done: make(chan struct{}), log: &bytes.Buffer{}}
	out, err := os.CreateTemp(t.TempDir(), "log")
	require.NoError(t, err)
	d.cmd.Env = append(os.Environ(), env...)
	d.cmd.Stdout, d.cmd.Stderr = out, out
	// A group of its own ends with all its children.
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	require.NoError(t, d.cmd.Start())
	go func() {
		d.cmd.Wait()
		close(d.done)
	}()
	t.Cleanup(func() {
		d.stop(syscall.SIGTERM)
		text, _ := os.ReadFile(out.Name())
		out.Close()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, tail(string(text), 60))
		}
	})
	return d
}

// stop ends the daemon and whatever it started.
func (d *daemon) stop(s syscall.Signal) {
	group := -d.cmd.Process.Pid
	select {
	case <-d.done:
	default:
		syscall.Kill(group, s)
		select {
		case <-d.done:
		case <-time.After(3 * time.Second):
		}
	}
	for range 10 {
		if syscall.Kill(group, syscall.SIGKILL) != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	<-d.done
}

func tail(s string, lines int) string {
	all := strings.Split(s, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// eventually waits for a condition; what it last said is part of a failure.
func eventually(t *testing.T, limit time.Duration, what string, ok func() (bool, string)) {
	t.Helper()
	var last string
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var good bool
		if good, last = ok(); good {
			return
		}
	}
	t.Fatalf("%s: not within %v: %s", what, limit, last)
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// get asks a web server on the loopback address under a host name.
func get(t *testing.T, port int, host, path string, head map[string]string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d%s", port, path), nil)
	require.NoError(t, err)
	r.Host = host
	for k, v := range head {
		r.Header.Set(k, v)
	}
	client := http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, res.Header, string(body)
}

func testCloudInit(t *testing.T) {
	cloudInit := need(t, "cloud-init")
	all := roles()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		d, err := all[name].Render()
		require.NoError(t, err)
		path := filepath.Join(t.TempDir(), name+".yaml")
		write(t, path, string(d), 0o600)
		require.Contains(t, mustRun(t, cloudInit, "schema", "--config-file", path), "Valid")
	}
}

// testPackages has apt work out, without installing, that Debian has every
// role's packages and that they go together.
func testPackages(t *testing.T) {
	apt := need(t, "apt-get")
	if out, err := command(t, nil, apt, "--simulate", "install", "apache2"); err != nil {
		if os.Getenv("STOREFRONT_REQUIRE_DAEMONS") == "1" {
			t.Fatalf("apt has no lists; run apt-get update: %s", out)
		}
		t.Skip("apt has no lists here; apt-get update gets them")
	}
	// Of all roles together: apt takes seconds for every answer.
	wanted := map[string]bool{}
	for _, r := range roles() {
		d, err := r.Render()
		require.NoError(t, err)
		var c cloudConfig
		require.NoError(t, yaml.Unmarshal([]byte(d), &c))
		require.True(t, slices.IsSorted(c.Packages))
		for _, name := range c.Packages {
			wanted[name] = true
		}
	}
	mustRun(t, apt, append([]string{"--simulate", "--no-install-recommends", "install"}, slices.Sorted(maps.Keys(wanted))...)...)
}
