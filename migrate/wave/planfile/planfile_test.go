package planfile

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/storefront-toolkit/storefront/internal/strict"
	"github.com/storefront-toolkit/storefront/migrate"
)

const dates = "schema: storefront.plan-config/v1\ntarget: {start: 2026-09-01, deadline: 2026-10-12}\n"

func TestTemplateHoldsTheDefaults(t *testing.T) {
	fromTemplate, err := Parse(Template)
	if err != nil {
		t.Fatal(err)
	}
	fromNothing, err := Parse([]byte(dates))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromNothing, fromTemplate); diff != "" {
		t.Errorf("the template differs from the defaults (-default +template):\n%s", diff)
	}
	// Commented examples have to be right too.
	if _, err := Parse([]byte(uncomment(string(Template)))); err != nil {
		t.Errorf("with its examples: %v", err)
	}
}

// uncomment turns "# key:" examples into YAML and leaves prose alone.
func uncomment(text string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		body, found := strings.CutPrefix(strings.TrimLeft(line, " "), "# ")
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		word, _, colon := strings.Cut(strings.TrimSpace(body), ":")
		if found && (strings.HasPrefix(strings.TrimSpace(body), "- ") || colon && !strings.Contains(word, " ") && word != "Campaigns" && !strings.HasPrefix(body, "rehost")) {
			line = indent + body
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestProblemsCarryTheirPath(t *testing.T) {
	text := dates + `
timeZone: Mars/Base
pinz: []
windows:
  weekly: [{day: someday, start: "1:00", length: 4h}]
`
	wantAll(t, text, "windows.weekly[0].day: \"someday\" is not a day of the week", "pinz: unknown key; did you mean pins?")
	text = dates + `
waves: {min: 9, max: 3, paralel: 2}
pins:
  - {match: {servers: [a], rolls: [web]}, window: 1}
teams: {dba: {people: 2, hour: 8}}
`
	wantAll(t, text, "waves.paralel: unknown key; did you mean parallel?", "pins[0].match.rolls: unknown key; did you mean roles?",
		"teams[dba].hour: unknown key; did you mean hours?")
	text = `
schema: storefront.plan-config/v1
target: {start: 2026-10-12, deadline: 2026-09-01}
timeZone: Mars/Base
waves: {min: 9, max: 3}
pilot: {max: 12}
link: {mbps: -1, efficiency: 2}
pins: [{match: {}}]
effort: [{match: {all: true}, team: nobody, hours: 1}]
movers: {default: cart}
dispositions: [{match: {servers: ["a["]}, disposition: lift}]
redundancy: {pairs: [[a]]}
freezes: [{name: x, from: 2026-09-03, to: 2026-09-02}, {name: x, from: 2026-09-03, to: 2026-09-03}]
environments: {scope: planet}
conditions: {complete: off, wave-size: 3, latnecy: hard}
waivers: [{condition: pilot, servers: [a], reason: no}]
`
	wantAll(t, text, "target.deadline: 2026-09-01 lies before target.start", "timeZone: \"Mars/Base\"", "waves.max: 3 is below 9",
		"pilot.max: 12 lies outside 0 to 9", "link.mbps: -1", "link.efficiency: 2", "pins[0].match: names no servers", "pins[0]: needs window",
		"effort[0].team: \"nobody\" is none of", "movers.default: \"cart\"", "dispositions[0].disposition: \"lift\"", "is not a pattern",
		"redundancy.pairs[0]: names 1 servers", "freezes[0].to: 2026-09-02 lies before", "freezes[1].name: \"x\" is the name of entry 0 too",
		"environments.scope: \"planet\"", "conditions[complete]: can only be hard", "conditions[wave-size]: is hard or off",
		"conditions[latnecy]: unknown key; did you mean latency?", "waivers[0].condition: pilot can't be waived")
	wantAll(t, "schema: other\n", "target.start: is missing", "schema: is \"other\"")
	wantAll(t, "{", "read YAML")
}

func wantAll(t *testing.T, text string, want ...string) {
	t.Helper()
	_, err := Parse([]byte(text))
	if err == nil {
		t.Fatalf("no error for:\n%s", text)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("missing %q in:\n%v", w, err)
		}
	}
	var p strict.Problems
	if !errors.As(err, &p) || len(p) < len(want) {
		t.Errorf("problems are not listed one by one: %v", err)
	}
}

func TestMatch(t *testing.T) {
	s := &migrate.Server{ID: "de-web01.shop.example", Role: migrate.Inference{Value: "web"}, Criticality: "High"}
	for _, c := range []struct {
		name  string
		match Match
		want  bool
	}{
		{"nothing", Match{}, false},
		{"all", Match{All: true}, true},
		{"pattern", Match{Servers: []string{"de-web*"}}, true},
		{"both", Match{Servers: []string{"de-*"}, Roles: []string{"database"}}, false},
		{"case", Match{Criticality: []string{"high"}}, true},
		{"disposition", Match{Dispositions: []string{"retire"}}, true},
	} {
		if got := c.match.Fits(s, "retire"); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

func TestSpansAndDatesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Span(rapid.IntRange(0, 1_000_000).Draw(t, "minutes"))
		if back, err := ParseSpan(s.String()); err != nil || back != s {
			t.Fatalf("%s came back as %v, %v", s, back, err)
		}
		d := Date{2026, 1, 1}.Add(rapid.IntRange(-4000, 4000).Draw(t, "days"))
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%s came back as %v, %v", d, back, err)
		}
		c := Clock(rapid.IntRange(0, 1439).Draw(t, "clock"))
		if back, err := ParseClock(c.String()); err != nil || back != c {
			t.Fatalf("%s came back as %v, %v", c, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(Template)
	f.Add([]byte(dates))
	if data, err := os.ReadFile("../../sample/plan.yaml"); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, err := Parse(data)
		if (cfg == nil) == (err == nil) {
			t.Fatalf("config %v with error %v", cfg, err)
		}
	})
}
