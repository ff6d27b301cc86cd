package sizing

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/sample"
)

var now = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)

// shop is what a stack declares besides the sizes.
func shop() topology.Storefront {
	return topology.Storefront{
		Environment: topology.Production, Owner: "platform", Network: topology.Network{CIDR: "10.40.0.0/16"},
		Channels: []topology.Channel{
			{Code: "uk", Zone: "shop.example", Hostnames: []string{"www.shop.example"}, Currency: "GBP", RequestsPerSecond: 30},
			{Code: "de", Zone: "laden.example", Hostnames: []string{"www.laden.example"}, Currency: "EUR", RequestsPerSecond: 10},
		},
		Access: topology.Access{Mode: topology.ClientVPN, ClientCIDR: "10.90.0.0/22"},
		Deploy: topology.Deploy{Runner: topology.Runner{Kind: "github", URL: "https://github.com/shop-example",
			Program: topology.Download{URL: "https://runner.example/runner.tar.gz", SHA256: strings.Repeat("a", 64)}}},
		Database: topology.Database{Engine: topology.AuroraMySQL},
	}
}

var (
	from = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	to   = from.Add(100 * time.Hour)
)

func server(id, role string, cpus int, gib int64, p50, p95, most, memory float64) migrate.Server {
	return migrate.Server{ID: id, Name: id, Kind: migrate.KindVM, Power: migrate.PowerOn, CPUs: cpus, MemoryMiB: gib * 1024,
		ConsumedMiB: 20 * 1024, Role: migrate.Inference{Value: role, Confidence: 1},
		Use: &migrate.Use{From: from, To: to,
			CPU:    &migrate.Measure{Samples: 100, Coverage: 1, P50: p50, P95: p95, P99: most, Max: most},
			Memory: &migrate.Measure{Samples: 100, Coverage: 1, P99: memory}}}
}

// small is an estate whose figures can be worked out by hand: 100 hours with
// 3600 requests, one of them with ten times as many.
func small() *migrate.Estate {
	a := &migrate.AccessHistory{From: from, To: to}
	for i := range 100 {
		h := migrate.AccessHour{Start: from.Add(time.Duration(i) * time.Hour), Requests: 3600}
		if i == 50 {
			h.Requests = 36000
		}
		a.Hours = append(a.Hours, h)
	}
	return &migrate.Estate{Schema: migrate.EstateSchema, Access: a, Servers: []migrate.Server{
		server("web01", "web", 4, 8, 5, 10, 44, 46),
		server("web02", "web", 4, 8, 5, 10, 44, 46),
		server("db-primary", "database", 8, 64, 10, 20, 30, 80),
		server("db-replica", "database", 8, 64, 10, 20, 30, 80),
		server("redis-session01", "sessions", 2, 8, 1, 1, 5, 50),
		server("redis-session02", "sessions", 2, 8, 1, 1, 5, 50),
	}}
}

func figures(r Result) map[string]any {
	out := map[string]any{}
	for _, f := range r.Figures {
		out[f.Path] = f.Value
	}
	return out
}

func TestFiguresFollowTheFormulas(t *testing.T) {
	o := DefaultOptions()
	o.Headroom = 0.25
	r, err := Size(small(), shop(), o)
	require.NoError(t, err)
	require.Equal(t, 10.0, r.CampaignMultiple)
	got := figures(r)
	// 2 servers × 4 vCPU × 44 % × 1.25 = 4.4 busy; at 55 % 8 vCPU: 2 servers
	// of 4. On an ordinary day 5 %: 0.5 busy, 0.91 vCPU, × 1.5: 1; at least 3.
	require.Equal(t, 4, got["web.size.vcpu"])
	require.Equal(t, 8.0, got["web.size.memoryGiB"])
	require.Equal(t, 3, got["web.capacity.min"])
	require.Equal(t, 3, got["web.capacity.max"])
	// 1 request/s × 0.3 past the CDN × 10 × 4 vCPU / 8 vCPU.
	require.InDelta(t, 1.5, got["web.requestsPerServer"], 0.001)
	// The logs tell 1 request/s in all, shared 30 to 10.
	require.Equal(t, 0.75, got["channels[0].requestsPerSecond"])
	require.Equal(t, 0.25, got["channels[1].requestsPerSecond"])
	// 8 × 30 % × 1.25 = 3 busy; at 60 % 5 vCPU; 51.2 GiB / 0.92 = 55.7.
	require.Equal(t, 8, got["database.size.vcpu"])
	require.Equal(t, 64.0, got["database.size.memoryGiB"])
	require.Equal(t, 1, got["database.readers.max"])
	require.Equal(t, 26, got["database.storageGiB"])
	// 4 GiB in use on each of two copies, × 1.25.
	require.Equal(t, 5.0, got["sessions.memoryGiB"])
	require.NoError(t, r.Topology.Validate(now))
	require.Contains(t, strings.Join(r.Warnings, "\n"), "search: the estate has no such server")
}

