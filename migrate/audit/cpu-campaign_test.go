package audit

import (
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var weekBefore = now.AddDate(0, 0, -7)

// measured gives a server a week of CPU and memory use with these peaks, with
// p95 and mean below them.
func measured(cpuMax, memoryMax float64) edit {
	return func(s *migrate.Server) {
		s.Use = &migrate.Use{From: weekBefore, To: now, CPU: measure(cpuMax, 1), Memory: measure(memoryMax, 1)}
	}
}

// measuredFor shortens the measurement.
func measuredFor(samples int, period time.Duration) edit {
	return func(s *migrate.Server) {
		s.Use.To = s.Use.From.Add(period)
		s.Use.CPU.Samples, s.Use.Memory.Samples = samples, samples
	}
}

func measure(max, coverage float64) *migrate.Measure {
	return &migrate.Measure{Samples: 168, Coverage: coverage, Mean: max / 3, P50: max / 3, P95: max / 2, P99: max * 0.9, Max: max}
}

// access gives the estate a week of hours with 100 requests each, but for
// one hour with a multiple of it and a share of errors.
func access(e *migrate.Estate, multiple, errors float64) *migrate.Estate {
	a := &migrate.AccessHistory{From: weekBefore, To: now}
	for h := weekBefore; h.Before(now); h = h.Add(time.Hour) {
		a.Hours = append(a.Hours, migrate.AccessHour{Start: h, Requests: 100})
	}
	requests := 100 * multiple
	a.Hours[50].Requests, a.Hours[50].Errors = int64(requests), int64(requests*errors)
	e.Access = a
	return e
}

func TestCPUCampaign(t *testing.T) {
	thin := server("web01", role("web"), func(s *migrate.Server) {
		s.Use = &migrate.Use{From: weekBefore, To: now, CPU: measure(99, 0.2)}
	})
	try(t, cpuCampaign,
		scenario{"hot in a full campaign", access(estate(server("web01", role("web"), measured(92, 50)), server("web02", role("web"), measured(60, 50))), 47, 0),
			want("high web01"), 0},
		scenario{"just under", access(estate(server("web01", role("web"), measured(85, 50))), 47, 0), nil, 0},
		scenario{"cool in a small campaign", access(estate(server("web01", role("web"), measured(30, 50))), 10, 0), want("high web01"), 0},
		scenario{"a bigger campaign is behind us", access(estate(server("web01", role("web"), measured(80, 50))), 60, 0), nil, 0},
		scenario{"no access log, hot", estate(server("web01", role("web"), measured(92, 50))), want("high web01"), 1},
		scenario{"no access log, cool", estate(server("web01", role("web"), measured(30, 50))), nil, 1},
		scenario{"not measured", access(estate(server("web01", role("web"))), 47, 0), nil, 1},
		scenario{"measured too thinly", access(estate(thin), 47, 0), nil, 1},
		scenario{"a build server may be hot", access(estate(server("ci01", role("deploy"), measured(100, 50))), 47, 0), nil, 0},
		scenario{"a test server may be hot", access(estate(server("t-web01", role("web"), env("test"), measured(100, 50))), 47, 0), nil, 0},
	)
}

func TestMedianHour(t *testing.T) {
	hours := func(requests ...int64) *Input {
		a := &migrate.AccessHistory{}
		for _, r := range requests {
			a.Hours = append(a.Hours, migrate.AccessHour{Requests: r})
		}
		return &Input{Estate: &migrate.Estate{Access: a}}
	}
	for _, c := range []struct {
		in   *Input
		want float64
	}{{hours(), 0}, {hours(7), 7}, {hours(9, 1, 5), 5}, {hours(1, 2, 4, 100), 3}, {&Input{Estate: &migrate.Estate{}}, 0}} {
		if got := c.in.medianHour(); got != c.want {
			t.Errorf("medianHour = %v, want %v", got, c.want)
		}
	}
}
