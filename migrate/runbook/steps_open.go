package runbook

import "fmt"

// verifySteps look before anybody else does.
func verifySteps(f *facts) []candidate {
	p, shop := f.pace, f.prodWeb || f.shopData
	return []candidate{
		{len(f.moving) > 0, Step{ID: "smoke", Title: "Check every role of the wave", Owner: dutyOps, Minutes: p.Smoke, After: []string{"services", "reindex"}, Checks: f.smokeChecks()}},
		{shop, Step{ID: "shop-test", Title: "Order in every channel, by people whose hosts file points at the new site", Owner: dutyBusiness, Minutes: p.Shop, After: []string{"smoke", "cache-warm"},
			Checks: []string{"search, product, cart, log-on, payment by each method, confirmation by mail", "the test order is in the new database, and in no other; it is cancelled"}}},
		{f.prodData && !f.shopData || len(f.moving) > 0 && !shop, Step{ID: "users-test", Title: "Owners check their applications: " + f.applications(), Owner: dutyBusiness, Minutes: p.Shop, After: []string{"smoke"},
			Checks: []string{"each owner says yes or no on the bridge"}}},
	}
}

// switchSteps bring the visitors over.
func switchSteps(f *facts) []candidate {
	p, on, first := f.pace, len(f.channels) > 0, f.first()
	was := func(s Switch) int { return s.From }
	back := func() *Undo {
		return &Undo{Title: "Send all visitors to where they were", Owner: dutyPlatform, Minutes: p.Deploy, Commands: f.shares(was), Checks: []string{"the names answer as before the window"}}
	}
	return []candidate{
		{on && first, Step{ID: "share-first", Title: fmt.Sprintf("Send %d %% of the visitors to the new site", p.FirstShare), Owner: dutyPlatform, Minutes: p.Deploy, After: []string{"shop-test", "users-test"}, Changes: true,
			Commands: f.shares(func(s Switch) int { return max(s.From, s.First) }), Checks: []string{"the preview changes weights of DNS records or of a load balancer's pool, and nothing else"}, Undo: back()}},
		{on && first, Step{ID: "look-first", Title: "Watch errors, response times and orders of the first visitors", Owner: dutyOps, Minutes: p.Look, After: []string{"share-first"}, Checks: trafficChecks()}},
		{on, Step{ID: "share-all", Title: "Send the visitors to the new site: " + shareText(f), Owner: dutyPlatform, Minutes: p.Deploy, After: []string{"look-first", "shop-test", "users-test"}, Changes: true,
			Commands: f.shares(func(s Switch) int { return s.To }), Checks: []string{"the preview changes weights of DNS records, with a CDN also creates their IPv6 records at 100 %, or changes weights of a load balancer's pool, and nothing else", "resolvers of three providers give the new addresses"}, Undo: back()}},
		{on && f.shopData, Step{ID: "old-forward", Title: "Forward what still comes to the old addresses to the new site", Owner: dutyNetwork, Minutes: p.Names, After: []string{"shop-test"}, Changes: true,
			Actions: []string{"Some resolvers keep names longer than they may; their visitors must not see the old shop"},
			Checks:  []string{"a request to an old address is answered by the new site"}, Undo: &Undo{Title: "Take the forwarding back", Minutes: p.Names}}},
		{on, Step{ID: "look", Title: "Watch errors, response times and carts", Owner: dutyOps, Minutes: p.Look, After: []string{"share-all", "old-forward"}, Checks: trafficChecks()}},
	}
}

func trafficChecks() []string {
	return []string{"errors below 0.5 % of requests", "95 % of pages below twice the usual time", "the CPU of the new web servers is below 60 %"}
}

func shareText(f *facts) string {
	s := ""
	for i, c := range f.channels {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%s to %d %%", c.Channel, c.To)
	}
	return s
}

