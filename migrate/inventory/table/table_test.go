package table

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

func TestParseNumber(t *testing.T) {
	english, german := Format{}, Format{DecimalComma: true}
	for _, c := range []struct {
		in   string
		f    Format
		want float64
	}{
		{"49,491.68", english, 49491.68}, {"49.491,68", english, 49491.68}, {"1,024", english, 1024}, {"1,024", german, 1.024},
		{"1.024", english, 1.024}, {"1.024", german, 1024}, {"0,125", english, 0.125}, {"12,5", english, 12.5}, {"1.234.567", english, 1234567},
		{"1 024,5", german, 1024.5}, {"1\u00a0024", english, 1024}, {"49'491.68", english, 49491.68}, {"-1", english, -1}, {"12 %", english, 12},
		{"1.1000000000000001E-2", english, 0.011}, {"1024.5", german, 1024.5}, {".5", english, 0.5},
	} {
		got, err := ParseNumber(c.in, c.f)
		require.NoError(t, err, c.in)
		require.InDelta(t, c.want, got, 1e-9, c.in)
	}
	for _, bad := range []string{"", "abc", "1,2,3", "12,34.5", "0x10", "inf", "NaN", "1e999", "-", "1.2.3"} {
		_, err := ParseNumber(bad, english)
		require.Error(t, err, bad)
	}
}

func TestParseTime(t *testing.T) {
	july := time.Date(2026, 7, 21, 0, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Time{
		"12:00 AM 21 July 2026": july, "2026-07-21": july, "2026/07/21 00:00:00": july, "7/21/2026 12:00:00 AM": july, "21/7/2026": july,
		"21.07.2026 00:00:00": july, "46224": july, "46224.5": july.Add(12 * time.Hour), "1784592000": july, "1784592000000": july,
		"2026-07-21T02:00:00+02:00": july, "Jul 21, 2026, 12:00:00 AM": july,
	} {
		got, err := ParseTime(in, Format{})
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	got, err := ParseTime("03/04/2026", Format{DayFirst: true})
	require.NoError(t, err)
	require.Equal(t, time.April, got.Month())
	for _, bad := range []string{"", "soon", "42", "99/99/2026", "0001-01-01", "1e300"} {
		_, err := ParseTime(bad, Format{})
		require.Error(t, err, bad)
	}
}

func TestNumbersSurviveTheirOwnPrinting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1<<40, 1<<40).Draw(t, "n")
		s := grouped(n, ",")
		got, err := ParseNumber(s+".25", Format{})
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		want := float64(n)
		if s[0] == '-' {
			want -= 0.25
		} else {
			want += 0.25
		}
		if got != want {
			t.Fatalf("%s: got %v, want %v", s, got, want)
		}
	})
}

func grouped(n int64, mark string) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	var parts []string
	for ; n >= 1000; n /= 1000 {
		parts = append([]string{fmt.Sprintf("%03d", n%1000)}, parts...)
	}
	parts = append([]string{strconv.FormatInt(n, 10)}, parts...)
	return sign + strings.Join(parts, mark)
}

func TestCSVInManyClothes(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("VM;Größe\nweb;1,5\n")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"bom":     "\ufeffVM,Größe\nweb,\"1,5\"\n",
		"utf16":   utf16,
		"nobom":   utf16[2:],
		"latin":   "VM;Gr\xf6\xdfe\nweb;1,5\n",
		"sep":     "sep=;\r\nVM;Größe\r\nweb;1,5\r\n",
		"tab":     "VM\tGröße\nweb\t1,5\n",
		"comment": "\n\nVM;Größe;\nweb;1,5;\n",
	} {
		s, err := FromText(strings.NewReader(text), "t", DefaultLimits, nil)
		require.NoError(t, err, name)
		vm, size := s.Col("vm"), s.Col("größe")
		require.NotEqual(t, Absent, vm, name)
		require.NotEqual(t, Absent, size, name)
		n := 0
		for r, err := range s.Rows() {
			require.NoError(t, err, name)
			require.Equal(t, "web", r.Text(vm), name)
			v, ok := r.Float(size)
			require.True(t, ok, name)
			require.Equal(t, 1.5, v, name)
			n++
		}
		require.Equal(t, 1, n, name)
	}
}

func TestCutOffQuoteIsAnErrorNotAShorterFile(t *testing.T) {
	s, err := FromText(strings.NewReader("VM,Note\na,\"fine\nnote\"\nb,\"never closed\nc,x\nd,y\n"), "t", DefaultLimits, nil)
	require.NoError(t, err)
	var last error
	for _, err := range s.Rows() {
		last = err
	}
	require.ErrorContains(t, last, "row 4, column B: a quote is opened and never closed")
}

func TestGettersReportWhatTheyCanNotRead(t *testing.T) {
	s, err := FromText(strings.NewReader("VM,CPUs,On,Custom\na,four,TRUE,x\nb,-1,maybe,\n,,,\n"), "vInfo", DefaultLimits, nil)
	require.NoError(t, err)
	var tally Tally
	s.CountInto(&tally)
	s.Col("VM")
	cpus, on := s.Col("# CPUs", "cpus"), s.Col("on")
	blanks := 0
	for r := range s.Rows() {
		if r.Blank() {
			blanks++
		}
		_, ok := r.Count(cpus)
		require.False(t, ok)
		r.Bool(on)
	}
	require.Equal(t, 1, blanks)
	require.Equal(t, []Col{3}, s.Unknown())
	var src = tally
	require.Len(t, src.warnings, 2)
	require.Equal(t, "CPUs", src.warnings[0].Column)
	require.Equal(t, 2, src.warnings[0].Row)
	require.Equal(t, `is neither yes nor no: "maybe"`, src.warnings[1].Note)
}

func TestWrongFilesAreNamedForWhatTheyAre(t *testing.T) {
	dir := t.TempDir()
	for content, want := range map[string]string{
		"":                             "is empty",
		"%PDF-1.7":                     "is a PDF document",
		"PK\x03\x04 cut off here":      "is damaged or cut off",
		"\x7fELF\x02":                  "is a program",
		"<!DOCTYPE html><html></html>": "is a web page",
		"\x00\x01\x02\x03\x00\x00\x05": "is a binary file",
	} {
		p := filepath.Join(dir, "x.xlsx")
		require.NoError(t, os.WriteFile(p, []byte(content), 0o600))
		_, err := Open(p, DefaultLimits)
		require.ErrorContains(t, err, want)
	}
}
