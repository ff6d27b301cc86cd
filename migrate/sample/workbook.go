package sample

import (
	"io"
	"iter"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// tab is one sheet of an RVTools export. Rows name their cells by column; a
// column that a row leaves out is empty.
type tab struct {
	name    string
	columns []string
	rows    func(*site) []map[string]any
}

// writeWorkbook writes what RVTools 4.7 exports, in the tabs that matter.
// Values are spelled as RVTools does: booleans as True and False, times as
// text.
func (s *site) writeWorkbook(w io.Writer) error {
	var sheets []table.OutSheet
	for _, t := range tabs {
		sheets = append(sheets, table.OutSheet{Name: t.name, Rows: s.tabRows(t)})
	}
	return table.WriteXLSX(w, sheets, asOf)
}

// tabRows are a tab's header and rows.
func (s *site) tabRows(t tab) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		cells := make([]any, len(t.columns))
		for i, c := range t.columns {
			cells[i] = c
		}
		if !yield(cells) {
			return
		}
		for _, row := range t.rows(s) {
			for i, c := range t.columns {
				cells[i] = cell(row[c])
			}
			if !yield(cells) {
				return
			}
		}
	}
}

// cell spells a value as RVTools does.
func cell(value any) any {
	if yes, ok := value.(bool); ok {
		if yes {
			return "True"
		}
		return "False"
	}
	return value
}
