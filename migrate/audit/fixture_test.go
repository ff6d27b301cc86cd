package audit

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/storefront-toolkit/storefront/migrate"
)

// now is the moment at which the tests judge.
var now = time.Date(2026, 9, 7, 6, 0, 0, 0, time.UTC)

// scenario is an estate and what a check has to say of it: each wanted finding
// as its severity and its subjects, and the number of unjudged reasons.
type scenario struct {
	name     string
	estate   *migrate.Estate
	want     []string
	unjudged int
}

func want(findings ...string) []string { return findings }

// try runs one check on each scenario.
func try(t *testing.T, check Check, scenarios ...scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(strings.ReplaceAll(s.name, " ", "-"), func(t *testing.T) {
			t.Helper()
			options := DefaultOptions()
			options.AsOf = now
			hits, unjudged := check.Find(newInput(s.estate, options))
			var got []string
			for _, hit := range hits {
				f := check.finding(hit)
				got = append(got, strings.TrimSpace(string(f.Severity)+" "+strings.Join(f.Subjects, " ")))
				if len(f.Evidence) == 0 || slices.Contains(f.Evidence, "") {
					t.Errorf("a finding without evidence: %v", f)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if len(unjudged) != s.unjudged {
				t.Errorf("%d reasons not to judge, want %d: %+v", len(unjudged), s.unjudged, unjudged)
			}
		})
	}
}

type edit func(*migrate.Server)

func estate(servers ...migrate.Server) *migrate.Estate {
	return &migrate.Estate{Schema: migrate.EstateSchema, Servers: servers}
}

// server is a production VM that runs, unless the edits say otherwise.
func server(id string, edits ...edit) migrate.Server {
	s := migrate.Server{ID: id, Name: id, Kind: migrate.KindVM, Power: migrate.PowerOn,
		Environment: migrate.Inference{Value: "production"}}
	for _, e := range edits {
		e(&s)
	}
	return s
}

func role(name string) edit { return func(s *migrate.Server) { s.Role.Value = name } }
func confidence(c float64) edit {
	return func(s *migrate.Server) { s.Role.Confidence, s.Role.Evidence = c, []string{"the name"} }
}
func env(name string) edit  { return func(s *migrate.Server) { s.Environment.Value = name } }
func app(name string) edit  { return func(s *migrate.Server) { s.Application.Value = name } }
func host(name string) edit { return func(s *migrate.Server) { s.Host = name } }
func off(s *migrate.Server) { s.Power = migrate.PowerOff }

func template(s *migrate.Server) { s.Kind = migrate.KindTemplate }

func flows(e *migrate.Estate, list ...migrate.Flow) *migrate.Estate {
	e.Flows = append(e.Flows, list...)
	return e
}

func flow(from, to string, port int) migrate.Flow {
	return migrate.Flow{From: from, To: to, Port: port, Protocol: "tcp", Class: migrate.FlowApplication, Kind: "observed"}
}

func fromOutside(from, to string, port int) migrate.Flow {
	f := flow(from, to, port)
	f.FromOutside = true
	return f
}

func toOutside(from, to string, port int) migrate.Flow {
	f := flow(from, to, port)
	f.ToOutside = true
	return f
}

func class(f migrate.Flow, c migrate.FlowClass) migrate.Flow {
	f.Class = c
	return f
}
