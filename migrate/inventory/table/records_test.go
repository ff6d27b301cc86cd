package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// textRows reads delimited text to its end.
func textRows(t testing.TB, text string) (rows [][]string, tally Tally, err error) {
	t.Helper()
	s, err := FromText(strings.NewReader(text), "t", DefaultLimits, nil)
	if err != nil {
		return nil, tally, err
	}
	s.CountInto(&tally)
	for r, err := range s.Rows() {
		if err != nil {
			return rows, tally, err
		}
		rows = append(rows, append([]string(nil), r.Cells...))
	}
	return rows, tally, nil
}

// list is a list of servers of which some rows are replaced.
func list(instead map[int]string) string {
	var b strings.Builder
	b.WriteString("name,cpus,memory_gb,notes,ip\n")
	for i := 1; i <= 20; i++ {
		row := fmt.Sprintf("web%02d,4,16,ok,10.0.0.%d", i, i)
		if r, ok := instead[i]; ok {
			row = r
		}
		b.WriteString(row + "\n")
	}
	return b.String()
}

func TestAStrayQuoteLosesNoRow(t *testing.T) {
	for stray, want := range map[string][]string{
		`web03,4,16,"Blue" rack,10.0.0.3`:         {"web03", "4", "16", `"Blue" rack`, "10.0.0.3"},
		`web03,4,16,19" rack,10.0.0.3`:            {"web03", "4", "16", `19" rack`, "10.0.0.3"},
		`web03,4,16,"19" rack, left",10.0.0.3`:    {"web03", "4", "16", `19" rack, left`, "10.0.0.3"},
		`web03,4,16,"19"" rack" 5,10.0.0.3`:       {"web03", "4", "16", `"19"" rack" 5`, "10.0.0.3"},
		`web03,4,16,"Blue" rack, left,10.0.0.3`:   {"web03", "4", "16", `"Blue" rack`, " left", "10.0.0.3"},
		`web03,4,16,"Blue" rack, left,"10.0.0.3"`: {"web03", "4", "16", `"Blue" rack`, " left", "10.0.0.3"},
	} {
		rows, tally, err := textRows(t, list(map[int]string{3: stray, 15: `web15,4,16,"moved, see ticket",10.0.0.15`}))
		require.NoError(t, err, stray)
		require.Len(t, rows, 20, stray)
		require.Equal(t, want, rows[2], stray)
		require.Equal(t, "moved, see ticket", rows[14][3], stray)
		require.Equal(t, 4, tally.warnings[0].Row, stray)
		require.Equal(t, noteStray, tally.warnings[0].Note, stray)
		require.Equal(t, len(want) > 5, len(tally.warnings) == 2, "%s: a row of too many cells is told", stray)
	}
}

func TestSpaceAroundQuotes(t *testing.T) {
	rows, tally, err := textRows(t, list(map[int]string{3: `"web03" ,4,16,  "left, upper" ,"10.0.0.3"`}))
	require.NoError(t, err)
	require.Equal(t, []string{"web03", "4", "16", "left, upper", "10.0.0.3"}, rows[2])
	require.Empty(t, tally.warnings)
}

// A quote that is opened may swallow the rows up to the next one; that is an
// error with its place, however the text goes on.
func TestAnOpenQuoteIsAnErrorAtItsRow(t *testing.T) {
	for name, c := range map[string]struct {
		rows map[int]string
		want string
	}{
		"up to the end":          {map[int]string{3: `web03,4,16,"Blue rack,10.0.0.3`}, "row 4, column D: a quote is opened and never closed"},
		"up to a quoted cell":    {map[int]string{3: `web03,4,16,"Blue rack,10.0.0.3`, 15: `web15,4,16,"moved",1`}, "row 4, column D: a quote is opened here that the quote in row 16 does not close"},
		"up to a closing quote":  {map[int]string{3: `web03,4,16,"Blue rack,10.0.0.3`, 15: `web15,4,16,19",1`}, "row 4, column D: a quote is opened here and closed in row 16"},
		"behind a stray one":     {map[int]string{3: `web"03,4,16,"Blue rack`}, "row 4, column D: a quote is opened and never closed on its line"},
		"a quote in a long note": {map[int]string{3: "web03,4,16,\"he said \"hi\"\nand left\",10.0.0.3"}, "row 4, column D: a quote within a quoted cell"},
	} {
		_, _, err := textRows(t, list(c.rows))
		require.ErrorContains(t, err, c.want, name)
	}
}

func TestCellsOverSeveralLines(t *testing.T) {
	rows, tally, err := textRows(t, list(map[int]string{1: "web01,4,16,\"line one\r\nline two, \"\"quoted\"\", a, b, c\n\nthree\",10.0.0.1"}))
	require.NoError(t, err)
	require.Len(t, rows, 20)
	require.Equal(t, "line one\nline two, \"quoted\", a, b, c\n\nthree", rows[0][3])
	require.Equal(t, "web02", rows[1][0])
	require.Empty(t, tally.warnings)
}

// What keeps the rules is read as Go's own reader does.
func TestProperTextIsReadAsEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOf(rapid.SampledFrom([]rune{'a', '7', ' ', '"', ',', ';', '\n', 'ü', '\t'}))
		grid := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 5), 1, 6).Draw(t, "grid")
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		if err := w.WriteAll(grid); err != nil {
			t.Fatal(err)
		}
		want := csv.NewReader(bytes.NewReader(text.Bytes()))
		want.FieldsPerRecord = -1
		got := &csvRows{lines: bufioReader(text.String()), sep: ",", lim: DefaultLimits}
		for {
			w, wantErr := want.Read()
			_, g, ok, err := got.next()
			if wantErr == io.EOF {
				if ok || err != nil {
					t.Fatalf("more than the text has: %q, %v", g, err)
				}
				return
			}
			if err != nil || fmt.Sprint(w) != fmt.Sprint(g) {
				t.Fatalf("got %q, %v; want %q", g, err, w)
			}
		}
	})
}

// Whatever the text, every line is in a row or there is an error.
func FuzzRecords(f *testing.F) {
	f.Add("a,b\n\"x\" y,z\n1,\"2\n3\",4\n")
	f.Fuzz(func(t *testing.T, text string) {
		d := &csvRows{lines: bufioReader(text), sep: ",", lim: DefaultLimits}
		lines := 0
		for {
			_, cells, ok, err := d.next()
			if err != nil {
				return
			}
			if !ok {
				break
			}
			lines += 1 + strings.Count(strings.Join(cells, "\x00"), "\n")
		}
		full := 0
		for l := range strings.Lines(text) {
			if strings.TrimRight(l, "\r\n") != "" {
				full++
			}
		}
		if lines < full {
			t.Fatalf("%d lines with text, of which rows hold %d: %q", full, lines, text)
		}
	})
}

func bufioReader(text string) *bufio.Reader { return bufio.NewReader(strings.NewReader(text)) }
