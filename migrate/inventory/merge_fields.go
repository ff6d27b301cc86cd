package inventory

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// fact is a field of a server that has one value: how to read it as text, take
// it over, and tell when two sources mean the same.
type fact struct {
	name  string
	group factGroup
	get   func(*migrate.Server) string // empty: the source doesn't tell
	take  func(to, from *migrate.Server)
	same  func(a, b string) bool // nil: equal but for case
	// exact says how much of what is the same a wording tells; nil: all tell
	// as much.
	exact func(string) int
}

func textFact(name string, g factGroup, at func(*migrate.Server) *string) fact {
	return fact{name, g, func(s *migrate.Server) string { return *at(s) }, func(to, from *migrate.Server) { *at(to) = *at(from) }, nil, nil}
}

func intFact(name string, g factGroup, at func(*migrate.Server) *int) fact {
	return fact{name, g, func(s *migrate.Server) string { return positive(int64(*at(s))) }, func(to, from *migrate.Server) { *at(to) = *at(from) }, nil, nil}
}

func sizeFact(name string, g factGroup, at func(*migrate.Server) *int64) fact {
	return fact{name, g, func(s *migrate.Server) string { return positive(*at(s)) }, func(to, from *migrate.Server) { *at(to) = *at(from) }, near, nil}
}

func inferenceFact(name string, at func(*migrate.Server) *migrate.Inference) fact {
	return fact{name, aboutPeople, func(s *migrate.Server) string { return at(s).Value }, func(to, from *migrate.Server) { *at(to) = *at(from) }, nil, nil}
}

