package inventory

import (
	"archive/zip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// put writes files below a new folder.
func put(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o700))
		require.NoError(t, os.WriteFile(p, []byte(content), 0o600))
	}
	return dir
}

// zipOf writes an archive of files.
func zipOf(t testing.TB, files map[string]string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "x.zip")
	f, err := os.Create(p)
	require.NoError(t, err)
	w := zip.NewWriter(f)
	for name, content := range files {
		e, err := w.Create(name)
		require.NoError(t, err)
		_, err = e.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
	return p
}

const (
	smallInfo  = "VM,Powerstate,Template,CPUs,Memory\nweb,poweredOn,False,2,4096\n"
	smallFlows = "source,destination,destination_port,protocol\n10.0.0.1,10.0.0.2,3306,tcp\n"
)

func TestAFolderIsTakenApart(t *testing.T) {
	dir := put(t, map[string]string{
		"rv/RVTools_tabvInfo.csv": smallInfo, "rv/RVTools_tabvCPU.csv": "VM,CPUs\nweb,2\n", "rv/flows.csv": smallFlows,
		"more/flows.csv": smallFlows, ".hidden": "x", "notes.md": "# notes", "shot.png": "\x89PNG....",
	})
	o := &opener{readers: Readers(), lim: table.DefaultLimits}
	defer o.close()
	got, err := o.open([]string{dir})
	require.NoError(t, err)
	var formats []string
	for _, g := range got {
		name, err := filepath.Rel(dir, filepath.FromSlash(g.in.Name))
		require.NoError(t, err)
		formats = append(formats, filepath.ToSlash(name)+" "+g.reader.Format())
	}
	require.Equal(t, []string{"more/flows.csv flows-csv", "rv rvtools-csv", "rv/flows.csv flows-csv"}, formats)
	require.Len(t, o.skipped, 2)
	require.Contains(t, o.skipped[0].Warnings[0].Note, `no known format: it begins with "# notes"`)
	require.Equal(t, "is a picture", o.skipped[1].Warnings[0].Note)
}

func TestAnArchiveIsReadLikeAFolderAndLeavesNothingBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	e, err := Read(context.Background(), []string{zipOf(t, map[string]string{"site/tabvInfo.csv": smallInfo, "flows.csv": smallFlows})}, Options{})
	require.NoError(t, err)
	require.Len(t, e.Servers, 1)
	require.Len(t, e.Flows, 1)
	left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "storefront-inventory-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestWhatCanNotBeOpened(t *testing.T) {
	inner := zipOf(t, map[string]string{"tabvInfo.csv": smallInfo})
	for range deepest + 1 {
		data, err := os.ReadFile(inner)
		require.NoError(t, err)
		inner = zipOf(t, map[string]string{"x.zip": string(data)})
	}
	for name, c := range map[string]struct{ path, want string }{
		"missing":  {"no-such-file.csv", "open no-such-file.csv: no such file"},
		"empty":    {filepath.Join(put(t, map[string]string{"x.csv": ""}), "x.csv"), "is empty"},
		"text":     {filepath.Join(put(t, map[string]string{"x.txt": "hello"}), "x.txt"), `no known format: it begins with "hello": if it is one of access-log,`},
		"nothing":  {t.TempDir(), "is a folder without files"},
		"outside":  {zipOf(t, map[string]string{"../../x.csv": smallInfo}), "would be written outside of its folder"},
		"too deep": {inner, fmt.Sprintf("over %d folders or archives deep", deepest)},
	} {
		_, err := Read(context.Background(), []string{c.path}, Options{})
		require.ErrorContains(t, err, c.want, name)
	}
}

func TestArchivesHaveALimitTogether(t *testing.T) {
	o := &opener{readers: Readers(), lim: table.DefaultLimits}
	o.lim.Bytes = 100
	defer o.close()
	a := zipOf(t, map[string]string{"tabvInfo.csv": smallInfo})
	_, err := o.open([]string{a, a})
	require.ErrorContains(t, err, "unpacks, with what else was named, to over 100 bytes")
}

func TestAllErrorsAreToldAtOnce(t *testing.T) {
	dir := put(t, map[string]string{"a.csv": "x", "b.csv": "y"})
	_, err := Read(context.Background(), []string{filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")}, Options{})
	require.ErrorContains(t, err, "a.csv")
	require.ErrorContains(t, err, "b.csv")
}

func TestAFormatCanBeNamed(t *testing.T) {
	p := filepath.Join(put(t, map[string]string{"list.csv": "host,ip,os\nweb01,10.0.0.1,Debian 12\n"}), "list.csv")
	e, err := Read(context.Background(), []string{"servers-csv=" + p}, Options{})
	require.NoError(t, err)
	require.Equal(t, "web01", ids(e))
}
