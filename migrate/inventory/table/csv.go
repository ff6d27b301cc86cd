package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// csvBook is a delimited text file: a book of one sheet.
type csvBook struct {
	path, name string
	lim        Limits
	open       *os.File
}

func (b *csvBook) Sheets() []string { return []string{b.name} }

func (b *csvBook) Close() error {
	if b.open == nil {
		return nil
	}
	f := b.open
	b.open = nil
	return f.Close()
}

func (b *csvBook) Sheet(_ string, isHeader func([]string) bool) (*Sheet, error) {
	b.Close()
	f, err := os.Open(b.path)
	if err != nil {
		return nil, err
	}
	b.open = f
	return FromText(f, b.name, b.lim, isHeader)
}

func sheetName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// FromText reads a sheet of delimited text in any of the encodings of Decode.
// The separator is a comma, semicolon, tab or bar, found from the first lines
// or from Excel's "sep=" line.
func FromText(r io.Reader, name string, lim Limits, isHeader func([]string) bool) (*Sheet, error) {
	b := bufio.NewReaderSize(&capped{r: Decode(r), left: lim.Bytes}, headSize)
	head, err := b.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, err
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, errors.New("is not text: it holds zero bytes")
	}
	sep, skip := Separator(head)
	b.Discard(skip)
	last := &lastByte{r: b}
	c := csv.NewReader(last)
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = sep, true, -1, true
	d := &csvRows{c: c, last: last, lim: lim, first: bytes.Count(head[:skip], []byte("\n"))}
	s, err := newSheet(name, isHeader, d.next)
	if err != nil {
		return nil, err
	}
	s.Format = guessFormat(head, sep)
	return s, nil
}

type csvRows struct {
	c     *csv.Reader
	last  *lastByte
	lim   Limits
	first int // lines that were skipped before the reader began
	rows  int
}

// longestCell is where a cell stops being a note and becomes a quote that was
// never closed.
const longestCell = 1 << 20

func (d *csvRows) next() (int, []string, bool, error) {
	rec, err := d.c.Read()
	if err == io.EOF {
		return 0, nil, false, nil
	}
	if err != nil {
		return 0, nil, false, fmt.Errorf("after row %d: %w", d.rows, err)
	}
	line, _ := d.c.FieldPos(0)
	line += d.first
	d.rows = line
	if d.rows > d.lim.Rows {
		return 0, nil, false, fmt.Errorf("has over %d rows: split it", d.lim.Rows)
	}
	if len(rec) > d.lim.Columns {
		return 0, nil, false, fmt.Errorf("row %d has %d columns; the limit is %d", line, len(rec), d.lim.Columns)
	}
	for i, cell := range rec {
		if len(cell) > longestCell {
			return 0, nil, false, fmt.Errorf("row %d, column %s: a quote is opened and never closed", line, Letter(i))
		}
		rec[i] = Latin(cell)
	}
	if tail := rec[len(rec)-1]; strings.Contains(tail, "\n") && d.last.ended && d.last.char != '"' {
		return 0, nil, false, fmt.Errorf("row %d, column %s: a quote is opened and never closed; the file may be cut off", line, Letter(len(rec)-1))
	}
	return line, rec, true, nil
}

// lastByte remembers the last byte that is not space, to tell a quoted cell at
// the end of a file from one that was cut off.
type lastByte struct {
	r     io.Reader
	char  byte
	ended bool
}

func (l *lastByte) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if t := bytes.TrimRight(p[:n], " \t\r\n"); len(t) > 0 {
		l.char = t[len(t)-1]
	}
	l.ended = l.ended || err == io.EOF
	return n, err
}

// capped ends in an error rather than in silence when more than left comes.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errors.New("is larger than the limit: split it")
	}
	return n, err
}

// Separator finds what divides the columns of delimited text, and how many
// bytes at its start ("sep=;") are not data.
func Separator(head []byte) (sep rune, skip int) {
	if line, _, ok := bytes.Cut(head, []byte("\n")); ok {
		l := strings.TrimSpace(strings.Trim(string(bytes.TrimSpace(line)), `"`))
		if rest, found := strings.CutPrefix(strings.ToLower(l), "sep="); found && len(rest) == 1 {
			return rune(rest[0]), len(line) + 1
		}
	}
	lines := sampleLines(head)
	best, most := ',', 0
	for _, c := range []rune{'\t', ';', '|', ','} {
		if n, steady := columnsBy(lines, c); steady && n > most {
			best, most = c, n
		}
	}
	if most > 0 {
		return best, 0
	}
	for _, c := range []rune{',', ';', '\t', '|'} {
		if n := bytes.Count(head, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best, 0
}

func sampleLines(head []byte) []string {
	const enough = 50
	text := string(head)
	if len(head) >= headSize {
		if at := strings.LastIndexByte(text, '\n'); at > 0 {
			text = text[:at]
		}
	}
	var out []string
	for l := range strings.Lines(text) {
		if strings.TrimSpace(l) != "" && len(out) < enough {
			out = append(out, l)
		}
	}
	return out
}

// columnsBy counts a separator outside quotes in the first line, and says
// whether most lines agree.
func columnsBy(lines []string, sep rune) (n int, steady bool) {
	agree := 0
	for i, l := range lines {
		quoted, c := false, 0
		for _, r := range l {
			switch {
			case r == '"':
				quoted = !quoted
			case r == sep && !quoted:
				c++
			}
		}
		if i == 0 {
			n = c
		}
		if c == n {
			agree++
		}
	}
	return n, n > 0 && agree*10 >= len(lines)*8
}

var (
	commaDecimal = regexp.MustCompile(`(?:^|[;\t"])\s*-?\d+,(?:\d{1,2}|\d{4,})\s*(?:[;\t"\r\n]|$)`)
	dotDecimal   = regexp.MustCompile(`(?:^|[;\t"])\s*-?\d+\.(?:\d{1,2}|\d{4,})\s*(?:[;\t"\r\n]|$)`)
	slashDate    = regexp.MustCompile(`\b(\d{1,2})[/-](\d{1,2})[/-]\d{4}\b`)
)

// guessFormat learns from the first lines what "1,024" and "03/04/2026" mean
// in this file: only cells that can be read in one way count.
func guessFormat(head []byte, sep rune) Format {
	var f Format
	if sep != ',' {
		commas, dots := len(commaDecimal.FindAll(head, -1)), len(dotDecimal.FindAll(head, -1))
		f.DecimalComma = commas > dots || sep == ';' && dots == 0
	}
	for _, m := range slashDate.FindAllSubmatch(head, -1) {
		first, second := string(m[1]), string(m[2])
		if len(second) == 2 && second > "12" {
			return f
		}
		if len(first) == 2 && first > "12" {
			f.DayFirst = true
		}
	}
	return f
}