func positive(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// near is what two measures of one size may differ by: a guest doesn't see the
// memory that its kernel keeps, and exports are days apart.
const nearShare = 0.08

func near(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && math.Abs(x-y) <= nearShare*math.Max(x, y)
}

// sameName takes a short name and the same with its domain for one.
func sameName(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return a == b || shortName(a) == shortName(b) && (a == shortName(a) || b == shortName(b))
}

func sameUUID(a, b string) bool { return uuidKey(canonUUID(a)) == uuidKey(canonUUID(b)) }

var facts = []fact{
	{"name", aboutMachine, func(s *migrate.Server) string { return s.Name }, func(to, from *migrate.Server) { to.Name = from.Name }, sameName, nil},
	textFact("fqdn", aboutGuest, func(s *migrate.Server) *string { return &s.FQDN }),
	{"uuid", aboutMachine, func(s *migrate.Server) string { return s.UUID }, func(to, from *migrate.Server) { to.UUID = from.UUID }, sameUUID, nil},
	textFact("serial", aboutMachine, func(s *migrate.Server) *string { return &s.Serial }),
	{"kind", aboutMachine, func(s *migrate.Server) string {
		if s.Kind == migrate.KindUnknown {
			return ""
		}
		return string(s.Kind)
	}, func(to, from *migrate.Server) { to.Kind = from.Kind }, nil, nil},
	{"power", aboutMachine, func(s *migrate.Server) string {
		if s.Power == migrate.PowerUnknown {
			return ""
		}
		return string(s.Power)
	}, func(to, from *migrate.Server) { to.Power = from.Power }, nil, nil},
	{"os", aboutGuest, func(s *migrate.Server) string { return s.OS }, func(to, from *migrate.Server) { to.OS = from.OS }, sameOS, exactOS},
	textFact("osFamily", aboutGuest, func(s *migrate.Server) *string { return &s.OSFamily }),
	intFact("hardwareVersion", aboutMachine, func(s *migrate.Server) *int { return &s.HardwareVersion }),
	textFact("firmware", aboutMachine, func(s *migrate.Server) *string { return &s.Firmware }),
	textFact("toolsStatus", aboutMachine, func(s *migrate.Server) *string { return &s.ToolsStatus }),
	intFact("cpus", aboutMachine, func(s *migrate.Server) *int { return &s.CPUs }),
	sizeFact("memoryMiB", aboutMachine, func(s *migrate.Server) *int64 { return &s.MemoryMiB }),
	sizeFact("provisionedMiB", aboutMachine, func(s *migrate.Server) *int64 { return &s.ProvisionedMiB }),
	sizeFact("inUseMiB", aboutMachine, func(s *migrate.Server) *int64 { return &s.InUseMiB }),
	sizeFact("consumedMiB", aboutGuest, func(s *migrate.Server) *int64 { return &s.ConsumedMiB }),
	textFact("datacenter", aboutMachine, func(s *migrate.Server) *string { return &s.Datacenter }),
	textFact("cluster", aboutMachine, func(s *migrate.Server) *string { return &s.Cluster }),
	{"host", aboutMachine, func(s *migrate.Server) string { return s.Host }, func(to, from *migrate.Server) { to.Host = from.Host }, sameName, nil},
	textFact("folder", aboutMachine, func(s *migrate.Server) *string { return &s.Folder }),
	inferenceFact("role", func(s *migrate.Server) *migrate.Inference { return &s.Role }),
	inferenceFact("environment", func(s *migrate.Server) *migrate.Inference { return &s.Environment }),
	inferenceFact("application", func(s *migrate.Server) *migrate.Inference { return &s.Application }),
	textFact("owner", aboutPeople, func(s *migrate.Server) *string { return &s.Owner }),
	textFact("team", aboutPeople, func(s *migrate.Server) *string { return &s.Team }),
	textFact("criticality", aboutPeople, func(s *migrate.Server) *string { return &s.Criticality }),
	textFact("disposition", aboutPeople, func(s *migrate.Server) *string { return &s.Disposition }),
	textFact("wave", aboutPeople, func(s *migrate.Server) *string { return &s.Wave }),
	{"monitoring", aboutPeople, func(s *migrate.Server) string {
		if s.Monitoring == nil {
			return ""
		}
		return strconv.FormatBool(*s.Monitoring)
	}, func(to, from *migrate.Server) { v := *from.Monitoring; to.Monitoring = &v }, nil, nil},
	{"backup.policy", aboutPeople, func(s *migrate.Server) string {
		if s.Backup == nil {
			return ""
		}
		return s.Backup.Policy
	}, func(to, from *migrate.Server) { backupOf(to).Policy = from.Backup.Policy }, nil, nil},
	{"backup.rpoHours", aboutPeople, func(s *migrate.Server) string {
		if s.Backup == nil || s.Backup.RPOHours <= 0 {
			return ""
		}
		return strconv.FormatFloat(s.Backup.RPOHours, 'g', -1, 64)
	}, func(to, from *migrate.Server) { backupOf(to).RPOHours = from.Backup.RPOHours }, nil, nil},
}

// mergeFacts takes each fact from the source that is believed first, notes who
// says the same, and lists what the others say instead.
func (c *cluster) mergeFacts(to *migrate.Server) []migrate.Contradiction {
	var out []migrate.Contradiction
	orders := map[factGroup][]*entry{}
	for _, f := range facts {
		if orders[f.group] == nil {
			orders[f.group] = f.group.order(c.entries)
		}
		if d := f.merge(to, orders[f.group]); d != nil {
			out = append(out, *d)
		}
	}
	c.lastBackup(to)
	return out
}

func (f fact) merge(to *migrate.Server, order []*entry) *migrate.Contradiction {
	same := f.same
	if same == nil {
		same = strings.EqualFold
	}
	var chosen, against *entry
	var value string
	var d migrate.Contradiction
	for _, e := range order {
		v := f.get(e.s)
		if v == "" {
			continue
		}
		if chosen == nil {
			chosen, value = e, v
			f.take(to, e.s)
		} else if f.exact != nil && same(value, v) && f.exact(v) > f.exact(value) {
			value = v
			f.take(to, e.s)
		}
		d.Values = append(d.Values, migrate.Claim{Source: e.id, Value: v})
		if same(value, v) {
			from(to, f.name, e.id)
		} else if against == nil {
			against = e
		}
	}
	if against == nil {
		return nil
	}
	d.Field, d.Chosen, d.Why = f.name, value, f.group.why(chosen.standing, against.standing)
	return &d
}

// from notes that a source tells a field.
func from(s *migrate.Server, field, source string) {
	if s.From == nil {
		s.From = map[string][]string{}
	}
	for _, have := range s.From[field] {
		if have == source {
			return
		}
	}
	s.From[field] = append(s.From[field], source)
}

// setFrom replaces the sources of a field.
func setFrom(s *migrate.Server, field string, sources []string) {
	if s.From == nil {
		s.From = map[string][]string{}
	}
	s.From[field] = sources
}

// lastBackup is the newest that any source tells: an older one is not wrong,
// only old.
func (c *cluster) lastBackup(to *migrate.Server) {
	var last *time.Time
	for _, e := range c.entries {
		if b := e.s.Backup; b != nil && b.Last != nil && (last == nil || b.Last.After(*last)) {
			last = b.Last
			backupOf(to).Last = last
			setFrom(to, "backup.last", []string{e.id})
		}
	}
}
