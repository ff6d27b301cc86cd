package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestChangeRate(t *testing.T) {
	writes := func(mean float64) edit {
		return func(s *migrate.Server) {
			s.Use = &migrate.Use{From: weekBefore, To: now, DiskMBps: &migrate.Measure{Samples: 100, Coverage: 1, Mean: mean}}
		}
	}
	// Half of 70 % of 1 Gbit/s is 43.75 MB/s.
	try(t, changeRate,
		scenario{"fast", estate(server("db01", writes(44))), want("medium db01"), 0},
		scenario{"slower", estate(server("db01", writes(43))), nil, 0},
		scenario{"not measured", estate(server("db01", measured(50, 50))), nil, 1},
	)
}
