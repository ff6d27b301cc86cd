package fake

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// identify gives the identifier of a resource that is about to be made.
func identify(r *Resource, o *Object) string {
	seeded := *o
	seeded.ID = fingerprint(o.Inputs)
	seeded.arn = seeded.Expand("arn", r.ARN)
	template := r.ID
	if template == "" {
		template = "{name}-{8}"
	}
	return seeded.Expand("id", template)
}

// outputs gives everything that a resource reports: its inputs, and a value
// for each further output that its type promises. While previewing, a value
// that depends on one that isn't known yet is unknown too.
func outputs(p *Package, r *Resource, o *Object, given, old resource.PropertyMap) resource.PropertyMap {
	out := given.Copy()
	o.arn = arnOf(r, o)
	shape := outputsOf(r.State)
	for _, name := range shape.names {
		key := resource.PropertyKey(name)
		f := shape.fields[name]
		if v, own := ownOutput(r, o, name); own {
			out[key] = v
		} else if !isAbsent(given[key]) {
			continue
		} else if v, ok := madeOutput(p, o, f, inputsOf(r.Args)); ok {
			out[key] = v
		}
	}
	for _, name := range strings.Fields(r.Bumps) {
		key := resource.PropertyKey(name)
		out[key] = bump(shape.fields[name].typ, old[key])
	}
	return out
}

// bump gives the version after the old one, as the number or the text that the
// output's type asks for.
func bump(t reflect.Type, old resource.PropertyValue) resource.PropertyValue {
	n, _ := strconv.Atoi(textOf(old))
	if t != nil && deref(t).Kind() == reflect.String {
		return resource.NewProperty(strconv.Itoa(n + 1))
	}
	return resource.NewProperty(float64(n + 1))
}

// arnOf expands the type's ARN. A type whose identifier is its ARN keeps the
// one it was made with.
func arnOf(r *Resource, o *Object) string {
	if r.ID == "{arn}" {
		return o.ID
	}
	return o.Expand("arn", r.ARN)
}

// ownOutput gives an output by the type's own row.
func ownOutput(r *Resource, o *Object, name string) (resource.PropertyValue, bool) {
	rule, ok := r.Outputs[name]
	if !ok && name == "arn" && r.ARN != "" {
		rule, ok = r.ARN, true
		if r.ID == "{arn}" {
			rule = "{arn}"
		}
	}
	if !ok {
		return resource.PropertyValue{}, false
	}
	o.unknown = false
	var v any
	switch rule := rule.(type) {
	case string:
		v = o.Expand(name, rule)
	case func(*Object) any:
		v = rule(o)
	default:
		v = rule
	}
	if o.unknown {
		return resource.MakeComputed(resource.NewProperty("")), true
	}
	return resource.NewPropertyValue(v), true
}

// madeOutput gives an output by the package's common rules, or makes one up
// where the type promises it.
func madeOutput(p *Package, o *Object, f field, inputs *object) (resource.PropertyValue, bool) {
	o.unknown = false
	if p.Output != nil {
		v, ok := p.Output(o, f.name, f.typ)
		if o.unknown {
			return resource.MakeComputed(resource.NewProperty("")), true
		}
		if ok {
			return resource.NewPropertyValue(v), true
		}
	}
	if f.typ.Kind() == reflect.Pointer {
		return resource.PropertyValue{}, false
	}
	_, settable := inputs.fields[f.name]
	return resource.NewPropertyValue(makeUp(o, f.name, f.typ, !settable)), true
}

// makeUp invents a value of a type. A list that only the cloud can fill gets
// one element, so that a program may take its first; one that the program left
// out stays empty.
func makeUp(o *Object, label string, t reflect.Type, fill bool) any {
	t = deref(t)
	switch t.Kind() {
	case reflect.String:
		return o.Name + "-" + o.Hex(label, 8)
	case reflect.Bool:
		return false
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		return float64(0)
	case reflect.Slice:
		if fill {
			return []any{makeUp(o, label+"[0]", t.Elem(), false)}
		}
		return []any{}
	case reflect.Struct:
		return makeUpObject(o, label, t)
	}
	return map[string]any{}
}

func makeUpObject(o *Object, label string, t reflect.Type) map[string]any {
	shape, out := shapeOf(t), map[string]any{}
	for _, name := range shape.names {
		if f := shape.fields[name]; f.typ.Kind() != reflect.Pointer {
			out[name] = makeUp(o, label+"."+name, f.typ, false)
		}
	}
	return out
}

// previewedUpdate gives what is known of a resource before it is updated.
func previewedUpdate(
	p *Package, r *Resource, o *Object, given, old resource.PropertyMap,
) resource.PropertyMap {
	out := outputs(p, r, o, given, old)
	for _, name := range strings.Fields(r.Bumps) {
		out[resource.PropertyKey(name)] = resource.MakeComputed(resource.NewProperty(""))
	}
	return out
}

// previewed gives what is known of a resource before it is made: its inputs.
// Every output that its type promises beyond them is unknown.
func previewed(r *Resource, given resource.PropertyMap) resource.PropertyMap {
	out := given.Copy()
	shape := outputsOf(r.State)
	for _, name := range shape.names {
		key := resource.PropertyKey(name)
		_, own := r.Outputs[name]
		if isAbsent(given[key]) && (own || shape.fields[name].typ.Kind() != reflect.Pointer) {
			out[key] = resource.MakeComputed(resource.NewProperty(""))
		}
	}
	return out
}
