package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
)

// Secret stands in a Resource for every secret value, and Unknown for one that
// isn't known before the stack is up.
const (
	Secret  = "[secret]"
	Unknown = "[unknown]"
)

// Op is what a run did, or a preview would do, to a resource.
type Op string

// The operations.
const (
	Same    Op = "same"
	Create  Op = "create"
	Update  Op = "update"
	Replace Op = "replace"
	Delete  Op = "delete"
	Read    Op = "read"
)

// Resource is one resource of a run.
type Resource struct {
	// URN names it, and Type and Name are what the URN says of it.
	URN  string `json:"urn"`
	Type string `json:"type"`
	Name string `json:"name"`
	// ID is the provider's identifier, once it is made.
	ID string `json:"id,omitempty"`
	// Parent is the URN of the component that it belongs to; empty for the
	// stack itself.
	Parent string `json:"parent,omitempty"`
	// Tier is the layer of the topology that it belongs to; see Graph.Tiers.
	Tier string `json:"tier"`
	// Custom tells a provider's resource from a component.
	Custom bool `json:"custom,omitempty"`
	// Protect is set where the resource can't be deleted.
	Protect bool `json:"protect,omitempty"`
	// Op is what was done to it.
	Op Op `json:"op"`
	// Changed are the paths of the properties that differ, and Replacing those
	// of them that make a replacement.
	Changed   []string `json:"changed,omitempty"`
	Replacing []string `json:"replacing,omitempty"`
	// Dependencies are the URNs of the resources that it needs.
	Dependencies []string `json:"dependencies,omitempty"`
	// PropertyDependencies say which of them each input comes from.
	PropertyDependencies map[string][]string `json:"propertyDependencies,omitempty"`
	// Inputs and Outputs are its properties, secrets masked.
	Inputs  map[string]any `json:"inputs,omitempty"`
	Outputs map[string]any `json:"outputs,omitempty"`
}

// Graph is the resources of a run, sorted by URN.
type Graph struct {
	Resources []Resource `json:"resources"`
}

// Find gives a resource by its URN.
func (g *Graph) Find(urn string) (*Resource, bool) {
	i, ok := slices.BinarySearchFunc(g.Resources, urn, func(r Resource, urn string) int {
		return strings.Compare(r.URN, urn)
	})
	if !ok {
		return nil, false
	}
	return &g.Resources[i], true
}

// Count counts the resources by operation. The stack itself isn't one.
func (g *Graph) Count() map[Op]int {
	out := map[Op]int{}
	for _, r := range g.Resources {
		if r.Type != stackType {
			out[r.Op]++
		}
	}
	return out
}

// Changes counts the resources that a run changed, or a preview would.
func (g *Graph) Changes() int {
	n := 0
	for op, count := range g.Count() {
		if op != Same && op != Read {
			n += count
		}
	}
	return n
}

// Write puts the graph into a file as JSON.
func (g *Graph) Write(path string) error {
	b, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		return fmt.Errorf("write the resource graph: %w", err)
	}
	return atomicfile.Write(path, append(b, '\n'), 0o644)
}

const (
	stackType    = "pulumi:pulumi:Stack"
	providerType = "pulumi:providers:"
)

// tiers says of each resource which layer of the topology it belongs to: the
// component right below the stack's own top component. What lies elsewhere is
// of the tier "stack".
func (g *Graph) tiers() {
	byURN := map[string]*Resource{}
	for i := range g.Resources {
		byURN[g.Resources[i].URN] = &g.Resources[i]
	}
	for i := range g.Resources {
		g.Resources[i].Tier = tierOf(&g.Resources[i], byURN)
	}
}

func tierOf(r *Resource, byURN map[string]*Resource) string {
	var components []string // from the resource up to the top
	for at := r; at != nil && at.Type != stackType; at = byURN[at.Parent] {
		if !at.Custom {
			components = append(components, at.Type)
		}
	}
	switch n := len(components); {
	case n >= 2:
		return shortType(components[n-2])
	case n == 1:
		return shortType(components[0])
	}
	return "stack"
}

// shortType is the last word of a type, in lower case: "storefront:index:Web"
// is "web".
func shortType(token string) string {
	return strings.ToLower(token[strings.LastIndex(token, ":")+1:])
}

// Tiers gives the names of the graph's tiers in the order of the alphabet, so
// that two runs can be compared line by line.
func (g *Graph) Tiers() []string {
	seen := map[string]bool{}
	var out []string
	for _, r := range g.Resources {
		if r.Type != stackType && !seen[r.Tier] {
			seen[r.Tier] = true
			out = append(out, r.Tier)
		}
	}
	sort.Strings(out)
	return out
}
