package inventory

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// publishedInputs is where inputs that others published may lie beside the
// repository.
const publishedInputs = "../../../shared/realdata"

// published opens one of them, and skips the test where it is absent.
func published(t *testing.T, file string, want Reader) Batch {
	t.Helper()
	in := openAs(t, publishedPath(t, file), want)
	b, err := want.Read(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, b)
	return b
}

func publishedPath(t *testing.T, file string) string {
	t.Helper()
	path := filepath.Join(publishedInputs, filepath.FromSlash(file))
	if _, err := os.Stat(path); err != nil {
		t.Skip("../shared/realdata is not here; it is no part of the repository")
	}
	return path
}

func TestPublishedAzureReports(t *testing.T) {
	const dir = "Azure-azure-migrate-export/AzureMigrate_"
	for _, c := range []struct {
		file, version string
		rows          int
	}{
		{"Discovery_Report", "discovery", 295}, {"Assessment_Core_Report", "core", 1028},
		{"Assessment_Opportunity_Report", "opportunity", 430}, {"Assessment_Clash_Report", "clash", 294},
	} {
		b := published(t, dir+c.file+".xlsx", azureReport{})
		if len(b.Servers) != 294 || b.Source.Rows != c.rows || b.Source.Version != c.version {
			t.Errorf("%s: %d machines in %d rows as %q, want 294 in %d as %q", c.file, len(b.Servers), b.Source.Rows, b.Source.Version, c.rows, c.version)
		}
		ids := map[string]bool{}
		for _, s := range b.Servers {
			if s.UUID == "" || ids[s.UUID] {
				t.Errorf("%s: %s has the UUID %q, which is missing or another's", c.file, s.Name, s.UUID)
			}
			ids[s.UUID] = true
		}
	}
	b := published(t, dir+"Discovery_Report.xlsx", azureReport{})
	s := b.Servers[0]
	if s.Name != "DEVSQLVM13" || s.CPUs != 2 || s.MemoryMiB != 4096 || s.Power != migrate.PowerOff || len(s.Addresses) != 0 || len(s.MACs) != 1 || s.Custom["Software Inventory Count"] != "" {
		t.Errorf("first machine %+v, want the one that is off, without an address, and whose counts of -1 mean nothing", s)
	}
}

func TestPublishedIntakes(t *testing.T) {
	// The folder's description speaks of 8 rows each; the two test files have one.
	for file, rows := range map[string]int{"server-list.csv": 8, "test_valid.csv": 1, "test_valid.xlsx": 1} {
		b := published(t, "aws-cloud-migration-factory/"+file, cmfIntake{})
		if len(b.Servers) != rows || b.Source.Rows != rows {
			t.Errorf("%s: %d servers in %d rows, want %d", file, len(b.Servers), b.Source.Rows, rows)
		}
		for _, s := range b.Servers {
			if s.Disposition != "rehost" || s.Wave == "" || s.Application.Value == "" {
				t.Errorf("%s: %+v has no disposition, wave or application", file, s)
			}
		}
	}
	b := published(t, "aws-cloud-migration-factory/server-list.csv", cmfIntake{})
	if s := b.Servers[7]; s.FQDN != "" || s.Custom["server_fqdn"] != "server6.example.local" || len(b.Source.Warnings) != 1 {
		t.Errorf("Server8 has the host name of Server6; it must not become it: %+v, warnings %v", s, b.Source.Warnings)
	}
}

func TestPublishedDatacentreMove(t *testing.T) {
	hosts := published(t, "fedora-infra-ansible/derived/hosts.csv", plainCSV{})
	if len(hosts.Servers) != 439 {
		t.Errorf("%d servers, want all 439", len(hosts.Servers))
	}
	names, staging, addressed := map[string]bool{}, 0, 0
	for _, s := range hosts.Servers {
		names[s.FQDN] = true
		if s.Environment.Value == "staging" {
			staging++
		}
		if len(s.Addresses) > 0 {
			addressed++
		}
	}
	if len(names) != 439 || staging != 78 || addressed != 294-19 {
		t.Errorf("%d names, %d in staging, %d with an address; want 439, 78 and 275 (19 of 294 are an unfilled template)", len(names), staging, addressed)
	}
	rules := published(t, "fedora-infra-ansible/derived/firewall_edges.csv", flowCSV{})
	refs := published(t, "fedora-infra-ansible/derived/config_host_references.csv", flowCSV{})
	for _, c := range []struct {
		b    Batch
		n    int
		kind string
	}{{rules, 434, flowAllowed}, {refs, 219, flowReferenced}} {
		if len(c.b.Flows) != c.n {
			t.Errorf("%s: %d flows, want %d", c.b.Source.Name, len(c.b.Flows), c.n)
		}
		for _, f := range c.b.Flows {
			if f.Kind != c.kind {
				t.Fatalf("%s: %+v, want kind %s", c.b.Source.Name, f, c.kind)
			}
		}
	}
}

func TestPublishedFlows(t *testing.T) {
	b := published(t, "brimdata-zed-sample-data/derived/internal_edges.csv", flowCSV{})
	e := &migrate.Estate{Flows: b.Flows}
	ClassifyFlows(e)
	count := map[migrate.FlowClass]int{}
	scanners := map[string]int{}
	for _, f := range e.Flows {
		count[f.Class]++
		if f.Class == migrate.FlowScan {
			scanners[f.From]++
		}
		if f.ClassReason == "" {
			t.Errorf("%+v has no reason", f)
		}
	}
	if len(e.Flows) != 496 || count[migrate.FlowDNS] != 233 || count[migrate.FlowTime] != 4 {
		t.Errorf("%d flows by class %v; want 496, of which 233 DNS and 4 time", len(e.Flows), count)
	}
	// 10.164.94.120 reached 30 hosts on 30 ports, 10.128.0.241 16 ports of one host.
	if len(scanners) != 2 || scanners["10.164.94.120"] != 94 || scanners["10.128.0.241"] != 16 {
		t.Errorf("scanners %v", scanners)
	}
	t.Logf("classes: %v", count)
}

// The trace of a world championship is the measure for surges: its busiest
// hour has 47 times the median hour's requests.
func TestPublishedCampaignTrace(t *testing.T) {
	f, err := os.Open(publishedPath(t, "worldcup98/invocation_count.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sum := map[time.Time]*migrate.AccessHour{}
	var h migrate.AccessHistory
	for _, r := range rows[1:] {
		at, err := time.Parse(time.DateTime, r[0])
		if err != nil {
			t.Fatal(err)
		}
		n, _ := strconv.ParseInt(r[1], 10, 64)
		start := at.Truncate(time.Hour)
		if h.From.IsZero() {
			h.From = start
		}
		h.To = at
		addHour(sum, migrate.AccessHour{Start: start, Requests: n, PeakMinute: 0})
	}
	h.Hours = withoutGaps(sum, h.From, h.To)
	merged := MergeAccess([]*migrate.AccessHistory{&h})
	var best migrate.AccessEvent
	surges := 0
	for _, e := range merged.Events {
		if e.Kind == eventSurge {
			surges++
		}
		if e.Multiple > best.Multiple {
			best = e
		}
	}
	t.Logf("%d hours, %d surges, the highest %s", len(merged.Hours), surges, fmt.Sprint(best))
	if best.Multiple < 45 || best.Multiple > 49 || !strings.Contains(best.Detail, "1998") {
		t.Errorf("the highest surge is %+v, want about 47 times the median hour", best)
	}
}
