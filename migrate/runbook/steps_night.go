package runbook

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/phrase"
)

// holdSteps stop whatever could change data behind the move's back.
func holdSteps(f *facts) []candidate {
	p, move := f.pace, len(f.moving) > 0
	holdTitle, holdCheck := "Stop users and interfaces of "+f.applications(), "no user is logged on and no interface has a file or message in flight"
	if f.shopData {
		holdTitle, holdCheck = "Hold orders: check-out shows the queue page", "no new order number for 5 minutes"
	}
	return []candidate{
		{true, Step{ID: "open", Title: "Open the bridge, call the roll, open the window", Owner: dutyLead, Minutes: p.Roll, After: []string{"go-no-go"}, NotBefore: at(0)}},
		{true, Step{ID: "silence", Title: "Silence the monitoring of the wave's servers until the window's end", Owner: dutyOps, Minutes: p.Hold, After: []string{"open"}, Changes: true,
			Checks: []string{"the rest of the estate still alerts"},
			Undo:   &Undo{Title: "Lift the silences of the old servers", Minutes: 2, Reopens: true}}},
		{move, Step{ID: "cron-off", Title: "Stop schedulers and queue workers on the old servers", Owner: dutyApp, Minutes: p.Hold, After: []string{"open"}, Servers: f.schedulers(), Changes: true,
			Actions: []string{"From here on schedulers run on one side only: on none until the new site is accepted"},
			Checks:  []string{"no job of the shop is running"},
			Undo:    &Undo{Title: "Start schedulers and queue workers on the old servers", Minutes: p.Hold, Reopens: true, Checks: []string{"none runs at the new site"}}}},
		{f.prodWeb && !f.shopData, Step{ID: "pool-out", Title: "Take the wave's web servers out of the old load balancers' pools", Owner: dutyNetwork, Minutes: p.Hold, After: []string{"silence"}, Servers: f.ids("web"), Changes: true,
			Checks: []string{"the servers that stay carry the load; a channel without any shows the queue page"},
			Undo:   &Undo{Title: "Put the web servers back into the old pools", Minutes: p.Hold, Reopens: true}}},
		{f.mailHeld(), Step{ID: "mail-hold", Title: "Hold outgoing mail in the queue", Owner: dutyOps, Minutes: p.Hold, After: []string{"open"}, Servers: f.ids("mail"), Changes: true,
			Commands: []string{"postconf -e defer_transports=smtp && postfix reload"},
			Undo:     &Undo{Title: "Release outgoing mail at the old site", Minutes: 2, Reopens: true, Commands: []string{"postconf -X defer_transports && postfix reload && postqueue -f"}}}},
		{f.prodData, Step{ID: "orders-hold", Title: holdTitle, Owner: dutyApp, Minutes: p.Hold, After: []string{"open", "silence"}, Changes: true,
			Actions: holdActions(f), Checks: []string{holdCheck},
			Undo: &Undo{Title: "Let customers and users in again at the old site", Minutes: p.Hold, Reopens: true, Checks: []string{"a new order or booking is in the old database"}}}},
		{f.prodData, Step{ID: "drain", Title: "Let open check-outs, payments and messages end", Owner: dutyApp, Minutes: p.Drain, After: []string{"orders-hold", "cron-off"},
			Checks: []string{"no payment is pending without an answer", "the message queues are empty"}}},
		{f.prodData, Step{ID: "last-order", Title: "Note the last order number and the row counts", Owner: dutyDatabase, Minutes: p.Hold, After: []string{"drain"},
			Actions: []string{"Per country: last order number, orders of today and their sum", "Per table of orders, payments and stock: row count and checksum"}}},
		{len(f.primaries) > 0, Step{ID: "db-readonly", Title: "Set the old databases read-only", Owner: dutyDatabase, Minutes: p.ReadOnly, After: []string{"last-order", "cron-off"}, Servers: f.primaries, Changes: true,
			Commands: []string{"SET GLOBAL super_read_only = ON;"}, Checks: []string{"an insert is refused"},
			Undo: &Undo{Title: "Set the old databases writable", Minutes: p.ReadOnly, Commands: []string{"SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF;"}, Checks: []string{"an insert works"}}}},
		{len(f.primaries) > 0, Step{ID: "db-lag", Title: "Wait until no transaction is missing at the new site", Owner: dutyDatabase, Minutes: p.Lag, After: []string{"db-readonly"}, Servers: f.primaries,
			Commands: []string{"SHOW REPLICA STATUS\\G"}, Checks: lagChecks(f)}},
		{len(f.ids("media")) > 0, Step{ID: "media-hold", Title: "Set the old media store read-only", Owner: dutyPlatform, Minutes: p.Hold, After: []string{"cron-off", "orders-hold"}, Servers: f.ids("media"), Changes: true,
			Actions: []string{"Export it read-only to all its clients"}, Checks: []string{"an upload in the admin is refused"},
			Undo: &Undo{Title: "Set the old media store writable", Minutes: 2, Checks: []string{"an upload in the admin works"}}}},
	}
}

