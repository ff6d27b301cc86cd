package wave

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// TestConflictOfManyServers names a conflict in an estate that is too large to
// search completely.
func TestConflictOfManyServers(t *testing.T) {
	e, cfg := randomEstate(1, 5000, 15000), longConfig(5000)
	cfg.Waves.Max = 100
	start := time.Now()
	_, err := Solve(context.Background(), e, cfg, Options{Seed: 1})
	var conflict *Infeasible
	if !errors.As(err, &conflict) {
		t.Fatal(err)
	}
	t.Logf("%v\n%v", time.Since(start), err)
	if len(conflict.Conflicts) != 1 || !strings.Contains(conflict.Conflicts[0].Conditions[0], "wave-size: at most 100 servers") {
		t.Errorf("%+v", conflict)
	}
}

// TestConflictsOfTheSample names what the default configuration can't do for
// the sample: one wrong setting of a test server, and a shop that has to move
// as a whole with a database that a wave of 60 does not hold.
func TestConflictsOfTheSample(t *testing.T) {
	cfg := planfile.Default(planfile.Date{Year: 2026, Month: 9, Day: 1}, planfile.Date{Year: 2026, Month: 10, Day: 12})
	_, err := Solve(context.Background(), sample.Estate(1), cfg, Options{Seed: 1})
	var conflict *Infeasible
	if !errors.As(err, &conflict) || len(conflict.Conflicts) != 2 {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"test-web02 calls db-replica01", "environment-mix: no wave with production and other environments", "wave-size: at most 60 servers", "more of this kind"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in %v", want, err)
		}
	}
}
