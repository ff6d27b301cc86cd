package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave"
	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }

const windowLayout = "Mon 2006-01-02 15:04"

// writePlanSummary prints waves, objective and the conditions that are broken.
func writePlanSummary(w io.Writer, plan *migrate.Plan) error {
	t := newTable(w)
	fmt.Fprintln(t, "WAVE\tWINDOW\tSERVERS\tDATA GB\tREPLICATION\tRISK\tCROSSING GB/DAY AFTER")
	servers := 0
	for _, wv := range plan.Waves {
		replication := "none"
		if wv.ReplicationStart != nil && wv.ReplicationEnd != nil {
			replication = wv.ReplicationStart.Format(windowLayout) + " to " + wv.ReplicationEnd.Format(windowLayout)
		}
		id := wv.ID
		if wv.Pilot {
			id += " (pilot)"
		}
		servers += len(wv.Servers)
		fmt.Fprintf(t, "%s\t%s\t%d\t%.0f\t%s\t%.1f\t%.1f\n", id, wv.Start.Format(windowLayout), len(wv.Servers), wv.DataGB, replication, wv.Risk, wv.CrossingGBPerDay)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	o := plan.Objective
	fmt.Fprintf(w, "\n%d servers in %d waves and %d windows; %d retained, %d excluded\n", servers, len(plan.Waves), o.Windows, len(plan.Retained), len(plan.Excluded))
	fmt.Fprintf(w, "exposure %.1f + risk %.1f + penalties %.1f = %.1f GB·days; no plan is below %.1f (gap %.1f %%, %s)\n",
		o.Exposure, o.Risk, o.Penalty, o.Total, o.Bound, o.Gap*100, plan.Status)
	writeBroken(w, plan.Conditions)
	if len(plan.Changes) > 0 {
		fmt.Fprintf(w, "\n%d servers changed against the kept plan:\n", len(plan.Changes))
		t := newTable(w)
		for _, c := range plan.Changes {
			fmt.Fprintf(t, "  %s\t%s\t→ %s\t%s\n", c.Server, day(c.From, "new"), day(c.To, "none"), c.Why)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	for _, n := range plan.Notes {
		fmt.Fprintln(w, "note:", n)
	}
	return nil
}

func day(moment, none string) string {
	at, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		return none
	}
	return at.Format(time.DateOnly)
}

// writeBroken lists broken conditions with their first breaks.
func writeBroken(w io.Writer, conditions []migrate.PlanCondition) {
	const shown = 3
	kept := 0
	for _, c := range conditions {
		if c.State == "kept" {
			kept++
		}
		if c.State != "broken" {
			continue
		}
		fmt.Fprintf(w, "broken (%s): %s: %d of %d", c.Severity, c.Title, c.Broken, c.Instances)
		if c.Penalty > 0 {
			fmt.Fprintf(w, ", %.1f GB·days", c.Penalty)
		}
		fmt.Fprintln(w)
		for i, b := range c.Breaks {
			if i == shown {
				fmt.Fprintf(w, "    and %d more\n", len(c.Breaks)+c.MoreBreaks-shown)
				break
			}
			fmt.Fprintf(w, "    %s%s\n", strings.Join(b.Waves, ", ")+": ", b.Evidence)
		}
	}
	fmt.Fprintf(w, "%d conditions kept\n", kept)
}

// writeReport prints a check of every condition.
func writeReport(w io.Writer, r *wavecheck.Report) error {
	t := newTable(w)
	fmt.Fprintln(t, "CONDITION\tSEVERITY\tSTATE\tBROKEN\tOF\tEVIDENCE")
	for _, c := range r.Conditions {
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\n", c.ID, c.Severity, c.State, c.Broken, c.Instances, strings.Join(c.Evidence, "; "))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	o := r.Objective
	fmt.Fprintf(w, "\nexposure %.1f + risk %.1f + penalties %.1f = %.1f GB·days in %d windows\n", o.Exposure, o.Risk, o.Penalty, o.Total, o.Windows)
	writeBroken(w, r.Conditions)
	return nil
}

// writeExplanation prints why a server is where it is.
func writeExplanation(w io.Writer, e *wave.Explanation) error {
	if e.Outside != "" {
		_, err := fmt.Fprintf(w, "%s is in no wave: %s\n", e.Server, e.Outside)
		return err
	}
	fmt.Fprintf(w, "%s moves in %s on %s\n", e.Server, e.Wave, day(e.Start, ""))
	if len(e.Group) > 1 {
		fmt.Fprintf(w, "with %s\n", shorten(e.Group, 8, ", "))
		fmt.Fprintf(w, "bound by\n  %s\n", shorten(e.Why, 6, "\n  "))
	}
	if len(e.Rules) > 0 {
		fmt.Fprintf(w, "also named by\n  %s\n", shorten(e.Rules, 8, "\n  "))
	}
	if len(e.Pulls) > 0 {
		fmt.Fprintln(w, "drawn by")
		t := newTable(w)
		for _, p := range e.Pulls {
			fmt.Fprintf(t, "  %s\t%s\t%.2f GB a day\n", p.Server, p.Wave, p.GBPerDay)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, "elsewhere, in GB·days against this plan")
	t := newTable(w)
	fmt.Fprintln(t, "  WINDOW\tSTART\tEXPOSURE\tRISK\tPENALTIES\tWOULD BREAK")
	for _, m := range e.Moves {
		breaks := strings.Join(append(append([]string(nil), m.HardBreaks...), m.SoftBreaks...), "; ")
		fmt.Fprintf(t, "  %d\t%s\t%+.1f\t%+.1f\t%+.1f\t%s\n", m.Window, day(m.Start, ""), m.Exposure, m.Risk, m.Penalty, breaks)
	}
	return t.Flush()
}

func shorten(list []string, n int, separator string) string {
	if len(list) <= n {
		return strings.Join(list, separator)
	}
	return strings.Join(list[:n], separator) + fmt.Sprintf("%sand %d more", separator, len(list)-n)
}

// scenario is a what-if's row, in text and JSON.
type scenario struct {
	Name      string                `json:"name"`
	Status    string                `json:"status"`
	Objective migrate.PlanObjective `json:"objective,omitzero"`
	LastWave  string                `json:"lastWave,omitempty"`
	Broken    []string              `json:"broken,omitempty"` // weighted conditions
	Error     string                `json:"error,omitempty"`
}

func scenariosOf(list []wave.Scenario) []scenario {
	var out []scenario
	for _, s := range list {
		row := scenario{Name: s.Name, Status: "no plan"}
		if s.Err != nil {
			row.Error = s.Err.Error()
		} else {
			row.Status, row.Objective = s.Plan.Status, s.Plan.Objective
			if n := len(s.Plan.Waves); n > 0 {
				row.LastWave = s.Plan.Waves[n-1].Start.Format(time.DateOnly)
			}
			for _, c := range s.Plan.Conditions {
				if c.State == "broken" {
					row.Broken = append(row.Broken, fmt.Sprintf("%s %d of %d", c.ID, c.Broken, c.Instances))
				}
			}
		}
		out = append(out, row)
	}
	return out
}

// writeScenarios prints plans side by side.
func writeScenarios(w io.Writer, list []wave.Scenario) error {
	t := newTable(w)
	fmt.Fprintln(t, "SCENARIO\tPLAN\tTOTAL\tEXPOSURE\tRISK\tPENALTIES\tGAP\tWINDOWS\tLAST WAVE\tWEIGHTED BROKEN")
	rows := scenariosOf(list)
	for _, r := range rows {
		if r.Error != "" {
			fmt.Fprintf(t, "%s\t%s\t\t\t\t\t\t\t\t\n", r.Name, r.Status)
			continue
		}
		o := r.Objective
		fmt.Fprintf(t, "%s\t%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.0f %%\t%d\t%s\t%s\n", r.Name, r.Status, o.Total, o.Exposure, o.Risk, o.Penalty, o.Gap*100, o.Windows, r.LastWave, strings.Join(r.Broken, ", "))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Error != "" {
			fmt.Fprintf(w, "\n%s: %s\n", r.Name, r.Error)
		}
	}
	return nil
}
