package wave

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// fate is what the plan does with a server.
type fate int

const (
	fateMove   fate = iota
	fateRetire      // switched off in a wave
	fateRetain      // stays at the old site for good
	fateExclude
)

// envClass is a server's side in the order of environments.
type envClass int

const (
	classProduction envClass = iota
	classFirst               // development, test: before production
	classShared              // shared services belong to neither
)

// serverFacts is what the planner needs of one server, in whole numbers where
// sums decide about feasibility.
type serverFacts struct {
	src         *migrate.Server
	fate        fate
	why         string // of an exclusion
	disposition string
	class       envClass
	mover       string
	dataMiB     int64
	changeMiB   int64 // a day
	minutes     map[string]int64
	peers       int
	critical    bool
	complex     bool
	risk        float64
	secondHalf  bool // of a redundant pair: bound by no condition of being together
}

// acts tells a server that is in some wave.
func (f *serverFacts) acts() bool { return f.fate == fateMove || f.fate == fateRetire }

// dependency is the traffic of an ordered pair of servers, client to server.
type dependency struct {
	from, to   int
	gb         float64 // a day
	roundTrips float64 // the most of its ports
}

// exposurePair is the traffic of an unordered pair, both ways.
type exposurePair struct {
	a, b int
	gb   float64
}

// facts is the estate as the planner sees it.
type facts struct {
	cfg      *planfile.Config
	servers  []serverFacts // in the estate's order
	index    map[string]int
	deps     []dependency
	pairs    []exposurePair
	halves   [][2]int         // redundant pairs, first half first
	services map[string][]int // role to the servers that are a shared service
	clients  map[string][]int // role to its clients
	notes    []string
}

func newFacts(e *migrate.Estate, cfg *planfile.Config) (*facts, error) {
	if e.Schema != migrate.EstateSchema {
		return nil, fmt.Errorf("plan: the estate's schema is %q; this program reads %s", e.Schema, migrate.EstateSchema)
	}
	f := &facts{cfg: cfg, index: make(map[string]int, len(e.Servers))}
	for i := range e.Servers {
		id := e.Servers[i].ID
		if _, twice := f.index[id]; twice {
			return nil, fmt.Errorf("plan: the estate has the server %q twice", id)
		}
		f.index[id] = i
	}
	f.servers = make([]serverFacts, len(e.Servers))
	unsized, unknown, waved := 0, 0, 0
	for i := range e.Servers {
		s := &f.servers[i]
		s.src = &e.Servers[i]
		f.decideFate(s, &unknown)
		f.load(s, &unsized)
		if s.src.Wave != "" {
			waved++
		}
	}
	f.note(unsized, "servers have no size in any source and count as 0 GB")
	f.note(unknown, "servers have a disposition that is no known word and count as rehost")
	f.note(waved, "servers carry a wave from an intake form; it is not used (pin it to use it)")
	f.readFlows(e)
	f.grade()
	f.pairUp()
	return f, nil
}

func (f *facts) note(count int, text string) {
	if count > 0 {
		f.notes = append(f.notes, fmt.Sprintf("%d %s", count, text))
	}
}

func (f *facts) decideFate(s *serverFacts, unknown *int) {
	s.disposition = strings.ToLower(s.src.Disposition)
	if !slices.Contains(planfile.KnownDispositions, s.disposition) {
		if s.disposition != "" {
			*unknown++
		}
		s.disposition = "rehost"
	}
	for i := range f.cfg.Dispositions {
		if d := &f.cfg.Dispositions[i]; d.Match.Fits(s.src, s.disposition) {
			s.disposition = d.Disposition
		}
	}
	switch s.disposition {
	case "retire":
		s.fate = fateRetire
	case "retain":
		s.fate = fateRetain
	}
	for i := range f.cfg.Exclude {
		if e := &f.cfg.Exclude[i]; e.Match.Fits(s.src, s.disposition) {
			s.fate, s.why = fateExclude, e.Reason
			break
		}
	}
	if slices.Contains(f.cfg.Environments.First, s.src.Environment.Value) {
		s.class = classFirst
	}
	for i := range f.cfg.SharedServices {
		if f.cfg.SharedServices[i].Fits(s.src, s.disposition) {
			s.class = classShared
			break
		}
	}
}

// load sets what moving the server takes: data, change, tool and hours.
func (f *facts) load(s *serverFacts, unsized *int) {
	if !s.acts() {
		return
	}
	s.minutes = map[string]int64{}
	for i := range f.cfg.Effort {
		if e := &f.cfg.Effort[i]; e.Match.Fits(s.src, s.disposition) {
			s.minutes[e.Team] += int64(math.Round(e.Hours * 60))
		}
	}
	if s.fate != fateMove {
		return
	}
	s.mover = f.cfg.Movers.Default
	for i := range f.cfg.Movers.Rules {
		if r := &f.cfg.Movers.Rules[i]; r.Match.Fits(s.src, s.disposition) {
			s.mover = r.Mover
		}
	}
	if s.mover == "none" {
		return
	}
	s.dataMiB = dataOf(s.src)
	if s.dataMiB == 0 {
		*unsized++
	}
	percent := f.cfg.Replication.DailyChangePercent
	for i := range f.cfg.Replication.Change {
		if c := &f.cfg.Replication.Change[i]; c.Match.Fits(s.src, s.disposition) {
			percent = c.Percent
		}
	}
	s.changeMiB = int64(math.Round(float64(s.dataMiB) * percent / 100))
}

