package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/golden"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/audit"
	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/sizing"
)

// full is the report on the sample estate.
func full(t testing.TB) *Document {
	t.Helper()
	e := sample.Estate(1)
	d := New("The estate", "172 servers")
	d.AddInventory(e, 1)
	d.AddFindings(audit.Run(e, audit.DefaultOptions()))
	r, err := sizing.Size(e, topology.Storefront{}, sizing.DefaultOptions())
	require.NoError(t, err)
	d.AddSizing(r)
	return d
}

func written(t testing.TB, write func(io.Writer, *Document) error, d *Document) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b, d))
	return b.String()
}

// hostile is an estate whose names want to be a page, a formula or a table.
func hostile() *migrate.Estate {
	return &migrate.Estate{Schema: migrate.EstateSchema, Servers: []migrate.Server{
		{ID: `<script>alert(1)</script>`, Kind: migrate.KindVM, Power: migrate.PowerOn, Cluster: `"><img src=x onerror=alert(1)>`},
		{ID: `=cmd|' /C calc'!A0`, Owner: "@SUM(1)", Kind: migrate.KindVM, Power: migrate.PowerOn, OS: "a|b\n| --- |\n*c* [d](e) `f`", Cluster: "-5"},
	}}
}

func TestHTMLEscapesWhatExportsSay(t *testing.T) {
	d := New("<b>title</b>", "")
	d.AddInventory(hostile(), 1)
	page := written(t, WriteHTML, d)
	require.NotContains(t, page, "<script>alert")
	require.NotContains(t, page, "<img")
	require.NotContains(t, page, "<b>title")
	require.Contains(t, page, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.NotContains(t, page, "ZgotmplZ")
	require.Equal(t, 1, strings.Count(page, "<script>"))
	page = written(t, WriteHTML, full(t))
	for _, outside := range []string{"http://", "https://", " src=", "url(", "@import"} {
		require.NotContains(t, page, outside)
	}
}

func TestCSVHoldsNoFormulas(t *testing.T) {
	d := New("", "")
	d.AddInventory(hostile(), 1)
	rows, err := csv.NewReader(strings.NewReader(written(t, WriteCSV, d))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, "Server", rows[0][0])
	require.Equal(t, `'=cmd|' /C calc'!A0`, rows[2][0])
	require.Contains(t, rows[2], "'@SUM(1)")
	require.Contains(t, rows[2], "-5", "a number is no formula")
	d.AddFindings(audit.Report{})
	require.ErrorContains(t, WriteCSV(io.Discard, d), "it holds one table")
}

func TestMarkdownKeepsItsTables(t *testing.T) {
	d := New("a|b", "")
	d.AddInventory(hostile(), 1)
	text := written(t, WriteMarkdown, d)
	require.NotContains(t, text, "<script>")
	require.Contains(t, text, `a\|b \| --- \| \*c\* \[d\](e)`)
	columns := 0
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if columns != 0 {
			require.Equal(t, columns, n, line)
		}
		columns = n
	}
}

func TestMarkdownOfASmallReport(t *testing.T) {
	at := time.Date(2026, 9, 14, 6, 0, 0, 0, time.UTC)
	e := &migrate.Estate{AsOf: &at,
		Sources: []migrate.Source{{ID: "S1", Name: "vms.xlsx", Format: "rvtools-xlsx", Version: "4.6", Rows: 3, Servers: 2,
			LeftOut: []migrate.LeftOut{{Reason: "no name", Count: 1, Examples: []migrate.Place{{Sheet: "vInfo", Row: 4, Note: "empty"}}}}}},
		Servers: []migrate.Server{{ID: "web01", Kind: migrate.KindVM, Power: migrate.PowerOn, CPUs: 4, MemoryMiB: 8192, Role: migrate.Inference{Value: "web", Confidence: 0.4}},
			{ID: "db01", Kind: migrate.KindTemplate, Power: migrate.PowerOff}},
		Contradictions: []migrate.Contradiction{{Server: "web01", Field: "cpus", Values: []migrate.Claim{{Source: "S1", Value: "4"}, {Source: "S2", Value: "8"}}, Chosen: "4", Why: "the hypervisor counts"}},
	}
	d := New("Small", "Two servers")
	d.AddInventory(e, 1)
	d.AddFindings(audit.Report{Servers: 2, Counts: map[migrate.Severity]int{migrate.SeverityHigh: 1, migrate.SeverityLow: 2},
		Findings: []migrate.Finding{{Check: "web-single", Category: "resilience", Severity: migrate.SeverityHigh, Title: "One web server", Subjects: []string{"web01"},
			Evidence: []string{"web01 alone", "no other"}, Why: "It fails.", Remedy: "Add one.", Answer: "Fleets."}}})
	golden.Equal(t, "small.md", []byte(written(t, WriteMarkdown, d)))
}

