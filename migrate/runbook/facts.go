package runbook

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// facts are what the steps depend on, taken from plan, wave and estate once.
type facts struct {
	plan  *migrate.Plan
	wave  *migrate.Wave
	pace  Pace
	stack string

	servers map[string]*migrate.Server // of the estate
	moving  []migrate.WaveServer
	retired []string
	byRole  map[string][]string // moving servers, by role
	movers  []string

	unmoved   []string // servers for which the plan names no mover
	primaries []string // database servers that take writes
	replicas  []string
	native    []string // databases that move by their own replication
	shopData  bool     // a primary holds orders of a production shop
	prodData  bool     // a primary of production moves
	prodWeb   bool
	// sessionsNative: a session store moves by its own means.
	sessionsNative bool
	channels       []Switch

	rebuildGB, mediaGBPerDay float64 // rebuildGB: the largest index that stays behind
	usableMbps               float64
	crossing                 []migrate.Crossing
	notes                    []string
}

var replicaName = regexp.MustCompile(`(?i)(replica|slave|standby|secondary|reader)`)

// roleAlias brings the words of exports to one.
var roleAlias = map[string]string{"loadbalancer": "edge", "lb": "edge", "proxy": "edge", "db": "database"}

func role(s migrate.WaveServer) string {
	if r, ok := roleAlias[s.Role]; ok {
		return r
	}
	return s.Role
}

func newFacts(plan *migrate.Plan, wave *migrate.Wave, e *migrate.Estate, o Options) *facts {
	f := &facts{plan: plan, wave: wave, pace: o.Pace, stack: o.Stack, servers: map[string]*migrate.Server{}, byRole: map[string][]string{}}
	if f.pace.Movers == nil {
		f.pace = DefaultPace()
	}
	for i := range e.Servers {
		f.servers[e.Servers[i].ID] = &e.Servers[i]
	}
	f.usableMbps = plan.Link.Mbps * plan.Link.Efficiency
	movers := map[string]bool{}
	for _, s := range wave.Servers {
		if s.Action == "switch-off" {
			f.retired = append(f.retired, s.ID)
			continue
		}
		if s.Mover == "" {
			s.Mover, f.unmoved = "copy", append(f.unmoved, s.ID)
		}
		f.moving = append(f.moving, s)
		f.byRole[role(s)] = append(f.byRole[role(s)], s.ID)
		movers[s.Mover] = true
		f.sizes(s)
	}
	f.movers = slices.Sorted(maps.Keys(movers))
	f.prodWeb = slices.ContainsFunc(f.moving, func(s migrate.WaveServer) bool { return production(s) && role(s) == "web" })
	f.databases()
	f.switches(o.Channels)
	for _, c := range plan.Crossings {
		if c.A == wave.ID || c.B == wave.ID {
			f.crossing = append(f.crossing, c)
		}
	}
	f.assume()
	return f
}

func (f *facts) sizes(s migrate.WaveServer) {
	switch role(s) {
	case "search":
		// Each search server holds the index; one that moves whole brings it.
		if native(s) {
			f.rebuildGB = max(f.rebuildGB, s.DataGB)
		}
	case "sessions":
		f.sessionsNative = f.sessionsNative || native(s)
	case "media":
		f.mediaGBPerDay += s.ChangeGBPerDay
	}
}

// production counts servers of unknown environment in, as the planner does.
func production(s migrate.WaveServer) bool {
	return s.Environment == "production" || s.Environment == ""
}

// native says that a server's data moves by its own means, not as disks.
func native(s migrate.WaveServer) bool {
	return s.Disposition == "replatform" || s.Disposition == "refactor" || s.Mover == "copy"
}

// databases tells primaries from replicas, and whether orders hang on them.
func (f *facts) databases() {
	shop := f.shopDatabases()
	for _, s := range f.moving {
		if role(s) != "database" {
			continue
		}
		if replicaName.MatchString(s.ID) {
			f.replicas = append(f.replicas, s.ID)
			continue
		}
		f.primaries = append(f.primaries, s.ID)
		if native(s) {
			f.native = append(f.native, s.ID)
		}
		f.prodData = f.prodData || production(s)
		f.shopData = f.shopData || shop[s.ID]
	}
}

