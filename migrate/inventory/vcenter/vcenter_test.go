package vcenter

import (
	"context"
	"crypto/tls"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory"
)

// serve starts a simulated vCenter with two clusters and gives its address.
func serve(t *testing.T, change func(*simulator.Model)) (Options, *simulator.Server) {
	t.Helper()
	m := simulator.VPX()
	m.Cluster, m.ClusterHost, m.Host, m.Machine = 2, 2, 1, 3
	require.NoError(t, m.Create())
	if change != nil {
		change(m)
	}
	m.Service.TLS = nil
	m.Service.Listen = &url.URL{User: url.UserPassword("user", "pass")}
	s := m.Service.NewServer()
	t.Cleanup(func() { s.Close(); m.Remove() })
	return Options{URL: s.URL.Scheme + "://" + s.URL.Host, User: "user", Password: "pass"}, s
}

func TestReadsASimulatedVCenter(t *testing.T) {
	o, _ := serve(t, func(m *simulator.Model) {
		all := m.Map().All("VirtualMachine")
		vm := all[0].(*simulator.VirtualMachine)
		vm.Name = "shop-web-01"
		vm.Guest.HostName = "web01.shop.example"
		vm.Guest.Net = []types.GuestNicInfo{{DeviceConfigId: 4000, IpAddress: []string{"10.1.2.3", "fe80::1"}}}
		vm.Guest.Disk = []types.GuestDiskInfo{{DiskPath: "/", Capacity: 100 << 20, FreeSpace: 40 << 20}}
		template := all[1].(*simulator.VirtualMachine)
		template.Config.Template = true
		replica := all[2].(*simulator.VirtualMachine)
		replica.Config.ManagedBy = &types.ManagedByInfo{ExtensionKey: "com.vmware.vcDr", Type: "placeholderVm"}
	})
	b, err := Read(context.Background(), o)
	require.NoError(t, err)
	require.Equal(t, len(b.Servers), b.Source.Servers)
	require.Equal(t, b.Source.Rows, b.Source.Servers+b.Source.Facts)
	require.Len(t, b.Hosts, 5)
	require.Len(t, b.Clusters, 2)
	require.NotEmpty(t, b.Datastores)
	require.NotEmpty(t, b.Datastores[0].Hosts)
	kinds := map[migrate.Kind]int{}
	var web migrate.Server
	for _, s := range b.Servers {
		kinds[s.Kind]++
		require.NotEmpty(t, s.UUID)
		require.NotEmpty(t, s.Datacenter, s.Name)
		require.NotEmpty(t, s.Host)
		if s.Name == "shop-web-01" {
			web = s
		}
	}
	require.Equal(t, map[migrate.Kind]int{migrate.KindVM: len(b.Servers) - 2, migrate.KindTemplate: 1, migrate.KindPlaceholder: 1}, kinds)
	require.Equal(t, "web01.shop.example", web.FQDN)
	require.Equal(t, []string{"10.1.2.3"}, web.Addresses)
	require.EqualValues(t, 60, web.ConsumedMiB)
	require.NotEmpty(t, web.Disks)
	require.NotEmpty(t, web.NICs)
	require.NotEmpty(t, web.NICs[0].MAC)
	require.Positive(t, web.CPUs)
}

func TestReadsTheHistoryThatIsKept(t *testing.T) {
	o, _ := serve(t, nil)
	o.History = 24 * time.Hour
	b, err := Read(context.Background(), o)
	require.NoError(t, err)
	require.NotEmpty(t, b.Uses)
	for _, s := range b.Uses {
		require.NotEmpty(t, s.Server)
		require.Equal(t, len(s.Times), len(s.Values))
		if s.Metric == inventory.CPUPercent {
			for _, v := range s.Values {
				require.LessOrEqual(t, v, 100.0)
			}
		}
	}
	e, err := inventory.Finish([]inventory.Batch{b}, nil)
	require.NoError(t, err)
	measured := 0
	for _, s := range e.Servers {
		if s.Use != nil && s.Use.CPU != nil {
			measured++
		}
	}
	require.Positive(t, measured)
}

func TestErrorsSayWhatToDo(t *testing.T) {
	o, s := serve(t, nil)
	wrong := o
	wrong.Password = "no"
	_, err := Read(context.Background(), wrong)
	require.ErrorContains(t, err, "user name or password is wrong")
	require.NotContains(t, err.Error(), `"no"`)
	for address, want := range map[string]string{
		"https://user:secret@host": "the address holds a user name",
		"ftp://host":               "ftp:// is not https://",
		"":                         "has to be a host's name",
	} {
		_, err := Read(context.Background(), Options{URL: address})
		require.ErrorContains(t, err, want)
		require.False(t, strings.Contains(err.Error(), "secret"))
	}
	s.Close()
	_, err = Read(context.Background(), o)
	require.ErrorContains(t, err, "read vCenter")
}

func TestAnUntrustedCertificateIsRefusedUnlessTold(t *testing.T) {
	m := simulator.VPX()
	require.NoError(t, m.Create())
	m.Service.TLS = new(tls.Config)
	s := m.Service.NewServer()
	t.Cleanup(func() { s.Close(); m.Remove() })
	o := Options{URL: "https://" + s.URL.Host, User: "user", Password: "pass"}
	_, err := Read(context.Background(), o)
	require.ErrorContains(t, err, "--insecure")
	o.Insecure = true
	_, err = Read(context.Background(), o)
	require.NoError(t, err)
}
