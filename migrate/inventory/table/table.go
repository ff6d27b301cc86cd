// Package table reads the sheets of workbooks and delimited files as rows of
// text with named columns, and turns cells into numbers, times and truth values
// in the many ways in which people's programs write them. It counts what it
// leaves out.
package table

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// Limits bound what a file may cost, so that a damaged or hostile one ends in
// an error and not in a machine without memory.
type Limits struct {
	// Bytes is the most that a file may hold once unpacked.
	Bytes int64
	// Ratio is the most that an archive over 64 MiB unpacked may be larger
	// than its file.
	Ratio int64
	// Rows and Columns bound one sheet.
	Rows, Columns int
}

// DefaultLimits suit an estate of some hundred thousand servers.
var DefaultLimits = Limits{Bytes: 4 << 30, Ratio: 400, Rows: 4_000_000, Columns: 4096}

// Book is an open file with one or more sheets. Close it after use.
type Book interface {
	// Sheets are the names of the sheets, in the file's order.
	Sheets() []string
	// Sheet starts to read a sheet up to its header. Only one sheet of a book
	// may be read at a time. isHeader says which of the first rows is the
	// header; nil takes the first row that is not empty.
	Sheet(name string, isHeader func(cells []string) bool) (*Sheet, error)
	Close() error
}

// Sheet is a table under a header. Ask for columns with Col before reading
// Rows; what was never asked for is Unknown.
type Sheet struct {
	Name      string
	Header    []string
	HeaderRow int
	// Above holds the rows over the header (titles, notes) that are not empty.
	Above []Row
	// Date1904 says that day numbers count from 1904, as Excel for Mac did.
	Date1904 bool

	index map[string][]int
	asked map[int]bool
	said  map[string]bool // warnings that are given once a column
	tally *Tally
	src   rowSource

	separator rune // of delimited text; 0 for a workbook's sheet
	again     func() (rowSource, func() error, error)
	reopened  func(io.Reader) rowSource // of delimited text that is too large to be kept
	learned   *habits
}

// rowSource gives the rows of a sheet from its top.
type rowSource interface {
	next() (num int, cells []string, ok bool, err error)
	// notes are what was odd in the rows so far, each told once.
	notes() []note
}

// note is an oddity of a row that a file's reader saw; col is Absent where it
// is the whole row's.
type note struct {
	row  int
	col  Col
	text string
}

// Format says how numbers and times in a sheet are written, where their text
// alone would leave it open.
type Format struct {
	DecimalComma bool // 1.024,5 rather than 1,024.5
	DayFirst     bool // 03/04/2026 is 3 April
	Date1904     bool // day numbers count from 1904
}

// Col is a column of a sheet. A negative Col is absent; every getter then
// gives nothing.
type Col int

// Absent is the column that a sheet doesn't have.
const Absent Col = -1

// newSheet reads up to the header.
func newSheet(name string, isHeader func([]string) bool, src rowSource) (*Sheet, error) {
	s := &Sheet{Name: name, src: src, asked: map[int]bool{}, said: map[string]bool{}, index: map[string][]int{}}
	const within = 50 // titles and notes above a header are never longer
	for range within {
		num, cells, ok, err := src.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if blank(cells) {
			continue
		}
		if isHeader != nil && !isHeader(cells) {
			s.Above = append(s.Above, Row{Num: num, Cells: append([]string(nil), cells...), sheet: s})
			continue
		}
		s.setHeader(num, cells)
		return s, nil
	}
	return s, nil
}

func (s *Sheet) setHeader(num int, cells []string) {
	s.HeaderRow = num
	s.Header = append([]string(nil), cells...)
	for len(s.Header) > 0 && strings.TrimSpace(s.Header[len(s.Header)-1]) == "" {
		s.Header = s.Header[:len(s.Header)-1]
	}
	for i, h := range s.Header {
		if n := Normal(h); n != "" {
			s.index[n] = append(s.index[n], i)
		}
	}
}

