package sizing

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/migrate"
)

// sizer holds the state of one Size.
type sizer struct {
	estate      *migrate.Estate
	base        topology.Storefront // as given
	shop        string
	environment topology.Environment
	options     Options
	history     history
	multiple    float64
	multipleWhy string
	members     map[string][]*migrate.Server

	top      topology.Storefront // with the figures so far
	figures  []Figure
	tiers    map[string]*Tier
	leftOut  []LeftOut
	warnings []string
}

func newSizer(e *migrate.Estate, base topology.Storefront, o Options) *sizer {
	s := &sizer{estate: e, base: base, options: o, environment: base.Environment,
		members: map[string][]*migrate.Server{}, tiers: map[string]*Tier{}}
	if s.environment == "" {
		s.environment = topology.Production
	}
	s.top = base
	s.top.Channels = slices.Clone(base.Channels)
	s.top.Environment = s.environment
	if s.environment == topology.Production {
		// The logs are those of the shop that customers visit.
		s.history = newHistory(e.Access)
	} else {
		s.history = newHistory(nil)
	}
	s.multiple, s.multipleWhy = s.chooseMultiple()
	s.shop = s.shopWord()
	s.assign()
	return s
}

// resolved is the topology so far with its defaults.
func (s *sizer) resolved() topology.Storefront { return s.top.Resolve() }

func (s *sizer) production() bool { return s.environment == topology.Production }

// choose returns a in production and b elsewhere.
func choose[T any](s *sizer, a, b T) T {
	if s.production() {
		return a
	}
	return b
}

func (s *sizer) say(path string, value any, format string, args ...any) {
	s.figures = append(s.figures, Figure{Path: path, Value: value, Reason: fmt.Sprintf(format, args...)})
}

// saySize adds the two figures of a size.
func (s *sizer) saySize(path string, z topology.Size, format string, args ...any) {
	s.say(path+".vcpu", z.VCPU, format, args...)
	s.say(path+".memoryGiB", z.MemoryGiB, "with the vCPUs: the smallest size that has both")
}

func (s *sizer) warn(format string, args ...any) {
	s.warnings = append(s.warnings, fmt.Sprintf(format, args...))
}

// absent notes that a tier has nothing to be sized from.
func (s *sizer) absent(tier string) {
	s.warn("%s: the estate has no such server of the shop; the stack's own value or the topology's default stays", tier)
	s.tiers[tier] = &Tier{Name: tier}
}

// basis words what a tier's figures rest on: "12 servers: 10 measured, 2 at
// nameplate (db03: CPU was not measured)".
func basis(needs []need) string {
	return basisOf(needs, func(n need) (Basis, string) { return n.CPU, n.Note })
}

// mostNotes is how many servers a basis names; the result lists all.
const mostNotes = 3

func basisOf(needs []need, of func(need) (Basis, string)) string {
	count, notes := map[Basis]int{}, []string{}
	for _, n := range needs {
		b, note := of(n)
		count[b]++
		if b == Nameplate && len(notes) < mostNotes {
			notes = append(notes, n.ID+": "+note)
		}
	}
	var parts []string
	for _, b := range []Basis{Measured, Stated, Nameplate} {
		if count[b] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[b], b))
		}
	}
	text := fmt.Sprintf("%d servers (%s)", len(needs), strings.Join(parts, ", "))
	if len(needs) == 1 {
		text = fmt.Sprintf("%s (%s)", needs[0].ID, strings.Join(parts, ", "))
	}
	if len(notes) > 0 {
		text += "; " + strings.Join(notes, "; ")
	}
	return text
}

// totals of needs.
func sum(needs []need, of func(need) float64) (total float64) {
	for _, n := range needs {
		total += of(n)
	}
	return total
}

func most(needs []need, of func(need) float64) (v float64) {
	for _, n := range needs {
		v = max(v, of(n))
	}
	return v
}

func peakVCPU(n need) float64   { return n.PeakVCPU }
func normalVCPU(n need) float64 { return n.normalVCPU }
func usedGiB(n need) float64    { return n.UsedGiB }

// atTarget is the vCPUs of which busy ones are the tier's target use.
func atTarget(busy float64) float64 { return busy * 100 / cpuTarget }