func TestUseBetweenTwoLoads(t *testing.T) {
	c := migrate.Measure{P50: 5, P95: 8, Max: 50}
	require.Equal(t, 5.0, useAt(c, 10, 1))
	require.Equal(t, 27.5, useAt(c, 10, 5.5))
	require.Equal(t, 50.0, useAt(c, 10, 10))
	require.Equal(t, 100.0, useAt(c, 10, 20))
	require.Equal(t, 80.0, useAt(c, 0, 10), "without a log the p95 stands for an ordinary hour")
}

// The values are those of published Erlang C tables.
func TestWaits(t *testing.T) {
	require.InDelta(t, 1, waits(1, 0.5), 1e-12)
	require.InDelta(t, 1.0/3, waits(2, 0.5), 1e-12)
	require.InDelta(t, 0.026, waits(8, 0.55), 0.001, "the guide says 3 %%")
	require.InDelta(t, 0.044, waits(8, 0.6), 0.001, "the guide says 4 %%")
}

func TestThinMeasurementFallsBackAndIsSaid(t *testing.T) {
	e := small()
	e.Servers[0].Use.CPU.Coverage = 0.2
	e.Servers[1].Use = nil
	e.Servers[1].Custom = map[string]string{"CPU.UsagePct.Max": "44", "RAM.UsedSizeInMB.Avg": "2048"}
	r, err := Size(e, shop(), DefaultOptions())
	require.NoError(t, err)
	web := r.Tiers[0]
	require.Equal(t, "web", web.Name)
	require.Equal(t, Nameplate, web.Servers[0].CPU)
	require.Equal(t, "CPU samples cover 20 % of their period", web.Servers[0].Note)
	require.InDelta(t, 2.4, web.Servers[0].PeakVCPU, 1e-9, "60 %% of four")
	require.Equal(t, Stated, web.Servers[1].CPU)
	require.InDelta(t, 4*0.44*1.2, web.Servers[1].PeakVCPU, 1e-9)
	require.Equal(t, Stated, web.Servers[1].Memory)
	require.InDelta(t, 4, web.Servers[1].UsedGiB, 1e-9, "a mean counts double")
	require.Contains(t, r.Figures[0].Reason, "1 stated, 1 nameplate); web01: CPU samples cover 20 %")
}

func TestALogOfAShareIsNotBelieved(t *testing.T) {
	e := small()
	for i := range e.Access.Hours {
		e.Access.Hours[i].Requests /= 1000
	}
	r, err := Size(e, shop(), DefaultOptions())
	require.NoError(t, err)
	require.Contains(t, strings.Join(r.Warnings, "\n"), "--log-share")
	require.NotContains(t, figures(r), "channels[0].requestsPerSecond")
	o := DefaultOptions()
	o.LogShare = 0.001
	whole, err := Size(e, shop(), o)
	require.NoError(t, err)
	require.NotContains(t, strings.Join(whole.Warnings, "\n"), "--log-share")
	require.Equal(t, figures(r)["web.capacity.max"], figures(whole)["web.capacity.max"], "the fleet follows CPU, whatever the logs hold")
}

// withParts is small with logs that tell files from pages: one in five requests
// is for a file, and uk has half of all.
func withParts() *migrate.Estate {
	e := small()
	e.Access.Parts = []migrate.AccessPart{{Name: "logs/access-uk.log.gz", Requests: 1000, Files: 100}, {Name: "www.laden.example", Requests: 1000, Files: 300}}
	return e
}

