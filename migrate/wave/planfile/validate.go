package planfile

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/internal/strict"
)

// KnownDispositions are the words of a server's fate.
var KnownDispositions = []string{"rehost", "replatform", "refactor", "repurchase", "retire", "retain", "relocate"}

type validator struct{ problems strict.Problems }

func (v *validator) add(path, format string, args ...any) { v.problems.Add(path, format, args...) }

// Validate returns everything that is wrong, and changes nothing.
func Validate(c *Config) strict.Problems {
	v := &validator{}
	if c.Schema != Schema {
		v.add("schema", "is %q; this program reads %s", c.Schema, Schema)
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" {
		v.add("timeZone", "%q is not a time zone such as Europe/Berlin", c.TimeZone)
	}
	v.target(c)
	v.windows(c)
	v.link(c)
	v.movers(c)
	v.teams(c)
	v.waves(c)
	v.sets(c)
	v.flows(c)
	v.conditions(c)
	return v.problems
}

func (v *validator) target(c *Config) {
	if c.Target.Start.IsZero() {
		v.add("target.start", "is missing: the first day on which data may replicate")
	}
	if c.Target.Deadline.IsZero() {
		v.add("target.deadline", "is missing: the last day of a change window")
	}
	if !c.Target.Start.IsZero() && !c.Target.Deadline.IsZero() {
		if c.Target.Deadline.Before(c.Target.Start) {
			v.add("target.deadline", "%s lies before target.start %s", c.Target.Deadline, c.Target.Start)
		} else if c.Target.Start.Add(10 * 366).Before(c.Target.Deadline) {
			v.add("target.deadline", "%s lies more than ten years after target.start", c.Target.Deadline)
		}
	}
}

func (v *validator) windows(c *Config) {
	if len(c.Windows.Weekly)+len(c.Windows.Dates) == 0 {
		v.add("windows", "has neither weekly nor dates")
	}
	for i, w := range c.Windows.Weekly {
		v.span(fmt.Sprintf("windows.weekly[%d].length", i), w.Length, 15, 7*24*60)
	}
	for i, w := range c.Windows.Dates {
		at := fmt.Sprintf("windows.dates[%d]", i)
		v.span(at+".length", w.Length, 15, 7*24*60)
		if w.Date.IsZero() {
			v.add(at+".date", "is missing")
		}
	}
	names := map[string]int{}
	for i, f := range c.Freezes {
		at := fmt.Sprintf("freezes[%d]", i)
		v.name(at, f.Name, i, names)
		if f.From.IsZero() || f.To.IsZero() {
			v.add(at, "needs from and to")
		} else if f.To.Before(f.From) {
			v.add(at+".to", "%s lies before from %s", f.To, f.From)
		}
	}
}

func (v *validator) name(at, name string, i int, seen map[string]int) {
	if name == "" {
		v.add(at+".name", "is missing")
		return
	}
	if first, twice := seen[name]; twice {
		v.add(at+".name", "%q is the name of entry %d too", name, first)
	}
	seen[name] = i
}

func (v *validator) span(at string, s, low, high Span) {
	if s < low || s > high {
		v.add(at, "%s lies outside %s to %s", s, low, high)
	}
}

func (v *validator) number(at string, n, low, high float64) {
	if math.IsNaN(n) || n < low || n > high {
		v.add(at, "%g lies outside %g to %g", n, low, high)
	}
}

func (v *validator) link(c *Config) {
	v.number("link.mbps", c.Link.Mbps, 0, 1e7)
	if !(c.Link.Efficiency > 0 && c.Link.Efficiency <= 1) {
		v.add("link.efficiency", "%g lies outside 0 (exclusive) to 1", c.Link.Efficiency)
	}
	v.span("replication.lead", c.Replication.Lead, 60, 366*24*60)
	if c.Replication.Margin >= c.Replication.Lead {
		v.add("replication.margin", "%s is not shorter than replication.lead %s", c.Replication.Margin, c.Replication.Lead)
	}
	v.number("replication.dailyChangePercent", c.Replication.DailyChangePercent, 0, 1000)
	for i, r := range c.Replication.Change {
		at := fmt.Sprintf("replication.change[%d]", i)
		r.Match.check(at+".match", v.add)
		v.number(at+".percent", r.Percent, 0, 1000)
	}
}

