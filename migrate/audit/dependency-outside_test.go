package audit

import (
	"fmt"
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDependencyOutside(t *testing.T) {
	web := server("web01", role("web"))
	many := estate(web)
	for i := range 25 {
		many = flows(many, toOutside("web01", fmt.Sprintf("203.0.113.%d", i), 443))
	}
	try(t, dependencyOutside,
		scenario{"a forgotten system", flows(estate(web), toOutside("web01", "10.77.0.9", 8080)), want("medium web01"), 0},
		scenario{"a partner", flows(estate(web), toOutside("web01", "203.0.113.9", 443)), want("low web01"), 0},
		scenario{"a partner by name", flows(estate(web), toOutside("web01", "api.pay.example", 443)), want("low web01"), 0},
		scenario{"many partners are one finding", many, want("low web01"), 0},
		scenario{"name lookups", flows(estate(web), class(toOutside("web01", "10.77.0.53", 53), migrate.FlowDNS)), nil, 0},
		scenario{"from test", flows(estate(server("t1", env("test"))), toOutside("t1", "10.77.0.9", 8080)), nil, 0},
		scenario{"inside", flows(estate(web, server("db01")), flow("web01", "db01", 3306)), nil, 0},
		scenario{"no traffic known", estate(web), nil, 1},
	)
	hits, _ := dependencyOutside.Find(newInput(many, DefaultOptions()))
	if got := hits[0].Evidence[mostPartners]; len(hits[0].Evidence) != mostPartners+1 || got != "and 5 more" {
		t.Errorf("evidence of 25 partners ends in %q", got)
	}
}

func TestFlowTextNamesItsSource(t *testing.T) {
	e := estate(server("web01"))
	e.Sources = []migrate.Source{{ID: "S2", Name: "flows.csv"}}
	f := toOutside("web01", "203.0.113.9", 443)
	f.Sources, f.Connections = []string{"S2"}, 12
	want := "observed web01 → 203.0.113.9 tcp/443, 12 connections (flows.csv)"
	if got := newInput(e, DefaultOptions()).flowText(&f); got != want {
		t.Errorf("flowText = %q, want %q", got, want)
	}
}