// openSteps are the decision, the point of no return, and the end of the night.
func openSteps(f *facts) []candidate {
	p, move := f.pace, len(f.moving) > 0
	take, why := "Accept the new servers: from now on what they write counts", "the old servers fall behind from here on"
	if f.shopData {
		take, why = "Take orders at the new site", "orders exist only at the new site from here on"
	} else if f.prodData {
		take, why = "Let users and interfaces in at the new site", "bookings exist only at the new site from here on"
	} else if !move {
		take, why = "Shut down the retired servers", "they can be started again until they are released"
	}
	return []candidate{
		{true, Step{ID: "decide", Title: "Decide: go on, or go back", Owner: dutyLead, Minutes: p.Decide, After: []string{"look", "shop-test", "users-test", "smoke", "silence"}, Decision: true,
			Actions: []string{"Ask every owner of a check; go through the criteria", "Go back without discussion where the time of the last decision has passed"}}},
		{true, Step{ID: "take", Title: take, Owner: dutyApp, Minutes: p.Hold, After: []string{"decide"}, Changes: true, PointOfNoReturn: true, Servers: retiredOnly(f),
			Actions: []string{"Point of no return: " + why + "; afterwards faults are mended at the new site"}, Checks: takeChecks(f)}},
		{move, Step{ID: "cron-on", Title: "Start schedulers and queue workers at the new site only", Owner: dutyApp, Minutes: p.Hold, After: []string{"take"}, Changes: true,
			Checks: []string{"each job runs on one server; none on an old one"}}},
		{f.mailHeld(), Step{ID: "mail-release", Title: "Release the mail that was held", Owner: dutyOps, Minutes: p.Hold, After: []string{"take"}, Changes: true,
			Commands: []string{"postconf -X defer_transports && postfix reload && postqueue -f"}}},
		{f.prodData, Step{ID: "reconcile", Title: "Compare orders, payments and stock with what was noted", Owner: dutyBusiness, Minutes: p.Reconcile, After: []string{"take", "cron-on"},
			Checks: []string{"the first new order number follows the last one noted", "every payment of the night has its order", "stock differs by the new orders only"}}},
		{move && len(f.retired) > 0, Step{ID: "retire", Title: "Shut down the retired servers", Owner: dutyPlatform, Minutes: p.Hold, After: []string{"take"}, Servers: f.retired, Changes: true,
			Checks: []string{"no traffic but monitoring reached them in the last 7 days"}, Undo: &Undo{Title: "Start the retired servers", Minutes: p.Stop, Later: true}}},
		{true, Step{ID: "silence-off", Title: "Lift the silences; the new servers alert", Owner: dutyOps, Minutes: p.Hold, After: []string{"take"}, Changes: true,
			Checks: []string{"a test alert of a new server reaches the telephone"}}},
		{true, Step{ID: "done", Title: "Announce the end and close the bridge", Owner: dutyComms, Minutes: p.Hold, After: []string{"take", "cron-on", "mail-release", "reconcile", "retire", "silence-off"}}},
	}
}

func retiredOnly(f *facts) []string {
	if len(f.moving) == 0 {
		return f.retired
	}
	return nil
}

func takeChecks(f *facts) []string {
	if f.shopData {
		return []string{"the first order of a customer is in the new database", "held payment answers are worked off"}
	}
	return []string{"the first write of a user or interface arrived at the new site"}
}

// afterSteps are the days after.
func afterSteps(f *facts, windowMinutes int) []candidate {
	on, move := len(f.channels) > 0, len(f.moving) > 0
	whole := on
	var remove []string
	for _, s := range f.channels {
		whole = whole && s.To == 100
		remove = append(remove, fmt.Sprintf("pulumi config rm --stack %s --path '%s'", f.stackName(), s.Path))
	}
	return []candidate{
		{true, Step{ID: "watch", Title: "Watch with the night's people on call", Owner: dutyOps, Minutes: day, After: []string{"done"}, NotBefore: at(windowMinutes)}},
		{move, Step{ID: "backup-new", Title: "See the first backup at the new site, and restore a file from it", Owner: dutyOps, Minutes: 60, After: []string{"done"}, NotBefore: at(day)}},
		{on, Step{ID: "ttl-up", Title: "Raise the time to live again", Owner: dutyNetwork, Minutes: 15, After: []string{"watch"}, NotBefore: at(2 * day), Changes: true}},
		{whole, Step{ID: "cutover-end", Title: "Take the old site out of the stack", Owner: dutyPlatform, Minutes: 20, After: []string{"watch"}, NotBefore: at(7 * day), Changes: true,
			Commands: append(remove, f.up()), Checks: []string{"the old addresses had no visitor for 3 days", "the preview changes DNS records or a load balancer's pool; with Aurora, at the last one, also hands the master's password back to AWS"}}},
		{true, Step{ID: "release", Title: "Release the old servers, their addresses, licences and backups", Owner: dutyPlatform, Minutes: 120, After: []string{"watch"}, NotBefore: at(14 * day), Changes: true,
			Actions: []string{"They stay shut down until then"}}},
	}
}
