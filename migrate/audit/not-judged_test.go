package audit

import (
	"strings"
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestNotJudged(t *testing.T) {
	report := Run(estate(server("web01", role("web")), server("web02", role("web"))), DefaultOptions())
	var found []migrate.Finding
	for _, f := range report.Findings {
		if f.Severity != migrate.SeverityInfo {
			t.Errorf("an estate of which next to nothing is known has a finding: %+v", f)
		}
		if f.Check == notJudged.ID {
			found = append(found, f)
		}
	}
	if len(found) != 1 || len(found[0].Evidence) != len(report.NotJudged) {
		t.Fatalf("%d findings for %d reasons", len(found), len(report.NotJudged))
	}
	if text := strings.Join(found[0].Evidence, "\n"); !strings.Contains(text, "tools-not-running: the state of VMware Tools is not known (2 of them, such as web01)") {
		t.Errorf("evidence:\n%s", text)
	}
}
