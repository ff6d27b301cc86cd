package inventory

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// formatFixtures are the project's own inputs, one or more of each format of
// discoveries, flows, use and access logs.
var formatFixtures = []struct {
	file   string
	reader Reader
}{
	{"web01.ss.txt", socketDump{}}, {"netstat-all-20260720.log", socketDump{}},
	{"vpc-default.log", vpcFlowLog{}}, {"vpc-v5.log", vpcFlowLog{}}, {"vpc-v5b.log.gz", vpcFlowLog{}},
	{"conn.log", zeekLog{}}, {"ssl.json.log", zeekLog{}},
	{"flows.csv", flowCSV{}}, {"firewall_rules.csv", flowCSV{}}, {"references.csv", flowCSV{}},
	{"servers.csv", plainCSV{}},
	{"cmf-old.csv", cmfIntake{}}, {"cmf-new.csv", cmfIntake{}},
	{"migration-hub.csv", adsImport{}}, {"ec2-recommendations.csv", adsImport{}}, {"agent", adsAgent{}}, {"agent/000000000001_networkInterface.csv", adsAgent{}},
	{"azure-starred.csv", azureImport{}}, {"azure-plain.csv", azureImport{}}, {"azure-dependencies.csv", azureDependencies{}},
	{"gcp", migrationCenter{}}, {"gcp/diskInfo.csv", migrationCenter{}},
	{"web02.json", ansibleFacts{}}, {"facts-all.json", ansibleFacts{}}, {"setup.out", ansibleFacts{}},
	{"get-stat.csv", vcenterUse{}}, {"cpu-chart.csv", vcenterUse{}}, {"vrops.csv", vropsUse{}},
	{"cpu-prometheus.json", prometheusUse{}}, {"memory-grafana.csv", prometheusUse{}}, {"long-prometheus.csv", prometheusUse{}},
	{"cloudwatch.json", cloudwatchUse{}}, {"web05.cpu.json", cloudwatchUse{}}, {"cloudwatch.csv", cloudwatchUse{}},
	{"access.log", accessLog{}}, {"access-2.log.gz", accessLog{}},
}

// fixture opens one of the project's inputs as the command would, and checks
// that its format is known among all others.
func fixture(t *testing.T, file string, want Reader) Input {
	t.Helper()
	return openAs(t, filepath.Join("testdata", "in", filepath.FromSlash(file)), want)
}

func openAs(t *testing.T, path string, want Reader) Input {
	t.Helper()
	o := opener{readers: Readers(), lim: table.DefaultLimits}
	got, err := o.open([]string{path})
	t.Cleanup(o.close)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].reader.Format() != want.Format() {
		t.Fatalf("%s opened as %v, want one input of %s", path, got, want.Format())
	}
	in := got[0].in
	in.Name = filepath.Base(path)
	return in
}

// checkAccount checks Rows = Servers + Flows + Facts + rows left out.
func checkAccount(t testing.TB, b Batch) {
	t.Helper()
	s := b.Source
	used := s.Servers + s.Flows + s.Facts
	for _, l := range s.LeftOut {
		used += l.Count
	}
	if used != s.Rows {
		t.Errorf("%s: %d rows, but %d servers + %d flows + %d facts + left out %v", s.Name, s.Rows, s.Servers, s.Flows, s.Facts, s.LeftOut)
	}
	if s.Servers != len(b.Servers) {
		t.Errorf("%s: %d rows declared servers, but there are %d", s.Name, s.Servers, len(b.Servers))
	}
}

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

func TestFormats(t *testing.T) {
	for _, f := range formatFixtures {
		t.Run(strings.ReplaceAll(f.file, "/", "-"), func(t *testing.T) {
			in := fixture(t, f.file, f.reader)
			b, err := f.reader.Read(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			checkAccount(t, b)
			golden.Equal(t, filepath.Join("golden", strings.ReplaceAll(f.file, "/", "-")+".json"), asJSON(t, b))
		})
	}
}

// A format is read the same way twice: maps must not show in the result.
func TestFormatsAreDeterministic(t *testing.T) {
	for _, f := range formatFixtures {
		in := fixture(t, f.file, f.reader)
		first, err := f.reader.Read(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			again, err := f.reader.Read(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			if string(asJSON(t, first)) != string(asJSON(t, again)) {
				t.Fatalf("%s reads differently the second time", f.file)
			}
		}
	}
}

// writeFile puts a test's input into a folder of its own.
func writeFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// inputFrom makes an input of content without asking what it is.
func inputFrom(t testing.TB, name, content string) Input {
	t.Helper()
	path := writeFile(t, name, content)
	head := content[:min(len(content), headBytes)]
	return Input{Name: name, Path: path, Head: table.DecodeHead([]byte(head)), Size: int64(len(content))}
}
