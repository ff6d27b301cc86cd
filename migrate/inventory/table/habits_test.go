package table

import (
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// column reads the second column of delimited text as moments or numbers, and
// the warnings that this gives.
func column(t *testing.T, text string) (values []string, notes []string) {
	t.Helper()
	s, err := FromText(strings.NewReader(text), "t", DefaultLimits, nil)
	require.NoError(t, err)
	s.Reopen(func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil })
	var tally Tally
	s.CountInto(&tally)
	for r, err := range s.Rows() {
		require.NoError(t, err)
		if strings.Contains(s.Header[1], "backup") {
			at, ok := r.Time(1)
			require.True(t, ok)
			values = append(values, at.Format("2 Jan"))
			continue
		}
		n, ok := r.Float(1)
		require.True(t, ok)
		values = append(values, strconv.FormatFloat(n, 'f', -1, 64))
	}
	for _, w := range tally.warnings {
		notes = append(notes, w.Column+": "+w.Note)
	}
	return values, notes
}

func TestTheOrderOfDatesIsLearntFromTheColumn(t *testing.T) {
	long := strings.Repeat("db,,\n", headSize/4) // what settles the order is far down
	for name, c := range map[string]struct {
		text   string
		values []string
		warn   string
	}{
		"day first below":      {"n,backup\na,08/09/2026 02:00\nb,21/09/2026\n", []string{"8 Sep", "21 Sep"}, ""},
		"month first":          {"n,backup\na,08/09/2026 02:00\nb,09/21/2026\n", []string{"9 Aug", "21 Sep"}, ""},
		"by another column":    {"n,backup,made\na,08/09/2026,21/09/2026\n", []string{"8 Sep"}, ""},
		"same either way":      {"n,backup\na,08/08/2026\n", []string{"8 Aug"}, ""},
		"nothing settles it":   {"n,backup\na,08/09/2026 02:00\nb,07/09/2026\nc,06/09/2026\n", []string{"9 Aug", "9 Jul", "9 Jun"}, `backup: dates are taken month first, since no value of the column tells: "08/09/2026 02:00" is 9 August 2026; if that is wrong, write it as 2026-09-08`},
		"both orders":          {"n,backup\na,08/09/2026\nb,21/09/2026\nc,22/09/2026\nd,09/21/2026\n", []string{"8 Sep", "21 Sep", "22 Sep", "21 Sep"}, "backup: dates are taken day first, since the column has dates in both orders"},
		"a country of commas":  {"n;backup;gb\na;08/09/2026;1,5\n", []string{"8 Sep"}, "backup: dates are taken day first"},
		"months by their name": {"n,backup\na,8 Sep 2026\n", []string{"8 Sep"}, ""},
	} {
		values, notes := column(t, c.text)
		require.Equal(t, c.values, values, name)
		if c.warn == "" {
			require.Empty(t, notes, name)
			continue
		}
		require.Len(t, notes, 1, name)
		require.Contains(t, notes[0], c.warn, name)
	}
	s, err := FromText(strings.NewReader("n,backup\n"+long), "t", DefaultLimits, nil)
	require.NoError(t, err)
	s.Reopen(func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("n,backup\n" + long + "b,21/09/2026\n")), nil
	})
	at, ok := Row{Num: 2, Cells: []string{"a", "08/09/2026"}, sheet: s}.Time(1)
	require.True(t, ok)
	require.Equal(t, "8 Sep", at.Format("2 Jan"))
}

func TestWhatAMarkDividesIsLearntFromTheColumn(t *testing.T) {
	const doubt = "mb: nothing tells whether"
	for name, c := range map[string]struct {
		text   string
		values []string
		warn   string
	}{
		"English thousands":             {"n;mb\na;16,384\nb;1,024,000\n", []string{"16384", "1024000"}, ""},
		"in doubt thousands":            {"n;mb;gb\na;16,384;1,5\n", []string{"16384"}, doubt},
		"German decimals":               {"n;mb\na;16,384\nb;1,5\n", []string{"16.384", "1.5"}, ""},
		"German thousands":              {"n;mb\na;1.024,5\nb;2.048\n", []string{"1024.5", "2048"}, ""},
		"in doubt, with dots":           {"n;mb\na;2.048\n", []string{"2048"}, doubt},
		"dots of German thousands":      {"n;mb;gb\na;2.048;1,5\n", []string{"2048"}, ""},
		"commas of English thousands":   {"n;mb;gb\na;2,048;1.5\n", []string{"2048"}, ""},
		"three decimals":                {"n;mb;x\na;2.048;1.5\n", []string{"2.048"}, ""},
		"commas divide the columns":     {"n,mb\na,\"16,384\"\nb,2.048\n", []string{"16384", "2.048"}, ""},
		"tabs divide the columns":       {"n\tmb\na\t16,384\n", []string{"16384"}, doubt},
		"a number that tells by itself": {"n;mb\na;0,125\n", []string{"0.125"}, ""},
	} {
		values, notes := column(t, c.text)
		require.Equal(t, c.values, values, name)
		if c.warn == "" {
			require.Empty(t, notes, name)
			continue
		}
		require.Len(t, notes, 1, name)
		require.Contains(t, notes[0], c.warn, name)
	}
}
