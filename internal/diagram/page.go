package diagram

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// typeCount is a line of a tier's table.
type typeCount struct {
	Type  string
	Count int
}

type tierView struct {
	Label, Name string
	Count       int
	Types       []typeCount
}

type stackView struct {
	Name      string
	Resources int
	Picture   template.HTML
	Tiers     []tierView
	Outputs   string
	Counts    string
}

// Page lays out, for each run of a stack, the picture, what would be created by
// tier and the outputs, as one HTML file that needs no network. Links name
// further pages beside it, as title and file.
func Page(runs []*sandbox.Run, links [][2]string) ([]byte, error) {
	var stacks []stackView
	for _, r := range runs {
		v, err := view(r)
		if err != nil {
			return nil, err
		}
		stacks = append(stacks, v)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, map[string]any{"Stacks": stacks, "Links": links}); err != nil {
		return nil, fmt.Errorf("lay out the page: %w", err)
	}
	return b.Bytes(), nil
}

func view(r *sandbox.Run) (stackView, error) {
	shop := Read(r.Graph)
	outputs, err := json.MarshalIndent(r.Outputs, "", "  ")
	if err != nil {
		return stackView{}, fmt.Errorf("lay out the outputs of %s: %w", r.Stack, err)
	}
	v := stackView{Name: r.Stack, Picture: template.HTML(SVG(shop, "The stack "+r.Stack)), Outputs: string(outputs)}
	for _, t := range shop.Tiers {
		tv := tierView{Label: label(t), Name: t.Name, Count: t.Count}
		for typ, n := range t.Types {
			tv.Types = append(tv.Types, typeCount{typ, n})
		}
		sort.Slice(tv.Types, func(i, j int) bool { return tv.Types[i].Type < tv.Types[j].Type })
		v.Tiers = append(v.Tiers, tv)
	}
	var words []string
	count := r.Graph.Count()
	for _, op := range []sandbox.Op{sandbox.Create, sandbox.Update, sandbox.Replace, sandbox.Delete, sandbox.Same} {
		v.Resources += count[op]
		if count[op] > 0 {
			words = append(words, fmt.Sprintf("%d to %s", count[op], op))
		}
	}
	v.Counts = strings.Join(words, ", ")
	return v, nil
}
