package table

import (
	"fmt"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Tally counts what becomes of rows and keeps the first few places of each
// kind of trouble.
type Tally struct {
	Rows     int
	Facts    int
	leftOut  map[string]*migrate.LeftOut
	warnings []migrate.Place
	alike    map[string]int
}

// Examples is how many places of one kind of trouble are kept.
const Examples = 3

// LeaveOut counts a row that gives nothing. Reasons are few and fixed; what
// differs from row to row belongs in the place's note.
func (t *Tally) LeaveOut(reason string, p migrate.Place) {
	if t.leftOut == nil {
		t.leftOut = map[string]*migrate.LeftOut{}
	}
	l := t.leftOut[reason]
	if l == nil {
		l = &migrate.LeftOut{Reason: reason}
		t.leftOut[reason] = l
	}
	l.Count++
	if len(l.Examples) < Examples {
		l.Examples = append(l.Examples, p)
	}
}

// Warn keeps a place that deserves a look though its row was used. Of warnings
// in the same column of a sheet the first few are kept and the rest counted.
func (t *Tally) Warn(p migrate.Place) {
	if t.alike == nil {
		t.alike = map[string]int{}
	}
	key := p.Sheet + "\x00" + p.Column
	if p.Column == "" {
		key += "\x00" + p.Note
	}
	if t.alike[key]++; t.alike[key] <= Examples {
		t.warnings = append(t.warnings, p)
	}
}

// WarnAlways keeps a place whatever else was said of its column: it is for what
// is told once a column.
func (t *Tally) WarnAlways(p migrate.Place) { t.warnings = append(t.warnings, p) }

// LeftOut is how many rows gave nothing so far.
func (t *Tally) LeftOut() int {
	n := 0
	for _, l := range t.leftOut {
		n += l.Count
	}
	return n
}

// Into writes the counts into a source: its rows, facts, left-out rows (most
// first) and warnings.
func (t *Tally) Into(s *migrate.Source) {
	s.Rows, s.Facts = t.Rows, t.Facts
	s.LeftOut = nil
	for _, l := range t.leftOut {
		s.LeftOut = append(s.LeftOut, *l)
	}
	sort.Slice(s.LeftOut, func(i, j int) bool {
		a, b := s.LeftOut[i], s.LeftOut[j]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		return a.Reason < b.Reason
	})
	s.Warnings = append([]migrate.Place(nil), t.warnings...)
	s.Warnings = append(s.Warnings, t.more()...)
}

// more says how many warnings of a column were not kept.
func (t *Tally) more() []migrate.Place {
	var out []migrate.Place
	for key, n := range t.alike {
		if n <= Examples {
			continue
		}
		parts := strings.SplitN(key, "\x00", 3)
		note := fmt.Sprintf("and %d more like it", n-Examples)
		if len(parts) > 2 {
			note = parts[2] + ": " + note
		}
		out = append(out, migrate.Place{Sheet: parts[0], Column: parts[1], Note: note})
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Sheet+"\x00"+out[i].Column+out[i].Note < out[j].Sheet+"\x00"+out[j].Column+out[j].Note
	})
	return out
}
