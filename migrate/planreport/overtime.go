package planreport

import (
	"fmt"
	"math"
	"time"
)

var plot = frame{left: 70, top: 34, width: 880, height: 190}

func newPlot() *canvas { return newCanvas(970, plot.top+plot.height+28) }

func (f frame) y(value, top float64) float64 { return f.top + f.height*(1-value/top) }

// exposure draws the GB a day that cross between the sites, from wave to wave.
func (v *view) exposure() chart {
	c, most := newPlot(), 0.0
	for _, w := range v.plan.Waves {
		most = max(most, w.CrossingGBPerDay)
	}
	v.timeAxis(c, plot)
	top := valueAxis(c, plot, most, "GB a day")
	d := fmt.Sprintf("M%.1f %.1f", plot.left, plot.y(0, top))
	out := chart{ID: "exposure", Title: "Exposure over time", Text: fmt.Sprintf("What crosses between the sites each day. The area is the exposure, %s GB·days, but for what goes on crossing to servers that stay.", num(v.plan.Objective.Exposure)),
		Head: []string{"after wave", "from", "GB a day"}}
	for _, w := range v.plan.Waves {
		x := v.x(w.Start, plot.left, plot.width)
		d += fmt.Sprintf("H%.1fV%.1f", x, plot.y(w.CrossingGBPerDay, top))
		out.Rows = append(out.Rows, []string{w.ID, v.moment(w.Start), num(w.CrossingGBPerDay)})
	}
	d += fmt.Sprintf("H%.1f", plot.left+plot.width)
	c.add(`<path d="%sV%.1fZ" class="area"/><path d="%s" class="curve"/>`, d, plot.y(0, top), d)
	for _, w := range v.plan.Waves {
		c.text(v.x(w.Start, plot.left, plot.width)+3, plot.y(w.CrossingGBPerDay, top)-5, "tick", "start", w.ID)
	}
	out.SVG = c.svg("Exposure over time; the table below says the same")
	return out
}

// day is the replication of one day.
type day struct {
	start time.Time
	gb    float64
}

// load spreads each wave's replication evenly over its time and sums by day.
// Waves of one window share their time.
func (v *view) load() []day {
	first := v.from.In(v.loc)
	var days []day
	for d := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, v.loc); d.Before(v.to); d = d.AddDate(0, 0, 1) {
		days = append(days, day{start: d})
	}
	for _, w := range v.plan.Waves {
		if w.ReplicationStart == nil || w.ReplicationEnd == nil {
			continue
		}
		total := w.ReplicationEnd.Sub(*w.ReplicationStart)
		for i := range days {
			end := days[i].start.AddDate(0, 0, 1)
			overlap := earlier(end, *w.ReplicationEnd).Sub(later(days[i].start, *w.ReplicationStart))
			if overlap > 0 && total > 0 {
				days[i].gb += w.ReplicationGB * float64(overlap) / float64(total)
			}
		}
	}
	return days
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// link draws the replication of each day against what the link carries.
func (v *view) link() chart {
	c, most := newPlot(), v.plan.Link.GBPerDay
	days := v.load()
	sum := 0.0
	for _, d := range days {
		most, sum = max(most, d.gb), sum+d.gb
	}
	v.timeAxis(c, plot)
	top := valueAxis(c, plot, most, "GB")
	out := chart{ID: "link", Title: "Replication on the link", Text: "GB a day of first copies and of changes until each window.", Head: []string{"day", "GB", "share of the link"}}
	width := plot.width * float64(24*time.Hour) / float64(v.to.Sub(v.from))
	for _, d := range days {
		if d.gb < 0.05 {
			continue
		}
		share := "no limit"
		if v.plan.Link.GBPerDay > 0 {
			share = fmt.Sprintf("%.0f %%", 100*d.gb/v.plan.Link.GBPerDay)
		}
		x := max(plot.left, v.x(d.start, plot.left, plot.width))
		c.rect(x+1, plot.y(d.gb, top), width-2, plot.top+plot.height-plot.y(d.gb, top), "replication", fmt.Sprintf("%s: %s, %s", v.date(d.start), gb(d.gb), share))
		out.Rows = append(out.Rows, []string{v.date(d.start), num(d.gb), share})
	}
	if l := v.plan.Link; l.GBPerDay > 0 {
		y := plot.y(l.GBPerDay, top)
		c.line(plot.left, y, plot.left+plot.width, y, "deadline")
		c.text(plot.left+plot.width, y-5, "tick", "end", fmt.Sprintf("the link carries %s GB a day", num(l.GBPerDay)))
		out.Text += fmt.Sprintf(" The link has %s Mbit/s, of which %.0f %% serve replication, %s hours a day: %s. In all %s are sent.", num(l.Mbps), 100*l.Efficiency, num(l.HoursPerDay), gb(l.GBPerDay)+" a day", gb(sum))
	}
	out.SVG = c.svg("Replication by day; the table below says the same")
	return out
}

// burnDown draws the servers that are still to move against a straight line to
// the deadline.
func (v *view) burnDown() chart {
	total := 0
	for _, w := range v.plan.Waves {
		total += len(w.Servers)
	}
	c := newPlot()
	v.timeAxis(c, plot)
	top := valueAxis(c, plot, float64(total), "servers")
	c.line(v.x(v.plan.Start, plot.left, plot.width), plot.y(float64(total), top), v.x(v.plan.Deadline, plot.left, plot.width), plot.y(0, top), "ideal")
	left := total
	d := fmt.Sprintf("M%.1f %.1f", v.x(v.plan.Start, plot.left, plot.width), plot.y(float64(total), top))
	out := chart{ID: "burn-down", Title: "Burn-down", Text: "Servers that are still at the old site; the dashed line is an even pace to the deadline.", Head: []string{"after wave", "when", "servers left", "an even pace leaves"}}
	for _, w := range v.plan.Waves {
		left -= len(w.Servers)
		x := v.x(w.End, plot.left, plot.width)
		d += fmt.Sprintf("H%.1fV%.1f", x, plot.y(float64(left), top))
		c.text(x+3, plot.y(float64(left), top)-5, "tick", "start", w.ID)
		even := float64(total) * max(0, float64(v.plan.Deadline.Sub(w.End))/float64(v.plan.Deadline.Sub(v.plan.Start)))
		out.Rows = append(out.Rows, []string{w.ID, v.moment(w.End), fmt.Sprint(left), fmt.Sprint(math.Round(even))})
	}
	c.add(`<path d="%sH%.1f" class="curve"/>`, d, v.x(v.plan.Deadline, plot.left, plot.width))
	if last := v.plan.Waves[len(v.plan.Waves)-1]; last.End.After(v.plan.Deadline) {
		out.Text += " The last wave ends after the deadline."
	} else {
		out.Text += fmt.Sprintf(" The last wave ends %s days before the deadline.", num(v.plan.Deadline.Sub(last.End).Hours()/24))
	}
	out.SVG = c.svg("Servers left over time; the table below says the same")
	return out
}
