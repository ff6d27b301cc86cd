package site

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadRefusesAKeyThatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.yaml")
	require.NoError(t, os.WriteFile(path, []byte("vsphere:\n  datacenters:\n    - name: madrid\n      hostes: [a]\n"), 0o600))
	_, err := Read(path)
	require.ErrorContains(t, err, "line 4: field hostes not found")

	require.NoError(t, os.WriteFile(path, []byte("vsphere:\n  datacenters:\n    - name: madrid\n      clusters:\n        - {name: c1, hosts: [h1, h2]}\nnsx:\n  tier0Gateways: [t0]\n"), 0o600))
	s, err := Read(path)
	require.NoError(t, err)
	require.Equal(t, []string{"h1", "h2"}, s.VSphere.Datacenters[0].Clusters[0].Hosts)
	require.Equal(t, []string{"t0"}, s.NSX.Tier0Gateways)

	_, err = Read(filepath.Join(t.TempDir(), "none.yaml"))
	require.ErrorContains(t, err, "read the site")
}