func TestFilesInTheLogsBoundWhatACDNTakes(t *testing.T) {
	base := shop()
	base.Edge.Offload = 0.85
	r, err := Size(withParts(), base, DefaultOptions())
	require.NoError(t, err)
	got := figures(r)
	require.Equal(t, 0.2, got["edge.offload"])
	// 8 vCPU × 44 % × 1.2 = 4.224 busy, 7.68 needed at 55 %. Of 1 request/s
	// 0.8 are for pages: 0.8 × 10 × 4 vCPU / 7.68.
	require.InDelta(t, 4.167, got["web.requestsPerServer"], 0.001)
	require.Equal(t, 0.5, got["channels[0].requestsPerSecond"])
	require.Equal(t, 0.5, got["channels[1].requestsPerSecond"])
	warned := strings.Join(r.Warnings, "\n")
	require.Contains(t, warned, "the stack declares that a CDN answers 85.0 % of all requests, but only 20.0 % of those in the access logs are for files")
	require.Contains(t, warned, "uk 50.0 % and not 75.0 %, de 50.0 % and not 25.0 %")
	// Each of the 8 requests/s takes 3.52 vCPU / 8.
	require.Contains(t, reason(r, "web.requestsPerServer"), "each takes 0.44 s of CPU")
	require.NoError(t, r.Topology.Validate(now))

	again, err := Size(withParts(), r.Topology, DefaultOptions())
	require.NoError(t, err)
	require.Equal(t, got["web.requestsPerServer"], figures(again)["web.requestsPerServer"])
	require.NotContains(t, strings.Join(again.Warnings, "\n"), "edge.offload")

	// A CDN that stands before the logs: as many pages, more visitors.
	o, offload := DefaultOptions(), 0.6
	o.Offload = &offload
	r, err = Size(withParts(), base, o)
	require.NoError(t, err)
	require.InDelta(t, 4.167, figures(r)["web.requestsPerServer"], 0.001)
	require.InDelta(t, 1, figures(r)["channels[0].requestsPerSecond"], 0.001)
	require.Contains(t, strings.Join(r.Warnings, "\n"), "--offload says that a CDN answers 60.0 %")

	off := false
	base.Edge = topology.Edge{CDN: &off}
	r, err = Size(withParts(), base, DefaultOptions())
	require.NoError(t, err)
	require.InDelta(t, 5.209, figures(r)["web.requestsPerServer"], 0.001, "without a CDN the servers get the files too")
	require.NotContains(t, figures(r), "edge.offload")
}

func TestLogsThatMayBelongToSeveralChannelsAreNotShared(t *testing.T) {
	e := withParts()
	e.Access.Parts[0].Name = "logs/access-uk-de.log"
	r, err := Size(e, shop(), DefaultOptions())
	require.NoError(t, err)
	require.Equal(t, 0.75, figures(r)["channels[0].requestsPerSecond"])
}

func reason(r Result, path string) string {
	for _, f := range r.Figures {
		if f.Path == path {
			return f.Reason
		}
	}
	return ""
}

func TestTheBackOfficeOfAllHasMemoryForAllAndNoMoreCPUThanToday(t *testing.T) {
	e := small()
	for i := range 6 {
		// 1.75 vCPU busy with headroom, 9 GiB in use.
		e.Servers = append(e.Servers, server(fmt.Sprintf("admin%02d", i), "admin", 4, 16, 10, 36.5, 50, 56.25))
	}
	r, err := Size(e, shop(), DefaultOptions())
	require.NoError(t, err)
	// 10.5 busy; at 60 % 17.5, whose size has 32. 54 GiB / 0.92 = 58.7.
	require.Equal(t, topology.Size{VCPU: 16, MemoryGiB: 64}, r.Topology.Admin.Size)
	require.Contains(t, reason(r, "admin.size.vcpu"), "32 vCPU, but no more than the 24 of today")
	require.Contains(t, reason(r, "admin.size.vcpu"), "an upper bound")
}