// Normal reduces a header to lower-case letters and digits, with "%" as "pct"
// and "#" as "num", so that "*In Use (MiB)" and "in_use_mib" are one.
func Normal(header string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(header) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r > 127 && r != '\u00a0' && r != '\ufeff':
			b.WriteRune(r)
		case r == '%':
			b.WriteString("pct")
		case r == '#':
			b.WriteString("num")
		}
	}
	return b.String()
}

// Col finds the first of the aliases among the headers, compared as Normal
// has them, and marks it as known. It gives Absent where there is none.
func (s *Sheet) Col(aliases ...string) Col {
	for _, a := range aliases {
		if at := s.index[Normal(a)]; len(at) > 0 {
			s.asked[at[0]] = true
			return Col(at[0])
		}
	}
	return Absent
}

// Has says whether the sheet has a column of one of these names, without
// marking it as known.
func (s *Sheet) Has(aliases ...string) bool {
	for _, a := range aliases {
		if len(s.index[Normal(a)]) > 0 {
			return true
		}
	}
	return false
}

// Know marks a column as known although it was found by other means than its
// name.
func (s *Sheet) Know(c Col) {
	if c >= 0 {
		s.asked[int(c)] = true
	}
}

// Unknown are the columns with a header that nobody asked for, in order.
func (s *Sheet) Unknown() []Col {
	var out []Col
	for i, h := range s.Header {
		if !s.asked[i] && Normal(h) != "" {
			out = append(out, Col(i))
		}
	}
	return out
}

// Label is a column's heading, with its letter where a column before it has the
// same.
func (s *Sheet) Label(c Col) string {
	if all := s.index[Normal(s.Heading(c))]; len(all) > 1 && all[0] != int(c) {
		return s.Heading(c) + " (" + Letter(int(c)) + ")"
	}
	return s.Heading(c)
}

// Heading is a column's header, or its letter where it has none.
func (s *Sheet) Heading(c Col) string {
	if c >= 0 && int(c) < len(s.Header) && strings.TrimSpace(s.Header[c]) != "" {
		return strings.TrimSpace(s.Header[c])
	}
	return Letter(int(c))
}

// Letter names a column, counted from 0, as a spreadsheet does: A, B, … AA.
func Letter(c int) string {
	if c < 0 {
		return ""
	}
	s := ""
	for c++; c > 0; c = (c - 1) / 26 {
		s = string(rune('A'+(c-1)%26)) + s
	}
	return s
}

// Rows reads on under the header, empty rows among them. A row's cells are
// valid until the next one. After an error there are no more rows.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s.reportRepeated()
		for s.Header != nil {
			num, cells, ok, err := s.src.next()
			s.report(s.src.notes())
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !ok || !yield(Row{Num: num, Cells: cells, sheet: s}, nil) {
				return
			}
		}
	}
}

// report turns notes into warnings: those on a column once a column, and not
// those on cells above the data.
func (s *Sheet) report(notes []note) {
	for _, n := range notes {
		at := Row{Num: n.row, sheet: s}
		if n.col == Absent && s.tally != nil {
			s.tally.Warn(at.Place(Absent, n.text))
		} else if n.row > s.HeaderRow {
			at.once(n.col, n.text)
		}
	}
}

// reportRepeated warns of columns that were asked for and have a namesake.
func (s *Sheet) reportRepeated() {
	for c := range s.Header {
		if all := s.index[Normal(s.Header[c])]; s.asked[c] && len(all) > 1 && all[0] == c {
			Row{Num: s.HeaderRow, sheet: s}.once(Col(c), fmt.Sprintf("the columns %s have the same header: only %s is used; give each its own", letters(all), Letter(c)))
		}
	}
}

func letters(cols []int) string {
	var out []string
	for _, c := range cols {
		out = append(out, Letter(c))
	}
	return strings.Join(out, ", ")
}

// CountInto makes the sheet's getters report cells that they can't understand
// as warnings of t.
func (s *Sheet) CountInto(t *Tally) { s.tally = t }

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// Quote shortens a cell for a message.
func Quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
