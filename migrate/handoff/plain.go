package handoff

import (
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var csvHeader = []string{
	"wave", "window start", "window end", "server", "action", "disposition", "mover", "move group", "role", "application", "environment",
	"criticality", "owner", "team", "address", "data GB", "change GB a day", "hours", "risk", "depends on",
}

// writeCSV writes every server of the waves, and those in none where all
// waves are asked for.
func writeCSV(in *input) ([]File, error) {
	var rows [][]string
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	for _, w := range in.waves {
		for _, s := range w.Servers {
			hours := 0.0
			for _, h := range s.Hours {
				hours += h.Hours
			}
			rows = append(rows, []string{w.ID, w.Start.Format(time.RFC3339), w.End.Format(time.RFC3339), s.ID, s.Action, s.Disposition, s.Mover, s.Group, s.Role, s.Application, s.Environment,
				s.Criticality, s.Owner, s.Team, reach(in.source(s.ID)), number(s.DataGB), number(s.ChangeGBPerDay), number(hours), number(s.Risk), strings.Join(s.DependsOn, " ")})
		}
	}
	if in.options.Wave == "" {
		for _, l := range append(append([]migrate.LeftOver(nil), in.plan.Retained...), in.plan.Excluded...) {
			r := make([]string, len(csvHeader))
			r[3], r[4] = l.Server, "none: "+l.Reason
			rows = append(rows, r)
		}
	}
	data, err := table(csvHeader, rows)
	return []File{{"plan.csv", data}}, err
}