func holdActions(f *facts) []string {
	if !f.shopData {
		return []string{"Tell the users, close the log-on, hold the interfaces at their queues"}
	}
	return []string{
		"Put check-out of all countries on the queue page; carts stay; from the stop of the servers on the CDN shows the queue page for all",
		"Payment answers are kept in the queue, not refused, so that no paid order is lost",
		"Hold the interfaces to warehouse and accounting at their queues",
	}
}

func lagChecks(f *facts) []string {
	checks := []string{"Seconds_Behind_Source is 0 and the executed GTID set equals the primary's, on every replica"}
	if len(f.native) < len(f.primaries) {
		checks = append(checks, "of databases that move as whole servers: the mover's own lag is none")
	}
	return checks
}

// stopActions are how the old servers go down.
func stopActions(f *facts) []string {
	out := []string{"In the reverse of the start order; old load balancers that show the queue page last", "Set them not to start by themselves"}
	if len(f.ids("database")) > 0 {
		out = append([]string{"Stop the database engines first, cleanly: their logs end with a complete shutdown"}, out...)
	}
	return out
}

// promote is how new databases become writable: one that has moved as a whole
// server has to recover first, one that replicated stops to be a replica.
func promote(f *facts) (actions, commands []string) {
	if len(f.native) < len(f.primaries) {
		actions = append(actions, "Whole servers: start the engine, let it recover, and read its log")
	}
	if len(f.native) > 0 {
		commands = append(commands, "STOP REPLICA; RESET REPLICA ALL;")
	}
	return actions, append(commands, "SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF;")
}

// sessionSteps keep the sessions: a store that moves as a whole server is
// written to disk and compared, another one is copied and takes over.
func sessionSteps(f *facts) (last, take Step) {
	ids := f.ids("sessions")
	last = Step{ID: "sessions-copy", Title: "Copy the sessions and carts a last time", Owner: dutyPlatform, Minutes: f.pace.Lag, After: []string{"orders-hold", "cron-off"}, Servers: ids,
		Checks: []string{"the number of keys is equal on both sides"}}
	take = Step{ID: "sessions-take", Title: "Make the new session store the one that is written", Owner: dutyPlatform, Minutes: 3, After: append([]string{"sessions-copy"}, f.per("launch")...), Servers: ids, Changes: true,
		Commands: []string{"redis-cli REPLICAOF NO ONE"}, Undo: &Undo{Title: "Leave the new session store; the old one is unchanged"}}
	if !f.sessionsNative {
		last.Title, last.Commands, last.Checks = "Write the sessions and carts to disk", []string{"redis-cli BGSAVE", "redis-cli DBSIZE"}, []string{"the save ended without error; the number of keys is noted"}
		take.Title, take.Commands, take.Checks = "Start the session store and compare its keys", []string{"redis-cli DBSIZE"}, []string{"as many keys as noted, but for those that ran out"}
	}
	return last, take
}

