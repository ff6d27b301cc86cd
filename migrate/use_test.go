package migrate_test

import (
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestMeasured(t *testing.T) {
	start := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name             string
		samples          int
		step             time.Duration
		coverage         float64
		measured, rhythm bool
	}{
		{"one sample", 1, time.Hour, 1, false, false},
		{"two samples a month apart", 2, 720 * time.Hour, 1, false, false},
		{"twelve samples of an hour", 12, 5 * time.Minute, 1, false, false},
		{"many samples of an hour", 3600, time.Second, 1, false, false},
		{"a day by the hour", 24, time.Hour, 1, true, false},
		{"a day by the hour, a little short", 24, time.Hour - time.Second, 1, true, false},
		{"an hour less than a day", 23, time.Hour, 1, false, false},
		{"a day by two hours", 12, 2 * time.Hour, 1, true, false},
		{"a day with holes", 203, 5 * time.Minute, 0.7, true, false},
		{"a day with too many holes", 100, 5 * time.Minute, 0.35, false, false},
		{"six days", 144, time.Hour, 1, true, false},
		{"a week", 168, time.Hour, 1, true, true},
		{"a month by the day", 30, 24 * time.Hour, 1, true, true},
	} {
		// Holes make fewer samples of the same period.
		span := time.Duration(float64(c.step) * (float64(c.samples)/c.coverage - 1))
		m := &migrate.Measure{Samples: c.samples, Coverage: c.coverage}
		u := &migrate.Use{From: start, To: start.Add(span), CPU: m}
		if got, week := u.Measured(m, 0.5), u.MeasuredRhythm(m, 0.5); got != c.measured || week != c.rhythm {
			t.Errorf("%s: measured %v, a week %v; want %v, %v (%s)", c.name, got, week, c.measured, c.rhythm, u.Length(m))
		}
	}
	var none *migrate.Use
	if none.Measured(nil, 0) || (&migrate.Use{}).Measured(nil, 0) || (&migrate.Use{}).Measured(&migrate.Measure{Samples: 12}, 0) {
		t.Error("nothing is no measurement")
	}
}
