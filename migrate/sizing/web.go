package sizing

import (
	"fmt"
	"math"

	"github.com/storefront-toolkit/storefront/components/topology"
)

const (
	// mostWeb is the number of web servers above which the next larger size is
	// taken: more than that are slow to start before a campaign.
	mostWeb = 100
	// defaultCPUTarget is the topology's own.
	defaultCPUTarget = 55
)

// web sizes the web fleet by its CPU. What one server carries in requests
// follows in traffic.go.
func (s *sizer) web() {
	needs := s.needs(s.members[tierWeb], true)
	w := &s.top.Web
	target := w.CPUTarget
	if target == 0 {
		target = defaultCPUTarget
	}
	relief := 1 - s.options.CDNRelief
	peak := sum(needs, peakVCPU) * relief * 100 / float64(target)
	normal := sum(needs, normalVCPU) * relief * 100 / float64(target)
	z := s.webSize(needs, peak)
	s.saySize("web.size", z, "the vCPUs that most web servers have today, and %s GiB of memory %s for each of them, at most %d %% of it; %s",
		number(webMemory(needs)), memoryWord(needs), memoryTarget, basis(needs))
	zones := s.resolved().Network.Zones
	servers := max(whole(peak/float64(z.VCPU)), 1)
	s.requestsPerServer(z, peak, target, needs)
	s.capacity(z, normal, peak, zones, servers, target, needs)
	disk := s.resolved().Web.DiskGiB
	s.compare(tierWeb, needs, fleet(w.Capacity.Min, z, disk), fleet(max(servers, w.Capacity.Min), z, disk))
}

// webMemory is the greatest memory in use for each vCPU.
func webMemory(needs []need) (v float64) {
	for _, n := range needs {
		v = max(v, n.UsedGiB/float64(max(n.VCPU, 1)))
	}
	return v
}

// webSize keeps the vCPUs that people know, as long as the fleet stays small
// enough to start, with the memory that one vCPU's work needs.
func (s *sizer) webSize(needs []need, peak float64) topology.Size {
	count, common := map[int]int{}, 0
	for _, n := range needs {
		count[n.VCPU]++
		if count[n.VCPU] > count[common] || count[n.VCPU] == count[common] && n.VCPU > common {
			common = n.VCPU
		}
	}
	vcpu := choose(s, 4, 2)
	for vcpu < min(common, 16) {
		vcpu *= 2
	}
	for peak/float64(vcpu) > mostWeb && vcpu < 64 {
		vcpu *= 2
	}
	// Two PHP processes have to fit besides the system, or the topology refuses.
	memory := max(atMemory(webMemory(needs))*float64(vcpu), float64(s.resolved().Web.PHPMemoryMiB)*2/1024)
	z, found := smallest(serverShapes, float64(vcpu), memory)
	if !found || z.VCPU > vcpu {
		s.warn("web: %s GiB for %d vCPU are more than any size has; PHP's settings want a look", number(memory), vcpu)
	}
	s.top.Web.Size = z
	return z
}

// capacity bounds the fleet: an ordinary day's busy hour with one zone lost at
// the least, and every campaign at the most.
func (s *sizer) capacity(z topology.Size, normal, peak float64, zones, servers, target int, needs []need) {
	spare, least, loss := 1.0, 1, ""
	if s.production() && zones > 1 {
		// Enough has to stand in the other zones before one is lost: servers
		// are hard to get at that moment ("Static stability using Availability
		// Zones", Amazon Builders' Library).
		spare, least = float64(zones)/float64(zones-1), zones
		loss = fmt.Sprintf(", × %s so that one of %d zones may be lost", number(spare), zones)
	}
	low := max(whole(normal*spare/float64(z.VCPU)), least)
	s.top.Web.Capacity.Min = low
	s.say("web.capacity.min", low, "%s vCPU needed in an ordinary day's busy hour (%s times the median)%s, at %d %% use%s, over %d vCPU a server; at least %d",
		number(normal), number(min(s.history.busy, s.multiple)), s.headroomText(needs), target, loss, z.VCPU, least)

	high := max(servers, low)
	why := fmt.Sprintf("%s vCPU needed at %s times the median hour%s, at %d %% use, over %d vCPU a server",
		number(peak), number(s.multiple), s.headroomText(needs), target, z.VCPU)
	s.top.Web.Capacity.Max = high
	r := s.resolved()
	for _, c := range r.Campaigns {
		if c.WebServers > high {
			high = c.WebServers
			why = fmt.Sprintf("%d servers that the declared campaign %s takes at %s times normal traffic", high, c.Name, number(c.Multiple))
		}
	}
	if s.top.Web.WarmPool > high {
		high, why = s.top.Web.WarmPool, "the declared warm pool"
	}
	s.top.Web.Capacity.Max = high
	s.say("web.capacity.max", high, "%s", why)
}

// roundUp keeps four digits, the last rounded up.
func roundUp(v float64) float64 {
	if v <= 0 {
		return v
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-3)
	rounded := math.Ceil(v/unit-1e-9) * unit
	// The division leaves digits of the machine's own behind.
	var out float64
	fmt.Sscanf(fmt.Sprintf("%.4g", rounded), "%g", &out)
	return max(out, v*(1-1e-12))
}
