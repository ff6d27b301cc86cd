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
	// mostDemand is the CPU time of a request, in seconds, above which the
	// access logs can't hold all requests.
	mostDemand = 5
	// defaultCPUTarget is the topology's own.
	defaultCPUTarget = 55
)

// web sizes the web fleet. The topology counts campaign servers as
// rate × (1 - offload) × multiple / requestsPerServer, so requestsPerServer is
// chosen such that this gives the servers that measured CPU asks for.
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
	s.saySize("web.size", z, "the vCPUs that most web servers have today, and %s GiB of memory in use (p99) for each of them, at most %d %% of it; %s",
		number(webMemory(needs)), memoryTarget, basis(needs))
	s.offload()
	zones := s.resolved().Network.Zones
	servers := max(whole(peak/float64(z.VCPU)), 1)
	s.requestsPerServer(z, peak, target, servers, needs)
	s.capacity(z, normal, peak, zones, servers, target)
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

// offload takes the CDN's share where one was asked for.
func (s *sizer) offload() {
	if s.options.Offload == nil {
		return
	}
	s.top.Edge.Offload = *s.options.Offload
	s.say("edge.offload", *s.options.Offload, "as asked for")
}

// requestsPerServer sets the rate of one server, and the channels' rates where
// the access logs tell them.
func (s *sizer) requestsPerServer(z topology.Size, peak float64, target, servers int, needs []need) {
	rate, why := s.normalRate(needs)
	if rate <= 0 {
		s.warn("web.requestsPerServer: neither access logs nor channels tell a rate of requests; declare channels with requestsPerSecond")
		return
	}
	passed := rate * (1 - s.resolved().Edge.Offload)
	// Rounded up, so that rounding never asks for one server more.
	per := roundUp(passed * s.multiple * float64(z.VCPU) / max(peak, 1e-6))
	s.top.Web.RequestsPerServer = per
	s.say("web.requestsPerServer", per, "%s requests/s (%s) × %s that pass the CDN × %s, over %s vCPU needed at %d %% use, × %d vCPU a server; at that use a request waits %s of its own CPU time (M/M/%d)",
		number(rate), why, number(1-s.resolved().Edge.Offload), number(s.multiple), number(peak), target, z.VCPU, number(waits(z.VCPU, float64(target)/100)), z.VCPU)
}

// normalRate is what all channels together get in the median hour.
func (s *sizer) normalRate(needs []need) (float64, string) {
	declared := 0.0
	for _, c := range s.base.Channels {
		declared += c.RequestsPerSecond
	}
	logged := s.history.rate(s.options.LogShare)
	if logged > 0 {
		busiest := logged * s.multiple
		if demand := sum(needs, peakVCPU) / busiest; demand <= mostDemand {
			s.channelRates(logged, declared)
			return logged, "the median hour of the access logs"
		}
		s.warn("the access logs tell of %s requests/s in the median hour, by which one would take %s s of CPU: they seem to hold a share of all requests; say which with --log-share. Rates of the channels are kept", number(logged), number(sum(needs, peakVCPU)/busiest))
	}
	return declared, "normal, as the channels declare"
}

// channelRates spreads the logged rate over the channels as they declare it.
func (s *sizer) channelRates(logged, declared float64) {
	if !(declared > 0) || math.IsInf(declared, 0) {
		return
	}
	for i, c := range s.base.Channels {
		rate := roundUp(logged * c.RequestsPerSecond / declared)
		s.top.Channels[i].RequestsPerSecond = rate
		s.say(fmt.Sprintf("channels[%d].requestsPerSecond", i), rate, "the median hour of the access logs, %s requests/s in all, by the share that %s declares (%s of %s); campaign multiples count from it",
			number(logged), c.Code, number(c.RequestsPerSecond), number(declared))
	}
}

// capacity bounds the fleet: an ordinary day's busy hour with one zone lost at
// the least, and every campaign at the most.
func (s *sizer) capacity(z topology.Size, normal, peak float64, zones, servers, target int) {
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
	s.say("web.capacity.min", low, "%s vCPU needed in an ordinary day's busy hour (%s times the median) at %d %% use%s, over %d vCPU a server; at least %d",
		number(normal), number(min(s.history.busy, s.multiple)), target, loss, z.VCPU, least)

	high := max(servers, low)
	why := fmt.Sprintf("%s vCPU needed at %s times the median hour, with %.0f %% headroom, at %d %% use, over %d vCPU a server",
		number(peak), number(s.multiple), s.options.Headroom*100, target, z.VCPU)
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
