package report

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate/audit"
)

// AddFindings adds what is wrong, gravest first, and what could not be judged.
func (d *Document) AddFindings(r audit.Report) {
	d.Data.Findings = &r
	s := Section{ID: "findings", Title: "Findings"}
	chart := Chart{ID: "severities", Title: "Findings by severity", Series: []string{"findings"}}
	total := 0
	for _, severity := range audit.Severities() {
		n := r.Counts[severity]
		total += n
		s.Facts = append(s.Facts, Fact{string(severity), whole(n)})
		chart.Bars = append(chart.Bars, Bar{Label: string(severity), Class: string(severity), Values: []float64{float64(n)}})
	}
	s.Notes = append(s.Notes, fmt.Sprintf("%s on %s. A finding of high severity costs orders or data on a campaign day.", phrase.Count(len(r.Checks), "check"), phrase.Count(r.Servers, "server")))
	if r.AsOf != nil {
		note := "Ages and ends of life are judged at " + moment(*r.AsOf)
		if r.AsOfWhy != "" {
			note += ", " + r.AsOfWhy
		}
		s.Notes = append([]string{note + "."}, s.Notes...)
	}
	if shown := len(r.Findings); shown < total {
		s.Notes = append(s.Notes, fmt.Sprintf("%d of %d findings are listed; the others are less grave than was asked for.", shown, total))
	}
	s.Charts = []Chart{chart}
	s.Tables = []Table{findingTable(r)}
	for _, t := range []Table{unjudgedTable(r), checkTable(r)} {
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	d.Sections = append(d.Sections, s)
}

func findingTable(r audit.Report) Table {
	t := Table{ID: "finding-list", Caption: "Findings, gravest first", Columns: columns("Severity", "~Finding", "~On", "~Evidence", "~Remedy", "~Answer of the topology")}
	for _, f := range r.Findings {
		t.Rows = append(t.Rows, Row{Class: string(f.Severity), Cells: []Cell{
			cell(string(f.Severity)),
			{Lines: cell(f.Title, f.Why, "Check "+f.Check+", "+f.Category).Lines, Head: true},
			cell(strings.Join(f.Subjects, ", ")), cell(f.Evidence...), cell(f.Remedy), cell(f.Answer),
		}})
	}
	return t
}

func unjudgedTable(r audit.Report) Table {
	t := Table{ID: "not-judged", Caption: "Not judged for lack of data", Columns: columns("Check", "~Reason", "~On")}
	for _, u := range r.NotJudged {
		on := strings.Join(u.Subjects, ", ")
		if on == "" {
			on = "the whole estate"
		}
		t.Rows = append(t.Rows, cells(u.Check, u.Reason, on))
	}
	return t
}

func checkTable(r audit.Report) Table {
	t := Table{ID: "checks", Caption: "Checks that ran", Columns: columns("Check", "Category", "Severity", "~Title", "#Findings")}
	for _, c := range r.Checks {
		t.Rows = append(t.Rows, cells(c.ID, c.Category, string(c.Severity), c.Title, whole(c.Findings)))
	}
	return t
}
