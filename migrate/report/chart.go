package report

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Chart is a picture of numbers: grouped bars, or columns over time where it
// has Points. Tables hold the same numbers for those who can't see it.
type Chart struct {
	ID     string // unique within the document
	Title  string
	Series []string
	Bars   []Bar
	Points []Point
	Marks  []Mark
}

// Bar is a group of bars, one a series.
type Bar struct {
	Label  string
	Class  string
	Values []float64
}

// Point is a column of a chart over time.
type Point struct {
	At    time.Time
	Value float64
}

// Mark points at a time.
type Mark struct {
	At    time.Time
	Label string
}

// picture is a chart in the coordinates of an SVG view box.
type picture struct {
	Chart
	Width, Height float64
	Rects         []rect
	Texts         []label
	Lines         []line
	Description   string
}

type rect struct {
	X, Y, W, H float64
	Class      string
}

type label struct {
	X, Y   float64
	Text   string
	Anchor string
	Class  string
}

type line struct {
	X1, Y1, X2, Y2 float64
	Class          string
}

// draw lays a chart out.
func (c Chart) draw() picture {
	if len(c.Points) > 0 {
		return c.drawColumns()
	}
	return c.drawBars()
}

const (
	chartWidth = 720.0
	nameWidth  = 130.0
	valueWidth = 60.0
	barHeight  = 15.0
	groupGap   = 9.0
)

func (c Chart) drawBars() picture {
	p := picture{Chart: c, Width: chartWidth}
	top := 0.0
	for _, b := range c.Bars {
		for _, v := range b.Values {
			top = max(top, v)
		}
	}
	y := 4.0
	if len(c.Series) > 1 {
		y = p.legend(c.Series)
	}
	for _, b := range c.Bars {
		middle := y + float64(len(b.Values))*barHeight/2 + 4
		p.Texts = append(p.Texts, label{nameWidth - 8, middle, short(b.Label, 20), "end", "name"})
		for i, v := range b.Values {
			w := 0.0
			if top > 0 {
				w = tenth(v / top * (chartWidth - nameWidth - valueWidth))
			}
			class := b.Class
			if class == "" {
				class = fmt.Sprintf("series%d", i)
			}
			p.Rects = append(p.Rects, rect{nameWidth, y + 1, w, barHeight - 2, class})
			p.Texts = append(p.Texts, label{nameWidth + w + 5, y + barHeight - 4, value(v), "start", "value"})
			y += barHeight
		}
		y += groupGap
	}
	p.Height = y
	p.Description = c.describe()
	return p
}

func (p *picture) legend(series []string) float64 {
	x := nameWidth
	for i, name := range series {
		p.Rects = append(p.Rects, rect{x, 4, 12, 12, fmt.Sprintf("series%d", i)})
		p.Texts = append(p.Texts, label{x + 17, 14, name, "start", "value"})
		x += 34 + 7*float64(len([]rune(name)))
	}
	return 28
}

const (
	plotLeft, plotTop, plotHeight = 56.0, 26.0, 190.0
	mostColumns                   = 640
	mostDates                     = 7
	dateWidth                     = 72.0
)

func (c Chart) drawColumns() picture {
	p := picture{Chart: c, Width: chartWidth, Height: plotTop + plotHeight + 26}
	points := thinned(c.Points, mostColumns)
	top := 0.0
	for _, pt := range points {
		top = max(top, pt.Value)
	}
	top = roundScale(top)
	first, last := points[0].At, points[len(points)-1].At
	width := (chartWidth - plotLeft - 6) / float64(len(points))
	xOf := func(t time.Time) float64 {
		if !last.After(first) {
			return plotLeft
		}
		return plotLeft + float64(t.Sub(first))/float64(last.Sub(first))*(width*float64(len(points)-1))
	}
	yOf := func(v float64) float64 { return tenth(plotTop + plotHeight*(1-v/top)) }
	for i := range 5 {
		v := top * float64(i) / 4
		p.Lines = append(p.Lines, line{plotLeft, yOf(v), chartWidth - 6, yOf(v), "grid"})
		p.Texts = append(p.Texts, label{plotLeft - 6, yOf(v) + 4, value(v), "end", "value"})
	}
	for i, pt := range points {
		p.Rects = append(p.Rects, rect{tenth(plotLeft + float64(i)*width), yOf(pt.Value), max(tenth(width*0.9), 0.5), tenth(plotTop + plotHeight - yOf(pt.Value)), "series0"})
	}
	before := -100.0
	for _, m := range c.Marks {
		x := tenth(xOf(m.At) + width/2)
		p.Lines = append(p.Lines, line{x, plotTop - 6, x, plotTop + plotHeight, "mark"})
		if x-before > 20 { // labels on top of each other tell nothing
			p.Texts = append(p.Texts, label{x, plotTop - 10, m.Label, "middle", "markname"})
			before = x
		}
	}
	for _, at := range midnights(first, last) {
		x, anchor := tenth(xOf(at)), "middle"
		if x > chartWidth-dateWidth/2 {
			anchor = "end"
		}
		p.Lines = append(p.Lines, line{x, plotTop + plotHeight, x, plotTop + plotHeight + 4, "grid"})
		p.Texts = append(p.Texts, label{x, plotTop + plotHeight + 18, at.Format(time.DateOnly), anchor, "value"})
	}
	p.Description = fmt.Sprintf("%s, from %s to %s; the most is %s. The events are in the table of events.", c.Title, moment(first), moment(last), value(highest(c.Points)))
	return p
}

