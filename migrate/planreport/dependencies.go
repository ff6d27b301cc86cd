package planreport

import (
	"fmt"
	"math"
)

const stays = "stays"

// dependencies draws the waves in a row and what crosses between them as arcs,
// the thicker the more GB a day.
func (v *view) dependencies() chart {
	names := make([]string, 0, len(v.plan.Waves)+1)
	size := map[string]int{}
	for _, w := range v.plan.Waves {
		names = append(names, w.ID)
		size[w.ID] = len(w.Servers)
	}
	if len(v.plan.Retained) > 0 {
		names = append(names, stays)
		size[stays] = len(v.plan.Retained)
	}
	at, step := map[string]float64{}, 870/float64(len(names))
	for i, n := range names {
		at[n] = 50 + step*(float64(i)+0.5)
	}
	most, reach := 0.0, 0.0
	for _, x := range v.plan.Crossings {
		most = max(most, x.GBPerDay)
		reach = max(reach, math.Abs(at[x.A]-at[x.B]))
	}
	height := 40 + min(reach*0.42, 260)
	c := newCanvas(970, height+64)
	out := chart{ID: "dependencies", Title: "What crosses between the waves", Text: "An arc joins two waves whose servers talk; it crosses between the sites from the earlier window to the later one. The thicker, the more GB a day.",
		Head: []string{"from", "to", "pairs of servers", "GB a day", "days", "GB·days"}}
	for _, x := range v.plan.Crossings {
		out.Rows = append(out.Rows, []string{x.A, x.B, fmt.Sprint(x.Flows), num(x.GBPerDay), num(x.Days), num(x.GBDays)})
		a, okA := at[x.A]
		b, okB := at[x.B]
		if !okA || !okB {
			continue
		}
		r := math.Abs(b-a) / 2
		c.add(`<path d="M%.1f %.1fA%.1f %.1f 0 0 1 %.1f %.1f" class="arc" stroke-width="%.1f"><title>%s</title></path>`, min(a, b), height, r, min(r*0.84, 260), max(a, b), height,
			1+11*math.Sqrt(x.GBPerDay/max(most, 1e-9)), fmt.Sprintf("%s and %s: %s GB a day for %s days", x.A, x.B, num(x.GBPerDay), num(x.Days)))
	}
	for _, n := range names {
		draw := func() {
			c.add(`<circle cx="%.1f" cy="%.1f" r="%.1f" class="node"><title>%s</title></circle>`, at[n], height, 7+math.Sqrt(float64(size[n])), count(size[n]))
			c.text(at[n], height+36, "name", "middle", n)
			c.text(at[n], height+52, "tick", "middle", count(size[n]))
		}
		if n == stays {
			draw()
			continue
		}
		c.link(n, n+": "+count(size[n]), draw)
	}
	if len(v.plan.Crossings) == 0 {
		c.text(485, 30, "name", "middle", "Nothing crosses between the waves.")
	}
	out.SVG = c.svg("Traffic between the waves; the table below says the same")
	return out
}