func (v *validator) movers(c *Config) {
	known := slices.Sorted(maps.Keys(c.Movers.Profiles))
	for _, name := range known {
		p := c.Movers.Profiles[name]
		if p.AtOnce < 0 || p.PerJob < 0 {
			v.add(fmt.Sprintf("movers.profiles[%s]", name), "limits may not be below 0")
		}
	}
	v.oneOf("movers.default", c.Movers.Default, known)
	for i, r := range c.Movers.Rules {
		at := fmt.Sprintf("movers.rules[%d]", i)
		r.Match.check(at+".match", v.add)
		v.oneOf(at+".mover", r.Mover, known)
	}
}

func (v *validator) oneOf(at, value string, known []string) {
	if !slices.Contains(known, value) {
		v.add(at, "%q is none of %s", value, strings.Join(known, ", "))
	}
}

func (v *validator) teams(c *Config) {
	known := slices.Sorted(maps.Keys(c.Teams))
	for _, name := range known {
		t := c.Teams[name]
		if t.People < 0 || t.People > 10000 {
			v.add(fmt.Sprintf("teams[%s].people", name), "%d lies outside 0 to 10000", t.People)
		}
		v.number(fmt.Sprintf("teams[%s].hours", name), t.Hours, 0, 168)
	}
	for i, e := range c.Effort {
		at := fmt.Sprintf("effort[%d]", i)
		e.Match.check(at+".match", v.add)
		v.oneOf(at+".team", e.Team, known)
		v.number(at+".hours", e.Hours, 0, 1000)
	}
}

func (v *validator) waves(c *Config) {
	w := c.Waves
	if w.Min < 0 {
		v.add("waves.min", "%d is below 0", w.Min)
	}
	if w.Max < 1 || w.Max < w.Min {
		v.add("waves.max", "%d is below %d", w.Max, max(1, w.Min))
	}
	if w.Parallel < 1 || w.Parallel > 16 {
		v.add("waves.parallel", "%d lies outside 1 to 16", w.Parallel)
	}
	if c.Pilot.Max < 0 || c.Pilot.Max > 9 {
		v.add("pilot.max", "%d lies outside 0 to 9: a pilot has under ten servers", c.Pilot.Max)
	}
	v.number("pilot.maxRisk", c.Pilot.MaxRisk, 0, 10)
	v.number("objective.risk", c.Objective.Risk, 0, 1e9)
	v.number("objective.window", c.Objective.Window, 0, 1e9)
	v.number("objective.balance", c.Objective.Balance, 0, 1e9)
}

func (v *validator) sets(c *Config) {
	for i, p := range c.Pins {
		at := fmt.Sprintf("pins[%d]", i)
		p.Match.check(at+".match", v.add)
		if p.Window < 0 {
			v.add(at+".window", "%d is below 1", p.Window)
		}
		if p.Window == 0 && p.On.IsZero() && p.NotBefore.IsZero() && p.NotAfter.IsZero() {
			v.add(at, "needs window, on, notBefore or notAfter")
		}
	}
	for i, e := range c.Exclude {
		at := fmt.Sprintf("exclude[%d]", i)
		e.Match.check(at+".match", v.add)
		if e.Reason == "" {
			v.add(at+".reason", "is missing: the report shows it")
		}
	}
	v.namedSets("together", c.Together)
	v.namedSets("apart", c.Apart)
	for i, d := range c.Dispositions {
		at := fmt.Sprintf("dispositions[%d]", i)
		d.Match.check(at+".match", v.add)
		v.oneOf(at+".disposition", d.Disposition, KnownDispositions)
	}
	for i, p := range c.Redundancy.Pairs {
		if len(p) != 2 || p[0] == p[1] {
			v.add(fmt.Sprintf("redundancy.pairs[%d]", i), "names %d servers; a pair has two", len(p))
		}
	}
	for i := range c.SharedServices {
		c.SharedServices[i].check(fmt.Sprintf("sharedServices[%d]", i), v.add)
	}
	v.oneOf("environments.scope", c.Environments.Scope, []string{"estate", "application"})
}

