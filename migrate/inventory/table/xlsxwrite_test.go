package table

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func TestWrittenWorkbookIsReadBackHereAndElsewhere(t *testing.T) {
	rows := [][]any{{"VM", "Größe & <Form>"}, {"web", 4}, {nil, 1.5, true}, {" a ", int64(7), ""}}
	var a, b bytes.Buffer
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	require.NoError(t, WriteXLSX(&a, []OutSheet{{"vInfo", slices.Values(rows)}, {"v & w", slices.Values(rows[:1])}}, at))
	require.NoError(t, WriteXLSX(&b, []OutSheet{{"vInfo", slices.Values(rows)}, {"v & w", slices.Values(rows[:1])}}, at))
	require.Equal(t, a.Bytes(), b.Bytes())
	got, err := readAll(t, a.Bytes(), DefaultLimits)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"web", "4"}, {"", "1.5", "1"}, {" a ", "7"}}, got)
	f, err := excelize.OpenReader(&a)
	require.NoError(t, err)
	require.Equal(t, []string{"vInfo", "v & w"}, f.GetSheetList())
	other, err := f.GetRows("vInfo")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"VM", "Größe & <Form>"}, {"web", "4"}, {"", "1.5", "TRUE"}, {" a ", "7"}}, other)
}

func TestWhatAWorkbookCanNotHold(t *testing.T) {
	for _, v := range []any{math.NaN(), math.Inf(1), struct{}{}} {
		require.ErrorContains(t, WriteXLSX(&bytes.Buffer{}, []OutSheet{{"s", slices.Values([][]any{{v}})}}, time.Time{}), "write sheet s: cell A1")
	}
}
