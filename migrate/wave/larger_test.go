package wave

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

// TestLargerPlansPassTheChecker goes through coarsening, fixed borders and
// parallel waves, which small estates don't reach.
func TestLargerPlansPassTheChecker(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for _, c := range []struct{ servers, parallel int }{{150, 1}, {400, 2}, {900, 1}, {2500, 1}} {
		e, cfg := randomEstate(uint64(c.servers), c.servers, 3*c.servers), longConfig(c.servers)
		cfg.Waves.Min, cfg.Waves.Parallel = 3, c.parallel
		plan := mustSolve(t, e, cfg, Options{Seed: 3, Effort: 0.2})
		if r := wavecheck.Check(e, cfg, plan); r.HardBroken() {
			t.Errorf("%d servers: %+v", c.servers, r.Conditions)
		}
		o := plan.Objective
		if o.Bound > o.Total+1e-6 || o.Bound <= 0 {
			t.Errorf("%d servers: bound %g, total %g", c.servers, o.Bound, o.Total)
		}
		t.Logf("%d servers, %d parallel: total %.0f, bound %.0f, %d windows", c.servers, c.parallel, o.Total, o.Bound, o.Windows)
	}
}