// moveSteps bring the last differences over and the servers up.
func moveSteps(f *facts) []candidate {
	p := f.pace
	sessionsLast, _ := sessionSteps(f)
	out := []candidate{
		{len(f.ids("sessions")) > 0, sessionsLast},
		{len(f.moving) > 0, Step{ID: "servers-stop", Title: "Shut down " + phrase.Count(len(f.moving), "old server"), Owner: dutyPlatform, Minutes: p.Stop, Servers: f.all(), Changes: true,
			After:   []string{"silence", "cron-off", "pool-out", "mail-hold", "drain", "db-lag", "media-final", "sessions-copy"},
			Actions: stopActions(f),
			Undo:    &Undo{Title: "Start the old servers in their order", Minutes: p.Stop, Actions: f.startOrder(), Checks: []string{"every service answers"}}}},
	}
	if ids := f.ids("media"); len(ids) > 0 {
		out = append(out, candidate{true, Step{ID: "media-final", Title: "Copy the media that changed since the last pass", Owner: dutyPlatform, After: []string{"media-hold"}, Servers: ids,
			Minutes: syncMinutes(f.mediaGBPerDay, f.mediaLag(), f.usableMbps),
			Actions: []string{fmt.Sprintf("%.1f GB change in a day", f.mediaGBPerDay)},
			Checks:  []string{"number and total size of files are equal", "100 random files have equal checksums"}}})
	}
	for _, m := range f.movers {
		out = append(out, moverSteps(f, m)...)
	}
	return out
}

// mediaLag is the age of the newest copy of the media.
func (f *facts) mediaLag() float64 {
	lag := 0.0
	for _, s := range f.moving {
		if role(s) == "media" {
			m, _ := f.pace.mover(s.Mover)
			lag = max(lag, m.LagHours)
		}
	}
	return lag
}

// moverSteps are the last difference and the launch with one tool.
func moverSteps(f *facts, mover string) []candidate {
	p, _ := f.pace.mover(mover)
	ids, change := f.of(mover)
	for _, s := range f.moving {
		if s.Mover == mover && role(s) == "media" {
			change -= s.ChangeGBPerDay // media-final has sent it
		}
	}
	jobs := f.jobs(mover)
	return []candidate{
		{true, Step{ID: "sync-" + mover, Title: "Send the last differences with " + p.Name, Owner: dutyPlatform, After: []string{"servers-stop"}, Servers: ids,
			Minutes: syncMinutes(max(0, change), p.LagHours, f.usableMbps), Actions: []string{p.Sync, fmt.Sprintf("%.1f GB change in a day; the copy is at most %g hours old", max(0, change), p.LagHours)}}},
		{true, Step{ID: "launch-" + mover, Title: fmt.Sprintf("Launch %s at the new site with %s", phrase.Count(len(ids), "server"), p.Name), Owner: dutyPlatform, After: []string{"sync-" + mover}, Servers: ids,
			Minutes: p.Launch * jobs, Actions: []string{p.Cut, phrase.Count(jobs, "job") + ", one after the other"}, Checks: []string{"every server has its address and can be logged on to"}, Changes: true,
			Undo: &Undo{Title: "Take the launch back", Minutes: p.Back, Actions: []string{p.Undo}}}},
	}
}

