package inventory

import (
	"sort"
	"strings"
	"time"
)

// sourceClass is the standpoint from which a source knows servers. Which of
// two differing sources is believed depends on it and on the kind of fact.
type sourceClass string

const (
	classHypervisor sourceClass = "hypervisor" // the manager of the virtual machines
	classGuest      sourceClass = "guest"      // what runs inside the server
	classDiscovery  sourceClass = "discovery"  // a scanner's or cloud's view
	classIntake     sourceClass = "intake"     // a migration's form
	classDeclared   sourceClass = "declared"   // our own list, written by hand
)

// classPrefixes tell the class from the beginning of a format's name. What is
// not here is discovery.
var classPrefixes = []struct {
	prefix string
	class  sourceClass
}{
	{"rvtools", classHypervisor}, {"vcenter", classHypervisor},
	{"ansible", classGuest}, {"ss", classGuest}, {"aws-discovery-agent", classGuest},
	{"cmf", classIntake},
	{"servers-csv", classDeclared},
}

func classOfFormat(format string) sourceClass {
	for _, p := range classPrefixes {
		if format == p.prefix || strings.HasPrefix(format, p.prefix+"-") {
			return p.class
		}
	}
	return classDiscovery
}

// factGroup is a kind of fact.
type factGroup string

const (
	// aboutMachine is what the hypervisor sets: CPUs, memory, disks, place.
	aboutMachine factGroup = "the machine"
	// aboutGuest is what only the system inside knows for sure: its name,
	// addresses, operating system, file systems.
	aboutGuest factGroup = "the system in it"
	// aboutPeople is what people decide: owner, wave, environment.
	aboutPeople factGroup = "what people decide"
)

// believed lists, for each kind of fact, the classes from the first believed to
// the last. Within a class the newer source counts, then the one given first.
var believed = map[factGroup][]sourceClass{
	aboutMachine: {classHypervisor, classGuest, classDiscovery, classDeclared, classIntake},
	aboutGuest:   {classGuest, classHypervisor, classDiscovery, classDeclared, classIntake},
	aboutPeople:  {classDeclared, classIntake, classDiscovery, classHypervisor, classGuest},
}

// standing is what decides between sources.
type standing struct {
	source int // its index in the order given
	id     string
	format string
	class  sourceClass
	asOf   time.Time
}

func (g factGroup) rank(c sourceClass) int {
	for i, have := range believed[g] {
		if have == c {
			return i
		}
	}
	return len(believed[g])
}

// before says whether a is believed rather than b.
func (g factGroup) before(a, b standing) bool {
	if x, y := g.rank(a.class), g.rank(b.class); x != y {
		return x < y
	}
	if !a.asOf.Equal(b.asOf) {
		return a.asOf.After(b.asOf)
	}
	return a.source < b.source
}

// why explains before to a person.
func (g factGroup) why(chosen, other standing) string {
	switch {
	case chosen.class != other.class:
		return "on " + string(g) + " a " + string(chosen.class) + " source is believed before a " + string(other.class) + " one"
	case chosen.asOf.After(other.asOf) && other.asOf.IsZero():
		return "only " + chosen.id + " tells its date"
	case chosen.asOf.After(other.asOf):
		return chosen.id + " is newer (" + chosen.asOf.Format(time.DateOnly) + " against " + other.asOf.Format(time.DateOnly) + ")"
	}
	return chosen.id + " was given first"
}

// order sorts entries by whom a group of facts believes first.
func (g factGroup) order(entries []*entry) []*entry {
	out := append([]*entry(nil), entries...)
	sort.SliceStable(out, func(i, j int) bool { return g.before(out[i].standing, out[j].standing) })
	return out
}
