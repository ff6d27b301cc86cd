package cloudtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// policyAPI is where NSX answers.
const policyAPI = "/policy/api/v1"

// privateSite starts a vCenter and an NSX manager of the test's own and gives
// the settings that point the private stack at them. The two simulators don't
// know each other, as the real ones do: port groups stand for the segments, and
// what stands before NSX tells it of vCenter's machines.
func (c *cloud) privateSite(t *testing.T) map[string]string {
	t.Helper()
	center := c.simulator(t, "vcsim")
	nsx := c.simulator(t, "nsxsim")
	client := loggedIn(t, center)
	addPortGroups(t, client, "dmz", "app", "data", "admin")
	manager := &manager{at: nsx, center: client, known: map[string]bool{}, rules: map[string]any{}, http: insecure()}
	manager.put(t, "/infra/certificates/shop", map[string]any{"resource_type": "TlsCertificate", "display_name": "shop"})
	manager.put(t, "/infra/realized-state/enforcement-points/default", map[string]any{"display_name": "default"})

	config := map[string]string{
		"vsphere:vsphereServer": center, "vsphere:user": "user", "vsphere:password": "pass", "vsphere:allowUnverifiedSsl": "true",
		"nsxt:host": manager.serve(t), "nsxt:username": "admin", "nsxt:password": "admin", "nsxt:allowUnverifiedSsl": "true",
		"storefront:private.template": "DC0_C0_RP0_VM0",
		// A simulated server never boots, so it never tells its address.
		"storefront:private.guestTimeout": "0",
		"storefront:topology.protect":     "false",
	}
	for i, name := range []string{"databasePassword", "replicationPassword", "failoverPassword", "sessionsPassword", "cachePassword", "runnerToken", "vpnPreSharedKey"} {
		config["storefront:secrets."+name] = fmt.Sprintf("simulated-secret-%d", i)
	}
	return config
}

// simulator starts a program of the simulated cloud on a free port and gives
// its address.
func (c *cloud) simulator(t *testing.T, name string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	log, err := os.Create(filepath.Join(t.TempDir(), name+".log"))
	require.NoError(t, err)
	program, err := c.program(name)
	require.NoError(t, err)
	cmd := exec.Command(program, "-addr", address)
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		log.Close()
		if text, _ := os.ReadFile(log.Name()); t.Failed() && bytes.Contains(text, []byte("panic")) {
			t.Logf("%s: %s", name, text)
		}
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}, time.Minute, 100*time.Millisecond, "%s did not start; see %s", name, log.Name())
	return address
}

// program finds a simulator on the path that the cloud gives Pulumi.
func (c *cloud) program(name string) (string, error) {
	for _, dir := range filepath.SplitList(c.env["PATH"]) {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", fmt.Errorf("no %s on the simulated cloud's path", name)
}

func loggedIn(t *testing.T, address string) *govmomi.Client {
	t.Helper()
	at := &url.URL{Scheme: "https", Host: address, Path: "/sdk", User: url.UserPassword("user", "pass")}
	client, err := govmomi.NewClient(context.Background(), at, true)
	require.NoError(t, err)
	return client
}

// addPortGroups makes networks with the names that the stack's segments have.
func addPortGroups(t *testing.T, client *govmomi.Client, words ...string) {
	t.Helper()
	ctx := context.Background()
	finder := find.NewFinder(client.Client)
	center, err := finder.Datacenter(ctx, "DC0")
	require.NoError(t, err)
	finder.SetDatacenter(center)
	found, err := finder.Network(ctx, "DVS0")
	require.NoError(t, err)
	vds := object.NewDistributedVirtualSwitch(client.Client, found.Reference())
	for _, word := range words {
		task, err := vds.AddPortgroup(ctx, []types.DVPortgroupConfigSpec{{
			Name: "storefront-network-" + word + "-private", Type: string(types.DistributedVirtualPortgroupPortgroupTypeEarlyBinding), NumPorts: 64,
		}})
		require.NoError(t, err)
		require.NoError(t, task.Wait(ctx))
	}
}

// manager stands before the NSX simulator.
type manager struct {
	at     string
	center *govmomi.Client
	http   *http.Client

	mu    sync.Mutex
	known map[string]bool
	rules map[string]any // of virtual servers, by path
}

func insecure() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
}

// serve passes requests on to the simulator. One that asks for machines gets
// those that vCenter has by then.
func (m *manager) serve(t *testing.T) string {
	t.Helper()
	pass := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "https", Host: m.at})
	pass.Transport = m.http.Transport
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "virtual-machines") || strings.Contains(r.URL.RawQuery, "VirtualMachine") {
			if err := m.inventory(r.Context()); err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
				return
			}
		}
		// The provider sends a body with what it only reads. The simulator does
		// not wait for it, and what answers before it has all of a request is
		// taken for broken: so both are held until they are whole.
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		whole := httptest.NewRecorder()
		pass.ServeHTTP(whole, r)
		answer := m.withRules(r, body, whole)
		maps.Copy(w.Header(), whole.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(whole.Code)
		w.Write(answer)
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// withRules keeps the rules of virtual servers. The simulator takes them for
// those of a firewall policy and leaves them out of what it answers.
func (m *manager) withRules(r *http.Request, body []byte, whole *httptest.ResponseRecorder) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	answer := whole.Body.Bytes()
	var sent, has map[string]any
	switch {
	case !strings.Contains(r.URL.Path, "/lb-virtual-servers/") || whole.Code != http.StatusOK:
	case r.Method == http.MethodPatch || r.Method == http.MethodPut:
		if json.Unmarshal(body, &sent) == nil {
			m.rules[r.URL.Path] = sent["rules"]
		}
	case r.Method == http.MethodGet && m.rules[r.URL.Path] != nil && json.Unmarshal(answer, &has) == nil:
		has["rules"] = m.rules[r.URL.Path]
		if text, err := json.Marshal(has); err == nil {
			return text
		}
	}
	return answer
}

// inventory tells NSX of the machines that it does not know yet.
func (m *manager) inventory(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	finder := find.NewFinder(m.center.Client)
	list, err := finder.VirtualMachineList(ctx, "/DC0/vm/...")
	if err != nil {
		return err
	}
	var refs []types.ManagedObjectReference
	for _, vm := range list {
		refs = append(refs, vm.Reference())
	}
	var machines []mo.VirtualMachine
	if err := property.DefaultCollector(m.center.Client).Retrieve(ctx, refs, []string{"config.uuid", "config.instanceUuid", "name"}, &machines); err != nil {
		return err
	}
	for _, vm := range machines {
		if vm.Config == nil || m.known[vm.Config.Uuid] {
			continue
		}
		if err := m.send("/infra/realized-state/virtual-machines/"+vm.Config.Uuid, map[string]any{
			"resource_type": "VirtualMachine", "display_name": vm.Name, "external_id": vm.Config.Uuid,
			"compute_ids": []string{"biosUuid:" + vm.Config.Uuid, "instanceUuid:" + vm.Config.InstanceUuid, "externalId:" + vm.Config.Uuid},
		}); err != nil {
			return err
		}
		m.known[vm.Config.Uuid] = true
	}
	return nil
}

func (m *manager) put(t *testing.T, path string, body map[string]any) {
	t.Helper()
	require.NoError(t, m.send(path, body))
}

func (m *manager) send(path string, body map[string]any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPut, "https://"+m.at+policyAPI+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth("admin", "admin")
	answer, err := m.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		text, _ := io.ReadAll(answer.Body)
		return fmt.Errorf("PUT %s: %s: %s", path, answer.Status, text)
	}
	return nil
}
