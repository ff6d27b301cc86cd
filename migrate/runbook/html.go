package runbook

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"io"
	"strings"
)

//go:embed runbook.html
var page string

var pageTemplate = template.Must(template.New("runbook").Funcs(template.FuncMap{
	"label": label, "span": span, "join": strings.Join, "mover": mover,
	"offset": func(m int) string { return fmt.Sprintf("+%02d:%02d", m/60, m%60) },
}).Parse(page))

// htmlPhase is a phase with its steps.
type htmlPhase struct {
	Name  string
	Steps []Step
}

// WriteHTML writes the runbook as one file that needs no network.
func (rb *Runbook) WriteHTML(w io.Writer) error {
	var phases []htmlPhase
	for _, p := range phaseNames {
		v := htmlPhase{Name: p.Name}
		for _, s := range rb.Steps {
			if s.Phase == p.Phase {
				v.Steps = append(v.Steps, s)
			}
		}
		if len(v.Steps) > 0 {
			phases = append(phases, v)
		}
	}
	return pageTemplate.Execute(w, map[string]any{
		"RB": rb, "Phases": phases, "Facts": rb.facts(), "Night": template.HTML(rb.nightSVG()),
		"T": rb.T.Format("Monday 2 January 2006, 15:04"), "End": rb.End.Format("15:04"),
		"Latest": rb.clock(rb.Timing.DecisionLatest), "Clock": rb.clock, "When": rb.when,
	})
}

// nightSVG draws the steps of the night as bars from T on, the critical ones
// in another colour and with another edge, the decision's last moment and the
// window's end as lines.
func (rb *Runbook) nightSVG() string {
	const left, width, row = 460, 640, 20
	var night []Step
	for _, s := range rb.Steps {
		if s.Phase.night() {
			night = append(night, s)
		}
	}
	t := rb.Timing
	span := max(t.WindowMinutes, t.NightMinutes, 1)
	x := func(minute int) float64 { return left + float64(max(minute, 0))*width/float64(span) }
	height := 34 + row*len(night)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="The night's steps over time; the list of steps below says the same" font-size="11">`, left+width+40, height+6)
	for m := 0; m <= span; m += 30 {
		fmt.Fprintf(&b, `<path class="grid" d="M%.1f 20V%d"/><text class="tick" x="%.1f" y="14" text-anchor="middle">%s</text>`, x(m), height, x(m), label(m))
	}
	for i, s := range night {
		y := 26 + row*i
		class := "bar"
		if s.Critical {
			class = "bar critical"
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end"><title>%s</title>%s</text><rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d" rx="2"><title>%s: %s to %s</title></rect>`,
			left-8, y+12, html.EscapeString(s.Title), html.EscapeString(clip(s.Title, 76)), class, x(s.Start), y+1, max(2, x(s.Finish)-x(s.Start)), row-5, html.EscapeString(s.Title), label(s.Start), label(s.Finish))
	}
	for _, l := range []struct {
		minute      int
		class, name string
	}{{t.DecisionLatest, "latest", "last decision"}, {t.WindowMinutes, "end", "window ends"}} {
		fmt.Fprintf(&b, `<path class="%s" d="M%.1f 20V%d"><title>%s %s</title></path>`, l.class, x(l.minute), height, l.name, label(l.minute))
	}
	b.WriteString("</svg>")
	return b.String()
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