func TestEveryTableHasACellForEveryColumnAndItsOwnID(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range full(t).Sections {
		require.False(t, seen[s.ID], s.ID)
		seen[s.ID] = true
		for _, c := range s.Charts {
			require.False(t, seen[c.ID], c.ID)
			seen[c.ID] = true
		}
		for _, table := range s.Tables {
			require.False(t, seen[table.ID], table.ID)
			seen[table.ID] = true
			for _, r := range table.Rows {
				require.Len(t, r.Cells, len(table.Columns), table.ID)
			}
		}
	}
	require.Len(t, seen, 3+5+12)
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	for name, write := range Writers() {
		if name == "csv" {
			continue
		}
		require.Equal(t, written(t, write, full(t)), written(t, write, full(t)), name)
	}
}

func TestJSONHoldsWhatTheReportWasMadeFrom(t *testing.T) {
	var got struct {
		Estate   migrate.Estate
		Findings audit.Report
		Sizing   sizing.Result
	}
	require.NoError(t, json.Unmarshal([]byte(written(t, WriteJSON, full(t))), &got))
	require.Len(t, got.Estate.Servers, sample.Servers)
	require.NotEmpty(t, got.Findings.Findings)
	require.NotEmpty(t, got.Sizing.Figures)
}

func TestPicturesStayWithinTheirFrame(t *testing.T) {
	for _, s := range full(t).Sections {
		for _, c := range s.Charts {
			p := c.draw()
			require.NotEmpty(t, p.Rects, c.ID)
			for _, r := range p.Rects {
				require.True(t, r.X >= 0 && r.Y >= 0 && r.W >= 0 && r.H >= 0 && r.X+r.W <= p.Width+0.1 && r.Y+r.H <= p.Height+0.1, "%s: %+v", c.ID, r)
			}
		}
	}
}

func TestThinningKeepsThePeak(t *testing.T) {
	var points []Point
	for i := range 10_000 {
		points = append(points, Point{time.Unix(int64(i)*3600, 0), float64(i % 7)})
	}
	points[4321].Value = 99
	thin := thinned(points, 640)
	require.LessOrEqual(t, len(thin), 640)
	require.Equal(t, 99.0, highest(thin))
}

func TestDaysAreNamedAtTheirMidnight(t *testing.T) {
	first := time.Date(2026, 9, 7, 5, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		hours int
		want  []string
	}{
		{1, []string{"2026-09-07T05"}},
		{20, []string{"2026-09-08T00"}},
		{6 * 24, []string{"2026-09-08T00", "2026-09-09T00", "2026-09-10T00", "2026-09-11T00", "2026-09-12T00", "2026-09-13T00"}},
		{28 * 24, []string{"2026-09-08T00", "2026-09-12T00", "2026-09-16T00", "2026-09-20T00", "2026-09-24T00", "2026-09-28T00", "2026-10-02T00"}},
	} {
		var got []string
		for _, at := range midnights(first, first.Add(time.Duration(c.hours)*time.Hour)) {
			got = append(got, at.Format("2006-01-02T15"))
		}
		require.Equal(t, c.want, got, c.hours)
	}
}

func TestAShareOfTheRequestsIsSaid(t *testing.T) {
	a := &migrate.AccessHistory{Hours: []migrate.AccessHour{{Requests: 1}}}
	for share, want := range map[float64]string{
		1:     "Requests by the hour",
		0.001: "Requests by the hour; one request in 1000 is in these logs",
		0.3:   "Requests by the hour; 30 % of all requests are in these logs",
	} {
		require.Equal(t, want, accessChart(a, share)[0].Title)
	}
}
