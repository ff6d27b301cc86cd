package runbook

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/phrase"
)

const (
	beforeWindow = "before the window"
	beforeReturn = "before the point of no return"
)

// criteria are what has to hold, with the plan's own numbers.
func criteria(f *facts, rb *Runbook) []Criterion {
	teams := owners(f.plan)
	var out []Criterion
	add := func(when, duty, yes, no string) {
		out = append(out, Criterion{When: when, Owner: teams[duty], Go: yes, NoGo: no})
	}
	if len(f.moving) > 0 {
		add(beforeWindow, dutyPlatform, phrase.Count(len(f.moving), "server")+" replicate without error, lag below 15 minutes", "one server is still in its first copy")
		add(beforeWindow, dutyOps, "a backup of today was restored and read", "the newest backup that was read is older than a day")
		add(beforeWindow, dutyPlatform, "the rehearsal passed, and its durations are in this runbook", "a step was never rehearsed")
	}
	if before := f.earlier(); before != "" {
		add(beforeWindow, dutyLead, "the window before is accepted: "+before, "it went back, or is still watched with open faults")
	}
	add(beforeWindow, dutyLead, "every owner and stand-in is there", "an owner without a stand-in is missing")
	add(beforeWindow, dutyBusiness, "no campaign, freeze or fault of priority 1", "a fault of priority 1 is open, or a freeze is in force")
	for _, c := range f.plan.Conditions {
		if c.Severity == "hard" && c.State == "broken" {
			add(beforeWindow, dutyLead, "the plan's broken condition is accepted in writing: "+c.Title, "nobody signed for it")
		}
	}
	t := rb.Timing
	add(beforeReturn, dutyLead, fmt.Sprintf("it is not later than %s (%s)", label(t.DecisionLatest), rb.clock(t.DecisionLatest)), "it is later: the way back would not end in the window")
	if len(f.moving) > 0 {
		add(beforeReturn, dutyOps, "every check of the roles passed", "a check of a role that customers or users need failed")
	}
	if f.prodData {
		add(beforeReturn, dutyDatabase, "row counts, checksums and the last order number equal those noted", "one differs, without an explanation in writing")
	}
	if len(f.channels) > 0 {
		add(beforeReturn, dutyOps, "errors below 0.5 %, pages below twice the usual time", "either is exceeded for 5 minutes")
	}
	return out
}

// earlier names the waves of the last window before this wave's.
func (f *facts) earlier() string {
	var names []string
	last := f.plan.Start
	for _, w := range f.plan.Waves {
		if !w.Start.Before(f.wave.Start) || w.Start.Before(last) {
			continue
		}
		if w.Start.After(last) {
			names, last = nil, w.Start
		}
		names = append(names, w.ID)
	}
	return strings.Join(names, " and ")
}

// messages say who is told what.
func messages(f *facts, rb *Runbook) []Message {
	teams := owners(f.plan)
	by := map[string]Step{}
	for _, s := range rb.Steps {
		by[s.ID] = s
	}
	what := fmt.Sprintf("%s: %s of %s", rb.Wave, phrase.Count(len(rb.Servers), "server"), f.applications())
	stop := "No stop of the shop is planned."
	if f.shopData {
		stop = fmt.Sprintf("The shop takes no orders for about %d minutes from %s.", by["take"].Finish-by["orders-hold"].Start, rb.clock(by["orders-hold"].Start))
	} else if f.prodData {
		stop = fmt.Sprintf("The applications are closed for about %d minutes from %s.", by["take"].Finish-by["orders-hold"].Start, rb.clock(by["orders-hold"].Start))
	}
	window := fmt.Sprintf("%s to %s (%s)", rb.T.Format("Monday 2 January 2006 15:04"), rb.End.Format("15:04"), rb.TimeZone)
	out := []Message{
		{At: by["announce"].Start, Step: "announce", To: "owners, customer service, payment providers, warehouse", Text: fmt.Sprintf("We move %s on %s. %s", what, window, stop)},
		{At: by["people"].Start, Step: "people", To: "the night's people", Text: fmt.Sprintf("Tomorrow %s: bridge at T−15 min. Your steps are in the runbook.", window)},
		{At: by["open"].Start, Step: "open", To: "owners, customer service", Text: "The window is open. " + stop},
		{At: by["decide"].Finish, Step: "decide", To: "the bridge, the board's contact", Text: fmt.Sprintf("Decision: on or back. The last moment is %s.", rb.clock(rb.Timing.DecisionLatest))},
		{At: by["done"].Start, Step: "done", To: "owners, customer service, payment providers, warehouse", Text: rb.Wave + " runs at the new site. Report what looks wrong to the bridge's number."},
		{Step: backCall, To: "owners, customer service, payment providers, warehouse", Text: rb.Wave + " went back to the old site. Nothing is lost; a new date follows.", OnlyBack: true},
	}
	for i := range out {
		out[i].From = teams[dutyComms]
	}
	return out
}

// warn lists what makes the night doubtful.
func (rb *Runbook) warn(f *facts) {
	warn := func(format string, args ...any) { rb.Warnings = append(rb.Warnings, fmt.Sprintf(format, args...)) }
	t := rb.Timing
	if t.SlackMinutes < 0 {
		warn("the night takes %s, the window has %s: ask for a longer window, split the wave, or cut the critical path (%s)", span(t.NightMinutes), span(t.WindowMinutes), strings.Join(t.Critical, ", "))
	}
	if t.Decision > t.DecisionLatest {
		warn("the decision comes at %s, but the way back takes %s: after %s it would not end in the window", label(t.Decision), span(t.WayBackMinutes), label(t.DecisionLatest))
	}
	for _, s := range rb.Steps {
		if s.ID == "open" && s.Start > 0 {
			warn("preparation ends %s after T: start replication or the rehearsal earlier", span(s.Start))
		}
	}
	for _, s := range f.wave.Servers {
		if f.servers[s.ID] == nil {
			warn("server %s is in the plan and not in the estate: read the exports again and plan again", s.ID)
		}
	}
}
