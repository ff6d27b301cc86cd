package audit

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/migrate"
)

func someReport() Report {
	at := now
	return Report{AsOf: &at, Servers: 3, NotJudged: []Unjudged{}, Counts: map[migrate.Severity]int{"high": 1, "medium": 4, "low": 1, "info": 0}, Checks: []Summary{{ID: "x"}, {ID: "y"}}, Findings: []migrate.Finding{
		{Check: "load-balancer-single", Category: "resilience", Severity: migrate.SeverityHigh, Title: loadBalancerSingle.Title, Subjects: []string{"es-lb01"},
			Evidence: []string{"the only load balancer of the name es-lb, no other server named es-lb… (estate of the year 2026, as exported by RVTools.xlsx)"},
			Why:      loadBalancerSingle.Why, Remedy: loadBalancerSingle.Remedy, Answer: loadBalancerSingle.Answer},
		{Check: "access-events", Category: "operations", Severity: migrate.SeverityLow, Title: "A scan", Subjects: []string{},
			Evidence: []string{"=HYPERLINK(\"x\")", "second\x1b[2J"}, Why: "w", Remedy: "r", Answer: "a"},
	}}
}

func TestWriteText(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, someReport()); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "report.txt", b.Bytes())
}

func TestWriteCSVIsHarmless(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, someReport()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got, want := rows[2][5], "'=HYPERLINK(\"x\")\nsecond\x1b[2J"; got != want {
		t.Errorf("evidence %q, want %q", got, want)
	}
}

func TestWriteJSONReadsBack(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, someReport()); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, someReport()) {
		t.Errorf("read back: %+v", back)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWritersReportErrors(t *testing.T) {
	for name, write := range map[string]func() error{
		"text": func() error { return WriteText(fullDisk{}, someReport()) },
		"csv":  func() error { return WriteCSV(fullDisk{}, someReport()) },
		"json": func() error { return WriteJSON(fullDisk{}, someReport()) },
	} {
		if write() == nil {
			t.Errorf("%s: the error of the writer is lost", name)
		}
	}
}
