package wave

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

func sampleConfig(tb testing.TB) *planfile.Config {
	tb.Helper()
	data, err := os.ReadFile("../sample/plan.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	cfg, err := planfile.Parse(data)
	if err != nil {
		tb.Fatal(err)
	}
	return cfg
}

func BenchmarkSample(b *testing.B) {
	e, cfg := sample.Estate(1), sampleConfig(b)
	for b.Loop() {
		plan, err := Solve(context.Background(), e, cfg, Options{Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(plan.Objective.Total, "GB·days")
		b.ReportMetric(plan.Objective.Gap*100, "gap%")
	}
}

// BenchmarkGrowth shows time and memory from 1,000 to 20,000 servers, with
// three flows a server.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range []int{1000, 2000, 5000, 10000, 20000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			e, cfg := randomEstate(1, n, 3*n), longConfig(n)
			for b.Loop() {
				plan, err := Solve(context.Background(), e, cfg, Options{Seed: 1, Progress: func(s string) { b.Log(b.Elapsed(), s) }})
				if err != nil {
					b.Fatal(err)
				}
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.Sys)/1e6, "MB")
				b.ReportMetric(plan.Objective.Total, "GB·days")
				b.ReportMetric(plan.Objective.Gap*100, "gap%")
			}
		})
	}
}
