package runbook

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/internal/phrase"
)

// candidate is a step that a runbook has only when the wave calls for it.
type candidate struct {
	when bool
	step Step
}

const day = 24 * 60

func at(minute int) *int { return &minute }

// prepareSteps are the days before the window.
func prepareSteps(f *facts) []candidate {
	move := len(f.moving) > 0
	c := []candidate{
		{true, Step{ID: "announce", Title: "Announce the window", Owner: dutyComms, Minutes: 30, NotBefore: at(-7 * day),
			Actions: []string{"Tell the owners of the servers, customer service, the payment providers and the warehouse: date, what stops, whom to call"}}},
	}
	c = append(c, replicationSteps(f)...)
	ready := f.per("replication")
	return append(c,
		candidate{len(f.crossing) > 0, Step{ID: "firewall", Title: "Open the firewall between the sites for what will cross", Owner: dutyNetwork, Minutes: 60, NotBefore: at(-2 * day),
			Actions: crossingLines(f), Checks: []string{"every flow that will cross answers from a test server of the new site"}, Changes: true,
			Undo: &Undo{Title: "Close what was opened for this wave", Minutes: 15, Later: true}}},
		candidate{len(f.channels) > 0, Step{ID: "ttl", Title: "Lower the time to live of the shops' names to 60 seconds", Owner: dutyNetwork, Minutes: 15, NotBefore: at(-3 * day),
			Actions: append([]string{"At the DNS that answers today; the old time to live has to run out before T"}, f.hosts()...),
			Checks:  []string{"dig +noall +answer shows at most 60 for each name, from outside"}, Changes: true,
			Undo: &Undo{Title: "Raise the time to live again", Minutes: 15, Later: true}}},
		candidate{len(f.channels) > 0, Step{ID: "cutover-prepare", Title: "Put the old site's addresses into the stack, at today's share", Owner: dutyPlatform, Minutes: 20, After: []string{"ttl"}, NotBefore: at(-day),
			Commands: f.legacies(), Checks: []string{"the preview changes DNS records or a load balancer's pool; with Aurora, at the first cut-over, also the master's password and with it the back office's server, which is replaced", "the names still answer with the old site's addresses in today's share"}, Changes: true,
			Undo: &Undo{Title: "Leave it: the share is that of before", Later: true}}},
		candidate{move, Step{ID: "rehearse", Title: "Rehearse: launch copies at the new site, apart from everything, and check them", Owner: dutyPlatform, Minutes: 180, After: ready, NotBefore: at(-2 * day),
			Actions: []string{"Launch test copies in the isolated network", "Start the services and run the technical checks", "Measure how long each step took and put it into this runbook", "Delete the test copies"},
			Checks:  []string{"every server boots and its service answers", "no test copy reached production"}}},
		candidate{move, Step{ID: "backup", Title: "Back up everything that moves, and restore one database and one server from it", Owner: dutyOps, Minutes: 120, NotBefore: at(-day), Servers: f.all(),
			Checks: []string{"the restore was started and read, not only the backup's log"}}},
		candidate{true, Step{ID: "freeze", Title: "Freeze code and configuration", Owner: dutyApp, Minutes: 15, NotBefore: at(-day), Changes: true,
			Actions: []string{"Stop deployments to the wave's servers until the night is accepted"},
			Undo:    &Undo{Title: "Lift the freeze", Minutes: 5, Later: true}}},
		candidate{true, Step{ID: "people", Title: "Confirm the people, their access and their telephone numbers", Owner: dutyLead, Minutes: 30, NotBefore: at(-day),
			Checks: []string{"each owner of a step has logged on to both sites today", "a second person stands by for each"}}},
		candidate{true, Step{ID: "go-no-go", Title: "Decide whether the window opens", Owner: dutyLead, Minutes: 30, NotBefore: at(-120),
			After:   append([]string{"announce", "firewall", "ttl", "cutover-prepare", "rehearse", "backup", "freeze", "people"}, ready...),
			Actions: []string{"Go through the criteria one by one; a single no-go closes the window"}}},
	)
}

// replicationSteps start each tool when the plan has it start.
func replicationSteps(f *facts) []candidate {
	var out []candidate
	start, minutes := -int(f.plan.Link.LeadDays*day), 0
	if f.wave.ReplicationStart != nil && f.wave.ReplicationEnd != nil {
		start = f.minute(*f.wave.ReplicationStart)
		minutes = max(0, f.minute(*f.wave.ReplicationEnd)-start)
	}
	for _, m := range f.movers {
		p, _ := f.pace.mover(m)
		ids, _ := f.of(m)
		out = append(out, candidate{true, Step{ID: "replication-" + m, Title: fmt.Sprintf("Start replication with %s: %s", p.Name, phrase.Count(len(ids), "server")),
			Owner: dutyPlatform, Minutes: minutes, NotBefore: at(start), Servers: ids, Actions: []string{p.Start}, Changes: true,
			Checks: []string{fmt.Sprintf("the first copy of %s is complete %.0f hours before T", phrase.Count(len(ids), "server"), f.plan.Link.MarginHours)},
			Undo:   &Undo{Title: "Let replication go on for the next attempt", Later: true}}})
	}
	return out
}

func crossingLines(f *facts) []string {
	var out []string
	for _, c := range f.crossing {
		other := c.A
		if other == f.wave.ID {
			other = c.B
		}
		out = append(out, fmt.Sprintf("%s of servers with %s, %.1f GB a day for %.0f days", phrase.Count(c.Flows, "pair"), other, c.GBPerDay, c.Days))
	}
	return out
}

// per names the step of each mover: "launch" gives launch-mgn and so on.
func (f *facts) per(prefix string) []string {
	var out []string
	for _, m := range f.movers {
		out = append(out, prefix+"-"+m)
	}
	return out
}
