package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// csvRows gives the rows of delimited text as RFC 4180 has them. A quote where
// none may stand is taken as it is, with a note, where the row ends at its
// line's end; where a cell with such a quote may go on over the line's end it
// is an error, since the rows below it could be lost in that cell.
type csvRows struct {
	lines *bufio.Reader
	sep   string
	lim   Limits
	line  int // lines read
	width int // cells of the header; 0 until it is known
	cells int // of the last row
	odd   []note
}

// Bounds of a row. Over longestCell a cell stops being a text and becomes a
// quote that was never closed.
const (
	longestCell = 1 << 20
	longestLine = 16 << 20
)

// What is said of rows that break the rules of CSV.
const (
	noteStray = "a quote stands within a cell; it is kept as it is: double it and put the whole cell in quotes"
	noteWide  = "has more cells than the header, so its values may stand under wrong headers: is there a separator in a cell that is not in quotes?"
)

func (d *csvRows) next() (int, []string, bool, error) {
	text, err := d.readLine()
	for err == nil && text == "" {
		text, err = d.readLine()
	}
	if err == io.EOF {
		return 0, nil, false, nil
	}
	if err != nil {
		return 0, nil, false, fmt.Errorf("after row %d: %w", d.line, err)
	}
	row := d.line
	if row > d.lim.Rows {
		return 0, nil, false, fmt.Errorf("has over %d rows: split it", d.lim.Rows)
	}
	cells, err := d.record(row, text)
	if err != nil {
		return 0, nil, false, err
	}
	if len(cells) > d.lim.Columns {
		return 0, nil, false, fmt.Errorf("row %d has %d columns; the limit is %d", row, len(cells), d.lim.Columns)
	}
	for i, cell := range cells {
		if len(cell) > longestCell {
			return 0, nil, false, fmt.Errorf("row %d, column %s: holds %d bytes; the limit is %d", row, Letter(i), len(cell), longestCell)
		}
		cells[i] = Latin(cell)
	}
	if d.width > 0 && len(cells) > d.width && !blank(cells[d.width:]) {
		d.odd = append(d.odd, note{row, Absent, noteWide})
	}
	d.cells = len(cells)
	return row, cells, true, nil
}

func (d *csvRows) notes() []note {
	odd := d.odd
	d.odd = nil
	return odd
}

// readLine gives the next line without its end.
func (d *csvRows) readLine() (string, error) {
	var line []byte
	for {
		part, err := d.lines.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(line) > longestLine:
			return "", fmt.Errorf("a line is longer than %d bytes", longestLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && err != io.EOF:
			return "", err
		case err == io.EOF && len(line) == 0:
			return "", io.EOF
		}
		d.line++
		return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), nil
	}
}

// record reads the row that begins with a line, and the lines over which its
// quoted cells go.
func (d *csvRows) record(row int, first string) ([]string, error) {
	s := splitter{sep: d.sep}
	if !s.add(first) {
		return d.loose(row, first)
	}
	opened, last := len(s.cells), ""
	for s.quoted {
		text, err := d.readLine()
		switch {
		case err == io.EOF:
			return nil, fmt.Errorf("row %d, column %s: a quote is opened and never closed; the file may be cut off", row, Letter(len(s.cells)))
		case err != nil:
			return nil, fmt.Errorf("after row %d: %w", d.line, err)
		case s.cell.Len() > longestCell:
			return nil, fmt.Errorf("row %d, column %s: a quote is opened and never closed", row, Letter(len(s.cells)))
		case !s.add(text):
			return nil, fmt.Errorf("row %d, column %s: a quote is opened here that the quote in row %d does not close: close it in row %d, or double the quotes within the cell", row, Letter(opened), d.line, row)
		}
		last = text
	}
	if d.line > row && d.isRow(first) && d.isRow(last) {
		return nil, fmt.Errorf("row %d, column %s: a quote is opened here and closed in row %d, but the rows between look like rows of their own: close it in row %d", row, Letter(opened), d.line, row)
	}
	return s.cells, nil
}

// isRow says whether a line has by itself as many cells as the header. Commas
// within text don't count: a space follows them.
func (d *csvRows) isRow(line string) bool {
	const fewest = 3
	n := strings.Count(line, d.sep) - strings.Count(line, d.sep+" ") + 1
	return n == d.width && n >= fewest
}

