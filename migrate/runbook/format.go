package runbook

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// label writes a minute as people say it: T−2 d 03:00, T+01:25.
func label(minute int) string {
	sign, m := "+", minute
	if m < 0 {
		sign, m = "−", -m
	}
	if d := m / day; d > 0 {
		return fmt.Sprintf("T%s%d d %02d:%02d", sign, d, m%day/60, m%60)
	}
	return fmt.Sprintf("T%s%02d:%02d", sign, m/60, m%60)
}

// span writes a length: 45 min, 3 h 20 min, 2 d 4 h.
func span(minutes int) string {
	sign := ""
	if minutes < 0 {
		sign, minutes = "−", -minutes
	}
	d, h, m := minutes/day, minutes%day/60, minutes%60
	var parts []string
	for _, p := range []struct {
		n    int
		unit string
	}{{d, "d"}, {h, "h"}, {m, "min"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.unit))
		}
	}
	if len(parts) == 0 {
		return "0 min"
	}
	return sign + strings.Join(parts, " ")
}

// clock writes the time of day of a minute, with the date where it isn't T's.
func (rb *Runbook) clock(minute int) string {
	t := rb.T.Add(time.Duration(minute) * time.Minute)
	if t.Format(time.DateOnly) == rb.T.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("Mon 2 Jan 15:04")
}

// WriteJSON writes the runbook as JSON.
func (rb *Runbook) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(rb)
}

// phaseNames are the headings in order.
var phaseNames = []struct {
	Phase Phase
	Name  string
}{
	{PhasePrepare, "Days before"}, {PhaseHold, "Hold"}, {PhaseMove, "Move"}, {PhaseData, "Data"},
	{PhaseVerify, "Verify"}, {PhaseSwitch, "Switch"}, {PhaseOpen, "Decide and open"}, {PhaseAfter, "Days after"},
}

// rank is a phase's place in time.
func (p Phase) rank() int {
	for i, n := range phaseNames {
		if n.Phase == p {
			return i
		}
	}
	return len(phaseNames)
}
