package sample

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/audit"
)

var seeds = []uint64{1, 2, 1 << 63, 3, 42}

func TestEstateIsWhole(t *testing.T) {
	for _, seed := range seeds {
		e := Estate(seed)
		if len(e.Servers) != Servers {
			t.Fatalf("%d servers, want %d", len(e.Servers), Servers)
		}
		seen := map[string]string{}
		for _, s := range e.Servers {
			for _, identity := range []string{s.ID, s.UUID, s.MACs[0], s.Addresses[0]} {
				if other := seen[identity]; other != "" {
					t.Errorf("seed %d: %s and %s share %s", seed, s.ID, other, identity)
				}
				seen[identity] = s.ID
			}
		}
		for _, f := range e.Flows {
			if !f.FromOutside && seen[f.From] == "" || !f.ToOutside && seen[f.To] == "" {
				t.Errorf("a flow without an end: %+v", f)
			}
		}
	}
}

func TestSameSeedSameEstate(t *testing.T) {
	text := func(seed uint64) string {
		b, err := json.Marshal(Estate(seed))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if text(1) != text(1) {
		t.Error("two estates of one seed differ")
	}
	if text(1) == text(2) {
		t.Error("two seeds give one estate")
	}
}

func TestFaultsAreTwenty(t *testing.T) {
	ids, checks := map[string]bool{}, map[string]bool{}
	for _, c := range audit.Checks() {
		checks[c.ID] = true
	}
	for i, f := range Faults() {
		if f.ID != fmt.Sprintf("F%02d", i+1) || ids[f.Check] || !checks[f.Check] || f.Text == "" || !slices.IsSorted(f.Servers) {
			t.Errorf("fault %+v", f)
		}
		ids[f.Check] = true
	}
	if len(ids) != 20 {
		t.Errorf("%d faults", len(ids))
	}
}

// TestAuditFindsThePlantedFaults runs the audit on the sample itself.
func TestAuditFindsThePlantedFaults(t *testing.T) {
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			expectFaults(t, audit.Run(Estate(seed), audit.DefaultOptions()))
		})
	}
}

// expectFaults checks that each fault is found on exactly its servers with its
// severity, and that nothing else of high or medium severity is found.
func expectFaults(t *testing.T, report audit.Report) {
	t.Helper()
	planted := map[string]Fault{}
	for _, f := range Faults() {
		planted[f.Check] = f
	}
	found := map[string][]string{}
	for _, f := range report.Findings {
		fault, isPlanted := planted[f.Check]
		if isPlanted && f.Severity == fault.Severity {
			found[f.Check] = append(found[f.Check], f.Subjects...)
			found[f.Check] = append(found[f.Check], "")
			continue
		}
		if audit.Rank(f.Severity) <= audit.Rank(migrate.SeverityMedium) {
			t.Errorf("not planted: %s %s %s %v\n\t%s", f.Severity, f.Check, f.Title, f.Subjects, strings.Join(f.Evidence, "\n\t"))
		}
	}
	for check, fault := range planted {
		subjects := found[check]
		if subjects == nil {
			t.Errorf("%s is not found by %s: %s", fault.ID, check, fault.Text)
			continue
		}
		subjects = slices.DeleteFunc(subjects, func(s string) bool { return s == "" })
		slices.Sort(subjects)
		if diff := cmp.Diff(fault.Servers, slices.Compact(subjects)); diff != "" {
			t.Errorf("%s by %s (-planted +found):\n%s", fault.ID, check, diff)
		}
	}
}

// TestOneFaultOneFinding plants each fault alone: its check finds it, and
// finds nothing where it is not planted. Two faults lie in the layout and are
// always there.
func TestOneFaultOneFinding(t *testing.T) {
	grave := func(planted []Fault) (found []string) {
		report := audit.Run(buildWith(1, planted).estate(), audit.DefaultOptions())
		for _, f := range report.Findings {
			if f.Check == "zombie-vm" || audit.Rank(f.Severity) <= audit.Rank(migrate.SeverityMedium) {
				found = append(found, f.Check)
			}
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	layout := []string{"database-single", "load-balancer-single"}
	if diff := cmp.Diff(layout, grave(nil)); diff != "" {
		t.Errorf("nothing planted (-want +found):\n%s", diff)
	}
	for _, f := range faults {
		if f.plant == nil {
			continue
		}
		want := append([]string{f.Check}, layout...)
		slices.Sort(want)
		if diff := cmp.Diff(want, grave([]Fault{f})); diff != "" {
			t.Errorf("%s alone (-want +found):\n%s", f.ID, diff)
		}
	}
}
