package stacks

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// changed is a stack's configuration with another declaration.
func changed(t *testing.T, file string, change func(*topology.Storefront)) map[string]string {
	t.Helper()
	values := withSecrets(stackFile(t, file))
	var shop topology.Storefront
	require.NoError(t, topology.Decode([]byte(values[keyTopology]), &shop))
	change(&shop)
	text, err := json.Marshal(shop)
	require.NoError(t, err)
	values[keyTopology] = string(text)
	return values
}

// What a server could not be set up with was found in the middle of up, when
// hundreds of resources stood.
func TestWhatNoServerStartsWithIsRefusedBefore(t *testing.T) {
	for _, c := range []struct {
		file   string
		change func(*topology.Storefront)
		want   string
	}{
		{"Pulumi.prod.yaml", func(s *topology.Storefront) { s.Admin.Size = topology.Size{VCPU: 2, MemoryGiB: 2} },
			"storefront:topology.admin.size.memoryGiB: 2048 MiB is outside 4096 to 25165824; take a larger size for this role"},
		{"Pulumi.prod.yaml", func(s *topology.Storefront) { s.Web.PHPMemoryMiB = 4096 },
			"storefront:topology.admin.size.memoryGiB: 16384 MiB leave room for 1 PHP processes of 4096 MiB; take a larger size\n" +
				"storefront:topology.web.size.memoryGiB: 16384 MiB leave room for 1 PHP processes of 4096 MiB; take a larger size"},
		{"Pulumi.private.yaml", func(s *topology.Storefront) { s.Search.Size = topology.Size{VCPU: 1, MemoryGiB: 1} },
			"storefront:topology.search.size.memoryGiB: 1024 MiB is outside 2048 to 25165824; take a larger size for this role"},
		{"Pulumi.private.yaml", func(s *topology.Storefront) { s.Database.Size = topology.Size{VCPU: 16, MemoryGiB: 4} },
			"storefront:topology.database.size.memoryGiB: 4096 MiB leave 128 for the buffer pool beside 800 connections; take a larger size or fewer connections"},
		{"Pulumi.staging.yaml", func(s *topology.Storefront) {
			s.Channels[0].Code, s.Web.Size = "UK", topology.Size{VCPU: 2, MemoryGiB: 1}
		},
			`storefront:topology.channels[0].code: "UK" is not 2 to 8 lower-case letters and digits, a letter first` + "\n" +
				`storefront:topology.web.size: no instance type has 2 vCPU and 1 GiB; nearest: 2 vCPU and 2 GiB, 2 vCPU and 4 GiB, 2 vCPU and 8 GiB`},
	} {
		require.EqualError(t, refusal(t, changed(t, c.file, c.change)), c.want)
	}
}