// atMemory is the memory of which used is the most that may be in use.
func atMemory(used float64) float64 { return used * 100 / memoryTarget }

// whole rounds up to whole units; a rounding error must not cost one.
func whole(v float64) int { return int(math.Ceil(v - 1e-9)) }

// compare fills in a tier's comparison; new storage is in GiB.
func (s *sizer) compare(tier string, needs []need, normal, campaign Amount) {
	t := &Tier{Name: tier, Normal: normal, Campaign: campaign}
	hosts := map[string]bool{}
	for _, n := range needs {
		t.Today.add(Amount{Servers: 1, VCPU: n.server.CPUs, MemoryGiB: gib(n.server.MemoryMiB), StorageTiB: consumedGiB(n.server) / 1024})
		if n.server.Host != "" {
			hosts[strings.ToLower(n.server.Host)] = true
		}
		t.Servers = append(t.Servers, n.Server)
	}
	t.Today.Hosts = len(hosts)
	s.hosts(&t.Normal)
	s.hosts(&t.Campaign)
	s.tiers[tier] = t
}

func (a *Amount) add(b Amount) {
	a.Servers += b.Servers
	a.VCPU += b.VCPU
	a.MemoryGiB += b.MemoryGiB
	a.StorageTiB += b.StorageTiB
}

// fleet is the amount of n servers of one size with a disk each.
func fleet(n int, z topology.Size, diskGiB int) Amount {
	return Amount{Servers: n, VCPU: n * z.VCPU, MemoryGiB: float64(n) * z.MemoryGiB, StorageTiB: float64(n*diskGiB) / 1024}
}

// vcpusPerCore is how many vCPUs a core of a host carries; the limit from which
// the audit reports a cluster.
const vcpusPerCore = 4

// hosts counts hosts of today's median size: as many as the vCPUs or the memory
// take, whichever is more.
func (s *sizer) hosts(a *Amount) {
	var cores, memory []float64
	for _, h := range s.estate.Hosts {
		if h.Cores > 0 && h.MemoryMiB > 0 {
			cores, memory = append(cores, float64(h.Cores)), append(memory, gib(h.MemoryMiB))
		}
	}
	if len(cores) == 0 || a.VCPU == 0 {
		return
	}
	slices.Sort(cores)
	slices.Sort(memory)
	mid := len(cores) / 2
	a.Hosts = whole(max(float64(a.VCPU)/(cores[mid]*vcpusPerCore), a.MemoryGiB/memory[mid]))
}

// done puts the result together.
func (s *sizer) done() Result {
	if edge := s.members[tierEdge]; len(edge) > 0 {
		// The platform brings load balancers; nothing is sized.
		s.compare(tierEdge, s.needs(edge, true), Amount{}, Amount{})
		s.warn("edge: %d load balancers give way to the platform's own, which need no size", len(edge))
	}
	s.warnBasis()
	s.warnOfPeriods()
	r := Result{Environment: s.environment, CampaignMultiple: s.multiple, MultipleWhy: s.multipleWhy,
		Figures: s.figures, LeftOut: s.leftOut, Warnings: s.warnings, Topology: s.top, Totals: Tier{Name: "total"}}
	hosts := map[string]bool{}
	for _, name := range tierOrder {
		t := s.tiers[name]
		if t == nil {
			continue
		}
		r.Tiers = append(r.Tiers, *t)
		r.Totals.Today.add(t.Today)
		r.Totals.Normal.add(t.Normal)
		r.Totals.Campaign.add(t.Campaign)
		for _, v := range s.members[name] {
			if v.Host != "" {
				hosts[strings.ToLower(v.Host)] = true
			}
		}
	}
	r.Totals.Today.Hosts = len(hosts)
	s.hosts(&r.Totals.Normal)
	s.hosts(&r.Totals.Campaign)
	slices.SortFunc(r.LeftOut, func(a, b LeftOut) int { return strings.Compare(a.Reason, b.Reason) })
	for i := range r.LeftOut {
		slices.Sort(r.LeftOut[i].Servers)
	}
	if r.LeftOut == nil {
		r.LeftOut = []LeftOut{}
	}
	if r.Warnings == nil {
		r.Warnings = []string{}
	}
	return r
}
