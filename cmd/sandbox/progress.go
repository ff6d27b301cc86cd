package main

import (
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

// tick is how often the line is drawn anew, at most.
const tick = 100 * time.Millisecond

// progress shows on a terminal how far a run is, tier by tier, on one line. In
// a pipe it shows nothing.
type progress struct {
	w     io.Writer
	width int
	phase string
	last  time.Time
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.width = 80
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			p.width = width
		}
	}
	return p
}

func (p *progress) show(at sandbox.Progress) {
	if p.width == 0 || at.Phase == p.phase && time.Since(p.last) < tick {
		return
	}
	p.phase, p.last = at.Phase, time.Now()
	line := progressLine(at)
	if len(line) >= p.width {
		line = line[:p.width-1]
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", line)
}

func (p *progress) clear() {
	if p.width > 0 {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// progressLine is a run's state in words.
func progressLine(at sandbox.Progress) string {
	var tiers []string
	for name, n := range at.Tiers {
		tiers = append(tiers, fmt.Sprintf("%s %d", name, n))
	}
	sort.Strings(tiers)
	of := ""
	if at.Total > 0 {
		of = fmt.Sprintf(" of %d", at.Total)
	}
	return fmt.Sprintf("%s: %d%s resources: %s", at.Phase, at.Done, of, strings.Join(tiers, ", "))
}
