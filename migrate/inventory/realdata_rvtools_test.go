package inventory

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

const sizing = "nutanixworkshops-sizing/SizingWorkshop-RVTools.xlsx"

type clusterSum struct {
	vms, cpus           int
	memoryMiB, consumed int64
}

func sumByCluster(servers []migrate.Server) map[string]clusterSum {
	out := map[string]clusterSum{}
	for _, s := range servers {
		c := out[s.Cluster]
		c.vms++
		c.cpus += s.CPUs
		c.memoryMiB += s.MemoryMiB
		c.consumed += s.ConsumedMiB
		out[s.Cluster] = c
	}
	return out
}

// TestPublishedAnswersToTheLastDigit compares with the workshop's own answer
// sheet, which counts servers that are powered off and sums vPartition.
func TestPublishedAnswersToTheLastDigit(t *testing.T) {
	b, err := readPath(t, publishedPath(t, sizing))
	require.NoError(t, err)
	checkAccount(t, b)
	require.Len(t, b.Servers, 805)
	require.Len(t, b.Hosts, 34)
	require.Equal(t, 2698, b.Source.LeftOut[0].Count, "3,503 rows less 805 servers are ghosts")
	sums := sumByCluster(b.Servers)
	book, err := table.Open(publishedPath(t, "nutanixworkshops-sizing/SizingWorkshop-RVTools-Answers.xlsx"), table.DefaultLimits)
	require.NoError(t, err)
	defer book.Close()
	s, err := book.Sheet("Summary", nil)
	require.NoError(t, err)
	name, vms, cpus := s.Col("Cluster Name"), s.Col("Total VMs"), s.Col("Total vCPUs")
	memory, consumed := s.Col("Total Memory (GiB)"), s.Col("Consumed Storage (TiB)")
	answers := 0
	for r, err := range s.Rows() {
		require.NoError(t, err)
		answers++
		got := sums[r.Text(name)]
		for col, v := range map[table.Col]float64{vms: float64(got.vms), cpus: float64(got.cpus), memory: float64(got.memoryMiB) / 1024, consumed: float64(got.consumed) / (1 << 20)} {
			want, ok := r.Float(col)
			require.True(t, ok)
			require.Equal(t, want, v, r.Text(name))
		}
		delete(sums, r.Text(name))
	}
	require.Equal(t, 3, answers)
	require.Equal(t, map[string]clusterSum{"Cluster2": {vms: 695, cpus: 2268, memoryMiB: 8853428, consumed: 77341279}}, sums, "what the answers leave out")
}

func TestPublishedExportWithLinkLocalAddresses(t *testing.T) {
	b, err := readPath(t, publishedPath(t, "nutanixworkshops-sizing/automatic_sizing_rvtools.xlsx"))
	require.NoError(t, err)
	checkAccount(t, b)
	require.Len(t, b.Servers, 27)
	require.Equal(t, "RVTools 3.10.1.0", b.Source.Version)
	for _, s := range b.Servers {
		for _, a := range s.Addresses {
			require.NotContains(t, a, "169.254.")
			require.NotContains(t, a, "fe80:")
		}
	}
	require.Len(t, b.Health, 9)
	require.Len(t, b.Datastores, 2)
}

func TestPublishedExportWithAnOverwrittenHeading(t *testing.T) {
	b, err := readPath(t, publishedPath(t, "ReinhardFrie-partnersizingworkshop/BillSampleNextRvtoolsFinal.xlsx"))
	require.NoError(t, err)
	checkAccount(t, b)
	require.Len(t, b.Servers, 131)
	told := false
	for _, w := range b.Source.Warnings {
		if w.Sheet == "vPartition" && w.Row == 1 {
			told = true
			require.Equal(t, "NEXT Data Center", w.Column)
			require.Contains(t, w.Note, `headed "NEXT Data Center" instead of "VM"`)
		}
	}
	require.True(t, told)
	partitions := 0
	for _, s := range b.Servers {
		partitions += len(s.Partitions)
	}
	require.Equal(t, 286, partitions)
}

func TestPublishedOldWorkbookIsRefused(t *testing.T) {
	path := publishedPath(t, "bradgough-sizing/NSE-RVTools.xls")
	_, err := readPath(t, path)
	require.EqualError(t, err, "read NSE-RVTools.xls: an RVTools export without vInfo, the tab that lists the servers: it has tabvCPU, tabvCluster, tabvDatastore, tabvDisk, tabvHost, tabvMemory, tabvPartition: export again with File > Export all to Excel, or save tabvInfo beside the others")
	// Were vInfo there, the totals under the data would still be no servers:
	// they have a word where others have a template's mark, but no name.
	book, err := table.Open(path, table.DefaultLimits)
	require.NoError(t, err)
	defer book.Close()
	s, err := book.Sheet("tabvMemory", nil)
	require.NoError(t, err)
	c := infoColumns{vmColumns: vmColumnsOf(s), memory: s.Col("Size MB")}
	named, totals := 0, 0
	for r, err := range s.Rows() {
		require.NoError(t, err)
		switch {
		case r.Blank():
		case r.Text(c.vm) == "" || c.isTotal(r):
			totals++
		default:
			named++
			_, err := strconv.ParseFloat(r.Text(c.memory), 64)
			require.NoError(t, err, r.Num)
		}
	}
	require.Equal(t, 146, named)
	require.Equal(t, 6, totals)
}

// TestNoRowOfPublishedInputsIsLost reads everything at once.
func TestNoRowOfPublishedInputsIsLost(t *testing.T) {
	var paths []string
	for _, p := range []string{sizing, "nutanixworkshops-sizing/automatic_sizing_rvtools.xlsx", "ReinhardFrie-partnersizingworkshop", "Azure-azure-migrate-export", "aws-cloud-migration-factory", "fedora-infra-ansible", "brimdata-zed-sample-data"} {
		paths = append(paths, publishedPath(t, p))
	}
	e, err := Read(context.Background(), paths, Options{})
	require.NoError(t, err)
	rows := 0
	for _, s := range e.Sources {
		require.Zero(t, unaccounted(s), s.Name)
		rows += s.Rows
	}
	require.Greater(t, rows, 9000)
	require.Greater(t, len(e.Servers), 1600)
}