// midnights are the moments to name on an axis from first to last: as many
// midnights, equally many days apart, as have room; the first moment alone
// where there is none.
func midnights(first, last time.Time) (at []time.Time) {
	first = first.UTC()
	day := first.Truncate(24 * time.Hour)
	if day.Before(first) {
		day = day.AddDate(0, 0, 1)
	}
	days := int(last.Sub(day)/(24*time.Hour)) + 1
	step := max((days+mostDates-1)/mostDates, 1)
	for ; !day.After(last); day = day.AddDate(0, 0, step) {
		at = append(at, day)
	}
	if at == nil {
		at = []time.Time{first}
	}
	return at
}

// thinned keeps the highest of neighbours, so that no peak is lost.
func thinned(points []Point, most int) []Point {
	step := (len(points) + most - 1) / most
	if step <= 1 {
		return points
	}
	var out []Point
	for i := 0; i < len(points); i += step {
		end := min(i+step, len(points))
		out = append(out, Point{points[i].At, highest(points[i:end])})
	}
	return out
}

func highest(points []Point) (v float64) {
	for _, p := range points {
		v = max(v, p.Value)
	}
	return v
}

// roundScale is the next of 1, 2, 4, 5, 8 and 10 times a power of ten.
func roundScale(v float64) float64 {
	if !(v > 0) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 4, 5, 8} {
		if v <= m*unit {
			return m * unit
		}
	}
	return 10 * unit
}

func (c Chart) describe() string {
	text := c.Title + ": "
	for i, b := range c.Bars {
		if i > 0 {
			text += "; "
		}
		text += b.Label
		for j, v := range b.Values {
			text += " " + value(v)
			if len(c.Series) > 1 {
				text += " " + c.Series[j]
			}
			if j < len(b.Values)-1 {
				text += ","
			}
		}
	}
	return text + "."
}

func value(v float64) string {
	if v == math.Trunc(v) || math.Abs(v) >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f", v)
}

// tenth keeps coordinates short.
func tenth(v float64) float64 { return math.Round(v*10) / 10 }

func short(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// accessChart shows load by the hour, with what was unusual. logShare is the
// share of all requests that the logs hold.
func accessChart(a *migrate.AccessHistory, logShare float64) []Chart {
	if a == nil || len(a.Hours) == 0 {
		return nil
	}
	c := Chart{ID: "access", Title: "Requests by the hour" + ofAll(logShare), Series: []string{"requests"}}
	for _, h := range a.Hours {
		c.Points = append(c.Points, Point{h.Start, float64(h.Requests)})
	}
	for i, e := range a.Events {
		c.Marks = append(c.Marks, Mark{e.Start, whole(i + 1)})
	}
	return []Chart{c}
}

// ofAll words which share of all requests is counted, where it isn't all.
func ofAll(logShare float64) string {
	switch n := math.Round(1 / logShare); {
	case logShare == 1:
		return ""
	case math.Abs(n*logShare-1) < 1e-6:
		return fmt.Sprintf("; one request in %.0f is in these logs", n)
	}
	return fmt.Sprintf("; %s %% of all requests are in these logs", strconv.FormatFloat(logShare*100, 'g', 3, 64))
}

// eventTable lists what the marks of the access chart stand for.
func eventTable(a *migrate.AccessHistory) Table {
	t := Table{ID: "access-events", Caption: "Events in the access logs", Columns: columns("#Mark", "Kind", "From", "To", "~Detail")}
	if a == nil {
		return t
	}
	for i, e := range a.Events {
		t.Rows = append(t.Rows, cells(whole(i+1), e.Kind, moment(e.Start), moment(e.End), e.Detail))
	}
	return t
}
