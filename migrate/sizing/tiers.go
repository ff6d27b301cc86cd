package sizing

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/components/topology"
)

// least keeps a size from being a burstable one in production,
// which slows down under the steady load of a campaign.
func (s *sizer) least() (vcpu, memory float64) {
	if s.production() {
		return 2, 8
	}
	return 2, 4
}

// size picks the smallest shape for one server's need, in vCPU at the target
// and GiB in use.
func (s *sizer) size(path string, shapes []topology.Size, vcpu, used float64) topology.Size {
	leastVCPU, leastGiB := s.least()
	z, found := smallest(shapes, max(vcpu, leastVCPU), max(atMemory(used), leastGiB))
	if !found {
		s.warn("%s: %s vCPU and %s GiB are more than the largest size has, %d vCPU and %s GiB: share the work out over more servers first", path, number(vcpu), number(atMemory(used)), z.VCPU, number(z.MemoryGiB))
	}
	return z
}

// one sizes a tier that is a single server: the back office takes the work of
// all today's at once, deployments come one at a time.
func (s *sizer) one(tier string, needs []need, of func([]need, func(need) float64) float64, why string, diskGiB int) topology.Size {
	vcpu, used := of(needs, peakVCPU), of(needs, usedGiB)
	z, capped := s.notAbove(needs, s.size(tier+".size", serverShapes, atTarget(vcpu), used), vcpu, used)
	s.saySize(tier+".size", z, "%s vCPU %s %s, at %d %% use%s, and %s GiB of memory %s, at most %d %%; %s",
		number(vcpu), busyAtP95(needs), why, cpuTarget, capped, number(used), memoryWord(needs), memoryTarget, basis(needs))
	s.compare(tier, needs, fleet(1, z, diskGiB), fleet(1, z, diskGiB))
	return z
}

// notAbove keeps a size from having more vCPUs than all of today's servers
// together, where a smaller one still has those that are busy and the memory.
func (s *sizer) notAbove(needs []need, z topology.Size, busy, used float64) (topology.Size, string) {
	today := 0
	for _, n := range needs {
		today += n.VCPU
	}
	if z.VCPU <= today {
		return z, ""
	}
	leastVCPU, leastGiB := s.least()
	smaller, found := topology.Size{}, false
	for _, shape := range serverShapes {
		if shape.VCPU > smaller.VCPU && shape.VCPU <= today && float64(shape.VCPU) >= max(busy, leastVCPU) && shape.MemoryGiB >= max(atMemory(used), leastGiB)-1e-9 {
			smaller, found = shape, true
		}
	}
	if !found {
		return z, ""
	}
	return smaller, fmt.Sprintf(" (%d vCPU, but no more than the %d of today)", z.VCPU, today)
}

func (s *sizer) admin() {
	needs := s.needs(s.members[tierAdmin], false)
	if len(needs) == 0 {
		s.absent(tierAdmin)
		return
	}
	s.top.Admin.Size = s.one(tierAdmin, needs, sum, "on all today's, which become one (a sum that is an upper bound, since not all are busy at once)", s.resolved().Admin.DiskGiB)
}

func (s *sizer) deploy() {
	needs := s.needs(s.members[tierDeploy], false)
	if len(needs) == 0 {
		s.absent(tierDeploy)
		return
	}
	s.top.Deploy.Size = s.one(tierDeploy, needs, most, "on the busiest, since deployments run one after another", s.resolved().Deploy.DiskGiB)
}

// group is a tier of several equal servers.
type group struct {
	tier        string
	needs       []need
	shapes      []topology.Size
	least, most int
	memory      bool // the servers share the data out, so memory adds up
}

// fit chooses a size that holds the busiest server's work, then as many as all
// work takes; a larger size where there would be too many.
func (s *sizer) fit(g group) (topology.Size, int) {
	z := s.size(g.tier+".size", g.shapes, atTarget(most(g.needs, peakVCPU)), most(g.needs, usedGiB))
	count := func(z topology.Size) int {
		n := whole(atTarget(sum(g.needs, peakVCPU)) / float64(z.VCPU))
		if g.memory {
			n = max(n, whole(atMemory(sum(g.needs, usedGiB))/z.MemoryGiB))
		}
		return max(n, g.least)
	}
	for count(z) > g.most {
		larger, found := smallest(g.shapes, float64(z.VCPU)*2, z.MemoryGiB)
		if !found {
			s.warn("%s.count: %d servers of the largest size are more than the %d that are allowed", g.tier, count(z), g.most)
			return z, g.most
		}
		z = larger
	}
	return z, count(z)
}

