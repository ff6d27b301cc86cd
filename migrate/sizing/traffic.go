package sizing

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/migrate"
)

const (
	// mostDemand is the CPU time of a request, in seconds, above which the
	// access logs can't hold all requests; muchDemand is the one from which
	// that is worth a word. A page of PHP takes 0.1 to 0.5.
	mostDemand = 5
	muchDemand = 1
	// shareApart is how far shares may lie apart before they contradict each
	// other.
	shareApart = 0.02
)

// requestsPerServer sets the requests a second that one server carries at its
// target use, and the rates of the channels where the logs tell them.
//
// Today's CPU was caused by the requests that today's servers answered, which
// are those in their logs, R requests/s in the median hour. A share f of them
// was for files; these cost next to nothing, and a CDN takes them over. So at
// the multiple m of the median hour
//
//	pages p = R × (1 - min(f, o))             requests/s that still reach the servers, where the CDN answers the share o
//	CPU of one  = busy vCPU / (p × m)         CPU-seconds
//	one server  = p × m × vCPU a server / vCPU needed
//
// with vCPU needed = busy vCPU / target use. The topology counts a campaign's
// servers as Σ rates × (1 - o) × m / one server. The rates are therefore set to
// p / (1 - o) in all, which is R as long as o is at most f. An o above f says
// that a CDN stands before the logs already: visitors then ask for more than the
// logs hold.
func (s *sizer) requestsPerServer(z topology.Size, peak float64, target int, needs []need) {
	if s.options.Offload != nil {
		s.top.Edge.Offload = *s.options.Offload
		s.say("edge.offload", *s.options.Offload, "as asked for")
	}
	passed, why := s.loggedTraffic(needs)
	if passed <= 0 {
		passed, why = s.declaredTraffic()
	}
	if passed <= 0 {
		s.warn("web.requestsPerServer: neither access logs nor channels tell a rate of requests; declare channels with requestsPerSecond")
		return
	}
	// Rounded up, so that rounding never asks for one server more.
	per := roundUp(passed * s.multiple * float64(z.VCPU) / max(peak, 1e-6))
	s.top.Web.RequestsPerServer = per
	s.say("web.requestsPerServer", per, "%s × %s, over %s vCPU needed at %d %% use, × %d vCPU a server; each takes %s s of CPU, and at that use waits %s of that (M/M/%d)",
		why, number(s.multiple), number(peak), target, z.VCPU, number(s.demand(needs, passed)), number(waits(z.VCPU, float64(target)/100)), z.VCPU)
}

// demand is the CPU time, in seconds, of one request, without the headroom.
func (s *sizer) demand(needs []need, rate float64) float64 {
	busy := sum(needs, func(n need) float64 {
		if n.CPU == Nameplate {
			return n.PeakVCPU
		}
		return n.PeakVCPU / (1 + s.options.Headroom)
	})
	return busy / (rate * s.multiple)
}

// loggedTraffic is the requests/s of the median hour that reach the servers by
// the logs; 0 where they tell of none or can't hold all.
func (s *sizer) loggedTraffic(needs []need) (passed float64, why string) {
	logged := s.history.rate(s.options.LogShare)
	if logged <= 0 {
		return 0, ""
	}
	files, known := s.history.files()
	pages := logged * (1 - files)
	if pages <= 0 {
		s.warn("the access logs hold requests for files alone: they are not those of the web servers. Rates of the channels are kept")
		return 0, ""
	}
	demand := s.demand(needs, pages)
	if !(demand <= mostDemand) {
		s.warn("the access logs tell of %s requests/s in the median hour, by which one would take %s s of CPU: they seem to hold a share of all requests; say which with --log-share. Rates of the channels are kept", number(logged), number(demand))
		if known {
			s.contradictOffload(files, "it is kept with the declared rates")
		}
		return 0, ""
	}
	if demand > muchDemand {
		s.warn("web.requestsPerServer: by the access logs a page takes %s s of CPU, which is much: do they hold all requests? A share is said with --log-share", number(demand))
	}
	if !known {
		offload := s.resolved().Edge.Offload
		s.warn("edge.offload: the estate doesn't tell which requests were for files, so %s is taken on trust and decides what a server carries; read the access logs again with `storefront inventory`", number(offload))
		total := s.channelRates(logged)
		return total * (1 - offload), fmt.Sprintf("%s requests/s (the median hour of the access logs) × %s that pass the CDN", number(logged), number(1-offload))
	}
	offload := s.offload(files)
	left := 1 - min(files, offload)
	total := s.channelRates(logged * left / (1 - offload))
	return total * (1 - offload), fmt.Sprintf("%s requests/s in the median hour of the access logs, of which %s pass the CDN (%s are for files)", number(logged), percent(left), percent(files))
}

// declaredTraffic is the same by the channels' own rates.
func (s *sizer) declaredTraffic() (passed float64, why string) {
	declared, offload := s.declared(), s.resolved().Edge.Offload
	return declared * (1 - offload), fmt.Sprintf("%s requests/s (normal, as the channels declare) × %s that pass the CDN", number(declared), number(1-offload))
}

