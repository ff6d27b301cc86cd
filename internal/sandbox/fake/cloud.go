package fake

import (
	"fmt"
	"sort"
	"sync"
)

// Cloud is a set of simulated packages and what they were asked.
type Cloud struct {
	packages map[string]*tables
	plugins  map[string][]*tables
	world    World

	mu       sync.Mutex
	collect  bool
	refusals []Refusal
}

// tables is a package with its rows by token.
type tables struct {
	*Package
	resources map[string]*Resource
	lookups   map[string]*Lookup
}

// NewCloud sets packages up. A token that two rows share is an error.
func NewCloud(packages ...*Package) (*Cloud, error) {
	c := &Cloud{packages: map[string]*tables{}, plugins: map[string][]*tables{}}
	for _, p := range packages {
		t := &tables{Package: p, resources: map[string]*Resource{}, lookups: map[string]*Lookup{}}
		for i := range p.Resources {
			row := &p.Resources[i]
			if _, twice := t.resources[row.Token]; twice {
				return nil, fmt.Errorf("simulate %s: two rows for %s", p.Name, row.Token)
			}
			t.resources[row.Token] = row
		}
		for i := range p.Lookups {
			row := &p.Lookups[i]
			if _, twice := t.lookups[row.Token]; twice {
				return nil, fmt.Errorf("simulate %s: two rows for %s", p.Name, row.Token)
			}
			t.lookups[row.Token] = row
		}
		c.packages[p.Name] = t
		c.plugins[p.plugin()] = append(c.plugins[p.plugin()], t)
	}
	return c, nil
}

// Collect says whether wrong resources are only noted, so that one preview
// finds them all, or refused on the spot, so that nothing wrong is made.
func (c *Cloud) Collect(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.collect = on
}

// Refusals gives what was refused since the last call, sorted, each once.
func (c *Cloud) Refusals() []Refusal {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := c.refusals
	c.refusals = nil
	sort.Slice(found, func(i, j int) bool {
		a, b := found[i], found[j]
		if a.URN != b.URN {
			return a.URN < b.URN
		}
		return a.String() < b.String()
	})
	out := found[:0]
	for i, r := range found {
		if i == 0 || r != found[i-1] {
			out = append(out, r)
		}
	}
	return out
}

// refuse notes refusals and tells whether the caller should go on regardless.
func (c *Cloud) refuse(r ...Refusal) (goOn bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusals = append(c.refusals, r...)
	return c.collect
}
