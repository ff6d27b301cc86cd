package inventory

import (
	"fmt"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// Readers are all formats that can be read, by name. The order decides
// nothing: Detect gives a score.
func Readers() []Reader {
	return []Reader{
		rvtools{format: formatRVToolsXLSX},
		rvtools{format: formatRVToolsXLS},
		rvtools{format: formatRVToolsCSV},
		socketDump{}, vpcFlowLog{}, zeekLog{}, flowCSV{},
		vcenterCapture{}, plainCSV{}, cmfIntake{}, adsImport{}, adsAgent{}, ansibleFacts{}, migrationCenter{},
		azureImport{}, azureReport{}, azureDependencies{},
		vcenterUse{}, vropsUse{}, prometheusUse{}, cloudwatchUse{}, accessLog{},
	}
}

// folderReader is a Reader of formats that spread over the files of a folder.
type folderReader interface {
	Reader
	// Takes gives those of a folder's files (their names without extension)
	// that belong to one input of this format; nil where the folder is none.
	Takes(sheets []string) []string
}

// detect finds the reader that is surest of an input. Two that are equally
// sure are an error, since guessing would make the result a matter of luck.
func detect(in Input, readers []Reader) (Reader, error) {
	type bid struct {
		r     Reader
		score int
	}
	var bids []bid
	for _, r := range readers {
		if score := r.Detect(in); score > 0 {
			bids = append(bids, bid{r, score})
		}
	}
	if len(bids) == 0 {
		return nil, fmt.Errorf("read %s: %w", in.Name, table.WrongKindError(unknownFormat(in)))
	}
	sort.SliceStable(bids, func(i, j int) bool { return bids[i].score > bids[j].score })
	if len(bids) > 1 && bids[0].score == bids[1].score {
		return nil, fmt.Errorf("read %s: could be %s or %s: name its format with FORMAT=%s", in.Name, bids[0].r.Format(), bids[1].r.Format(), in.Name)
	}
	return bids[0].r, nil
}

// byFormat finds a reader by its name.
func byFormat(name string, readers []Reader) (Reader, bool) {
	for _, r := range readers {
		if r.Format() == name {
			return r, true
		}
	}
	return nil, false
}

// unknownFormat says what was seen.
func unknownFormat(in Input) string {
	lines := headLines(in, 1)
	switch {
	case len(plainSheets(in)) > 1:
		return fmt.Sprintf("several of its sheets could be the list of servers: save the right one as CSV, or read all with %s=%s", plainCSV{}.Format(), in.Name)
	case len(in.Sheets) > 0:
		return "no known format: it has the sheets " + strings.Join(firstN(in.Sheets, 8), ", ") +
			"; of a list of servers, flows or measurements save the sheet as CSV (a list of servers may be the workbook's one sheet whose header has a name and two more known columns)"
	case len(lines) > 0:
		return fmt.Sprintf("no known format: it begins with %q", lines[0][:min(len(lines[0]), 80)])
	}
	return "no known format: it holds only blank lines"
}

// Formats are the names of all formats, sorted.
func Formats() []string {
	var names []string
	for _, r := range Readers() {
		names = append(names, r.Format())
	}
	sort.Strings(names)
	return names
}

func firstN(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(append([]string(nil), list[:n]...), fmt.Sprintf("and %d more", len(list)-n))
}
