package wave

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

// emitter writes an assignment as a plan.
type emitter struct {
	*model
	plan    *migrate.Plan
	slotOf  []int32 // of a server, or −1
	waveOf  map[int32]int
	groupOf map[int]string
}

// emit writes the plan without judging it.
func (m *model) emit(e *migrate.Estate, o *outcome, status string) *migrate.Plan {
	w := &emitter{model: m, slotOf: make([]int32, len(m.servers)), waveOf: map[int32]int{}, groupOf: map[int]string{}}
	for i := range w.slotOf {
		w.slotOf[i] = -1
	}
	for i := range o.p.nodes {
		for _, s := range o.p.nodes[i].parts {
			w.slotOf[s] = o.pos[i]
		}
	}
	w.plan = &migrate.Plan{Schema: migrate.PlanSchema, Status: status, TimeZone: m.cfg.TimeZone, Start: m.cal.start, Deadline: m.cal.deadline}
	w.plan.Objective.Moves = o.moves
	w.inputs()
	w.waves(o)
	w.groups(o)
	w.replication()
	w.leftOver()
	w.plan.Notes = slices.Sorted(slices.Values(m.notes))
	return w.plan
}

// judge has the checker fill in conditions, exposure and objective.
func (m *model) judge(e *migrate.Estate, plan *migrate.Plan) {
	wavecheck.Check(e, m.cfg, plan).Into(plan)
}

func (w *emitter) inputs() {
	for i, win := range w.cal.windows {
		pw := migrate.PlanWindow{Number: i + 1, Start: win.start, End: win.end}
		if win.frozen >= 0 {
			pw.Frozen = w.cfg.Freezes[win.frozen].Name
		}
		w.plan.Windows = append(w.plan.Windows, pw)
	}
	for _, f := range w.cfg.Freezes {
		w.plan.Freezes = append(w.plan.Freezes, migrate.PlanFreeze{Name: f.Name, From: f.From.At(0, w.cal.loc), To: f.To.Add(1).At(0, w.cal.loc)})
	}
	l := newLink(w.cfg, w.cal.loc)
	w.plan.Link = migrate.PlanLink{Mbps: w.cfg.Link.Mbps, Efficiency: w.cfg.Link.Efficiency, HoursPerDay: l.hoursPerDay(),
		GBPerDay: round(w.cal.linkMiBPerDay * gbPerMiB), LeadDays: w.cfg.Replication.Lead.Days(), MarginHours: w.cfg.Replication.Margin.Duration().Hours()}
	for _, name := range w.teams {
		t := w.cfg.Teams[name]
		w.plan.Teams = append(w.plan.Teams, migrate.PlanTeam{Name: name, People: t.People, Hours: t.Hours})
	}
}

func (w *emitter) waves(o *outcome) {
	bySlot := map[int32][]int{}
	for s, slot := range w.slotOf {
		if slot >= 0 {
			bySlot[slot] = append(bySlot[slot], s)
		}
	}
	lane := map[int]int{}
	for n, slot := range slices.Sorted(maps.Keys(bySlot)) {
		win := int(slot) / o.p.lanes
		lane[win]++
		wave := migrate.Wave{ID: fmt.Sprintf("W%02d", n+1), Window: win + 1, Lane: lane[win],
			Start: w.cal.windows[win].start, End: w.cal.windows[win].end, Pilot: n == 0 && w.cfg.Pilot.Max > 0}
		w.waveOf[slot] = n
		w.fill(&wave, bySlot[slot])
		w.plan.Waves = append(w.plan.Waves, wave)
	}
}

// fill lists a wave's servers and sums what they ask for.
func (w *emitter) fill(wave *migrate.Wave, list []int) {
	minutes, movers := map[string]int64{}, map[string]int{}
	data, change := int64(0), int64(0)
	for _, s := range list {
		f := &w.servers[s]
		server := migrate.WaveServer{ID: f.src.ID, Action: "move", Disposition: f.disposition, Mover: f.mover,
			Role: f.src.Role.Value, Environment: f.src.Environment.Value, Application: f.src.Application.Value,
			Criticality: f.src.Criticality, Owner: f.src.Owner, Team: f.src.Team, Risk: f.risk,
			DataGB: round(float64(f.dataMiB) * gbPerMiB), ChangeGBPerDay: round(float64(f.changeMiB) * gbPerMiB), Hours: hours(f.minutes)}
		if f.fate == fateRetire {
			server.Action = "switch-off"
		} else {
			movers[f.mover]++
		}
		for team, m := range f.minutes {
			minutes[team] += m
		}
		data, change = data+f.dataMiB, change+f.changeMiB
		wave.Risk += f.risk
		wave.Servers = append(wave.Servers, server)
	}
	slices.SortFunc(wave.Servers, func(a, b migrate.WaveServer) int { return cmp.Compare(a.ID, b.ID) })
	wave.DataGB, wave.ChangeGBPerDay = round(float64(data)*gbPerMiB), round(float64(change)*gbPerMiB)
	wave.ReplicationGB = round((float64(data) + float64(change)*w.cal.windows[wave.Window-1].lead) * gbPerMiB)
	wave.Hours = hours(minutes)
	for _, name := range slices.Sorted(maps.Keys(movers)) {
		load := migrate.MoverLoad{Mover: name, Servers: movers[name], Jobs: 1}
		if per := w.cfg.Movers.Profiles[name].PerJob; per > 0 {
			load.Jobs = (load.Servers + per - 1) / per
		}
		wave.Movers = append(wave.Movers, load)
	}
}

