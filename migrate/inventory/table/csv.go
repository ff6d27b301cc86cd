package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
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
	s, err := FromText(f, b.name, b.lim, isHeader)
	if err != nil {
		return nil, err
	}
	s.Reopen(func() (io.ReadCloser, error) { return os.Open(b.path) })
	return s, nil
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
	// All of a small text, and the beginning of a large one, is at hand to learn
	// from; Reopen gives the rest.
	known := append([]byte(nil), head[skip:]...)
	first := bytes.Count(head[:skip], []byte("\n"))
	b.Discard(skip)
	rows := func(r *bufio.Reader) *csvRows {
		return &csvRows{lines: r, sep: string(sep), lim: lim, line: first}
	}
	d := rows(b)
	s, err := newSheet(name, isHeader, d)
	if err != nil {
		return nil, err
	}
	d.width, s.separator = d.cells, sep
	s.again = func() (rowSource, func() error, error) {
		return rows(bufio.NewReader(bytes.NewReader(known))), func() error { return nil }, nil
	}
	if len(head) < headSize {
		return s, nil
	}
	s.reopened = func(r io.Reader) rowSource {
		b := bufio.NewReaderSize(&capped{r: Decode(r), left: lim.Bytes}, headSize)
		b.Discard(skip)
		return rows(b)
	}
	return s, nil
}

// Reopen tells a sheet of delimited text how to read it a second time. A large
// one needs it to learn from all of its rows how its numbers and times are
// written.
func (s *Sheet) Reopen(open func() (io.ReadCloser, error)) {
	if s.reopened == nil {
		return
	}
	s.again = func() (rowSource, func() error, error) {
		r, err := open()
		if err != nil {
			return nil, nil, err
		}
		return s.reopened(r), r.Close, nil
	}
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
