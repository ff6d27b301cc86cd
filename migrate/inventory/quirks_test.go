package inventory

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate"
)

// readList reads a list of servers and gives its warnings and reasons.
func readList(t *testing.T, content string) (b Batch, told []string) {
	t.Helper()
	b, err := plainCSV{}.Read(context.Background(), inputFrom(t, "list.csv", content))
	require.NoError(t, err)
	checkAccount(t, b)
	for _, l := range b.Source.LeftOut {
		for _, e := range l.Examples {
			told = append(told, l.Reason+": "+e.Note)
		}
	}
	for _, w := range b.Source.Warnings {
		told = append(told, w.Column+": "+w.Note)
	}
	return b, told
}

func TestRowsThatAreNoServersOfTheirOwn(t *testing.T) {
	b, told := readList(t, "name,cpus,memory_gb,ip\nweb01,4,16,10.0.0.1\nweb01,4,16,10.0.0.1\nWEB01,4,16,10.0.0.2\ntotal-cache,4,16,\nTotal,8,32,\nGrand total,8,32\n")
	require.Len(t, b.Servers, 3)
	require.Equal(t, []string{
		reasonTotal + ": Total", reasonTotal + ": Grand total", reasonSameRow + ": web01",
		`name: "WEB01" stands in row 2 too, with other values: both are read`,
	}, told)
}

func TestSizesThatNoServerHasAreTold(t *testing.T) {
	b, told := readList(t, "name,cpus,memory_gb,disk_gb,memory,rpo_hours\na,-4,-16,-1,1e300,-2\nb,99999999,1e300,5,0.5,4\nc,-1,-1,5,2048,4\n")
	require.Equal(t, []string{
		`cpus: is negative: "-4"`, `memory_gb: is negative: "-16"`, `memory: is implausibly large: "1e300"`, `rpo_hours: is negative: "-2"`,
		`cpus: is implausibly large: "99999999"`, `memory_gb: is implausibly large: "1e300"`,
		"memory: has no unit: taken as GiB", "memory: has no unit: taken as MiB",
	}, told)
	require.Equal(t, int64(512), b.Servers[1].MemoryMiB)
	require.Equal(t, int64(2048), b.Servers[2].MemoryMiB)
}

func TestAColumnThatStandsTwiceIsKept(t *testing.T) {
	b, told := readList(t, "name,cpus,memory_gb,memory_gb,note,note\nweb01,4,16,32,a,b\n")
	require.Equal(t, []string{"memory_gb: the columns C, D have the same header: only C is used; give each its own"}, told)
	require.Equal(t, map[string]string{"memory_gb (D)": "32", "note": "a", "note (F)": "b"}, b.Servers[0].Custom)
}

var rvHead = []any{"VM", "Powerstate", "CPUs", "Memory", "Owner", "Owner", "Last Backup"}

func TestRVToolsUnderTitles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rv.xlsx")
	require.NoError(t, writeBook(path, []bookSheet{
		{"vInfo", [][]any{{"RVTools report", "of the shop", "July"}, {}, rvHead, {"web01", "poweredOn", 4, 8192, "Ann", "Bob", "08/09/2026 02:00"}, {"web02", "poweredOn", 4, 8192, "", "", "21/09/2026 02:00"}}},
		{"vHost", [][]any{{"Hosts"}, {"Host", "Datacenter", "Cluster"}, {"esx01", "dc", "c1"}}},
		{"vDisk", [][]any{{"Disks"}, {"VM", "Disk", "Capacity MiB"}, {"web01", "Hard disk 1", 1024}}},
	}))
	e, err := Read(context.Background(), []string{path}, Options{})
	require.NoError(t, err)
	require.Equal(t, "web01 web02", ids(e))
	require.Len(t, e.Hosts, 1)
	require.Len(t, e.Servers[0].Disks, 1)
	require.Equal(t, "2026-09-08", e.Servers[0].Backup.Last.Format("2006-01-02"))
	require.Equal(t, "Ann", e.Servers[0].Owner)
	require.Equal(t, map[string]string{"Owner (F)": "Bob"}, e.Servers[0].Custom)
	require.Len(t, e.Sources[0].Warnings, 1)
	require.Contains(t, e.Sources[0].Warnings[0].Note, "the columns E, F have the same header")

	csv := put(t, map[string]string{"list.csv": "RVTools report\n\n" + smallInfo})
	e, err = Read(context.Background(), []string{filepath.Join(csv, "list.csv")}, Options{})
	require.NoError(t, err)
	require.Equal(t, "rvtools-csv", e.Sources[0].Format)
}

