package wave

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

func TestLook3(t *testing.T) {
	e := sample.Estate(1)
	data, _ := os.ReadFile("testdata/sample.plan.yaml")
	cfg, _ := planfile.Parse(data)
	m, _ := newModel(e, cfg)
	p := m.compile(nil, 0)
	p.tighten()
	t.Log(len(p.nodes), len(coarsen(p, 1)))
	for _, moves := range []int{30000, 100000, 300000} {
		for _, hot := range []float64{0.3, 1, 3, 10} {
			for _, cold := range []float64{0.001, 0.01, 0.05} {
				sum, worst := 0.0, 0.0
				start := time.Now()
				for seed := range uint64(8) {
					s := newSearch(context.Background(), p, seed)
					s.construct(int(seed))
					s.anneal(moves, hot, cold)
					s.restore()
					s.descend(20)
					v := s.bestScore.total + 10000*s.bestScore.broken
					sum += v
					worst = max(worst, v)
				}
				t.Logf("moves %d hot %g cold %g: mean %.1f worst %.1f, %v each", moves, hot, cold, sum/8, worst, time.Since(start)/8)
			}
		}
	}
}