func (s *sizer) declared() (total float64) {
	for _, c := range s.base.Channels {
		total += c.RequestsPerSecond
	}
	return total
}

// offload is the share of requests that the CDN is counted on for: as asked
// for, else as declared, but not above the files in the logs.
func (s *sizer) offload(files float64) float64 {
	s.contradictOffload(files, "the logs are believed; if a CDN stands before them already, give --offload")
	offload := s.resolved().Edge.Offload
	if s.options.Offload != nil || offload <= files {
		return offload
	}
	// 0 would be the topology's default.
	offload = max(math.Floor(files*1000)/1000, 0.01)
	s.top.Edge.Offload = offload
	s.say("edge.offload", offload, "%s of the logged requests are for files, which are what a CDN takes off the web servers", percent(files))
	return offload
}

// contradictOffload says so where more is counted on than the logs have files,
// and what is done about a declared offload.
func (s *sizer) contradictOffload(files float64, done string) {
	wanted, who := s.base.Edge.Offload, "the stack declares"
	if s.options.Offload != nil {
		wanted, who = *s.options.Offload, "--offload says"
	}
	if wanted <= files+shareApart {
		return
	}
	text := fmt.Sprintf("edge.offload: %s that a CDN answers %s of all requests, but only %s of those in the access logs are for files", who, percent(wanted), percent(files))
	if s.options.Offload != nil {
		done = "the logs are read as what a CDN lets through today"
	}
	s.warn("%s: %s", text, done)
}

// channelRates spreads a rate over the channels by the logs, where each has its
// own host or file, else as they declare it. It returns the rates' sum.
func (s *sizer) channelRates(total float64) float64 {
	declared := s.declared()
	if !(declared > 0) || math.IsInf(declared, 0) {
		return total
	}
	shares, logged := s.loggedShares()
	if logged {
		s.contradictShares(shares, declared)
	}
	before := ""
	if total > s.history.rate(s.options.LogShare)*(1+1e-9) {
		before = " with those that a CDN before them answers"
	}
	sum := 0.0
	for i, c := range s.base.Channels {
		share := c.RequestsPerSecond / declared
		why := fmt.Sprintf("by the share that %s declares (%s of %s)", c.Code, number(c.RequestsPerSecond), number(declared))
		if logged {
			share, why = shares[i], fmt.Sprintf("of which %s has %s", c.Code, percent(shares[i]))
		}
		rate := roundUp(total * share)
		sum += rate
		s.top.Channels[i].RequestsPerSecond = rate
		s.say(fmt.Sprintf("channels[%d].requestsPerSecond", i), rate, "the median hour of the access logs, %s requests/s in all%s, %s; campaign multiples count from it", number(total), before, why)
	}
	return sum
}

// contradictShares says so where channels declare another share than they have.
func (s *sizer) contradictShares(shares []float64, declared float64) {
	var apart []string
	for i, c := range s.base.Channels {
		if said := c.RequestsPerSecond / declared; math.Abs(said-shares[i]) > shareApart {
			apart = append(apart, fmt.Sprintf("%s %s and not %s", c.Code, percent(shares[i]), percent(said)))
		}
	}
	if len(apart) > 0 {
		s.warn("channels: by the access logs the shares of all requests are others than declared: %s; the logs are believed", strings.Join(apart, ", "))
	}
}

// mostStray is the share of requests that may belong to no channel, such as
// those for a default host, where shares are taken from the logs.
const mostStray = 0.05

// loggedShares is each channel's share of the logged requests; known where
// nearly all of the logs belong to one channel each and every channel has some.
func (s *sizer) loggedShares() (shares []float64, known bool) {
	shares = make([]float64, len(s.base.Channels))
	total, stray := 0.0, 0.0
	for _, p := range s.history.parts {
		if i := channelOf(s.base.Channels, p); i >= 0 {
			shares[i] += float64(p.Requests)
			total += float64(p.Requests)
		} else {
			stray += float64(p.Requests)
		}
	}
	for i := range shares {
		if shares[i] == 0 {
			return nil, false
		}
		shares[i] /= total
	}
	return shares, total > 0 && stray <= mostStray*(total+stray)
}

// channelOf finds the channel of a part of the logs: by its host, or by its code
// as a word of the file's name, then of its folders'. -1 is none, or several.
func channelOf(channels []topology.Channel, p migrate.AccessPart) int {
	dir, file := path.Split(strings.ToLower(p.Name))
	for _, belongs := range []func(topology.Channel) bool{
		func(c topology.Channel) bool { return slices.Contains(c.Hostnames, strings.ToLower(p.Name)) },
		func(c topology.Channel) bool { return slices.Contains(words(file), strings.ToLower(c.Code)) },
		func(c topology.Channel) bool { return slices.Contains(words(dir), strings.ToLower(c.Code)) },
	} {
		found, count := -1, 0
		for i, c := range channels {
			if belongs(c) {
				found, count = i, count+1
			}
		}
		if count > 0 {
			if count > 1 {
				return -1
			}
			return found
		}
	}
	return -1
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// percent writes a share.
func percent(share float64) string { return fmt.Sprintf("%.1f %%", share*100) }
