package sample

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/audit"
	"github.com/storefront-toolkit/storefront/migrate/inventory"
)

var (
	readMutex sync.Mutex
	readOnce  = map[uint64]*migrate.Estate{}
)

// read writes a sample and reads it back as a user would, once for each seed.
func read(t *testing.T, seed uint64) *migrate.Estate {
	t.Helper()
	readMutex.Lock()
	defer readMutex.Unlock()
	if e := readOnce[seed]; e != nil {
		return e
	}
	dir := t.TempDir()
	if _, err := Write(dir, seed); err != nil {
		t.Fatal(err)
	}
	e, err := inventory.Read(context.Background(), []string{dir}, inventory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	readOnce[seed] = e
	return e
}

// TestFilesGiveTheFaults goes the whole way: files, readers, merge, audit.
func TestFilesGiveTheFaults(t *testing.T) {
	for _, seed := range seeds[:3] {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			expectFaults(t, audit.Run(read(t, seed), audit.DefaultOptions()))
		})
	}
}

func TestEveryFileIsReadWhole(t *testing.T) {
	e := read(t, 1)
	for _, s := range e.Sources {
		if s.Format == "unknown" || len(s.Warnings) > 0 || len(s.LeftOut) > 0 {
			t.Errorf("%s (%s): left out %+v, warnings %+v", s.Name, s.Format, s.LeftOut, s.Warnings)
		}
	}
	for _, c := range e.Contradictions {
		t.Errorf("a contradiction: %+v", c)
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	read := func(seed uint64) map[string]string {
		dir := t.TempDir()
		paths, err := Write(dir, seed)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, p := range paths {
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			name, _ := filepath.Rel(dir, p)
			out[name] = string(b)
		}
		return out
	}
	first, second, other := read(1), read(1), read(2)
	for name, text := range first {
		if second[name] != text {
			t.Errorf("%s differs between two runs of one seed", name)
		}
		if other[name] == text && name != "cmdb.csv" { // the people and programs are the same for all
			t.Errorf("%s is the same for two seeds", name)
		}
	}
}

// TestFilesSayWhatTheSampleIs compares the estate that was read with the truth,
// in what the other packages work from.
func TestFilesSayWhatTheSampleIs(t *testing.T) {
	got, want := read(t, 1), Estate(1)
	type facts struct {
		Role, Environment, Application, OS, Family, Host, Cluster, Datacenter, Owner, Tools string
		CPUs, HardwareVersion, Disks, Partitions, Software                                  int
		MemoryMiB, ConsumedMiB, ProvisionedMiB                                              int64
		Addresses, DNS                                                                      []string
		UUID                                                                                string
	}
	of := func(e *migrate.Estate) map[string]facts {
		out := map[string]facts{}
		for _, s := range e.Servers {
			out[s.ID] = facts{s.Role.Value, s.Environment.Value, s.Application.Value, s.OS, s.OSFamily, s.Host, s.Cluster, s.Datacenter, s.Owner, s.ToolsStatus,
				s.CPUs, s.HardwareVersion, len(s.Disks), len(s.Partitions), len(s.Software), s.MemoryMiB, s.ConsumedMiB, s.ProvisionedMiB, s.Addresses, s.DNSServers, s.UUID}
		}
		return out
	}
	truth := of(want)
	silent := truth["uk-web07"] // its tools don't run, so its file systems are not seen
	silent.Partitions, silent.ConsumedMiB = 0, 0
	truth["uk-web07"] = silent
	if diff := cmp.Diff(truth, of(got)); diff != "" {
		t.Errorf("servers (-made up +read):\n%s", diff)
	}
	type end struct {
		from, to, protocol string
		port               int
	}
	flows := func(e *migrate.Estate) map[end]string {
		out := map[end]string{}
		for _, f := range e.Flows {
			out[end{f.From, f.To, f.Protocol, f.Port}] = fmt.Sprint(f.Bytes, f.Class, f.FromOutside, f.ToOutside)
		}
		return out
	}
	if diff := cmp.Diff(flows(want), flows(got), cmp.AllowUnexported(end{})); diff != "" {
		t.Errorf("flows (-made up +read):\n%.6000s", diff)
	}
}

func TestWriteRefusesAFolderInUse(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, 1); err == nil {
		t.Error("wrote beside a file that is not of the sample")
	}
}
