package wave

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

func TestLook2(t *testing.T) {
	e := sample.Estate(1)
	data, _ := os.ReadFile("testdata/sample.plan.yaml")
	cfg, _ := planfile.Parse(data)
	for _, effort := range []float64{0.3, 1, 3} {
		for seed := uint64(1); seed < 3; seed++ {
			start := time.Now()
			var mid time.Duration
			plan, err := Solve(context.Background(), e, cfg, Options{Seed: seed, Effort: effort, Progress: func(s string) { mid = time.Since(start) }})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("effort %g seed %d search %v all %v total %.2f bound %.2f moves %d %s", effort, seed, mid, time.Since(start), plan.Objective.Total, plan.Objective.Bound, plan.Objective.Moves, plan.Objective.BoundMethod)
		}
	}
}
