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