func (g group) why() string {
	return fmt.Sprintf("%s vCPU %s on the busiest, at %d %% use, and %s GiB of memory %s, at most %d %%; %s",
		number(most(g.needs, peakVCPU)), busyWord(g.needs), cpuTarget, number(most(g.needs, usedGiB)), memoryWord(g.needs), memoryTarget, basis(g.needs))
}

func (g group) countWhy(z topology.Size) string {
	text := fmt.Sprintf("%s vCPU %s on all, at %d %% use, over %d vCPU a server", number(sum(g.needs, peakVCPU)), busyWord(g.needs), cpuTarget, z.VCPU)
	if g.memory {
		text += fmt.Sprintf(", and %s GiB %s over %s GiB", number(sum(g.needs, usedGiB)), memoryWord(g.needs), number(z.MemoryGiB))
	}
	return fmt.Sprintf("%s; between %d and %d", text, g.least, g.most)
}

// static is sized for a platform that needs servers for it; the CDN's share is
// not taken off, since it is these files that it would come for on a cold day.
func (s *sizer) static() {
	needs := s.needs(s.members[tierStatic], true)
	if len(needs) == 0 {
		s.absent(tierStatic)
		return
	}
	g := group{tierStatic, needs, serverShapes, choose(s, 2, 1), 20, false}
	z, n := s.fit(g)
	data := most(needs, func(n need) float64 { return consumedGiB(n.server) })
	disk := grownDisk(data, 20)
	s.top.Static.Size, s.top.Static.Count, s.top.Static.DiskGiB = z, n, disk
	s.saySize("static.size", z, "%s", g.why())
	s.say("static.count", n, "%s; only a platform without an object store runs these servers", g.countWhy(z))
	s.say("static.diskGiB", disk, "%s GiB on the fullest, × %s", number(data), number(diskGrowth))
	s.compare(tierStatic, needs, fleet(n, z, disk), fleet(n, z, disk))
}

func (s *sizer) search() {
	needs := s.needs(s.members[tierSearch], true)
	if len(needs) == 0 {
		s.absent(tierSearch)
		return
	}
	g := group{tierSearch, needs, s.searchShapes(s.base.Search.Engine), choose(s, 2, 1), 10, false}
	z, n := s.fit(g)
	data, id, where := largestData(needs, dataPath)
	disk := grownDisk(data, 10)
	s.top.Search.Size, s.top.Search.Count, s.top.Search.DiskGiB = z, n, disk
	s.saySize("search.size", z, "%s", g.why())
	s.say("search.count", n, "%s", g.countWhy(z))
	s.say("search.diskGiB", disk, "%s GiB on %s (%s), × %s", number(data), id, where, number(diskGrowth))
	s.compare(tierSearch, needs, fleet(n, z, disk), fleet(n, z, disk))
}

// analytics follows the company's day and not the shop's requests.
func (s *sizer) analytics() {
	needs := s.needs(s.members[tierAnalytics], false)
	if len(needs) == 0 {
		s.absent(tierAnalytics)
		return
	}
	g := group{tierAnalytics, needs, s.searchShapes(s.base.Analytics.Engine), 1, 10, true}
	z, n := s.fit(g)
	total := sum(needs, func(n need) float64 { data, _ := dataGiB(n.server, dataPath); return data })
	disk := grownDisk(total/float64(n), 10)
	s.top.Analytics.Size, s.top.Analytics.Count, s.top.Analytics.DiskGiB = z, n, disk
	s.saySize("analytics.size", z, "%s", g.why())
	s.say("analytics.count", n, "%s", g.countWhy(z))
	s.say("analytics.diskGiB", disk, "%s GiB of data on all today's, × %s, over %d servers", number(total), number(diskGrowth), n)
	s.compare(tierAnalytics, needs, fleet(n, z, disk), fleet(n, z, disk))
}

// searchShapes are those of a managed domain where the stack asks for one.
func (s *sizer) searchShapes(engine topology.SearchEngine) []topology.Size {
	if engine == topology.OpenSearch {
		return searchShapes
	}
	return serverShapes
}