func TestWhatRestsOnLittleIsAWarning(t *testing.T) {
	e := small()
	e.Access = nil
	o := DefaultOptions()
	o.CampaignMultiple = 47
	r, err := Size(e, shop(), o)
	require.NoError(t, err)
	warned := strings.Join(r.Warnings, "\n")
	require.Contains(t, warned, "p95 is taken for the median hour and multiplied by 47, which is an upper bound: web (2 of 2), database (2 of 2)")
	// 2 × 4 × 10 % × 47 × 1.2 and 2 × 8 × 20 % × 47 × 1.2.
	require.Contains(t, warned, "than today's servers have: web 45.1 of 8, database 180 of 16.")

	for i := range e.Servers {
		e.Servers[i].Use = nil
	}
	r, err = Size(e, shop(), o)
	require.NoError(t, err)
	require.Contains(t, strings.Join(r.Warnings, "\n"), "CPU was not measured, so that servers are taken as large as they were built: web (2 of 2), database (2 of 2)")
	for _, f := range r.Figures {
		require.NotContains(t, f.Reason, "headroom", f.Path)
		require.NotContains(t, f.Reason, "busy at p95", f.Path)
		require.NotContains(t, f.Reason, "in use", f.Path)
	}
	// A log that covers the measurement and no more than it has seen: nothing to say.
	r, err = Size(small(), shop(), DefaultOptions())
	require.NoError(t, err)
	require.NotContains(t, strings.Join(r.Warnings, "\n"), "upper bound")
}

func TestReadersThatCantScaleStandAllTheTime(t *testing.T) {
	e := small()
	for _, id := range []string{"db-replica2", "db-replica3", "db-replica4"} {
		e.Servers = append(e.Servers, server(id, "database", 8, 64, 10, 20, 50, 80))
	}
	scaling, err := Size(e, shop(), DefaultOptions())
	require.NoError(t, err)
	// 8 × (30 + 3 × 50) % × 1.2 = 17.3 busy; at 60 % 28.8 vCPU over 8.
	require.Equal(t, 4, figures(scaling)["database.readers.max"])
	require.Equal(t, 1, figures(scaling)["database.readers.min"])
	o := DefaultOptions()
	o.FixedReaders = 2
	fixed, err := Size(e, shop(), o)
	require.NoError(t, err)
	require.Equal(t, 16, figures(fixed)["database.size.vcpu"])
	require.Equal(t, 2, figures(fixed)["database.readers.min"])
	require.Equal(t, 2, figures(fixed)["database.readers.max"])
}

func TestDeclaredCampaignsFit(t *testing.T) {
	base := shop()
	base.Campaigns = []topology.Campaign{{Name: "sale", Start: now.Add(time.Hour), End: now.Add(2 * time.Hour), Multiple: 60}}
	r, err := Size(small(), base, DefaultOptions())
	require.NoError(t, err)
	require.Equal(t, 60.0, r.CampaignMultiple)
	require.Contains(t, r.MultipleWhy, "sale")
	require.NoError(t, r.Topology.Validate(now))
	o := DefaultOptions()
	o.CampaignMultiple = 2
	r, err = Size(small(), base, o)
	require.NoError(t, err)
	require.NoError(t, r.Topology.Validate(now), "a smaller sizing still has room for the campaign that is declared")
}

func TestEveryServerIsSizedOrLeftOutWithAReason(t *testing.T) {
	e := sample.Estate(1)
	r, err := Size(e, shop(), DefaultOptions())
	require.NoError(t, err)
	seen := map[string]int{}
	for _, tier := range r.Tiers {
		for _, s := range tier.Servers {
			seen[s.ID]++
		}
	}
	for _, l := range r.LeftOut {
		require.NotEmpty(t, l.Reason)
		for _, id := range l.Servers {
			seen[id]++
		}
	}
	require.Len(t, seen, len(e.Servers))
	for id, n := range seen {
		require.Equal(t, 1, n, id)
	}
	for _, f := range r.Figures {
		require.NotEmpty(t, f.Reason, f.Path)
	}
}

func TestTheSameEstateGivesTheSameResultAndIsNotChanged(t *testing.T) {
	e := sample.Estate(3)
	kept := sample.Estate(3)
	base := shop()
	a, err := Size(e, base, DefaultOptions())
	require.NoError(t, err)
	b, err := Size(e, base, DefaultOptions())
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(a, b))
	require.Empty(t, cmp.Diff(kept, e))
	require.Empty(t, cmp.Diff(shop(), base))
}

