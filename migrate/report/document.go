// Package report lays out an estate, its findings and its sizing as one
// document and writes it as HTML, Markdown, CSV or JSON. What goes where is
// decided in the document, which all formats share; the same input gives the
// same bytes.
package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/audit"
	"github.com/storefront-toolkit/storefront/migrate/sizing"
)

// Document is a report before it has a format.
type Document struct {
	Title    string
	Subtitle string
	Sections []Section
	// Data is what the report was made from, for JSON.
	Data Data
}

// Data is the machine-readable twin of a document: the parts that it has.
type Data struct {
	Estate   *migrate.Estate `json:"estate,omitempty"`
	Findings *audit.Report   `json:"findings,omitempty"`
	Sizing   *sizing.Result  `json:"sizing,omitempty"`
}

// Section is one part of a document. Its first table is the one that CSV holds.
type Section struct {
	ID    string // unique within the document
	Title string
	Facts []Fact
	Notes []string
	// Warnings want somebody's attention.
	Warnings []string
	Charts   []Chart
	Tables   []Table
}

// Fact is a number that stands out.
type Fact struct{ Label, Value string }

// Table is rows of cells, as many in each as there are columns.
type Table struct {
	ID      string // unique within the document
	Caption string
	Columns []Column
	Rows    []Row
}

// Column is a column's head.
type Column struct {
	Name   string
	Number bool // right-aligned
	Wide   bool // running text
	Long   bool // names that may be broken on paper
}

// Class is the column's class on the page.
func (c Column) Class() string {
	switch {
	case c.Number:
		return "num"
	case c.Wide:
		return "wide"
	case c.Long:
		return "long"
	}
	return ""
}

// Row is one row; Class is a severity, "total" or empty.
type Row struct {
	Class string
	Cells []Cell
}

// Cell is a cell's lines. The first may be set off from the others.
type Cell struct {
	Lines []string
	Head  bool // the first line is a heading to the rest
}

// firstLines are shown at once on a screen; the rest unfolds.
const firstLines = 4

// First returns the lines that are shown at once.
func (c Cell) First() []string {
	if len(c.Lines) <= firstLines+1 {
		return c.Lines
	}
	return c.Lines[:firstLines]
}

// Rest returns the lines that unfold; one alone is not worth folding.
func (c Cell) Rest() []string { return c.Lines[len(c.First()):] }

// Text is the cell on one line or several.
func (c Cell) Text() string { return strings.Join(c.Lines, "\n") }

// cells makes a row of cells with one line each.
func cells(texts ...string) Row {
	var r Row
	for _, t := range texts {
		r.Cells = append(r.Cells, cell(t))
	}
	return r
}

func cell(lines ...string) Cell {
	kept := lines[:0:0]
	for _, l := range lines {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return Cell{Lines: kept}
}

// columns makes heads: "#name" is a column of numbers, "~name" one of text,
// "@name" one of long names.
func columns(names ...string) (out []Column) {
	for _, n := range names {
		out = append(out, Column{Name: strings.TrimLeft(n, "#~@"), Number: n[0] == '#', Wide: n[0] == '~', Long: n[0] == '@'})
	}
	return out
}

// New returns a document without parts.
func New(title, subtitle string) *Document { return &Document{Title: title, Subtitle: subtitle} }

// decimal writes a number with at most so many digits after the point, and
// nothing for one that no source told.
func decimal(v float64, digits int) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

func whole(n int) string { return strconv.Itoa(n) }