func (v *validator) namedSets(list string, sets []Set) {
	names := map[string]int{}
	for i, s := range sets {
		at := fmt.Sprintf("%s[%d]", list, i)
		v.name(at, s.Name, i, names)
		s.Match.check(at+".match", v.add)
	}
}

func (v *validator) flows(c *Config) {
	classes := []string{"application", "dns", "time", "monitoring", "scan", "collector", "backup", "management"}
	for i, class := range c.Dependencies.Classes {
		v.oneOf(fmt.Sprintf("dependencies.classes[%d]", i), class, classes)
	}
	v.number("dependencies.minGBPerDay", c.Dependencies.MinGBPerDay, 0, 1e9)
	v.number("dependencies.strongGBPerDay", c.Dependencies.StrongGBPerDay, 0, 1e9)
	v.number("dependencies.unmeasuredGBPerDay", c.Dependencies.UnmeasuredGBPerDay, 0, 1e9)
	v.number("dependencies.assumeDays", c.Dependencies.AssumeDays, 0.01, 3660)
	v.number("latency.addedMs", c.Latency.AddedMs, 0, 1e6)
	v.number("latency.budgetMs", c.Latency.BudgetMs, 0, 1e6)
	for i, r := range c.Latency.RoundTrips {
		at := fmt.Sprintf("latency.roundTrips[%d]", i)
		v.number(at+".perRequest", r.PerRequest, 0, 1e6)
		for j, p := range r.Ports {
			v.number(fmt.Sprintf("%s.ports[%d]", at, j), float64(p), 1, 65535)
		}
	}
	if c.Complexity.Peers < 1 {
		v.add("complexity.peers", "%d is below 1", c.Complexity.Peers)
	}
	v.number("complexity.gb", c.Complexity.GB, 0, 1e9)
}

func (v *validator) conditions(c *Config) {
	for _, id := range slices.Sorted(maps.Keys(c.Conditions)) {
		at, s := fmt.Sprintf("conditions[%s]", id), c.Conditions[id]
		if !slices.Contains(ConditionIDs, id) {
			v.add(at, "%s", "unknown key"+strict.Suggest(id, ConditionIDs))
			continue
		}
		v.number(at, s.Weight, 0, 1e9)
		if slices.Contains(AlwaysHard, id) && !s.Hard {
			v.add(at, "can only be hard: without it there is no plan")
		}
		if slices.Contains(MustBeHard, id) && s.Weight > 0 {
			v.add(at, "is hard or off; a weight has no meaning for it")
		}
	}
	for i, w := range c.Waivers {
		at := fmt.Sprintf("waivers[%d]", i)
		v.oneOf(at+".condition", w.Condition, ConditionIDs)
		if len(w.Servers) == 0 || w.Reason == "" {
			v.add(at, "needs servers and a reason")
		}
		if !slices.Contains(Waivable, w.Condition) && slices.Contains(ConditionIDs, w.Condition) {
			v.add(at+".condition", "%s can't be waived for single servers; only %s can", w.Condition, strings.Join(Waivable, ", "))
		}
	}
}

// Waivable are the conditions that speak of single servers or pairs of them.
var Waivable = []string{CondStrong, CondOrder, CondLatency, CondRedundancy, CondCritical, CondComplex, CondRetired}
