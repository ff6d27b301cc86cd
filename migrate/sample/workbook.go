package sample

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
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
	book := excelize.NewFile()
	defer book.Close()
	for i, t := range tabs {
		if i == 0 {
			if err := book.SetSheetName("Sheet1", t.name); err != nil {
				return err
			}
		} else if _, err := book.NewSheet(t.name); err != nil {
			return err
		}
		if err := s.writeTab(book, t); err != nil {
			return fmt.Errorf("tab %s: %w", t.name, err)
		}
	}
	return writeZip(book, w)
}

func (s *site) writeTab(book *excelize.File, t tab) error {
	out, err := book.NewStreamWriter(t.name)
	if err != nil {
		return err
	}
	header := make([]any, len(t.columns))
	for i, c := range t.columns {
		header[i] = c
	}
	if err := out.SetRow("A1", header); err != nil {
		return err
	}
	for n, row := range t.rows(s) {
		cells := make([]any, len(t.columns))
		for i, c := range t.columns {
			cells[i] = cell(row[c])
		}
		if err := out.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return err
		}
	}
	return out.Flush()
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
