package table

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func buildXLSX(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("Sheet1", cell, &r))
	}
	b, err := f.WriteToBuffer()
	require.NoError(t, err)
	return b.Bytes()
}

// rezip changes the parts of an archive; nil leaves one out.
func rezip(t *testing.T, data []byte, change func(name string, content []byte) []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		if content = change(f.Name, content); content == nil {
			continue
		}
		p, err := w.Create(f.Name)
		require.NoError(t, err)
		_, err = p.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func readAll(t *testing.T, data []byte, lim Limits) (rows [][]string, err error) {
	t.Helper()
	b, err := Open(writeTemp(t, "x.xlsx", data), lim)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	s, err := b.Sheet(b.Sheets()[0], nil)
	if err != nil {
		return nil, err
	}
	for r, err := range s.Rows() {
		if err != nil {
			return rows, err
		}
		rows = append(rows, append([]string(nil), r.Cells...))
	}
	return rows, nil
}

func TestWorkbookGivesRawValues(t *testing.T) {
	got, err := readAll(t, buildXLSX(t, [][]any{{"VM", "CPUs", "On", "Share"}, {"web", 4, true, 0.125}, {}, {"db", 1234567.891, false, "n/a"}}), DefaultLimits)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"web", "4", "1", "0.125"}, nil, {"db", "1234567.891", "0", "n/a"}}, got)
}

func TestDamagedWorkbooks(t *testing.T) {
	whole := buildXLSX(t, [][]any{{"VM"}, {"a"}, {"b"}, {"c"}})
	sheet := func(change func(string) string) []byte {
		return rezip(t, whole, func(name string, c []byte) []byte {
			if strings.HasPrefix(name, "xl/worksheets/") {
				return []byte(change(string(c)))
			}
			return c
		})
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"cut":      {whole[:len(whole)/2], "is damaged or cut off"},
		"no end":   {sheet(func(s string) string { return s[:len(s)-30] }), "its XML has no end"},
		"bad xml":  {sheet(func(s string) string { return strings.Replace(s, `<row r="3"`, `<row <<< r="3"`, 1) }), "damaged"},
		"bad row":  {sheet(func(s string) string { return strings.Replace(s, `r="3"`, `r="x"`, 1) }), "a row has the number"},
		"order":    {sheet(func(s string) string { return strings.Replace(s, `<row r="3"`, `<row r="2"`, 1) }), "row 2 comes after row 2"},
		"no sheet": {rezip(t, whole, func(n string, c []byte) []byte { return keepUnless(n, "xl/worksheets/", c) }), "is missing"},
		"no book":  {rezip(t, whole, func(n string, c []byte) []byte { return keepUnless(n, "xl/_rels/", c) }), "xl/_rels/workbook.xml.rels is missing"},
	} {
		_, err := readAll(t, c.data, DefaultLimits)
		require.ErrorContains(t, err, c.want, name)
	}
}

func keepUnless(name, prefix string, content []byte) []byte {
	if strings.HasPrefix(name, prefix) {
		return nil
	}
	return content
}

func TestBombsAreRefusedBeforeTheyGoOff(t *testing.T) {
	whole := buildXLSX(t, [][]any{{"VM"}, {"a"}})
	bomb := rezip(t, whole, func(name string, c []byte) []byte {
		if strings.HasPrefix(name, "xl/worksheets/") {
			return bytes.Repeat([]byte(" "), 80<<20)
		}
		return c
	})
	_, err := readAll(t, bomb, DefaultLimits)
	require.ErrorContains(t, err, "as a zip bomb does")
	lim := DefaultLimits
	lim.Bytes = 1 << 20
	_, err = readAll(t, bomb, lim)
	require.ErrorContains(t, err, "the limit is 1048576")
	lim = DefaultLimits
	lim.Rows = 1
	_, err = readAll(t, buildXLSX(t, [][]any{{"VM"}, {"a"}, {"b"}}), lim)
	require.ErrorContains(t, err, "the limit is 1")
}

