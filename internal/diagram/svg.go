package diagram

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Measures of the picture in pixels.
const (
	boxWidth   = 204
	boxGap     = 22
	lineHeight = 17
	rowGap     = 64
	margin     = 28
	maxFacts   = 4
	perRow     = 6
)

type box struct {
	tier       Tier
	x, y, w, h int
}

// colours by row: edge, load balancers, servers, stores; the last for the rest.
var colours = []struct{ fill, stroke string }{
	{"#eef4fb", "#3b6ea5"}, {"#f1f0fa", "#6a5fa8"}, {"#eef8f1", "#3d8a5a"}, {"#fdf5ea", "#b5772a"}, {"#f4f4f4", "#777777"},
}

// SVG draws the tiers from the visitors down to the data.
func SVG(s Shop, title string) []byte {
	boxes, width, height := layout(s)
	at := map[string]box{}
	for _, b := range boxes {
		at[b.tier.Name] = b
	}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s" font-family="system-ui, sans-serif" font-size="12">`+"\n",
		width, height, width, height, html.EscapeString(title))
	fmt.Fprintf(&out, `<title>%s</title>`+"\n", html.EscapeString(title))
	out.WriteString(`<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 8 4 0 8z" fill="#9aa3ad"/></marker></defs>` + "\n")
	fmt.Fprintf(&out, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, height)
	for _, l := range s.Links {
		drawLink(&out, at[l.From], at[l.To])
	}
	for _, b := range boxes {
		drawBox(&out, b)
	}
	out.WriteString("</svg>\n")
	return []byte(out.String())
}

// layout puts each kind's row below the one before it, centred.
func layout(s Shop) (boxes []box, width, height int) {
	var lines [][]Tier
	for i := range rows {
		var row []Tier
		for _, t := range s.Tiers {
			if rank(t.Kind)/10 == i {
				row = append(row, t)
			}
		}
		for len(row) > 0 {
			n := min(len(row), perRow)
			lines = append(lines, row[:n])
			row = row[n:]
		}
	}
	widest := 0
	for _, l := range lines {
		widest = max(widest, len(l))
	}
	width = 2*margin + widest*boxWidth + max(0, widest-1)*boxGap
	y := margin
	for _, l := range lines {
		h := 0
		for _, t := range l {
			h = max(h, boxHeight(t))
		}
		x := (width - len(l)*boxWidth - (len(l)-1)*boxGap) / 2
		for _, t := range l {
			boxes = append(boxes, box{t, x, y, boxWidth, h})
			x += boxWidth + boxGap
		}
		y += h + rowGap
	}
	return boxes, width, y - rowGap + margin
}

func boxHeight(t Tier) int { return 34 + lineHeight*(1+min(len(t.Facts), maxFacts)) }

func drawBox(out *strings.Builder, b box) {
	c := colours[min(rank(b.tier.Kind)/10, len(colours)-1)]
	fmt.Fprintf(out, `<g><title>%s</title><rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="%s" stroke="%s"/>`,
		html.EscapeString(b.tier.Name), b.x, b.y, b.w, b.h, c.fill, c.stroke)
	fmt.Fprintf(out, `<text x="%d" y="%d" font-size="14" font-weight="600">%s</text>`, b.x+10, b.y+22, html.EscapeString(label(b.tier)))
	y := b.y + 22 + lineHeight
	for _, f := range b.tier.Facts[:min(len(b.tier.Facts), maxFacts)] {
		fmt.Fprintf(out, `<text x="%d" y="%d" fill="#333">%s</text>`, b.x+10, y, html.EscapeString(clip(f, 27)))
		y += lineHeight
	}
	fmt.Fprintf(out, `<text x="%d" y="%d" fill="#666">%d resources</text></g>`+"\n", b.x+10, b.y+b.h-9, b.tier.Count)
}

// label names a tier; one of several of its kind by what tells it apart.
func label(t Tier) string {
	if t.Kind == "LoadBalancer" {
		if _, code, ok := strings.Cut(t.Name, "-lb-"); ok {
			return "Load balancer " + code
		}
		return "Load balancer"
	}
	return t.Kind
}

func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// drawLink runs from one box to the other, leaving by the side that faces it.
func drawLink(out *strings.Builder, from, to box) {
	if from.w == 0 || to.w == 0 {
		return
	}
	x1, x2 := from.x+from.w/2, to.x+to.w/2
	y1, y2 := from.y+from.h, to.y
	switch {
	case from.y > to.y:
		y1, y2 = from.y, to.y+to.h
	case from.y == to.y:
		y1, y2 = from.y+from.h, to.y+to.h
		fmt.Fprintf(out, `<path d="M%d %d C%d %d %d %d %d %d" fill="none" stroke="#b9c1c9" marker-end="url(#end)"/>`+"\n",
			x1, y1, x1, y1+34, x2, y2+34, x2, y2)
		return
	}
	middle := (y1 + y2) / 2
	fmt.Fprintf(out, `<path d="M%d %d C%d %d %d %d %d %d" fill="none" stroke="#b9c1c9" marker-end="url(#end)"/>`+"\n",
		x1, y1, x1, middle, x2, middle, x2, y2)
}
