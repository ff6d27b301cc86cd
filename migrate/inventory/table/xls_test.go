package table

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/golden"
)

var smallXLS = map[string][][]any{
	"tabvCPU": {{"VM of Zürich", "CPUs", "Hot Add"}, {"web01", 4, true}, {"db01", 2.5, false}, {}, {"", "Total", 6}},
	"tabvRP":  {{"Name"}, {"pool"}},
}

// TestOldWorkbook also keeps the file for tests of other packages, which can't
// build one.
func TestOldWorkbook(t *testing.T) {
	data := buildXLS(smallXLS, []string{"tabvCPU", "tabvRP"})
	golden.Equal(t, "tabs.xls", data)
	b, err := Open(writeTemp(t, "x.xls", data), DefaultLimits)
	require.NoError(t, err)
	require.Equal(t, []string{"tabvCPU", "tabvRP"}, b.Sheets())
	s, err := b.Sheet("tabvCPU", nil)
	require.NoError(t, err)
	require.Equal(t, []string{"VM of Zürich", "CPUs", "Hot Add"}, s.Header)
	var got [][]string
	for r, err := range s.Rows() {
		require.NoError(t, err)
		got = append(got, append([]string(nil), r.Cells...))
	}
	require.Equal(t, [][]string{{"web01", "4", "TRUE"}, {"db01", "2.5", "FALSE"}, nil, {"", "Total", "6"}}, got)
}

func TestOldWorkbooksThatAreRefused(t *testing.T) {
	whole := buildXLS(smallXLS, []string{"tabvCPU", "tabvRP"})
	encrypted := append(record(recBOF, u16(0x0600, 5)), record(recFilePass, u16(1))...)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"cut":        {whole[:len(whole)-1600], "cut off"},
		"head":       {whole[:60], "damaged or cut off"},
		"encrypted":  {compound("Workbook", encrypted), "is encrypted"},
		"encrypted2": {compound("EncryptedPackage", nil), "is encrypted"},
		"excel95":    {compound("Book", nil), "Excel 95"},
		"word":       {compound("WordDocument", nil), "not a workbook"},
		"other":      {compound("Contents", nil), "without a workbook"},
	} {
		_, err := Open(writeTemp(t, name, c.data), DefaultLimits)
		require.ErrorContains(t, err, c.want, name)
	}
}

func writeTemp(t testing.TB, name string, data []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(p, data, 0o600))
	return p
}

func FuzzXLS(f *testing.F) {
	f.Add(buildBIFF(smallXLS, []string{"tabvCPU", "tabvRP"}))
	f.Add(record(recSST, append(u32(1<<30), u32(1<<30)...)))
	f.Fuzz(func(t *testing.T, stream []byte) {
		x := &xlsBook{sheets: map[string]*xlsSheet{}, lim: DefaultLimits}
		if x.read(stream) != nil {
			return
		}
		for _, n := range x.names {
			s, err := x.Sheet(n, nil)
			if err != nil {
				continue
			}
			for r := range s.Rows() {
				r.Blank()
			}
		}
	})
}

func FuzzCompound(f *testing.F) {
	f.Add(buildXLS(smallXLS, []string{"tabvCPU"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := openXLS(writeTemp(t, "x", data), DefaultLimits)
		if err == nil {
			b.Close()
		}
	})
}
