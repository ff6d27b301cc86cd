package inventory

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/migrate"
)

// bookSheet is a sheet of a workbook made for a test.
type bookSheet struct {
	name string
	rows [][]any
}

// writeBook writes a workbook.
func writeBook(path string, sheets []bookSheet) error {
	x := excelize.NewFile()
	defer x.Close()
	for i, s := range sheets {
		if i == 0 {
			x.SetSheetName("Sheet1", s.name)
		} else if _, err := x.NewSheet(s.name); err != nil {
			return err
		}
		for r, cells := range s.rows {
			at, err := excelize.CoordinatesToCellName(1, r+1)
			if err != nil {
				return err
			}
			if err := x.SetSheetRow(s.name, at, &cells); err != nil {
				return err
			}
		}
	}
	return x.SaveAs(path)
}

const machineSite = "/subscriptions/0/resourcegroups/shop/providers/microsoft.offazure/vmwaresites/site/machines/vc1_"

// azureBook has what an assessment's report has: sheets about money, machines
// in several sheets, instances, issues.
func azureBook() []bookSheet {
	return []bookSheet{
		{"Properties", [][]any{{"Tenant ID", "Workflow"}, {"0", "Custom"}}},
		{"All_VM_IaaS_Server_Rehost_Perf", [][]any{
			{"Machine Name", "Environment", "Azure VM Readiness", "Recommended VM Size", "Operating System", "Support Status", "VM Host", "Boot Type", "Cores", "Memory (in MB)", "CPU Utilization (in %)", "Storage (in GB)", "IP Addresses", "MAC Addresses", "Machine ID"},
			{"SHOPSQL01", "Prod", "Ready", "Standard_D2as_v4", "Microsoft Windows Server 2016 Standard", "Extended", "10.0.8.1", "BIOS", 4, 8192, 13.81, 100, "[fe80::1,10.0.2.31];[10.0.9.31];", "[00:50:56:00:02:31];[00:50:56:00:09:31];", machineSite + "500b7adb-e406-a2d6-6940-dda49a69ff05"},
			{"SHOPWEB01", "Dev", "Ready", "Standard_F1", "Debian GNU/Linux 11 (64-bit)", "Mainstream", "10.0.8.1", "EFI", 8, 16384, 49.19, 120, "[];", "[00:50:56:00:01:11];", machineSite + "500ff446-8213-a209-24d2-4fa7efd5a77f"},
			{"", "", "", "", "", "", "", "", "", "", "", "", "", "", ""},
		}},
		{"SQL_All_Instances", [][]any{
			{"Machine Name", "SQL Instance", "Environment", "SQL Edition", "SQL Version", "Support Status", "Machine ID"},
			{"SHOPSQL01", "MSSQLSERVER", "Prod", "Standard Edition (64-bit)", "SQL Server 2016", "Extended", machineSite + "500b7adb-e406-a2d6-6940-dda49a69ff05"},
			{"SHOPSQL02", "ERP", "Prod", "Standard Edition (64-bit)", "SQL Server 2012", "Out of support", machineSite + "5002d18c-9bfc-3170-163d-130cd55d6089"},
		}},
		{"SQL_MI_Issues_and_Warnings", [][]any{
			{"Machine Name", "SQL Instance", "Category", "Title", "Machine ID"},
			{"SHOPSQL01", "MSSQLSERVER", "Issue", "NumDbExceeds100", machineSite + "500b7adb-e406-a2d6-6940-dda49a69ff05"},
		}},
		{"Decommissioned_Machines", [][]any{{"Machine Name", "Machine ID"}}},
	}
}

func TestAzureReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.xlsx")
	if err := writeBook(path, azureBook()); err != nil {
		t.Fatal(err)
	}
	b, err := azureReport{}.Read(context.Background(), openAs(t, path, azureReport{}))
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, b)
	golden.Equal(t, "golden/azure-report.xlsx.json", asJSON(t, b))
}

func TestIntakeWorkbook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "intake form.xlsx")
	err := writeBook(path, []bookSheet{
		{"Read me", [][]any{{"How to fill this form"}, {"One row a server."}}},
		{"Intake", [][]any{{"Intake form of the shop"}, {}, {"wave_name", "app_name", "server_name", "server_os_family", "r_type", "Remark"}, {"Wave 1", "storefront", "web01", "linux", "Rehost", "first"}, {}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := cmfIntake{}.Read(context.Background(), openAs(t, path, cmfIntake{}))
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, b)
	golden.Equal(t, "golden/cmf-intake.xlsx.json", asJSON(t, b))
}

// A workbook that is cut off or encrypted ends in one error.
func TestDamagedWorkbook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.xlsx")
	if err := writeBook(path, azureBook()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 4096) // how Excel keeps an encrypted workbook
	for name, content := range map[string]string{"cut": string(whole[:len(whole)/2]), "encrypted": ole} {
		path := writeFile(t, "report.xlsx", content)
		for _, r := range []Reader{azureReport{}, cmfIntake{}} {
			_, err := r.Read(context.Background(), Input{Name: "report.xlsx", Path: path, Sheets: []string{"Discovery_Report"}})
			if err == nil || !strings.Contains(err.Error(), "report.xlsx") {
				t.Errorf("%s, %s: error %v, want one that names the file", name, r.Format(), err)
			}
		}
	}
}

// The template is read back as what it says: no server at all, and with the
// example renamed one with every field.
func TestTemplate(t *testing.T) {
	in := openAs(t, writeFile(t, "template.csv", string(Template())), plainCSV{})
	b, err := plainCSV{}.Read(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, b)
	if len(b.Servers) != 0 || len(b.Source.LeftOut) != 1 || len(b.Source.Warnings) != 0 {
		t.Errorf("the template as it is: %+v", b)
	}
	filled := strings.Replace(string(Template()), templateExample, "web01", 1)
	b, err = plainCSV{}.Read(context.Background(), openAs(t, writeFile(t, "template.csv", filled), plainCSV{}))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Servers) != 1 || len(b.Source.Warnings) != 0 || b.Servers[0].Custom != nil {
		t.Errorf("a filled template: %+v; every column has to be known", b)
	}
	golden.Equal(t, "golden/template.csv.json", asJSON(t, b))
}

// Excel in Germany and France parts columns by semicolons and decimals by
// commas, and writes UTF-16.
func TestPlainCSVFromOtherCountries(t *testing.T) {
	text := "Name;IP;vCPU;RAM (GB);last_backup\r\nweb01;10.0.1.11,10.0.9.11;8;15,5;20.07.2026 02:15\r\n"
	var wide strings.Builder
	wide.WriteString("\xff\xfe")
	for _, r := range text {
		wide.WriteByte(byte(r))
		wide.WriteByte(0)
	}
	for name, content := range map[string]string{"utf8.csv": "\ufeff" + text, "utf16.csv": wide.String()} {
		in := openAs(t, writeFile(t, name, content), plainCSV{})
		b, err := plainCSV{}.Read(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		want := migrate.Server{Name: "web01", CPUs: 8, MemoryMiB: 15872}
		s := b.Servers[0]
		if s.Name != want.Name || s.CPUs != want.CPUs || s.MemoryMiB != want.MemoryMiB || len(s.Addresses) != 2 || s.Backup.Last.Format("2006-01-02 15:04") != "2026-07-20 02:15" {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
