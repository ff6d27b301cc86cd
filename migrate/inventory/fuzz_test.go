package inventory

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// fuzzReader feeds a reader whatever the fuzzer makes of its fixtures. It must
// neither panic nor lose a row, and what it can't read is one error.
func fuzzReader(f *testing.F, r Reader, name string) {
	for _, x := range formatFixtures {
		if x.reader.Format() != r.Format() {
			continue
		}
		if content, err := os.ReadFile(filepath.Join("testdata", "in", filepath.FromSlash(x.file))); err == nil {
			f.Add(content)
		}
	}
	path := filepath.Join(f.TempDir(), name)
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		in := Input{Name: name, Path: path, Head: table.DecodeHead(content[:min(len(content), headBytes)]), Size: int64(len(content))}
		r.Detect(in)
		b, err := r.Read(context.Background(), in)
		if err != nil {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		checkAccount(t, b)
		for _, s := range b.Servers {
			if s.Name == "" {
				t.Errorf("a server without a name: %+v", s)
			}
		}
		for _, x := range b.Flows {
			if x.From == "" || x.To == "" || x.Port < 0 || x.Port > 65535 || x.Bytes < 0 || x.Connections < 0 {
				t.Errorf("not a flow: %+v", x)
			}
		}
		for _, u := range MeasureUse(b.Uses) {
			if u.CPU != nil && (u.CPU.Coverage < 0 || u.CPU.Coverage > 1 || u.CPU.Samples < 1) {
				t.Errorf("not a measure: %+v", u.CPU)
			}
		}
	})
}

func FuzzSocketDump(f *testing.F)        { fuzzReader(f, socketDump{}, "web01.ss.txt") }
func FuzzVPCFlowLog(f *testing.F)        { fuzzReader(f, vpcFlowLog{}, "vpc.log") }
func FuzzZeekLog(f *testing.F)           { fuzzReader(f, zeekLog{}, "conn.log") }
func FuzzFlowCSV(f *testing.F)           { fuzzReader(f, flowCSV{}, "flows.csv") }
func FuzzPlainCSV(f *testing.F)          { fuzzReader(f, plainCSV{}, "servers.csv") }
func FuzzCMFIntake(f *testing.F)         { fuzzReader(f, cmfIntake{}, "cmf.csv") }
func FuzzADSImport(f *testing.F)         { fuzzReader(f, adsImport{}, "hub.csv") }
func FuzzADSAgent(f *testing.F)          { fuzzReader(f, adsAgent{}, "1_sourceProcessConnection.csv") }
func FuzzAzureImport(f *testing.F)       { fuzzReader(f, azureImport{}, "azure.csv") }
func FuzzAzureDependencies(f *testing.F) { fuzzReader(f, azureDependencies{}, "dependencies.csv") }
func FuzzMigrationCenter(f *testing.F)   { fuzzReader(f, migrationCenter{}, "vmInfo.csv") }
func FuzzAnsibleFacts(f *testing.F)      { fuzzReader(f, ansibleFacts{}, "web01.json") }
func FuzzVCenterUse(f *testing.F)        { fuzzReader(f, vcenterUse{}, "cpu-stat.csv") }
func FuzzVROpsUse(f *testing.F)          { fuzzReader(f, vropsUse{}, "vrops.csv") }
func FuzzPrometheusUse(f *testing.F)     { fuzzReader(f, prometheusUse{}, "cpu-web01.json") }
func FuzzCloudwatchUse(f *testing.F)     { fuzzReader(f, cloudwatchUse{}, "web01.cpu.json") }
func FuzzAccessLog(f *testing.F)         { fuzzReader(f, accessLog{}, "access.log") }

// FuzzAzureReport and the intake's workbooks go through the reader of xlsx;
// what differs is cells, so a workbook is made of fuzzed ones.
func FuzzAzureReport(f *testing.F) {
	f.Add("SQLVM01", "/sites/vmwaresites/x/machines/y_500b7adb-e406-a2d6-6940-dda49a69ff05", "[10.0.0.1,fe80::1];", "[00:50:56:8b:74:7a];", "-1", "4096", "OFF", "2026-07-20T10:00:00Z")
	path := filepath.Join(f.TempDir(), "report.xlsx")
	f.Fuzz(func(t *testing.T, name, id, addresses, macs, cores, memory, power, seen string) {
		rows := [][]any{{"Machine Name", "Operating System", "Cores", "Memory (in MB)", "IP Addresses", "MAC Addresses", "Power Stats", "Last Updated Time", "Machine ID"},
			{name, "Debian", cores, memory, addresses, macs, power, seen, id}, {name, "Debian", memory, cores, macs, addresses, seen, power, id}}
		if err := writeBook(path, []bookSheet{{"Discovery_Report", rows}}); err != nil {
			t.Skip(err)
		}
		b, err := azureReport{}.Read(context.Background(), Input{Name: "report.xlsx", Path: path, Sheets: []string{"Discovery_Report"}})
		if err == nil {
			checkAccount(t, b)
		}
	})
}