func TestMistakesInOptionsComeAllAtOnce(t *testing.T) {
	share := 2.0
	_, err := Size(small(), shop(), Options{CampaignMultiple: 0.5, Headroom: -1, CDNRelief: 1, LogShare: 0, MinCoverage: 2, Offload: &share})
	require.Len(t, strings.Split(err.Error(), "\n"), 6)
	_, err = Size(&migrate.Estate{}, shop(), DefaultOptions())
	require.ErrorContains(t, err, "no live production web servers")
}

// capacity is what a result can carry, by tier: vCPUs in all, and the memory of
// one server. (Where work moves to fewer and larger servers, memory in all may
// fall though each has as much for its share.)
func capacity(r Result) map[string]float64 {
	s := r.Topology
	out := map[string]float64{}
	fleet := func(tier string, n int, z topology.Size) {
		out[tier+" vCPU"], out[tier+" GiB"] = float64(n*z.VCPU), z.MemoryGiB
	}
	fleet("web max", s.Web.Capacity.Max, s.Web.Size)
	fleet("web min", s.Web.Capacity.Min, s.Web.Size)
	fleet("database", 1+s.Database.Readers.Max, s.Database.Size)
	fleet("one database", 1, s.Database.Size)
	fleet("search", s.Search.Count, s.Search.Size)
	fleet("static", s.Static.Count, s.Static.Size)
	fleet("admin", 1, s.Admin.Size)
	fleet("deploy", 1, s.Deploy.Size)
	out["analytics GiB"] = s.Analytics.Size.MemoryGiB
	out["sessions"], out["cache"] = s.Sessions.MemoryGiB, s.Cache.MemoryGiB
	out["storage"], out["media"] = float64(s.Database.StorageGiB), float64(s.Media.StorageGiB)
	return out
}

// enough fails where a tier has less than its servers need, unless that is said.
func enough(t *rapid.T, r Result) {
	warned := strings.Join(r.Warnings, "\n")
	for _, tier := range r.Tiers {
		if strings.Contains(warned, tier.Name+".size") || strings.Contains(warned, tier.Name+".count") || strings.Contains(warned, tier.Name+".readers") {
			continue
		}
		var vcpu, used float64
		for _, s := range tier.Servers {
			vcpu += s.PeakVCPU
			used += s.UsedGiB
		}
		switch tier.Name {
		case "web", "static", "search", "analytics", "database":
			if float64(tier.Campaign.VCPU) < vcpu {
				t.Fatalf("%s: %v vCPU for %v busy ones", tier.Name, tier.Campaign.VCPU, vcpu)
			}
		}
		if tier.Name == "analytics" && tier.Campaign.MemoryGiB < used {
			t.Fatalf("%s: %v GiB for %v in use", tier.Name, tier.Campaign.MemoryGiB, used)
		}
	}
}

// drawEstate makes an estate of every tier.
func drawEstate(t *rapid.T) *migrate.Estate {
	e := &migrate.Estate{Schema: migrate.EstateSchema}
	for _, role := range []string{"web", "static", "admin", "deploy", "database", "sessions", "cache", "search", "analytics", "media"} {
		least := 0
		if role == "web" || role == "database" {
			least = 1
		}
		for i := range rapid.IntRange(least, 5).Draw(t, role) {
			use := func(what string, most float64) float64 { return rapid.Float64Range(0, most).Draw(t, what) }
			p50 := use("p50", 40)
			p95 := p50 + use("p95", 20)
			s := server(fmt.Sprintf("%s%02d", role, i), role, rapid.IntRange(1, 64).Draw(t, "cpus"), int64(rapid.IntRange(1, 256).Draw(t, "gib")), p50, p95, p95+use("max", 40), use("memory", 100))
			s.ConsumedMiB = int64(rapid.IntRange(0, 1<<22).Draw(t, "disk"))
			switch rapid.IntRange(0, 5).Draw(t, "basis") {
			case 0:
				s.Use = nil
			case 1:
				s.Use = nil
				s.Custom = map[string]string{"CPU utilization percentage": "30", "Memory utilization percentage": "40"}
			}
			e.Servers = append(e.Servers, s)
		}
	}
	if rapid.Bool().Draw(t, "logs") {
		a := &migrate.AccessHistory{From: from, To: to}
		for i := range 48 {
			a.Hours = append(a.Hours, migrate.AccessHour{Start: from.Add(time.Duration(i) * time.Hour), Requests: int64(rapid.IntRange(0, 1_000_000).Draw(t, "requests"))})
		}
		for _, name := range []string{"access-uk.log", "access-de.log"} {
			requests := rapid.Int64Range(0, 1_000_000).Draw(t, "part")
			a.Parts = append(a.Parts, migrate.AccessPart{Name: name, Requests: requests, Files: rapid.Int64Range(0, requests).Draw(t, "files")})
		}
		e.Access = a
	}
	return e
}

