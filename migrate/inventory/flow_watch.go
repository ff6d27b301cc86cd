package inventory

import (
	"slices"
	"strings"
	"time"
)

// watch is the time of which an input's flows speak. Its zero value belongs to
// inputs that don't tell.
type watch struct {
	from, to time.Time // the first record's start, the last one's end
	// firstEnd and lastStart bound the other ends of the records.
	firstEnd, lastStart time.Time
	// log says that each record is one connection or less, so that a log that
	// is cut at a time leaves both halves records of the same moments: those
	// of connections that were open then.
	log bool
}

func (w watch) known() bool { return !w.from.IsZero() }

// add widens the watch by one record.
func (w *watch) add(start, end time.Time) {
	if !w.known() {
		w.from, w.lastStart, w.firstEnd, w.to = start, start, end, end
		return
	}
	if start.Before(w.from) {
		w.from = start
	}
	if start.After(w.lastStart) {
		w.lastStart = start
	}
	if end.Before(w.firstEnd) {
		w.firstEnd = end
	}
	if end.After(w.to) {
		w.to = end
	}
}

// overlaps says whether two watches looked at the same time. Two logs did where
// both the starts and the ends of their records mingle.
func (w watch) overlaps(v watch) bool {
	if w.log && v.log {
		return mingle(w.from, w.lastStart, v.from, v.lastStart) && mingle(w.firstEnd, w.to, v.firstEnd, v.to)
	}
	return mingle(w.from, w.to, v.from, v.to)
}

// leastOverlap is the share of the shorter of two periods up to which they are
// taken to follow one another: a log's record is written some time after its
// end, now in this file and now in the next.
const leastOverlap = 0.1

func mingle(aFrom, aTo, bFrom, bTo time.Time) bool {
	shorter := min(aTo.Sub(aFrom), bTo.Sub(bFrom))
	both := span{later2(aFrom, bFrom), earlier2(aTo, bTo)}.length()
	if shorter == 0 {
		return both >= 0
	}
	return float64(both) > leastOverlap*float64(shorter)
}

// span is a stretch of time.
type span struct{ from, to time.Time }

func (s span) length() time.Duration { return s.to.Sub(s.from) }

func later2(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier2(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// longestQuiet is how long a log may be silent between two of its files and
// still be the same observation: a night without traffic leaves no file.
const longestQuiet = 24 * time.Hour

// union joins spans, and what lies between them where it is at most gap.
func union(spans []span, gap time.Duration) []span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b span) int { return a.from.Compare(b.from) })
	var out []span
	for _, s := range sorted {
		if n := len(out); n > 0 && s.from.Sub(out[n-1].to) <= gap {
			out[n-1].to = later2(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

func lengthOf(spans []span) (total time.Duration) {
	for _, s := range spans {
		total += s.length()
	}
	return total
}

// track is one observation: the files of a log that follow one another.
type track struct {
	format  string
	pattern string // of the files' names, without digits
	files   []watch
	spans   []span
}

// tracksOf finds the observation that each batch belongs to, nil where the
// batch doesn't tell when. Files of one format that follow one another are one
// log, of files that overlap those of one name but for its digits.
func tracksOf(batches []Batch) []*track {
	order := make([]int, len(batches))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := batches[i], batches[j]
		if c := a.watch.from.Compare(b.watch.from); c != 0 {
			return c
		}
		if c := a.watch.to.Compare(b.watch.to); c != 0 {
			return c
		}
		return strings.Compare(a.Source.Name, b.Source.Name)
	})
	var tracks []*track
	out := make([]*track, len(batches))
	for _, i := range order {
		b := batches[i]
		if !b.watch.known() {
			continue
		}
		pattern := digits.ReplaceAllString(b.Source.Name, "#")
		var t *track
		for _, have := range tracks {
			free := have.format == b.Source.Format && !slices.ContainsFunc(have.files, b.watch.overlaps)
			if free && (t == nil || t.pattern != pattern && have.pattern == pattern) {
				t = have
			}
		}
		if t == nil {
			t = &track{format: b.Source.Format, pattern: pattern}
			tracks = append(tracks, t)
		}
		t.files = append(t.files, b.watch)
		out[i] = t
	}
	for _, t := range tracks {
		for _, w := range t.files {
			t.spans = append(t.spans, span{w.from, w.to})
		}
		t.spans = union(t.spans, longestQuiet)
	}
	return out
}
