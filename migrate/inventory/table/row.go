package table

import (
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Row is one row of a sheet; Num counts from 1 as a spreadsheet shows it (in a
// delimited file: the line).
type Row struct {
	Num   int
	Cells []string
	sheet *Sheet
}

// Blank says that every cell is empty: a ghost row.
func (r Row) Blank() bool { return blank(r.Cells) }

// Text is the cell without surrounding space.
func (r Row) Text(c Col) string {
	if c < 0 || int(c) >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[c])
}

// Place points at a cell; with Absent, at the row.
func (r Row) Place(c Col, note string) migrate.Place {
	p := migrate.Place{Row: r.Num, Note: note}
	if r.sheet != nil {
		p.Sheet = r.sheet.Name
		if c >= 0 {
			p.Column = r.sheet.Heading(c)
		}
	}
	return p
}

// Float reads a number; false where the cell is empty or holds none. What it
// can't read becomes a warning.
func (r Row) Float(c Col) (float64, bool) {
	s := r.Text(c)
	if s == "" {
		return 0, false
	}
	v, err := ParseNumber(s, r.numberFormat(c, s))
	if err != nil {
		r.warn(c, "is not a number: "+Quote(s))
		return 0, false
	}
	return v, true
}

// Int reads a number and rounds it to the nearest whole one.
func (r Row) Int(c Col) (int64, bool) {
	v, ok := r.Float(c)
	if !ok {
		return 0, false
	}
	n, err := whole(v)
	if err != nil {
		r.warn(c, err.Error()+": "+Quote(r.Text(c)))
		return 0, false
	}
	return n, true
}

// Count is Int for what can't be negative: programs write -1 for "unknown",
// which gives false without a warning.
func (r Row) Count(c Col) (int64, bool) {
	n, ok := r.Int(c)
	if ok && n < -1 {
		r.warn(c, "is negative: "+Quote(r.Text(c)))
	}
	if !ok || n < 0 {
		return 0, false
	}
	return n, true
}

// Bool reads yes or no in its usual spellings.
func (r Row) Bool(c Col) (value, ok bool) {
	s := r.Text(c)
	if s == "" {
		return false, false
	}
	v, err := ParseBool(s)
	if err != nil {
		r.warn(c, "is neither yes nor no: "+Quote(s))
		return false, false
	}
	return v, true
}

// Time reads a date or a moment; one without a zone is taken as UTC.
func (r Row) Time(c Col) (time.Time, bool) {
	s := r.Text(c)
	if s == "" {
		return time.Time{}, false
	}
	t, err := ParseTime(s, r.timeFormat(c, s))
	if err != nil {
		r.warn(c, "is not a time: "+Quote(s))
		return time.Time{}, false
	}
	return t, true
}

// List splits a cell of several values at commas, semicolons, bars, line ends
// and square brackets.
func (r Row) List(c Col) []string { return SplitList(r.Text(c)) }

func (r Row) warn(c Col, note string) {
	if r.sheet != nil && r.sheet.tally != nil {
		r.sheet.tally.Warn(r.Place(c, note))
	}
}

// once warns of what is told once a column.
func (r Row) once(c Col, note string) {
	if r.sheet == nil || r.sheet.tally == nil {
		return
	}
	if key := Letter(int(c)) + note; !r.sheet.said[key] {
		r.sheet.said[key] = true
		r.sheet.tally.WarnAlways(r.Place(c, note))
	}
}
