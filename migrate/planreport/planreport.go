// Package planreport draws a plan as one HTML file that needs no network and
// no script: calendar, waves, what crosses between them, exposure over time,
// load of the link and burn-down. Each picture has a table beside it that says
// the same.
package planreport

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("plan").Funcs(template.FuncMap{
	"gb": gb, "num": num, "percent": func(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }, "join": strings.Join,
}).Parse(pageText))

// chart is a picture and the table that says the same.
type chart struct {
	ID, Title, Text string
	SVG             template.HTML
	Head            []string
	Rows            [][]string
}

// card is what is told of a wave.
type card struct {
	migrate.Wave
	When, Replication string
	Moving, Off       int
	Roles             []share
	Conditions        []string // broken instances that name it
	Hard              int      // of a hard condition, not waived
}

// share is a part of a whole, with its name.
type share struct {
	Name  string
	Count int
}

// Write writes the report of a plan.
func Write(w io.Writer, plan *migrate.Plan) error {
	if len(plan.Waves) == 0 {
		return fmt.Errorf("report of the plan: it has no wave")
	}
	v := newView(plan)
	waves := "1 wave"
	if n := len(plan.Waves); n > 1 {
		waves = fmt.Sprintf("%d waves", n)
	}
	if err := pageTemplate.Execute(w, map[string]any{
		"Plan": plan, "Count": waves, "Facts": v.facts(), "Charts": []chart{v.calendar(), v.dependencies(), v.exposure(), v.link(), v.burnDown()},
		"Cards": v.cards(), "Conditions": v.conditions(), "Start": v.date(plan.Start), "Deadline": v.date(plan.Deadline.Add(-time.Second)),
	}); err != nil {
		return fmt.Errorf("report of the plan: %w", err)
	}
	return nil
}

// view is a plan with what the pictures share: its time zone and scale.
type view struct {
	plan     *migrate.Plan
	loc      *time.Location
	from, to time.Time
}

func newView(plan *migrate.Plan) *view {
	v := &view{plan: plan, loc: time.UTC, from: plan.Start, to: plan.Deadline}
	if loc, err := time.LoadLocation(plan.TimeZone); err == nil {
		v.loc = loc
	}
	for _, w := range plan.Waves {
		if w.Start.Before(v.from) {
			v.from = w.Start
		}
		if w.ReplicationStart != nil && w.ReplicationStart.Before(v.from) {
			v.from = *w.ReplicationStart
		}
		if w.End.After(v.to) {
			v.to = w.End
		}
	}
	if !v.to.After(v.from) {
		v.to = v.from.Add(24 * time.Hour)
	}
	return v
}

func (v *view) date(t time.Time) string   { return t.In(v.loc).Format("Mon 2 Jan 2006") }
func (v *view) moment(t time.Time) string { return t.In(v.loc).Format("Mon 2 Jan 15:04") }

// x places a moment on a picture's time axis.
func (v *view) x(t time.Time, left, width float64) float64 {
	return left + width*float64(t.Sub(v.from))/float64(v.to.Sub(v.from))
}

// gb writes data with the unit that people would use.
func gb(x float64) string {
	if x >= 1000 {
		return fmt.Sprintf("%.1f TB", x/1000)
	}
	return fmt.Sprintf("%.1f GB", x)
}

// num writes a number with at most one decimal.
func num(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0") }

// count writes a number of servers.
func count(n int) string {
	return phrase.Count(n, "server")
}

func (v *view) facts() [][2]string {
	p := v.plan
	servers, off := 0, 0
	data := 0.0
	for _, w := range p.Waves {
		data += w.DataGB
		for _, s := range w.Servers {
			if s.Action == "switch-off" {
				off++
			} else {
				servers++
			}
		}
	}
	broken := 0
	for _, c := range p.Conditions {
		if c.Severity == "hard" && c.State == "broken" {
			broken++
		}
	}
	o := p.Objective
	return [][2]string{
		{"servers that move", fmt.Sprint(servers)}, {"switched off", fmt.Sprint(off)}, {"stay", fmt.Sprint(len(p.Retained))}, {"left out", fmt.Sprint(len(p.Excluded))},
		{"waves", fmt.Sprint(len(p.Waves))}, {"data", gb(data)}, {"exposure, GB·days", num(o.Exposure)},
		{"hard conditions broken", fmt.Sprint(broken)}, {"proven gap", fmt.Sprintf("%.1f %%", 100*o.Gap)},
		{"status", p.Status},
	}
}

func (v *view) cards() []card {
	var out []card
	for _, w := range v.plan.Waves {
		c := card{Wave: w, When: v.moment(w.Start) + " to " + w.End.In(v.loc).Format("15:04")}
		if w.ReplicationStart != nil && w.ReplicationEnd != nil {
			c.Replication = v.moment(*w.ReplicationStart) + " to " + v.moment(*w.ReplicationEnd)
		}
		counts := map[string]int{}
		for _, s := range w.Servers {
			if s.Action == "switch-off" {
				c.Off++
			} else {
				c.Moving++
			}
			name := s.Role
			if name == "" {
				name = "unknown"
			}
			counts[name]++
		}
		c.Roles = shares(counts)
		c.Conditions, c.Hard = v.breaks(w.ID)
		out = append(out, c)
	}
	return out
}

// breaks are the broken instances that name a wave or one of its servers.
func (v *view) breaks(wave string) (out []string, hard int) {
	in := map[string]string{}
	for _, w := range v.plan.Waves {
		for _, s := range w.Servers {
			in[s.ID] = w.ID
		}
	}
	for _, c := range v.plan.Conditions {
		for _, b := range c.Breaks {
			hit := false
			for _, w := range b.Waves {
				hit = hit || w == wave
			}
			for _, s := range b.Servers {
				hit = hit || in[s] == wave
			}
			if hit {
				text := fmt.Sprintf("%s (%s): %s", c.Title, c.Severity, b.Evidence)
				if b.Waived != "" {
					text += "; waived: " + b.Waived
				} else if c.Severity == "hard" {
					hard++
				}
				out = append(out, text)
			}
		}
	}
	return out, hard
}

// condition is a row of the table of conditions.
type condition struct {
	migrate.PlanCondition
	Evidence string
}

func (v *view) conditions() []condition {
	var out []condition
	for _, c := range v.plan.Conditions {
		out = append(out, condition{c, strings.Join(c.Evidence, "; ")})
	}
	return out
}
