package wave

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate/sample"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

func TestLook(t *testing.T) {
	e := sample.Estate(1)
	data, _ := os.ReadFile("testdata/sample.plan.yaml")
	cfg, err := planfile.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	m, _ := newModel(e, cfg)
	p := m.compile(nil, -1)
	t.Log(len(e.Servers), len(e.Flows), len(m.deps), len(m.pairs), len(m.instances), len(p.nodes), p.dead)
	for i := range p.nodes {
		if len(p.nodes[i].parts) > 1 {
			s := ""
			for _, x := range p.nodes[i].parts {
				s += " " + m.id(int(x))
			}
			t.Log(len(p.nodes[i].parts), s)
		}
	}
	kinds := map[string]int{}
	for _, in := range m.instances {
		kinds[in.cond]++
	}
	t.Log(kinds, m.notes)
	plan, err := Solve(context.Background(), e, cfg, Options{Seed: 1})
	t.Log(time.Since(start), err)
	if err == nil {
		t.Logf("%+v", plan.Objective)
		for _, w := range plan.Waves {
			t.Log(w.ID, w.Start, len(w.Servers), w.DataGB, w.Risk)
		}
		for _, c := range plan.Conditions {
			t.Log(c.ID, c.State, c.Instances, c.Broken, c.Penalty, c.Evidence)
		}
	}
}
