package planreport

import (
	"fmt"
	"time"
)

// calendar is the Gantt picture: for each wave its replication and its window,
// with the freezes across.
func (v *view) calendar() chart {
	const row = 26
	f := frame{left: 120, top: 30, width: 830, height: float64(row*len(v.plan.Waves)) + 10}
	c := newCanvas(970, f.top+f.height+28)
	for _, z := range v.plan.Freezes {
		from, to := clamp(z.From, v.from, v.to), clamp(z.To, v.from, v.to)
		x := v.x(from, f.left, f.width)
		c.rect(x, f.top-6, v.x(to, f.left, f.width)-x, f.height+6, "freeze", fmt.Sprintf("%s: %s to %s", z.Name, v.date(z.From), v.date(z.To.Add(-time.Second))))
		c.text(x+3, f.top-11, "tick", "start", z.Name)
	}
	v.timeAxis(c, f)
	deadline := v.x(v.plan.Deadline, f.left, f.width)
	c.line(deadline, f.top-6, deadline, f.top+f.height, "deadline")
	c.text(deadline, f.top-11, "tick", "end", "deadline")
	out := chart{ID: "calendar", Title: "Calendar", Text: "Light bars are replication, dark marks are the change windows, shaded columns are freezes. A wave leads to its card.",
		Head: []string{"wave", "replication", "window", "servers", "data"}}
	for i, w := range v.cards() {
		y := f.top + 6 + float64(i*row)
		c.link(w.ID, w.ID+": "+count(len(w.Servers))+", "+w.When, func() {
			c.rect(0, y-3, c.width, row-2, "hit", w.ID)
			c.text(10, y+14, "name", "start", w.ID)
			c.text(f.left-10, y+14, "tick", "end", count(len(w.Servers)))
			if w.ReplicationStart != nil && w.ReplicationEnd != nil {
				x := v.x(*w.ReplicationStart, f.left, f.width)
				c.rect(x, y+3, v.x(*w.ReplicationEnd, f.left, f.width)-x, row-12, "replication", "replication "+w.Replication)
			}
			x := v.x(w.Start, f.left, f.width)
			c.rect(x, y, max(4, v.x(w.End, f.left, f.width)-x), row-6, "window", "window "+w.When)
		})
		out.Rows = append(out.Rows, []string{w.ID, w.Replication, w.When, fmt.Sprint(len(w.Servers)), gb(w.DataGB)})
	}
	for _, z := range v.plan.Freezes {
		out.Rows = append(out.Rows, []string{"freeze", "", v.date(z.From) + " to " + v.date(z.To.Add(-time.Second)), "", z.Name})
	}
	out.SVG = c.svg("Calendar of the waves; the table below says the same")
	return out
}

func clamp(t, from, to time.Time) time.Time {
	if t.Before(from) {
		return from
	}
	if t.After(to) {
		return to
	}
	return t
}
