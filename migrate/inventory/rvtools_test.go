package inventory

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// readPath opens and reads what must be one input.
func readPath(t testing.TB, path string) (Batch, error) {
	t.Helper()
	o := opener{readers: Readers(), lim: table.DefaultLimits}
	t.Cleanup(o.close)
	got, err := o.open([]string{path})
	if err != nil {
		return Batch{}, err
	}
	require.Len(t, got, 1)
	got[0].in.Name = filepath.Base(path)
	return got[0].reader.Read(context.Background(), got[0].in)
}

// workbookOf puts a folder's CSV files into a workbook, a sheet each.
func workbookOf(t testing.TB, dir string, rename func(string) string) string {
	t.Helper()
	f := excelize.NewFile()
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	require.NoError(t, err)
	for _, file := range files {
		name := rename(strings.TrimSuffix(filepath.Base(file), ".csv"))
		if name == "" {
			continue
		}
		_, err := f.NewSheet(name)
		require.NoError(t, err)
		in, err := os.Open(file)
		require.NoError(t, err)
		rows, err := csv.NewReader(in).ReadAll()
		require.NoError(t, err)
		require.NoError(t, in.Close())
		for i, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			require.NoError(t, f.SetSheetRow(name, cell, &row))
		}
	}
	require.NoError(t, f.DeleteSheet("Sheet1"))
	path := filepath.Join(t.TempDir(), "rvtools.xlsx")
	require.NoError(t, f.SaveAs(path))
	return path
}

func TestRVToolsFolder(t *testing.T) {
	b, err := readPath(t, "testdata/rvtools")
	require.NoError(t, err)
	checkAccount(t, b)
	golden.Equal(t, "golden/rvtools.json", asJSON(t, b))
}

func TestRVToolsIsTheSameInEveryContainer(t *testing.T) {
	want, err := readPath(t, "testdata/rvtools")
	require.NoError(t, err)
	archive := filepath.Join(t.TempDir(), "rvtools.zip")
	f, err := os.Create(archive)
	require.NoError(t, err)
	w := zip.NewWriter(f)
	require.NoError(t, w.AddFS(os.DirFS("testdata/rvtools")))
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
	tab := func(s string) string { return strings.TrimPrefix(s, "RVTools_") }
	for name, path := range map[string]string{"zip": archive, "xlsx": workbookOf(t, "testdata/rvtools", tab)} {
		got, err := readPath(t, path)
		require.NoError(t, err, name)
		checkAccount(t, got)
		require.Equal(t, want.Servers, got.Servers, name)
		require.Equal(t, want.Hosts, got.Hosts, name)
		require.Equal(t, want.Health, got.Health, name)
		require.Equal(t, want.AsOf, got.AsOf, name)
		require.Equal(t, want.Source.Rows, got.Source.Rows, name)
	}
}

func TestRVToolsThreeIsReadLikeFour(t *testing.T) {
	want, err := readPath(t, "testdata/rvtools")
	require.NoError(t, err)
	dir := t.TempDir()
	files, err := filepath.Glob("testdata/rvtools/*.csv")
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		old := strings.ReplaceAll(string(data), " MiB", " MB")
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(old), 0o600))
	}
	got, err := readPath(t, dir)
	require.NoError(t, err)
	require.Equal(t, want.Servers, got.Servers)
}

func TestRVToolsKeepsAndMarksWhatDoesNotRun(t *testing.T) {
	b, err := readPath(t, "testdata/rvtools")
	require.NoError(t, err)
	kinds, powers := map[migrate.Kind]int{}, map[migrate.Power]int{}
	for _, s := range b.Servers {
		kinds[s.Kind]++
		powers[s.Power]++
	}
	require.Equal(t, map[migrate.Kind]int{migrate.KindVM: 6, migrate.KindTemplate: 1, migrate.KindPlaceholder: 1}, kinds)
	require.Equal(t, map[migrate.Power]int{migrate.PowerOn: 5, migrate.PowerOff: 3}, powers)
}

func TestRVToolsWithoutServersIsRefused(t *testing.T) {
	noInfo := workbookOf(t, "testdata/rvtools", func(s string) string {
		if strings.HasSuffix(s, "vInfo") {
			return ""
		}
		return strings.TrimPrefix(s, "RVTools_tab")
	})
	for _, path := range []string{noInfo, "table/testdata/tabs.xls"} {
		_, err := readPath(t, path)
		require.ErrorContains(t, err, "without vInfo")
		require.ErrorContains(t, err, "vCPU")
		require.ErrorContains(t, err, "Export all to Excel")
	}
}

func TestTabNames(t *testing.T) {
	for sheet, want := range map[string]string{
		"vInfo": "vInfo", "tabvInfo": "vInfo", "RVTools_tabvInfo": "vInfo", "export-VINFO": "vInfo", "vSC_VMK": "vSC_VMK", "dvPort": "dvPort",
		"vPort": "vPort", "Sheet1": "", "Servers": "", "info": "", "myvInfo2": "", "": "",
	} {
		require.Equal(t, want, rvTab(sheet), sheet)
	}
}

func TestVInfoWithAnotherHeadingForItsNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RVTools_tabvInfo.csv")
	require.NoError(t, os.WriteFile(path, []byte("My site,Powerstate,Template,CPUs,Memory\nweb,poweredOn,False,2,4096\n"), 0o600))
	b, err := rvtools{formatRVToolsCSV}.Read(context.Background(), Input{Name: "x.csv", Path: path})
	require.NoError(t, err)
	require.Equal(t, "web", b.Servers[0].Name)
	require.Contains(t, b.Source.Warnings[0].Note, `headed "My site"`)
}

func FuzzRVToolsCSV(f *testing.F) {
	data, err := os.ReadFile("testdata/rvtools/RVTools_tabvInfo.csv")
	if err != nil {
		f.Fatal(err)
	}
	part, err := os.ReadFile("testdata/rvtools/RVTools_tabvPartition.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data), string(part))
	f.Fuzz(func(t *testing.T, info, partition string) {
		dir := t.TempDir()
		if os.WriteFile(filepath.Join(dir, "tabvInfo.csv"), []byte(info), 0o600) != nil || os.WriteFile(filepath.Join(dir, "tabvPartition.csv"), []byte(partition), 0o600) != nil {
			t.Skip("no disk")
		}
		b, err := rvtools{formatRVToolsCSV}.Read(context.Background(), Input{Name: "x", Path: dir, Dir: true, Sheets: []string{"tabvInfo", "tabvPartition"}})
		if err != nil {
			return
		}
		checkAccount(t, b)
		Infer(Merge([]Batch{b}))
	})
}
