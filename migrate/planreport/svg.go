package planreport

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
	"time"
)

// canvas collects the elements of one picture.
type canvas struct {
	b             strings.Builder
	width, height float64
}

func newCanvas(width, height float64) *canvas { return &canvas{width: width, height: height} }

func (c *canvas) add(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// text escapes what it writes; anchor is start, middle or end.
func (c *canvas) text(x, y float64, class, anchor, s string) {
	c.add(`<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>`, x, y, class, anchor, html.EscapeString(s))
}

func (c *canvas) rect(x, y, w, h float64, class, title string) {
	c.add(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" class="%s" rx="2"><title>%s</title></rect>`, x, y, max(w, 1), max(h, 0), class, html.EscapeString(title))
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	c.add(`<path d="M%.1f %.1fL%.1f %.1f" class="%s"/>`, x1, y1, x2, y2, class)
}

// link makes what fill draws lead to a part of the page.
func (c *canvas) link(to, label string, fill func()) {
	c.add(`<a href="#%s" aria-label="%s">`, html.EscapeString(to), html.EscapeString(label))
	fill()
	c.add(`</a>`)
}

func (c *canvas) svg(label string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="group" aria-label="%s">%s</svg>`,
		c.width, c.height, html.EscapeString(label), c.b.String()))
}

// frame is the part of a picture in which values are drawn.
type frame struct{ left, top, width, height float64 }

// timeAxis draws a line for every Monday, or for every day of a short plan.
func (v *view) timeAxis(c *canvas, f frame) {
	first := v.from.In(v.loc)
	day := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, v.loc)
	short := v.to.Sub(v.from) < 15*24*time.Hour
	long := v.to.Sub(v.from) > 120*24*time.Hour
	last := -100.0
	for ; !day.After(v.to); day = day.AddDate(0, 0, 1) {
		if day.Before(v.from) || !short && day.Weekday() != time.Monday || long && day.Day() > 7 {
			continue
		}
		x := v.x(day, f.left, f.width)
		c.line(x, f.top, x, f.top+f.height, "grid")
		if x-last >= 46 {
			c.text(x, f.top+f.height+15, "tick", "middle", day.Format("2 Jan"))
			last = x
		}
	}
}

// valueAxis draws four lines from 0 to the round number above the maximum,
// which it returns.
func valueAxis(c *canvas, f frame, maximum float64, unit string) float64 {
	top := roundUp(maximum)
	for i := range 5 {
		value := top * float64(i) / 4
		y := f.top + f.height*(1-float64(i)/4)
		c.line(f.left, y, f.left+f.width, y, "grid")
		c.text(f.left-6, y+4, "tick", "end", num(value))
	}
	c.text(f.left-6, f.top-10, "tick", "end", unit)
	return top
}

// roundUp gives the smallest of 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8 times a power of ten that is not
// below x.
func roundUp(x float64) float64 {
	if x <= 0 {
		return 1
	}
	power := 1e-3
	for ; ; power *= 10 {
		for _, m := range []float64{1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8} {
			if m*power >= x {
				return m * power
			}
		}
	}
}

// shares sorts counts, the largest first.
func shares(counts map[string]int) []share {
	var out []share
	for name, n := range counts {
		out = append(out, share{name, n})
	}
	slices.SortFunc(out, func(a, b share) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	return out
}
