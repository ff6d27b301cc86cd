package inventory

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// sighting is what one source saw of a flow, with the talks of which it is made
// where that source is a VPC flow log.
type sighting struct {
	source int
	flow   migrate.Flow
	talks  []*vpcTalk
}

// traffic puts the sightings of one flow together. What was seen at different
// times adds up; where several looked at the same time the larger count stands,
// since both saw the same.
func (m *merger) traffic(list []*sighting) migrate.Flow {
	slices.SortStableFunc(list, func(a, b *sighting) int { return cmp.Compare(a.source, b.source) })
	out := list[0].flow
	for _, s := range list[1:] {
		combineFlow(&out, s.flow)
	}
	var seen []observed
	var spans []span
	var logged, undated []*sighting
	byTrack := map[*track]int{}
	for _, s := range list {
		t := m.tracks[s.source]
		switch {
		case t == nil:
			undated = append(undated, s)
		case s.talks != nil:
			logged = append(logged, s)
		default:
			at, known := byTrack[t]
			if !known {
				at = len(seen)
				byTrack[t] = at
				seen = append(seen, observed{spans: t.spans})
				spans = append(spans, t.spans...)
			}
			seen[at].bytes += s.flow.Bytes
			seen[at].connections += s.flow.Connections
		}
	}
	if len(logged) > 0 {
		o := m.loggedTraffic(logged)
		seen = append(seen, o)
		spans = append(spans, o.spans...)
	}
	out.Bytes, out.Connections = together(seen)
	for _, s := range undated {
		out.Bytes, out.Connections = max(out.Bytes, s.flow.Bytes), max(out.Connections, s.flow.Connections)
	}
	if len(spans) > 0 && out.Kind == flowObserved {
		out.Days = max(lengthOf(union(spans, 0)).Hours()/24, longestDays(undated))
	}
	return out
}

func longestDays(list []*sighting) (days float64) {
	for _, s := range list {
		days = max(days, s.flow.Days)
	}
	return days
}

// loggedTraffic joins what VPC flow logs recorded. Their records name the
// interface and the moment, so it is known which are the same.
func (m *merger) loggedTraffic(list []*sighting) observed {
	by := map[flowKey][]*vpcTalk{}
	var o observed
	seen := map[*track]bool{}
	for _, s := range list {
		for _, t := range s.talks {
			k := keyOf(t.flow)
			by[k] = append(by[k], t)
		}
		if t := m.tracks[s.source]; !seen[t] {
			seen[t] = true
			o.spans = append(o.spans, t.spans...)
		}
	}
	o.spans = union(o.spans, longestQuiet)
	for _, talks := range by {
		bytes, connections := joinTalks(talks)
		o.bytes += bytes
		o.connections += connections
	}
	return o
}

// observed is a count over stretches of time, which don't overlap.
type observed struct {
	spans              []span
	bytes, connections int64
}

// together sums observations. Of those that overlap, each is spread evenly over
// its time, and the larger counts at each moment; so the sum is never less than
// the largest of them nor more than all.
func together(list []observed) (bytes, connections int64) {
	if len(list) == 1 {
		return list[0].bytes, list[0].connections
	}
	var all []span
	var total time.Duration
	for _, o := range list {
		all = append(all, o.spans...)
		total += lengthOf(o.spans)
		bytes, connections = bytes+o.bytes, connections+o.connections
	}
	if lengthOf(union(all, 0)) == total && total > 0 {
		return bytes, connections // none overlap
	}
	var b, c float64
	var leastBytes, leastConnections int64
	for _, o := range list {
		leastBytes, leastConnections = max(leastBytes, o.bytes), max(leastConnections, o.connections)
	}
	eachMoment(list, func(active []observed, length time.Duration) {
		var mostBytes, mostConnections float64
		for _, o := range active {
			share := float64(length) / float64(lengthOf(o.spans))
			mostBytes, mostConnections = max(mostBytes, float64(o.bytes)*share), max(mostConnections, float64(o.connections)*share)
		}
		b, c = b+mostBytes, c+mostConnections
	})
	return min(max(leastBytes, int64(math.Round(b))), bytes), min(max(leastConnections, int64(math.Round(c))), connections)
}

// eachMoment calls back for each stretch in which the same observations hold.
func eachMoment(list []observed, do func(active []observed, length time.Duration)) {
	var cuts []time.Time
	for _, o := range list {
		for _, s := range o.spans {
			cuts = append(cuts, s.from, s.to)
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for i := 1; i < len(cuts); i++ {
		length := cuts[i].Sub(cuts[i-1])
		if length <= 0 {
			continue
		}
		var active []observed
		for _, o := range list {
			if slices.ContainsFunc(o.spans, func(s span) bool { return !s.from.After(cuts[i-1]) && !s.to.Before(cuts[i]) }) {
				active = append(active, o)
			}
		}
		do(active, length)
	}
}
