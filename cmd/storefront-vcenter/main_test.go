package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vmware/govmomi/simulator"

	"github.com/storefront-toolkit/storefront/migrate/inventory"
)

func TestCollectsIntoAFileThatTheInventoryReads(t *testing.T) {
	m := simulator.VPX()
	require.NoError(t, m.Create())
	m.Service.TLS = nil
	m.Service.Listen = &url.URL{User: url.UserPassword("audit", "secret-word")}
	s := m.Service.NewServer()
	t.Cleanup(func() { s.Close(); m.Remove() })
	t.Setenv(passwordVariable, "secret-word")
	file := filepath.Join(t.TempDir(), "vcenter.json")
	var out, errOut bytes.Buffer
	code := run(context.Background(), []string{"http://" + s.URL.Host, "--user", "audit", "--history-days", "1", "--out", file}, &out, &errOut)
	require.Zero(t, code, errOut.String())
	require.Contains(t, out.String(), "4 servers, 4 hosts")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NotContains(t, string(data), "secret-word")
	e, err := inventory.Read(context.Background(), []string{file}, inventory.Options{})
	require.NoError(t, err)
	require.Len(t, e.Servers, 4)
	require.Len(t, e.Hosts, 4)
	require.Equal(t, s.URL.Host, e.Sources[0].Name)
	require.NotNil(t, e.Servers[0].Use)
	require.Positive(t, e.Servers[0].Use.CPU.Coverage)
}

func TestErrorsExitOne(t *testing.T) {
	t.Setenv(passwordVariable, "wrong")
	for _, args := range [][]string{{}, {"host", "--user", "a"}, {"host", "--user", "a", "--out", "x", "--history-days", "-1"}, {"127.0.0.1:1", "--user", "a", "--out", "x"}} {
		var out, errOut bytes.Buffer
		require.Equal(t, 1, run(context.Background(), args, &out, &errOut))
		require.Contains(t, errOut.String(), "storefront-vcenter: ")
		require.NotContains(t, errOut.String(), "wrong")
	}
}