// dataSteps make the new site the one that counts, behind the scenes.
func dataSteps(f *facts) []candidate {
	p, move := f.pace, len(f.moving) > 0
	launched := f.per("launch")
	_, sessionsTake := sessionSteps(f)
	recovery, writable := promote(f)
	warm := f.prodWeb || len(f.ids("cache")) > 0
	return []candidate{
		{len(f.primaries) > 0, Step{ID: "db-promote", Title: "Make the new databases writable", Owner: dutyDatabase, Minutes: p.Promote, After: append([]string{"db-lag"}, launched...), Servers: f.primaries, Changes: true,
			Actions: recovery, Commands: writable,
			Checks: []string{"last order number, row counts and checksums equal those noted", "the old databases are still read-only"},
			Undo:   &Undo{Title: "Set the new databases read-only", Minutes: p.ReadOnly, Commands: []string{"SET GLOBAL super_read_only = ON;"}, Checks: []string{"nothing but test orders was written at the new site"}}}},
		{len(f.ids("sessions")) > 0, sessionsTake},
		{move, Step{ID: "names", Title: "Point the internal names at the new addresses", Owner: dutyNetwork, Minutes: p.Names, After: append([]string{"db-promote"}, launched...), Changes: true,
			Actions: []string{fmt.Sprintf("%d names, from the list made in the rehearsal; the rest of the old site keeps using them over the link", len(f.moving))},
			Checks:  []string{"the names resolve to the new addresses at both sites"},
			Undo:    &Undo{Title: "Point the internal names at the old addresses", Minutes: p.Names}}},
		{move, Step{ID: "services", Title: "Start the services in their order", Owner: dutyApp, Minutes: p.Services, After: append([]string{"names", "sessions-take"}, launched...), Changes: true,
			Actions: f.startOrder(), Checks: []string{"no service has an address of the old site in its open connections, but for those that cross as planned"},
			Undo: &Undo{Title: "Stop the services at the new site", Minutes: p.Hold}}},
		{len(f.ids("search")) > 0, Step{ID: "reindex", Title: f.reindexTitle(), Owner: dutyApp, Minutes: p.reindexMinutes(f.rebuildGB), After: []string{"services"}, Servers: f.ids("search"), Changes: true,
			Commands: []string{"bin/magento indexer:reindex catalogsearch_fulltext"}, Checks: []string{"as many documents as products on sale", "the ten most frequent searches give what they gave before"},
			Undo: &Undo{Title: "Leave the new index; the old one is unchanged"}}},
		{warm, Step{ID: "cache-warm", Title: "Warm the caches", Owner: dutyApp, Minutes: p.Hold, After: []string{"services"},
			Actions: []string{"Fetch the home page, the categories and the hundred best sellers of each channel from inside"}}},
	}
}

// reindexTitle says whether the index comes with its server.
func (f *facts) reindexTitle() string {
	if f.rebuildGB > 0 {
		return fmt.Sprintf("Build the search index anew: at most %.1f GB", f.rebuildGB)
	}
	return "Bring the search index up to date; it came with its servers"
}

// schedulers are the servers on which jobs may run.
func (f *facts) schedulers() []string {
	return f.ids("admin", "deploy", "web", "erp", "pim", "other", "")
}

func (f *facts) mailHeld() bool { return len(f.ids("mail")) > 0 || f.shopData }

// roleChecks are the technical checks of a role.
var roleChecks = []struct{ role, check string }{
	{"directory", "log-on works and replication with the other directory servers has no error"},
	{"dns", "names of both sites resolve from both sites"},
	{"time", "the clocks of the wave's servers differ by less than 100 ms"},
	{"database", "connections, replication and slow queries are as before"},
	{"sessions", "a session from before the window is still logged on"},
	{"cache", "the hit rate rises"},
	{"search", "a search answers in less than 200 ms"},
	{"media", "images load, and an upload appears in the shop"},
	{"web", "HTTP 200 from every web server, no error in its log"},
	{"static", "HTTP 200 and the right content type for style, script and image"},
	{"edge", "every virtual address answers with a valid certificate"},
	{"admin", "log-on to the admin works through the VPN and from nowhere else"},
	{"deploy", "a deployment to a test server works"},
	{"mail", "a mail to an outside address arrives and passes SPF and DKIM"},
	{"payment", "a payment of each kind is authorised and cancelled"},
	{"monitoring", "every new server reports; a test alert reaches the telephone"},
	{"backup", "a backup of one new server runs"},
	{"vpn", "two people have logged on through it"},
	{"analytics", "today's events arrive"},
	{"erp", "an order goes to accounting and back"},
	{"pim", "a changed product appears in the shop"},
	{"file", "a user opens and saves a file"},
}

func (f *facts) smokeChecks() []string {
	var out []string
	for _, c := range roleChecks {
		if ids := f.ids(c.role); len(ids) > 0 {
			out = append(out, fmt.Sprintf("%s (%s): %s", c.role, short(ids), c.check))
		}
	}
	return out
}

// short lists a few names and counts the rest.
func short(ids []string) string {
	if len(ids) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:3], ", "), len(ids)-3)
	}
	return strings.Join(ids, ", ")
}
