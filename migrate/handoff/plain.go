package handoff

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

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

// writeICS writes the calendar (RFC 5545). Identifiers stay the same when the
// plan is made again, so that a calendar program moves its entries.
func writeICS(in *input) ([]File, error) {
	cal := ics.NewCalendarFor("storefront")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName("Migration")
	key := in.plan.Start.UTC().Format("20060102")
	event := func(id string, from, to time.Time, title, text string) {
		e := cal.AddEvent(id + "." + key + "@storefront")
		e.SetDtStampTime(in.options.Stamp)
		e.SetStartAt(from)
		e.SetEndAt(to)
		e.SetSummary(title)
		e.SetDescription(text)
	}
	for _, w := range in.waves {
		event("window-"+w.ID, w.Start, w.End, fmt.Sprintf("%s: move %d servers", w.ID, len(w.Servers)),
			fmt.Sprintf("%.1f GB. Servers: %s", w.DataGB, strings.Join(ids(w), ", ")))
		if w.ReplicationStart != nil && w.ReplicationEnd != nil {
			event("replication-"+w.ID, *w.ReplicationStart, *w.ReplicationEnd, w.ID+": replication", fmt.Sprintf("%.1f GB over the link", w.ReplicationGB))
		}
	}
	if in.options.Wave == "" {
		for i, f := range in.plan.Freezes {
			event(fmt.Sprintf("freeze-%d", i+1), f.From, f.To, "Freeze: "+f.Name, "No change, no window.")
		}
		event("deadline", in.plan.Deadline.Add(-time.Hour), in.plan.Deadline, "Deadline of the migration", "No window ends after it.")
	}
	return []File{{"plan.ics", []byte(cal.Serialize(ics.WithNewLineWindows))}}, nil
}

func ids(w migrate.Wave) []string {
	var out []string
	for _, s := range w.Servers {
		out = append(out, s.ID)
	}
	return out
}
