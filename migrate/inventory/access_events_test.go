package inventory

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// logOf writes an access log: for every hour from noon of 20 July what lines
// returns.
func logOf(hours int, lines func(h int, at time.Time) []string) string {
	var b strings.Builder
	for h := range hours {
		for _, l := range lines(h, noon.Add(time.Duration(h)*time.Hour)) {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func hit(at time.Time, client, path string, status int, agent string) string {
	return fmt.Sprintf(`%s - - [%s] "GET %s HTTP/1.1" %d 100 "-" "%s"`, client, at.Format("02/Jan/2006:15:04:05 -0700"), path, status, agent)
}

// evenly spreads n requests over an hour.
func evenly(at time.Time, n int) []string {
	var out []string
	for i := range n {
		out = append(out, hit(at.Add(time.Duration(i)*time.Hour/time.Duration(n)), "203.0.113.7", "/de/", 200, "Mozilla/5.0"))
	}
	return out
}

func readAccess(t *testing.T, log string) *migrate.AccessHistory {
	t.Helper()
	b, err := accessLog{}.Read(context.Background(), inputFrom(t, "access.log", log))
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, b)
	return b.Access
}

func kinds(h *migrate.AccessHistory) string {
	var out []string
	for _, e := range h.Events {
		out = append(out, e.Kind)
	}
	return strings.Join(out, " ")
}

// dayLoad is a shop's day: quiet at night, busy in the evening.
func dayLoad(at time.Time) int {
	return 100 + int(80*math.Sin(float64(at.Hour()-8)/24*2*math.Pi))
}

func TestAccessEvents(t *testing.T) {
	for _, c := range []struct {
		name  string
		hours int
		lines func(h int, at time.Time) []string
		want  string
		says  string
	}{
		{"an ordinary week", 9 * 24, func(_ int, at time.Time) []string { return evenly(at, dayLoad(at)) }, "", ""},
		{"a flash sale", 9 * 24, func(h int, at time.Time) []string {
			if h == 100 {
				return evenly(at, 4000)
			}
			return evenly(at, dayLoad(at))
		}, "surge", "times the median hour"},
		{"a burst of errors", 30, func(h int, at time.Time) []string {
			l := evenly(at, 100)
			for i := range 30 {
				if h == 12 {
					l = append(l, hit(at.Add(time.Duration(i)*time.Second), "203.0.113.8", "/checkout", 503, "Mozilla/5.0"))
				}
			}
			return l
		}, "errors", "30 of 130 requests (23.1 %)"},
		{"an outage of three hours", 9 * 24, func(h int, at time.Time) []string {
			if h >= 100 && h < 103 {
				return nil
			}
			return evenly(at, dayLoad(at))
		}, "outage", "no request for 18"},
		{"a crawler", 30, func(h int, at time.Time) []string {
			l := evenly(at, 100)
			for i := range 100 {
				if h == 12 || h == 13 {
					l = append(l, hit(at.Add(time.Duration(i)*time.Second), "198.51.100.1", "/de/p", 200, "Mozilla/5.0 (compatible; PriceBot/2.0; +http://x.example)"))
				}
			}
			return l
		}, "crawler", "crawlers made 200 of 400 requests (50 %), most of them PriceBot"},
		{"a scan for administrators' doors", 30, func(h int, at time.Time) []string {
			l := evenly(at, 100)
			for i, p := range []string{"/admin", "/wp-login.php", "/.env", "/phpmyadmin/", "/.git/config"} {
				for j := range 5 {
					if h == 12 {
						l = append(l, hit(at.Add(time.Duration(i*5+j)*time.Second), "198.51.100.9", p, 404, "zgrab/0.x"))
					}
				}
			}
			return l
		}, "scan", "25 refused requests for /admin and other paths that scanners try, from 1 client"},
		{"an administrator at work", 30, func(_ int, at time.Time) []string {
			return append(evenly(at, 100), hit(at, "10.0.9.9", "/admin/dashboard", 200, "Mozilla/5.0"))
		}, "", ""},
		{"a sleepy site", 48, func(h int, at time.Time) []string {
			if h%7 == 0 {
				return evenly(at, 1)
			}
			return nil
		}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := readAccess(t, logOf(c.hours, c.lines))
			if got := kinds(h); got != c.want {
				t.Fatalf("events %q, want %q: %+v", got, c.want, h.Events)
			}
			if c.want != "" && !strings.Contains(h.Events[0].Detail, c.says) {
				t.Errorf("%q does not say %q", h.Events[0].Detail, c.says)
			}
			if strings.Contains(fmt.Sprint(h.Events), "198.51.100") {
				t.Errorf("a client's address in %v", h.Events)
			}
		})
	}
}

func TestAccessHoursHaveNoGaps(t *testing.T) {
	h := readAccess(t, logOf(50, func(n int, at time.Time) []string {
		if n%9 == 0 {
			return evenly(at, 3)
		}
		return nil
	}))
	for i, hour := range h.Hours {
		if !hour.Start.Equal(h.From.Add(time.Duration(i) * time.Hour)) {
			t.Fatalf("hour %d starts at %s", i, hour.Start)
		}
	}
	if len(h.Hours) != 46 || h.Hours[9].Requests != 3 || h.Hours[9].PeakMinute != 1 || h.Hours[9].Bytes != 300 || h.Hours[8].Requests != 0 {
		t.Errorf("%d hours, the tenth %+v", len(h.Hours), h.Hours[9])
	}
}

// One server's silence is not the shop's.
func TestMergeAccess(t *testing.T) {
	a := readAccess(t, logOf(9*24, func(h int, at time.Time) []string {
		if h >= 100 && h < 104 {
			return nil
		}
		return evenly(at, dayLoad(at))
	}))
	b := readAccess(t, logOf(9*24, func(_ int, at time.Time) []string { return evenly(at, dayLoad(at)) }))
	if kinds(a) != eventOutage {
		t.Fatalf("one server's events: %v", a.Events)
	}
	both := MergeAccess([]*migrate.AccessHistory{a, nil, b})
	if len(both.Events) != 0 {
		t.Errorf("the shop's events: %v, want none", both.Events)
	}
	if both.Hours[0].Requests != a.Hours[0].Requests+b.Hours[0].Requests || len(both.Hours) != len(b.Hours) {
		t.Errorf("hours are not summed: %+v", both.Hours[0])
	}
	if MergeAccess(nil) != nil {
		t.Error("no history sums to none")
	}
}

func TestOutlierLimit(t *testing.T) {
	// Median 5, deviations 4 3 2 1 0 1 2 3 4: their median is 2.
	if got, want := outlierLimit([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}), 5+3.5*2/0.6745; math.Abs(got-want) > 1e-9 {
		t.Errorf("%g, want %g", got, want)
	}
	if got := outlierLimit(nil); got != 0 {
		t.Errorf("of nothing: %g", got)
	}
}