// dataOf is what the guest uses, or the nearest figure above it that is known.
func dataOf(s *migrate.Server) int64 {
	if v := cmp.Or(s.ConsumedMiB, s.InUseMiB, s.ProvisionedMiB); v > 0 {
		return v
	}
	sum := int64(0)
	for _, d := range s.Disks {
		sum += d.CapacityMiB
	}
	return max(0, sum)
}

func (f *facts) readFlows(e *migrate.Estate) {
	type key struct{ from, to int }
	byPair := map[key]*dependency{}
	clients := map[string]map[int]bool{}
	f.services = map[string][]int{}
	for i := range f.servers {
		if s := &f.servers[i]; s.class == classShared && (s.fate == fateMove || s.fate == fateRetain) {
			f.services[s.src.Role.Value] = append(f.services[s.src.Role.Value], i)
		}
	}
	outside, other, unmeasured, assumed := 0, 0, 0, 0
	for i := range e.Flows {
		flow := &e.Flows[i]
		from, okFrom := f.index[flow.From]
		to, okTo := f.index[flow.To]
		if flow.FromOutside || flow.ToOutside || !okFrom || !okTo || f.servers[from].fate == fateExclude || f.servers[to].fate == fateExclude {
			outside++
			continue
		}
		if from == to {
			continue
		}
		if t := &f.servers[to]; t.class == classShared && t.fate != fateRetire && flow.Class != migrate.FlowScan && flow.Class != migrate.FlowCollector {
			if clients[t.src.Role.Value] == nil {
				clients[t.src.Role.Value] = map[int]bool{}
			}
			clients[t.src.Role.Value][from] = true
		}
		if !slices.Contains(f.cfg.Dependencies.Classes, string(flow.Class)) {
			other++
			continue
		}
		d := byPair[key{from, to}]
		if d == nil {
			d = &dependency{from: from, to: to}
			byPair[key{from, to}] = d
		}
		d.gb += f.gbPerDay(flow, &unmeasured, &assumed)
		d.roundTrips = max(d.roundTrips, f.roundTrips(flow.Port))
	}
	f.note(outside, "flows have an end outside the plan and are not counted")
	f.note(other, "flows are of a class that dependencies.classes leaves out")
	f.note(unmeasured, fmt.Sprintf("flows have no bytes and count as %g GB a day", f.cfg.Dependencies.UnmeasuredGBPerDay))
	f.note(assumed, fmt.Sprintf("measured flows tell no length of observation; %g days assumed", f.cfg.Dependencies.AssumeDays))
	for _, d := range byPair {
		f.deps = append(f.deps, *d)
	}
	slices.SortFunc(f.deps, func(a, b dependency) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	f.clients = map[string][]int{}
	for role, set := range clients {
		f.clients[role] = slices.Sorted(maps.Keys(set))
	}
	f.mergePairs()
}

func (f *facts) gbPerDay(flow *migrate.Flow, unmeasured, assumed *int) float64 {
	if flow.Bytes <= 0 {
		*unmeasured++
		return f.cfg.Dependencies.UnmeasuredGBPerDay
	}
	days := flow.Days
	if days <= 0 {
		*assumed++
		days = f.cfg.Dependencies.AssumeDays
	}
	return float64(flow.Bytes) / 1e9 / days
}

func (f *facts) roundTrips(port int) float64 {
	most := 0.0
	for _, r := range f.cfg.Latency.RoundTrips {
		if slices.Contains(r.Ports, port) {
			most = max(most, r.PerRequest)
		}
	}
	return most
}

// mergePairs sums both directions and counts each server's peers.
func (f *facts) mergePairs() {
	for _, d := range f.deps {
		f.pairs = append(f.pairs, exposurePair{min(d.from, d.to), max(d.from, d.to), d.gb})
	}
	slices.SortStableFunc(f.pairs, func(x, y exposurePair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	merged := f.pairs[:0]
	for _, p := range f.pairs {
		if n := len(merged); n > 0 && merged[n-1].a == p.a && merged[n-1].b == p.b {
			merged[n-1].gb += p.gb
			continue
		}
		merged = append(merged, p)
	}
	f.pairs = merged
	for _, p := range f.pairs {
		f.servers[p.a].peers++
		f.servers[p.b].peers++
	}
}

// grade sets criticality, complexity and risk. A risk point is criticality (3,
// 2 or 1), half of it before production, and one more for a complex server.
func (f *facts) grade() {
	for i := range f.servers {
		s := &f.servers[i]
		if s.fate != fateMove {
			continue
		}
		c := f.cfg.Complexity
		s.complex = s.peers >= c.Peers || c.GB > 0 && float64(s.dataMiB)*gbPerMiB >= c.GB
		switch strings.ToLower(s.src.Criticality) {
		case "high":
			s.risk, s.critical = 3, true
		case "low":
			s.risk = 1
		default:
			s.risk = 2
		}
		if s.class == classFirst {
			s.risk /= 2
		}
		if s.complex {
			s.risk++
		}
	}
}

const gbPerMiB = 1048576.0 / 1e9
