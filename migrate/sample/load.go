package sample

import (
	"math"
	"slices"
	"time"
)

// accessHour is one hour of the access logs: how many requests each country
// had, and how many of them were answered with an error.
type accessHour struct {
	start    time.Time
	requests []int // by country
	errors   []int
}

func (h accessHour) total() (n int) {
	for _, r := range h.requests {
		n += r
	}
	return n
}

// requestsAnHour is the mean of logged requests outside the campaign. The
// shop's balancers log one request in a thousand.
const requestsAnHour = 62

// accessHours draws a week of requests with the rhythm of each country's day,
// and puts the campaign into it.
func accessHours(seed uint64) []accessHour {
	random := newRandom(seed, "access hours")
	var hours []accessHour
	for t := accessLogFrom; t.Before(accessLogTo); t = t.Add(time.Hour) {
		h := accessHour{start: t, errors: make([]int, len(countries))}
		for _, c := range countries {
			rate := requestsAnHour * c.share * rhythm(t.Add(time.Duration(c.offset)*time.Hour))
			h.requests = append(h.requests, int(math.Round(rate*(0.9+0.2*random.Float64()))))
		}
		hours = append(hours, h)
	}
	at := int(campaign.Sub(accessLogFrom) / time.Hour)
	// Before and after the hour itself people wait and linger.
	setTotal(&hours[at-1], 3*requestsAnHour)
	setTotal(&hours[at+1], 11*requestsAnHour)
	setTotal(&hours[at+2], 4*requestsAnHour)
	setTotal(&hours[at], 100*requestsAnHour) // above the median, whatever it is
	setTotal(&hours[at], int(math.Ceil(multiple*median(hours))))
	return hours
}

// rhythm is the load of a local hour over the day's mean: least at four, most
// at twenty, a little more on Sundays.
func rhythm(local time.Time) float64 {
	hour := float64(local.Hour()) + float64(local.Minute())/60
	v := 1 + 0.55*math.Sin(2*math.Pi*(hour-13)/24) + 0.18*math.Sin(4*math.Pi*(hour-17)/24)
	if local.Weekday() == time.Sunday {
		v *= 1.12
	}
	return v
}

// setTotal spreads a number of requests over the countries by their share.
func setTotal(h *accessHour, total int) {
	left := total
	for i, c := range countries {
		h.requests[i] = int(float64(total) * c.share)
		left -= h.requests[i]
	}
	h.requests[0] += left
}

func median(hours []accessHour) float64 {
	totals := make([]int, 0, len(hours))
	for _, h := range hours {
		totals = append(totals, h.total())
	}
	slices.Sort(totals)
	n := len(totals)
	return float64(totals[(n-1)/2]+totals[n/2]) / 2
}

// loads is loadAt for every hour of the measurement.
func (s *site) loads() (out []float64) {
	usual := median(s.hours)
	for t := useFrom; t.Before(useTo); t = t.Add(time.Hour) {
		out = append(out, s.loadAt(t, usual))
	}
	return out
}

// loadAt is the shop's load at an hour over the median hour: from the log where
// it covers the hour, else the rhythm of the larger countries.
func (s *site) loadAt(t time.Time, usual float64) float64 {
	if !t.Before(accessLogFrom) && t.Before(accessLogTo) {
		h := s.hours[int(t.Sub(accessLogFrom)/time.Hour)]
		return float64(h.total()) / usual
	}
	load := 0.0
	for _, c := range countries {
		load += c.share * rhythm(t.Add(time.Duration(c.offset)*time.Hour))
	}
	return load
}

// measure draws hourly samples of CPU and memory for every server. The shop's
// servers follow its requests, the others the office's day.
func (s *site) measure() {
	loads := s.loads()
	for _, m := range s.servers {
		random := s.random("use " + m.Name)
		for i, load := range loads {
			share := officeHours(useFrom.Add(time.Duration(i) * time.Hour))
			if m.shop {
				share = min(1, (load-1)/(multiple-1))
			}
			cpu := m.quiet + (m.peak-m.quiet)*share + m.quiet*0.15*(random.Float64()*2-1)
			if share == 1 {
				cpu = m.peak // the peak is told, not drawn, so that it means the same for every seed
			}
			m.cpu = append(m.cpu, percent(cpu))
			m.mem = append(m.mem, percent(m.memory+4*max(share, 0)+random.Float64()*2-1))
		}
	}
}

// officeHours is 1 at the busiest hour of a working day in London, 0 at night.
func officeHours(t time.Time) float64 {
	local := t.Add(time.Hour)
	if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
		return 0.03
	}
	switch hour := local.Hour(); {
	case hour == 14:
		return 1
	case hour >= 8 && hour < 18:
		return 0.7
	case hour >= 6 && hour < 20:
		return 0.3
	}
	return 0.05
}

// percent keeps two decimals, as measuring systems write them.
func percent(v float64) float64 { return math.Round(max(0.1, min(100, v))*100) / 100 }
