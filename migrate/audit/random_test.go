package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/migrate"
)

// anyServer draws a server of which any fact may be missing or odd.
func anyServer(t *rapid.T, i int) migrate.Server {
	pick := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	s := migrate.Server{
		ID: fmt.Sprintf("%s%02d", pick("stem", "web", "db", "lb-", "x"), i), UUID: pick("uuid", "", "u1", "u2"),
		Kind:        migrate.Kind(pick("kind", "vm", "vm", "physical", "template", "placeholder", "")),
		Power:       migrate.Power(pick("power", "on", "on", "off", "unknown", "")),
		OS:          pick("os", "", "CentOS 7 (64-bit)", "Debian GNU/Linux 12 (64-bit)", "Windows 99"),
		OSFamily:    pick("family", "", "linux", "windows"),
		ToolsStatus: pick("tools", "", "running", "notRunning"), Host: pick("host", "", "h1", "h2"), Cluster: pick("cluster", "", "C"),
		Datacenter: pick("site", "", "A", "B"), HardwareVersion: rapid.IntRange(0, 20).Draw(t, "hw"),
		CPUs: rapid.IntRange(0, 64).Draw(t, "cpus"), MemoryMiB: rapid.Int64Range(0, 1<<20).Draw(t, "memory"),
		Role:        migrate.Inference{Value: pick("role", "", "web", "database", "edge", "sessions", "dns", "media", "mail")},
		Environment: migrate.Inference{Value: pick("env", "", "production", "test", "staging", "recovery")},
		Application: migrate.Inference{Value: pick("app", "", "shop", "erp")}, Owner: pick("owner", "", "ann"),
		DNSServers: []string{pick("dns", "10.0.0.1", "not an address", "")}, Addresses: []string{pick("address", "10.0.0.1", "10.0.0.2", "bad", "fe80::1%eth0")},
		Partitions: []migrate.Partition{{Path: pick("path", "/", "/srv/media", ""), CapacityMiB: rapid.Int64Range(-1, 1<<30).Draw(t, "cap"),
			ConsumedMiB: rapid.Int64Range(-1, 1<<30).Draw(t, "used"), FreeMiB: rapid.Int64Range(-1, 1<<30).Draw(t, "free")}},
		Software: []migrate.Software{{Name: pick("program", "", "php", "redis", "Oracle Database"), Version: pick("version", "", "7.4.1", "…", "19c")}},
		Listens:  []migrate.Port{{Port: rapid.IntRange(-1, 70000).Draw(t, "port"), Address: pick("bound", "", "0.0.0.0", "[::1]")}},
		Disks:    []migrate.Disk{{CapacityMiB: rapid.Int64Range(-5, 1<<40).Draw(t, "disk"), Raw: rapid.Bool().Draw(t, "raw"), Sharing: pick("sharing", "", "None", "x")}},
		NICs:     []migrate.NIC{{Network: pick("network", "", "dmz", "app"), Adapter: pick("adapter", "", "E1000"), Addresses: []string{pick("nic", "", "169.254.1.1")}}},
	}
	if rapid.Bool().Draw(t, "measured") {
		m := &migrate.Measure{Samples: rapid.IntRange(0, 30).Draw(t, "samples"), Coverage: 1, Max: rapid.Float64Range(0, 200).Draw(t, "max")}
		s.Use = &migrate.Use{From: weekBefore, To: now, CPU: m, Memory: m, DiskMBps: m}
	}
	if rapid.Bool().Draw(t, "kept") {
		s.Backup = &migrate.Backup{Policy: pick("policy", "", "none", "daily"), RPOHours: rapid.Float64Range(-1, 100).Draw(t, "rpo"), Last: &weekBefore}
	}
	return s
}

func anyEstate(t *rapid.T) *migrate.Estate {
	e := &migrate.Estate{AsOf: &now, Clusters: []migrate.Cluster{{Name: "C", HA: &offSwitch}}, Hosts: []migrate.Host{{Name: "h1", Cluster: "C"}}}
	for i := range rapid.IntRange(0, 12).Draw(t, "servers") {
		e.Servers = append(e.Servers, anyServer(t, i))
	}
	ends := []string{"nobody", "203.0.113.1", ""}
	for _, s := range e.Servers {
		ends = append(ends, s.ID)
	}
	for range rapid.IntRange(0, 20).Draw(t, "flows") {
		e.Flows = append(e.Flows, migrate.Flow{
			From: rapid.SampledFrom(ends).Draw(t, "from"), To: rapid.SampledFrom(ends).Draw(t, "to"), FromOutside: rapid.Bool().Draw(t, "fromOutside"),
			ToOutside: rapid.Bool().Draw(t, "toOutside"), Port: rapid.SampledFrom([]int{0, 22, 3306, 3389, 6379, 25, 53}).Draw(t, "port"),
			Class: rapid.SampledFrom([]migrate.FlowClass{"", "application", "dns", "monitoring", "scan"}).Draw(t, "class"),
			Kind:  rapid.SampledFrom([]string{"", "observed", "allowed", "referenced"}).Draw(t, "kind"),
		})
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "hours") {
		if e.Access == nil {
			e.Access = &migrate.AccessHistory{}
		}
		e.Access.Hours = append(e.Access.Hours, migrate.AccessHour{Start: weekBefore.Add(time.Duration(i) * time.Hour),
			Requests: rapid.Int64Range(0, 1000).Draw(t, "requests"), Errors: rapid.Int64Range(0, 1000).Draw(t, "errors")})
	}
	return e
}

// TestAnyEstate runs all checks on odd estates: none panics, each finding has
// evidence and sorted subjects, and a second run gives the same.
func TestAnyEstate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEstate(t)
		report := Run(e, DefaultOptions())
		for _, f := range report.Findings {
			if len(f.Evidence) == 0 || !slices.IsSorted(f.Subjects) || f.Subjects == nil {
				t.Fatalf("%+v", f)
			}
		}
		a, _ := json.Marshal(report)
		b, _ := json.Marshal(Run(e, DefaultOptions()))
		if string(a) != string(b) {
			t.Fatal("two runs differ")
		}
	})
}

// TestFindingsNameKnownThings holds subjects to servers, hosts, clusters and
// datacenters of the estate; a single name or time server may lie outside it.
func TestFindingsNameKnownThings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEstate(t)
		known := map[string]bool{"C": true, "h1": true, "A": true, "B": true}
		for _, s := range e.Servers {
			known[s.ID] = true
		}
		for _, f := range Run(e, DefaultOptions()).Findings {
			for _, subject := range f.Subjects {
				if !known[subject] && f.Check != dnsSingle.ID && f.Check != timeSingle.ID {
					t.Fatalf("%s names %q", f.Check, subject)
				}
			}
		}
	})
}
