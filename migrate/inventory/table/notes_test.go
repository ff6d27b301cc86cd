package table

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// warned reads a workbook's first sheet, all of its columns asked for, and
// gives its warnings.
func warned(t *testing.T, data []byte) []string {
	t.Helper()
	b, err := Open(writeTemp(t, "x.xlsx", data), DefaultLimits)
	require.NoError(t, err)
	defer b.Close()
	s, err := b.Sheet(b.Sheets()[0], nil)
	require.NoError(t, err)
	var tally Tally
	s.CountInto(&tally)
	for _, h := range s.Header {
		s.Col(h)
	}
	for _, err := range s.Rows() {
		require.NoError(t, err)
	}
	var notes []string
	for _, w := range tally.warnings {
		notes = append(notes, w.Column+": "+w.Note)
	}
	return notes
}

func TestWhatAWorkbookDoesNotSayIsTold(t *testing.T) {
	const sheet = `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>VM</t></is></c><c t="inlineStr"><is><t>Memory</t></is></c></row>` +
		`<row r="2"><c><v>1</v></c><c><f>4*2</f></c></row><row r="3"><c><v>1</v></c><c><f>4*2</f><v>8</v></c></row>` +
		`<row r="4"><c><v>1</v></c><c><f>4*2</f></c></row><row r="5"><c><f>""</f><v></v></c></row></sheetData>` +
		`<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A3:A5"/><mergeCell ref="A6:A7"/><mergeCell ref="B2:C2"/><mergeCell ref="?"/></mergeCells></worksheet>`
	require.Equal(t, []string{"Memory: " + noteNoValue, "VM: " + noteMerged}, warned(t, handmade(t, sheet, handShared)))
}

func TestMergedCellsOfOldWorkbooks(t *testing.T) {
	s := &xlsSheet{}
	s.merged(u16(3, 0, 1, 0, 0, 1, 3, 2, 2, 5, 5, 0, 9))
	require.Equal(t, []note{{1, 0, noteMerged}, {2, 2, noteMerged}}, s.odd)
	s.merged(u16(9, 0))
}

func TestHeadersThatStandTwice(t *testing.T) {
	data := buildXLSX(t, [][]any{{"VM", "Owner", "owner", "Note", "Owner"}, {"web", "Ann", "Bob", "x", "Cem"}})
	require.Equal(t, []string{"Owner: the columns B, C, E have the same header: only B is used; give each its own"}, warned(t, data))
}
