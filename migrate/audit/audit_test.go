package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestEveryCheckIsWhole(t *testing.T) {
	checks := Checks()
	if len(checks) < 34 {
		t.Errorf("%d checks", len(checks))
	}
	seen := map[string]bool{}
	for i, c := range checks {
		if seen[c.ID] {
			t.Errorf("%s is listed twice", c.ID)
		}
		seen[c.ID] = true
		for field, text := range map[string]string{"category": c.Category, "title": c.Title, "why": c.Why, "remedy": c.Remedy, "answer": c.Answer} {
			if text == "" {
				t.Errorf("%s has no %s", c.ID, field)
			}
		}
		if Rank(c.Severity) == len(Severities()) {
			t.Errorf("%s has severity %q", c.ID, c.Severity)
		}
		for _, file := range []string{c.ID + ".go", c.ID + "_test.go"} {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s is not in a file of its name: %v", c.ID, err)
			}
		}
		if (c.ID == notJudged.ID) != (i == len(checks)-1) {
			t.Errorf("%s is at place %d of %d", c.ID, i, len(checks))
		}
	}
}

func TestEveryFileOfACheckIsListed(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, c := range Checks() {
		listed[c.ID] = true
	}
	for _, e := range entries {
		id, isGo := strings.CutSuffix(e.Name(), ".go")
		if isGo && strings.Contains(id, "-") && !strings.HasSuffix(id, "_test") && !listed[id] {
			t.Errorf("%s is not in Checks", e.Name())
		}
	}
}

func TestRunSortsAndRepeats(t *testing.T) {
	e := estate(
		server("z-db01", role("database"), partition("/var/lib/mysql", 100, 95)), server("a-lb01", role("edge")),
		server("web01", role("web"), listens("0.0.0.0", 25)), server("old", off), server("web02", role("web"), tools("notRunning")))
	options := DefaultOptions()
	options.AsOf = now
	first := Run(e, options)
	for i := 1; i < len(first.Findings); i++ {
		if Rank(first.Findings[i-1].Severity) > Rank(first.Findings[i].Severity) {
			t.Errorf("%s comes before %s", first.Findings[i-1].Check, first.Findings[i].Check)
		}
	}
	var high []string
	for _, f := range AtLeast(first.Findings, migrate.SeverityHigh) {
		high = append(high, f.Check+" "+strings.Join(f.Subjects, " "))
	}
	if diff := cmp.Diff([]string{"database-single z-db01", "disk-nearly-full z-db01", "load-balancer-single a-lb01"}, high); diff != "" {
		t.Errorf("high findings (-want +got):\n%s", diff)
	}
	a, _ := json.Marshal(first)
	b, _ := json.Marshal(Run(e, options))
	if !bytes.Equal(a, b) {
		t.Error("two runs differ")
	}
	if len(first.Checks) != len(Checks()) {
		t.Errorf("%d checks reported, %d exist", len(first.Checks), len(Checks()))
	}
}

func TestRunTakesTheEstatesDate(t *testing.T) {
	e := estate(server("a", runsOS("CentOS 7 (64-bit)")))
	at := now
	e.AsOf = &at
	report := Run(e, DefaultOptions())
	if report.AsOf == nil || !report.AsOf.Equal(now) || len(AtLeast(report.Findings, migrate.SeverityMedium)) != 1 {
		t.Errorf("as of %v: %+v", report.AsOf, report.Findings)
	}
}

func TestRunOfNothing(t *testing.T) {
	report := Run(&migrate.Estate{}, DefaultOptions())
	if report.Findings == nil || report.NotJudged == nil || len(AtLeast(report.Findings, migrate.SeverityLow)) != 0 {
		t.Errorf("an empty estate has findings: %+v", report.Findings)
	}
}

func TestOptionsValidate(t *testing.T) {
	if err := DefaultOptions().Validate(); err != nil {
		t.Error(err)
	}
	o := DefaultOptions()
	o.CampaignMultiple, o.CPULimit, o.RPOHours = 0.5, 140, 0
	err := o.Validate()
	for _, part := range []string{"campaignMultiple: 0.5", "cpuLimitPercent: 140", "rpoHours: 0"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v lacks %q", err, part)
		}
	}
}