// What is of a known form but holds nothing is an error where the user named
// it, and a warning in a folder that holds more.
func TestSourcesThatGiveNothing(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "rv.xlsx")
	require.NoError(t, writeBook(empty, []bookSheet{{"vInfo", [][]any{rvHead}}}))
	_, err := Read(context.Background(), []string{empty}, Options{})
	require.ErrorContains(t, err, "rv.xlsx: it is rvtools-xlsx by its form, but no server, flow or measurement is in it: there is no row under its header")

	dir := put(t, map[string]string{"list.csv": "name,cpus,memory_gb\nTotal,4,16\n", "notes.md": "# notes"})
	_, err = Read(context.Background(), []string{dir}, Options{})
	require.ErrorContains(t, err, "no server and no flow in what was read")
	require.ErrorContains(t, err, "list.csv: no server, flow or measurement is in it: 1 of 1 rows left out ("+reasonTotal+")")
	require.ErrorContains(t, err, `notes.md: no known format: it begins with "# notes"`)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "tabvInfo.csv"), []byte(smallInfo), 0o600))
	e, err := Read(context.Background(), []string{dir}, Options{})
	require.NoError(t, err)
	require.Equal(t, "web", ids(e))
	for _, s := range e.Sources {
		if strings.HasSuffix(s.Name, "list.csv") {
			require.Contains(t, s.Warnings[0].Note, "no server, flow or measurement is in it")
		}
	}
}

func TestAWorkbookMayBeAListOfServers(t *testing.T) {
	dir := t.TempDir()
	list := [][]any{{"Servers of the shop"}, {"name", "cpus", "memory_gb"}, {"web01", 4, 16}}
	notes := [][]any{{"What to do"}, {"ask Ann"}}
	for name, sheets := range map[string][]bookSheet{
		"one.xlsx": {{"Servers", list}, {"Notes", notes}}, "two.xlsx": {{"2025", list}, {"2026", list}}, "none.xlsx": {{"Notes", notes}},
	} {
		require.NoError(t, writeBook(filepath.Join(dir, name), sheets))
	}
	e, err := Read(context.Background(), []string{filepath.Join(dir, "one.xlsx")}, Options{})
	require.NoError(t, err)
	require.Equal(t, "web01", ids(e))
	require.Equal(t, "is no list of servers, so nothing of it is read", e.Sources[0].Warnings[0].Note)
	for arg, want := range map[string]string{
		"two.xlsx":  "several of its sheets could be the list of servers: save the right one as CSV, or read all with servers-csv=",
		"none.xlsx": "no known format: it has the sheets Notes; of a list of servers, flows or measurements save the sheet as CSV",
	} {
		_, err := Read(context.Background(), []string{filepath.Join(dir, arg)}, Options{})
		require.ErrorContains(t, err, want)
	}
	_, err = Read(context.Background(), []string{"flows-csv=" + filepath.Join(dir, "one.xlsx")}, Options{})
	require.ErrorContains(t, err, "is a workbook, and flows-csv is delimited text: save the sheet as CSV")
	e, err = Read(context.Background(), []string{"servers-csv=" + filepath.Join(dir, "two.xlsx")}, Options{})
	require.NoError(t, err)
	require.NotEmpty(t, e.Servers)
}

func TestAnAttributeThatCouldBeTwoDaysIsKeptAsItIs(t *testing.T) {
	for value, backup := range map[string]bool{"08/09/2026 02:00": false, "21/09/2026 02:00": true, "2026-09-08": true} {
		var s migrate.Server
		SetStated(&s, "Last backup", value)
		require.Equal(t, backup, s.Backup != nil, value)
		require.Equal(t, !backup, s.Custom["Last backup"] == value, value)
	}
}
