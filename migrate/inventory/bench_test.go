package inventory

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// bigEstate writes an RVTools workbook of so many servers, with two file
// systems, a disk and a card each, and a CSV of flows among them.
func bigEstate(t testing.TB, servers, flows int) (workbook, csv string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	workbook, csv = filepath.Join(dir, "rvtools.xlsx"), filepath.Join(dir, "flows.csv")
	f := excelize.NewFile()
	address := func(i int) string { return fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255) }
	uuid := func(i int) string { return fmt.Sprintf("42180000-0000-4000-8000-%012x", i+1) }
	sheet := func(name string, header string, per int, row func(i, n int) []any) {
		_, err := f.NewSheet(name)
		require.NoError(t, err)
		w, err := f.NewStreamWriter(name)
		require.NoError(t, err)
		var head []any
		for h := range strings.SplitSeq(header, ",") {
			head = append(head, h)
		}
		require.NoError(t, w.SetRow("A1", head))
		at := 2
		for i := range servers {
			for n := range per {
				cell, _ := excelize.CoordinatesToCellName(1, at)
				require.NoError(t, w.SetRow(cell, row(i, n)))
				at++
			}
		}
		require.NoError(t, w.Flush())
	}
	name := func(i int) string {
		return fmt.Sprintf("%s-%s-%05d", []string{"at", "de", "ch", "hu", "cz", "pl"}[i%6], []string{"web", "db", "cache", "solr", "mail", "app"}[i/6%6], i)
	}
	sheet("vInfo", "VM,Powerstate,Template,DNS Name,CPUs,Memory,NICs,Disks,Provisioned MiB,In Use MiB,Firmware,HW version,Annotation,Owner,Datacenter,Cluster,Host,Folder,OS according to the configuration file,OS according to the VMware Tools,VM ID,SMBIOS UUID,VI SDK UUID", 1, func(i, _ int) []any {
		return []any{name(i), "poweredOn", "False", name(i) + ".shop.example", 1 << (i % 5), 4096 << (i % 4), 1, 1, 102400, 51200, "efi", "vmx-19", "", "team " + fmt.Sprint(i%40), "dc1",
			fmt.Sprint("cluster-", i%50), fmt.Sprint("esx-", i%700), "/shop", "CentOS 7 (64-bit)", "CentOS 7 (64-bit)", fmt.Sprint("vm-", i), uuid(i), "vc1"}
	})
	const id = ",VM ID,VM UUID,VI SDK UUID"
	sheet("vPartition", "VM,Powerstate,Template,Disk,Capacity MiB,Consumed MiB,Free MiB,Free %"+id, 2, func(i, n int) []any {
		return []any{name(i), "poweredOn", "False", fmt.Sprint("/data", n), 51200, 20480, 30720, 60, fmt.Sprint("vm-", i), uuid(i), "vc1"}
	})
	sheet("vDisk", "VM,Powerstate,Template,Disk,Capacity MiB,Raw,Disk Mode,Thin,Controller,Path"+id, 1, func(i, _ int) []any {
		return []any{name(i), "poweredOn", "False", "Hard disk 1", 102400, "False", "persistent", "True", "SCSI controller 0", "[ds] " + name(i), fmt.Sprint("vm-", i), uuid(i), "vc1"}
	})
	sheet("vNetwork", "VM,Powerstate,Template,Adapter,Network,Connected,Mac Address,IPv4 Address"+id, 1, func(i, _ int) []any {
		return []any{name(i), "poweredOn", "False", "Vmxnet3", "net", "True", fmt.Sprintf("00:50:56:%02x:%02x:%02x", i>>16&255, i>>8&255, i&255), address(i), fmt.Sprint("vm-", i), uuid(i), "vc1"}
	})
	require.NoError(t, f.DeleteSheet("Sheet1"))
	require.NoError(t, f.SaveAs(workbook))
	require.NoError(t, f.Close())
	out, err := os.Create(csv)
	require.NoError(t, err)
	b := bufio.NewWriter(out)
	fmt.Fprintln(b, "source,destination,destination_port,protocol,bytes,connections")
	for i := range flows {
		fmt.Fprintf(b, "%s,%s,%d,tcp,%d,%d\n", address(rng.IntN(servers)), address(rng.IntN(servers)), 1024+i%20000, rng.IntN(1e9), 1+rng.IntN(100))
	}
	require.NoError(t, b.Flush())
	require.NoError(t, out.Close())
	return workbook, csv
}

// BenchmarkBigEstate reads 20,000 servers and 60,000 flows. It reports the
// memory that the whole process took from the system, which the writing of the
// input has a part in.
func BenchmarkBigEstate(b *testing.B) {
	workbook, csv := bigEstate(b, 20_000, 60_000)
	runtime.GC()
	for b.Loop() {
		e, err := Read(context.Background(), []string{workbook, csv}, Options{})
		require.NoError(b, err)
		require.Len(b, e.Servers, 20_000)
		require.Greater(b, len(e.Flows), 59_000)
		for _, f := range e.Flows {
			require.False(b, f.FromOutside || f.ToOutside)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-sys")
}