func hours(minutes map[string]int64) []migrate.TeamHours {
	var out []migrate.TeamHours
	for _, team := range slices.Sorted(maps.Keys(minutes)) {
		if minutes[team] > 0 {
			out = append(out, migrate.TeamHours{Team: team, Hours: round(float64(minutes[team]) / 60)})
		}
	}
	return out
}

// round keeps six decimals, enough for any sum and short in a file.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// groups numbers the move groups in the order of their waves and first servers.
func (w *emitter) groups(o *outcome) {
	why := w.bindings()
	var list []migrate.MoveGroup
	for i := range o.p.nodes {
		g := migrate.MoveGroup{Wave: w.plan.Waves[w.waveOf[o.pos[i]]].ID}
		for _, s := range o.p.nodes[i].parts {
			g.Servers = append(g.Servers, w.id(int(s)))
			g.Why = append(g.Why, why[int(s)]...)
		}
		slices.Sort(g.Servers)
		slices.Sort(g.Why)
		g.Why = slices.Compact(g.Why)
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b migrate.MoveGroup) int {
		return cmp.Or(cmp.Compare(a.Wave, b.Wave), cmp.Compare(a.Servers[0], b.Servers[0]))
	})
	for i := range list {
		list[i].ID = fmt.Sprintf("G%03d", i+1)
		for _, s := range list[i].Servers {
			w.groupOf[w.index[s]] = list[i].ID
		}
	}
	w.plan.Groups = list
	needs := map[string][]string{}
	for _, d := range w.deps {
		if w.servers[d.from].acts() {
			needs[w.id(d.from)] = append(needs[w.id(d.from)], w.id(d.to))
		}
	}
	for i := range w.plan.Waves {
		for j := range w.plan.Waves[i].Servers {
			s := &w.plan.Waves[i].Servers[j]
			s.Group = w.groupOf[w.index[s.ID]]
			s.DependsOn = needs[s.ID]
			slices.Sort(s.DependsOn)
		}
	}
}

// bindings lists, for each server, the hard conditions that tie it to others.
func (m *model) bindings() map[int][]string {
	why := map[int][]string{}
	for _, in := range m.instances {
		if in.kind == kindTogether && in.hard {
			why[in.a[0]] = append(why[in.a[0]], in.label)
		}
	}
	return why
}

// replication times each wave's data on the link, one after the other as the
// windows come; lanes of one window share their time.
func (w *emitter) replication() {
	if w.cal.linkMiBPerDay <= 0 {
		return
	}
	meter := newLink(w.cfg, w.cal.loc).meter(w.cal.start, w.cal.deadline)
	done := math.Inf(-1)
	for i := 0; i < len(w.plan.Waves); {
		j, work := i, 0.0
		for ; j < len(w.plan.Waves) && w.plan.Waves[j].Window == w.plan.Waves[i].Window; j++ {
			work += w.plan.Waves[j].ReplicationGB / gbPerMiB
		}
		if work > 0 {
			from := max(done, w.cal.windows[w.plan.Waves[i].Window-1].release)
			done = from + work
			start, end := meter.when(from+1e-6), meter.when(done)
			for k := i; k < j; k++ {
				w.plan.Waves[k].ReplicationStart, w.plan.Waves[k].ReplicationEnd = moment(start), moment(end)
			}
		}
		i = j
	}
}

func moment(t time.Time) *time.Time { return &t }

func (w *emitter) leftOver() {
	for i := range w.servers {
		f := &w.servers[i]
		switch f.fate {
		case fateRetain:
			w.plan.Retained = append(w.plan.Retained, migrate.LeftOver{Server: f.src.ID, Reason: "disposition retain"})
		case fateExclude:
			w.plan.Excluded = append(w.plan.Excluded, migrate.LeftOver{Server: f.src.ID, Reason: f.why})
		}
	}
	byServer := func(a, b migrate.LeftOver) int { return cmp.Compare(a.Server, b.Server) }
	slices.SortFunc(w.plan.Retained, byServer)
	slices.SortFunc(w.plan.Excluded, byServer)
}