func TestOtherArchivesAreNamedForWhatTheyAre(t *testing.T) {
	for part, want := range map[string]string{
		"xl/workbook.bin": "is a binary workbook (.xlsb)", "word/document.xml": "not a workbook", "content.xml": "is a zip file, not a table",
	} {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		_, err := w.Create(part)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		_, err = Open(writeTemp(t, "x.xlsx", out.Bytes()), DefaultLimits)
		require.ErrorContains(t, err, want)
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(string(mustSheet(f)))
	whole := buildXLSX(f, [][]any{{"VM", "CPUs"}, {"web", 4}})
	f.Fuzz(func(t *testing.T, xml string) {
		data := rezip(t, whole, func(name string, c []byte) []byte {
			if strings.HasPrefix(name, "xl/worksheets/") {
				return []byte(xml)
			}
			return c
		})
		_, _ = readAll(t, data, DefaultLimits)
	})
}

func mustSheet(t testing.TB) []byte {
	whole := buildXLSX(t, [][]any{{"VM", "CPUs"}, {"web", 4}})
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	require.NoError(t, err)
	r, err := find(z, "xl/worksheets/sheet1.xml").Open()
	require.NoError(t, err)
	b, err := io.ReadAll(r)
	require.NoError(t, err)
	return b
}

func FuzzText(f *testing.F) {
	f.Add([]byte("VM;Größe\nweb;1,5\n"))
	f.Add([]byte("sep=;\na,b\n\"x"))
	f.Add([]byte("\xff\xfeV\x00M\x00\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := FromText(bytes.NewReader(data), "t", DefaultLimits, nil)
		if err != nil {
			return
		}
		c := s.Col("VM", "a")
		for r, err := range s.Rows() {
			if err != nil {
				return
			}
			r.Int(c)
			r.Time(c)
			r.Bool(c)
			r.List(c)
		}
	})
}

// handmade is a workbook of parts written by hand: a prefix on every element,
// rich text, phonetic text, escapes, text in place, a date, an error, cells and
// rows without places.
func handmade(t *testing.T, sheet, shared string) []byte {
	t.Helper()
	const rel = `http://purl.oclc.org/ooxml/officeDocument/relationships/`
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, p := range [][2]string{
		{"xl/workbook.xml", `<x:workbook xmlns:x="m" xmlns:r="` + rel + `"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="Größe" sheetId="1" r:id="a"/></x:sheets></x:workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="` + rel + `worksheet" Target="/xl/s.xml"/><Relationship Id="b" Type="` + rel + `sharedStrings" Target="t.xml"/></Relationships>`},
		{"xl/s.xml", sheet}, {"xl/t.xml", shared},
	} {
		e, err := w.Create(p[0])
		require.NoError(t, err)
		_, err = e.Write([]byte(p[1]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

const (
	handSheet = `<?xml version="1.0" encoding="UTF-8"?><x:worksheet><x:sheetData>` +
		`<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>in </x:t><x:r><x:t>place</x:t></x:r></x:is></x:c></x:row>` +
		`<x:row r="4"><x:c r="B4"><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c r="AA4" t="e"><x:v>#N/A</x:v></x:c></x:row><x:row r="9"/></x:sheetData></x:worksheet>`
	handShared = `<x:sst><x:si><x:r><x:t>rich</x:t></x:r><x:r><x:t xml:space="preserve"> te_x000D_xt</x:t></x:r><x:rPh><x:t>spoken</x:t></x:rPh></x:si></x:sst>`
)

func TestHandmadeWorkbook(t *testing.T) {
	b, err := Open(writeTemp(t, "x.xlsx", handmade(t, handSheet, handShared)), DefaultLimits)
	require.NoError(t, err)
	defer b.Close()
	s, err := b.Sheet("Größe", nil)
	require.NoError(t, err)
	require.True(t, s.Date1904)
	require.Equal(t, []string{"rich te\rxt", "in place"}, s.Header)
	var nums []int
	for r, err := range s.Rows() {
		require.NoError(t, err)
		nums = append(nums, r.Num)
		if r.Num == 4 {
			require.Equal(t, "2", r.Text(1))
			require.Equal(t, "#N/A", r.Text(26))
			require.Len(t, r.Cells, 27)
		}
	}
	require.Equal(t, []int{4, 9}, nums)
}

func TestHandmadeDamage(t *testing.T) {
	for name, c := range map[string]struct{ sheet, shared, want string }{
		"text number": {strings.Replace(handSheet, "<x:v>0<", "<x:v>7<", 1), handShared, `asks for text "7" of 1`},
		"place":       {strings.Replace(handSheet, `r="B4"`, `r="4"`, 1), handShared, `a cell has the place "4"`},
		"column":      {strings.Replace(handSheet, `r="B4"`, `r="ZZZ4"`, 1), handShared, "it has a column ZZZ"},
		"row":         {strings.Replace(handSheet, `r="9"`, `r="999999999"`, 1), handShared, "it has a row 999999999"},
		"texts":       {handSheet, "<x:sst><x:si>", "xl/t.xml: "},
		"texts end":   {handSheet, "<x:sst>", "xl/t.xml: its XML has no end"},
	} {
		_, err := readAll(t, handmade(t, c.sheet, c.shared), DefaultLimits)
		require.ErrorContains(t, err, c.want, name)
	}
}