// shopDatabases are databases on which a production web server of any wave
// depends, or that belong to the application of one.
func (f *facts) shopDatabases() map[string]bool {
	apps, ids := map[string]bool{}, map[string]bool{}
	for _, w := range f.plan.Waves {
		for _, s := range w.Servers {
			if role(s) != "web" || !production(s) {
				continue
			}
			apps[s.Application] = s.Application != ""
			for _, d := range s.DependsOn {
				ids[d] = true
			}
		}
	}
	for _, s := range f.moving {
		if role(s) == "database" && production(s) && apps[s.Application] {
			ids[s.ID] = true
		}
	}
	return ids
}

// ids of the moving servers of some roles, sorted.
func (f *facts) ids(roles ...string) []string {
	var out []string
	for _, r := range roles {
		out = append(out, f.byRole[r]...)
	}
	slices.Sort(out)
	return out
}

func (f *facts) all() []string {
	var out []string
	for _, s := range f.moving {
		out = append(out, s.ID)
	}
	return out
}

// of lists the wave's servers that a mover moves, and what changes on them.
func (f *facts) of(mover string) (ids []string, changeGBPerDay float64) {
	for _, s := range f.moving {
		if s.Mover == mover {
			ids = append(ids, s.ID)
			changeGBPerDay += s.ChangeGBPerDay
		}
	}
	return ids, changeGBPerDay
}

func (f *facts) jobs(mover string) int {
	for _, m := range f.wave.Movers {
		if m.Mover == mover {
			return max(1, m.Jobs)
		}
	}
	return 1
}

// minute counts from T.
func (f *facts) minute(t time.Time) int { return int(t.Sub(f.wave.Start).Minutes()) }

// startOrder lists the moving servers in the order in which services start:
// names and time, data, what the shop stands on, the shop, its edge.
func (f *facts) startOrder() []string {
	tiers := []struct {
		name  string
		roles []string
	}{
		{"names, time and directory", []string{"directory", "dns", "time", "vpn"}},
		{"databases", []string{"database"}},
		{"sessions, cache, search and media", []string{"sessions", "cache", "search", "media", "file"}},
		{"edge", []string{"edge"}},
	}
	seen := map[string]bool{}
	var lines []string
	line := func(name string, ids []string) {
		if len(ids) > 0 {
			lines = append(lines, fmt.Sprintf("%d. %s: %s", len(lines)+1, name, strings.Join(ids, ", ")))
		}
	}
	for _, t := range tiers {
		for _, r := range t.roles {
			seen[r] = true
		}
	}
	var apps []string
	for r, ids := range f.byRole {
		if !seen[r] && r != "web" && r != "static" {
			apps = append(apps, ids...)
		}
	}
	slices.Sort(apps)
	for _, t := range tiers[:3] {
		line(t.name, f.ids(t.roles...))
	}
	line("applications", apps)
	line("web", f.ids("web", "static"))
	line(tiers[3].name, f.ids("edge"))
	return lines
}

// applications of the primaries, for titles.
func (f *facts) applications() string {
	apps := map[string]bool{}
	for _, s := range f.moving {
		if s.Application != "" && production(s) {
			apps[s.Application] = true
		}
	}
	list := slices.Sorted(maps.Keys(apps))
	if len(list) == 0 {
		return "the wave's applications"
	}
	if len(list) > 4 {
		return fmt.Sprintf("%s and %d more applications", strings.Join(list[:3], ", "), len(list)-3)
	}
	return strings.Join(list, ", ")
}

func (f *facts) assume() {
	note := func(format string, args ...any) { f.notes = append(f.notes, fmt.Sprintf(format, args...)) }
	if len(f.primaries) > 0 {
		note("taken as databases that take writes: %s", strings.Join(f.primaries, ", "))
	}
	if len(f.replicas) > 0 {
		note("taken as replicas by their names: %s", strings.Join(f.replicas, ", "))
	}
	if len(f.unmoved) > 0 {
		note("the plan names no mover, taken as plain copies: %s", strings.Join(f.unmoved, ", "))
	}
	for _, m := range f.movers {
		if _, ok := f.pace.mover(m); !ok {
			note("nothing is known of the mover %q: it is timed as a plain copy", m)
		}
	}
	if f.usableMbps <= 0 && len(f.moving) > 0 {
		note("the plan names no bandwidth: the last differences are timed at 5 minutes each")
	}
	note("durations are standard ones: replace them with those of the rehearsal")
	note("people are not levelled: steps of one team may run side by side")
	slices.SortFunc(f.notes, cmp.Compare)
}
