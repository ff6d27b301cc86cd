package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/phrase"
)

// shownOps are the operations in the order of a summary's columns.
var shownOps = []Op{Create, Update, Replace, Delete, Same}

// Summary counts a graph's resources by tier and by type.
type Summary struct {
	// Tiers are sorted by name, and Total counts over all of them.
	Tiers []TierCount `json:"tiers"`
	Total map[Op]int  `json:"total"`
}

// TierCount counts one tier's resources.
type TierCount struct {
	Tier  string      `json:"tier"`
	Count map[Op]int  `json:"count"`
	Types []TypeCount `json:"types"`
}

// TypeCount counts the resources of one type.
type TypeCount struct {
	Type  string     `json:"type"`
	Count map[Op]int `json:"count"`
}

// Summary counts the graph. The stack itself isn't counted.
func (g *Graph) Summary() Summary {
	s := Summary{Total: g.Count()}
	for _, tier := range g.Tiers() {
		t := TierCount{Tier: tier, Count: map[Op]int{}}
		types := map[string]map[Op]int{}
		for _, r := range g.Resources {
			if r.Type == stackType || r.Tier != tier {
				continue
			}
			if types[r.Type] == nil {
				types[r.Type] = map[Op]int{}
			}
			t.Count[r.Op]++
			types[r.Type][r.Op]++
		}
		for name, count := range types {
			t.Types = append(t.Types, TypeCount{Type: name, Count: count})
		}
		slices.SortFunc(t.Types, func(a, b TypeCount) int { return strings.Compare(a.Type, b.Type) })
		s.Tiers = append(s.Tiers, t)
	}
	return s
}

// Write writes the run's result for people: a table by tier, with the types of
// each tier where details are asked for, then the outputs and the notes.
func (r *Run) Write(w io.Writer, details bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "stack %s: %s\n\n", r.Stack, r.Command)
	r.Graph.Summary().write(&b, details)
	if r.Graph.Changes() > 0 {
		r.writeChanged(&b)
	}
	if len(r.Outputs) > 0 {
		b.WriteString("\noutputs\n")
		for _, k := range sortedKeys(r.Outputs) {
			fmt.Fprintf(&b, "  %s = %s\n", k, asJSON(r.Outputs[k]))
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "\nnote: %s\n", note)
	}
	fmt.Fprintf(&b, "\n%s\n", r.Verdict())
	_, err := io.WriteString(w, b.String())
	return err
}

func (s Summary) write(w io.Writer, details bool) {
	width := len("total")
	for _, tier := range s.Tiers {
		width = max(width, len(tier.Tier))
		for _, typ := range tier.Types {
			if details {
				width = max(width, len(typ.Type)+2)
			}
		}
	}
	row := func(name string, cell func(Op) string) {
		fmt.Fprintf(w, "%-*s", width, name)
		for _, op := range shownOps {
			fmt.Fprintf(w, "  %7s", cell(op))
		}
		fmt.Fprintln(w)
	}
	counted := func(count map[Op]int) func(Op) string {
		return func(op Op) string { return dotted(count[op]) }
	}
	row("tier", func(op Op) string { return string(op) })
	for _, tier := range s.Tiers {
		row(tier.Tier, counted(tier.Count))
		for _, typ := range tier.Types {
			if details {
				row("  "+typ.Type, counted(typ.Count))
			}
		}
	}
	row("total", counted(s.Total))
}

// dotted shows nothing as a dot, so that the numbers stand out.
func dotted(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

// writeChanged lists what is changed, replaced or deleted among resources that
// stay: what is new speaks for itself.
func (r *Run) writeChanged(b *strings.Builder) {
	if r.Command == Destroy {
		return
	}
	heading := "\nchanged resources\n"
	for _, res := range r.Graph.Resources {
		if res.Type == stackType || res.Op != Update && res.Op != Replace && res.Op != Delete {
			continue
		}
		b.WriteString(heading)
		heading = ""
		fmt.Fprintf(b, "  %s %s (%s)", res.Op, res.Name, res.Type)
		if len(res.Changed) > 0 {
			fmt.Fprintf(b, ": %s", strings.Join(res.Changed, ", "))
		}
		b.WriteString("\n")
	}
}

// Verdict is the run's result in one sentence.
func (r *Run) Verdict() string {
	count := r.Graph.Count()
	if r.Graph.Changes() == 0 {
		return fmt.Sprintf("no change: %s as before", phrase.Count(count[Same]+count[Read], "resource"))
	}
	var parts []string
	for _, op := range shownOps {
		if n := count[op]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, verb(r.Command, op)))
		}
	}
	return strings.Join(parts, ", ")
}

func verb(c Command, op Op) string {
	if op == Same {
		return "unchanged"
	}
	if c == Preview {
		return "to " + string(op)
	}
	return strings.TrimSuffix(string(op), "e") + "ed"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("(not representable: %v)", err)
	}
	return string(b)
}