// loose reads a line with a stray quote. Of the two ways to read it, that is
// right which gives as many cells as the header has.
func (d *csvRows) loose(row int, line string) ([]string, error) {
	asIs, ok := splitLoose(line, d.sep, false)
	if !ok {
		return nil, fmt.Errorf("row %d, column %s: a quote is opened and never closed on its line", row, Letter(len(asIs)-1))
	}
	if strings.Contains(strings.Join(asIs, ""), `"`) { // else there was but space around quotes
		d.odd = append(d.odd, note{row, Absent, noteStray})
	}
	if within, ok := splitLoose(line, d.sep, true); ok && len(within) == d.width {
		return within, nil
	}
	// A row that is too short ends, perhaps, in a cell that goes on below.
	if end := asIs[len(asIs)-1]; len(asIs) < d.width && strings.HasPrefix(end, `"`) && strings.Count(end, `"`)%2 == 1 {
		return nil, fmt.Errorf("row %d, column %s: a quote within a quoted cell: double it", row, Letter(len(asIs)-1))
	}
	return asIs, nil
}

// splitter takes the lines of one row apart, by the rules.
type splitter struct {
	sep    string
	cells  []string
	cell   strings.Builder // the quoted cell at hand
	quoted bool            // the cell at hand goes on in the next line
}

// add takes the row's next line; it says no to a quote where none may stand.
func (s *splitter) add(line string) bool {
	for {
		if !s.quoted && !strings.HasPrefix(line, `"`) {
			cell, rest, more := strings.Cut(line, s.sep)
			if strings.Contains(cell, `"`) {
				return false
			}
			s.cells = append(s.cells, cell)
			if !more {
				return true
			}
			line = rest
			continue
		}
		if !s.quoted {
			s.quoted, line = true, line[1:]
			s.cell.Reset()
		}
		text, rest, closed := strings.Cut(line, `"`)
		s.cell.WriteString(text)
		switch {
		case !closed:
			s.cell.WriteByte('\n')
			return true
		case strings.HasPrefix(rest, `"`):
			s.cell.WriteByte('"')
			line = rest[1:]
		case rest == "", strings.HasPrefix(rest, s.sep):
			s.quoted = false
			s.cells = append(s.cells, s.cell.String())
			if rest == "" {
				return true
			}
			line = rest[len(s.sep):]
		default:
			return false
		}
	}
}

// splitLoose splits a line that has a stray quote, or space around a quoted
// cell. A cell that is not quoted by
// the rules is taken as it is up to the next separator or, with within, up to a
// quote before a separator. It says no to a cell that goes on over the line's
// end.
func splitLoose(line, sep string, within bool) (cells []string, ok bool) {
	for {
		cell, rest, more, ok := looseCell(line, sep, within)
		cells = append(cells, cell)
		if !ok || !more {
			return cells, ok
		}
		line = rest
	}
}

func looseCell(line, sep string, within bool) (cell, rest string, more, ok bool) {
	quoted, isQuoted := strings.CutPrefix(strings.TrimLeft(line, " "), `"`)
	if !isQuoted {
		cell, rest, more = strings.Cut(line, sep)
		return cell, rest, more, true
	}
	end, stray := endOfQuoted(quoted, sep)
	if end < 0 && !stray {
		return line, "", false, false
	}
	if end < 0 && within {
		if end = strings.Index(quoted, `"`+sep); end < 0 && strings.HasSuffix(quoted, `"`) {
			end = len(quoted) - 1
		}
		if end < 0 {
			return line, "", false, false
		}
	}
	if end < 0 {
		cell, rest, more = strings.Cut(line, sep)
		return cell, rest, more, true
	}
	cell, rest = strings.ReplaceAll(quoted[:end], `""`, `"`), strings.TrimLeft(quoted[end+1:], " ")
	rest, more = strings.CutPrefix(rest, sep)
	return cell, rest, more, true
}

// endOfQuoted finds the quote that closes a cell by the rules; below 0 where
// there is none, and whether a stray one stands in its place.
func endOfQuoted(text, sep string) (end int, stray bool) {
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		rest := strings.TrimLeft(text[i+1:], " ")
		switch {
		case strings.HasPrefix(text[i+1:], `"`):
			i++
		case rest == "", strings.HasPrefix(rest, sep):
			return i, false
		default:
			return -1, true
		}
	}
	return -1, false
}
