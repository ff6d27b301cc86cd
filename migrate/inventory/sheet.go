package inventory

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// reasonBlank is for the ghost rows that spreadsheets leave behind.
const reasonBlank = "an empty row"

// headSheet reads the header of a delimited text input from its head; nil
// where the head is no table. It serves Detect.
func headSheet(in Input, isHeader func([]string) bool) *table.Sheet {
	head := headText(in)
	if in.Dir || len(head) == 0 || bytes.IndexByte(head, 0) >= 0 {
		return nil
	}
	s, err := table.FromText(bytes.NewReader(head), in.Name, table.DefaultLimits, isHeader)
	if err != nil || s.Header == nil {
		return nil
	}
	return s
}

// has says whether every one of the names is a column of the sheet.
func has(s *table.Sheet, names ...string) bool {
	if s == nil {
		return false
	}
	for _, n := range names {
		if !s.Has(n) {
			return false
		}
	}
	return true
}

// openSheet opens a delimited text input, through gzip too, as one sheet whose
// odd cells become warnings of the account. Close what it returns.
func openSheet(in Input, acc *account, isHeader func([]string) bool) (*table.Sheet, func(), error) {
	if len(in.Sheets) > 0 {
		return nil, nil, fmt.Errorf("read %s: is a workbook, and %s is delimited text: save the sheet as CSV", in.Name, acc.src.Format)
	}
	f, err := openText(in)
	if err != nil {
		return nil, nil, err
	}
	s, err := table.FromText(f, "", table.DefaultLimits, isHeader)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("read %s: %w", in.Name, err)
	}
	s.Reopen(func() (io.ReadCloser, error) { return openText(in) })
	s.CountInto(&acc.Tally)
	return s, func() { f.Close() }, nil
}

// eachRow calls fn for every row of a sheet that is not blank; blank ones are
// counted as left out.
func eachRow(ctx context.Context, in Input, s *table.Sheet, acc *account, fn func(table.Row)) error {
	n := 0
	for row, err := range s.Rows() {
		if err != nil {
			return fmt.Errorf("read %s: %w", in.Name, err)
		}
		if n++; n%progressEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if in.Progress != nil {
				in.Progress(n)
			}
		}
		if row.Blank() {
			acc.leave(reasonBlank, row.Place(table.Absent, ""))
			continue
		}
		fn(row)
	}
	return nil
}

// missing is the error for a file that lacks a column without which it says
// nothing.
func missing(in Input, s *table.Sheet, what string, names ...string) error {
	if s.Header == nil {
		return fmt.Errorf("read %s: empty: it has no header", in.Name)
	}
	return fmt.Errorf("read %s: row %d: no column for %s (one of %v); it has %v", in.Name, s.HeaderRow, what, names, s.Header)
}

// custom keeps the columns that nobody knows under their own headers.
func custom(s *table.Sheet, row table.Row, into *migrate.Server) {
	for _, c := range s.Unknown() {
		keepCustom(into, s.Label(c), row.Text(c))
	}
}

// keepCustom keeps one value under its header, if there is one.
func keepCustom(s *migrate.Server, header, value string) {
	if value == "" || header == "" {
		return
	}
	if s.Custom == nil {
		s.Custom = map[string]string{}
	}
	s.Custom[header] = value
}