// busier is the estate with more CPU, memory and data in use.
func busier(e *migrate.Estate, t *rapid.T) *migrate.Estate {
	out := *e
	out.Servers = nil
	factor := rapid.Float64Range(1, 3).Draw(t, "busier")
	for _, s := range e.Servers {
		if s.Use != nil {
			use, cpu, memory := *s.Use, *s.Use.CPU, *s.Use.Memory
			cpu.P50, cpu.P95, cpu.P99, cpu.Max = cpu.P50*factor, cpu.P95*factor, cpu.P99*factor, cpu.Max*factor
			memory.P99 *= factor
			use.CPU, use.Memory = &cpu, &memory
			s.Use = &use
		}
		s.ConsumedMiB = int64(float64(s.ConsumedMiB) * factor)
		out.Servers = append(out.Servers, s)
	}
	return &out
}

func notLess(t *rapid.T, what string, before, after Result) {
	b := capacity(after)
	for name, a := range capacity(before) {
		if b[name] < a-1e-9 {
			t.Fatalf("%s: %s falls from %v to %v", what, name, a, b[name])
		}
	}
}

func TestMoreLoadNeverYieldsLessCapacityAndEveryResultIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, o := drawEstate(t), DefaultOptions()
		o.CampaignMultiple = rapid.Float64Range(1, 60).Draw(t, "multiple")
		o.FixedReaders = rapid.SampledFrom([]int{0, 2}).Draw(t, "fixed readers")
		size := func(e *migrate.Estate, o Options) Result {
			r, err := Size(e, shop(), o)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Topology.Validate(now); err != nil {
				t.Fatal(err)
			}
			enough(t, r)
			return r
		}
		r := size(e, o)
		notLess(t, "busier servers", r, size(busier(e, t), o))
		more := o
		more.CampaignMultiple = rapid.Float64Range(o.CampaignMultiple, 100).Draw(t, "larger multiple")
		notLess(t, "a larger campaign", r, size(e, more))
		more = o
		more.Headroom += rapid.Float64Range(0, 2).Draw(t, "headroom")
		notLess(t, "more headroom", r, size(e, more))
	})
}

// One sample covers all of its own moment, and says nothing of a server.
func TestAShortMeasurementIsNameplate(t *testing.T) {
	measuredFor := func(samples int, period time.Duration) Result {
		e := small()
		for i := range e.Servers {
			u := *e.Servers[i].Use
			cpu, memory := *u.CPU, *u.Memory
			cpu.Samples, memory.Samples = samples, samples
			u.To, u.CPU, u.Memory = u.From.Add(period), &cpu, &memory
			e.Servers[i].Use = &u
		}
		r, err := Size(e, shop(), DefaultOptions())
		require.NoError(t, err)
		return r
	}
	count := func(r Result) (measured, nameplate int) {
		for _, tier := range r.Tiers {
			for _, s := range tier.Servers {
				if s.CPU == Measured || s.Memory == Measured {
					measured++
				}
				if s.CPU == Nameplate && s.Memory == Nameplate {
					nameplate++
				}
			}
		}
		return measured, nameplate
	}
	one := measuredFor(1, 0)
	measured, nameplate := count(one)
	require.Zero(t, measured)
	require.NotZero(t, nameplate)
	require.Contains(t, strings.Join(one.Warnings, "\n"), "measured for less than 24 h or with fewer than 12 samples, so it is not sized by: web01")
	week := measuredFor(168, 167*time.Hour)
	measured, _ = count(week)
	require.NotZero(t, measured)
	require.NotContains(t, strings.Join(week.Warnings, "\n"), "measured for less than")
	require.Contains(t, strings.Join(measuredFor(48, 47*time.Hour).Warnings, "\n"), "measured for less than a week")
}
