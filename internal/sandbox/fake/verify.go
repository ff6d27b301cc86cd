package fake

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Verify checks a table against the SDK that it describes: every input that
// replaces a resource, every output with a value of its own and every name that
// is made up has to be one that the type has. A package's tests call it, so that
// a mistyped row shows at once.
func (p *Package) Verify() error {
	var problems []error
	for i := range p.Resources {
		r := &p.Resources[i]
		for _, m := range r.verify() {
			problems = append(problems, fmt.Errorf("%s: %s", r.Token, m))
		}
		if !strings.HasPrefix(r.Token, p.Name+":") {
			problems = append(problems, fmt.Errorf("%s: not a type of package %s", r.Token, p.Name))
		}
	}
	return errors.Join(problems...)
}

func (r *Resource) verify() []string {
	in, out := inputsOf(r.Args), outputsOf(r.State)
	var problems []string
	need := func(what, name string, shape *object) {
		if _, ok := shape.fields[name]; !ok {
			problems = append(problems, fmt.Sprintf("%s names %q, which isn't there", what, name))
		}
	}
	if len(in.fields) == 0 && len(out.fields) == 0 {
		problems = append(problems, "neither inputs nor outputs: are Args and State the SDK's structures?")
	}
	for _, path := range strings.Fields(r.Replace) {
		first, _, _ := strings.Cut(path, ".")
		need("Replace", first, in)
	}
	for name := range r.Outputs {
		need("Outputs", name, out)
	}
	for _, name := range strings.Fields(r.Bumps) {
		need("Bumps", name, out)
	}
	if r.Autoname != "" {
		need("Autoname", r.Autoname, in)
	}
	if r.ARN != "" {
		_, own := out.fields["arn"]
		if !own && r.ID != "{arn}" {
			problems = append(problems, `ARN is given, but the type has no output "arn"`)
		}
	}
	sort.Strings(problems)
	return problems
}
