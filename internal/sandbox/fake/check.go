package fake

import (
	"fmt"
	"math"
	"reflect"
	"sort"

	"github.com/agext/levenshtein"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// check gives everything that is wrong with the values of an SDK structure, in
// the order of their paths. A value that isn't known yet is taken to be right.
func check(shape *object, values resource.PropertyMap) []Problem {
	c := &checker{}
	c.object(nil, shape, values)
	sort.SliceStable(c.problems, func(i, j int) bool { return c.problems[i].Path < c.problems[j].Path })
	return c.problems
}

type checker struct{ problems []Problem }

func (c *checker) add(path resource.PropertyPath, format string, args ...any) {
	c.problems = append(c.problems, Problem{Path: path.String(), Message: fmt.Sprintf(format, args...)})
}

func (c *checker) object(path resource.PropertyPath, shape *object, values resource.PropertyMap) {
	for key, v := range values {
		name := string(key)
		if isInternal(name) {
			continue
		}
		f, ok := shape.fields[name]
		if !ok {
			c.unknown(join(path, name), name, shape.names)
			continue
		}
		c.value(join(path, name), f.typ, v)
	}
	for _, name := range shape.names {
		if f := shape.fields[name]; f.required && isAbsent(values[resource.PropertyKey(name)]) {
			c.add(join(path, name), "required, and not given")
		}
	}
}

func (c *checker) unknown(path resource.PropertyPath, name string, known []string) {
	if near := nearest(name, known); near != "" {
		c.add(path, "no such property; did you mean %q?", near)
		return
	}
	c.add(path, "no such property")
}

func (c *checker) value(path resource.PropertyPath, t reflect.Type, v resource.PropertyValue) {
	v, known := unwrap(v)
	if !known || v.IsNull() {
		return
	}
	t = deref(t)
	if t.Kind() == reflect.Interface || v.IsResourceReference() {
		return
	}
	if !c.fits(path, t, v) {
		c.add(path, "%s is wanted, not %s", wanted(t), given(v))
	}
}

// fits tells whether v is of the kind that t needs, and looks into it if so.
func (c *checker) fits(path resource.PropertyPath, t reflect.Type, v resource.PropertyValue) bool {
	switch t.Kind() {
	case reflect.String:
		return v.IsString()
	case reflect.Bool:
		return v.IsBool()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return v.IsNumber() && v.NumberValue() == math.Trunc(v.NumberValue())
	case reflect.Float32, reflect.Float64:
		return v.IsNumber()
	case reflect.Slice:
		return c.list(path, t, v)
	case reflect.Map:
		return c.mapping(path, t, v)
	case reflect.Struct:
		if v.IsObject() {
			c.object(path, shapeOf(t), v.ObjectValue())
		}
		return v.IsObject()
	}
	return true
}

func (c *checker) list(path resource.PropertyPath, t reflect.Type, v resource.PropertyValue) bool {
	if !v.IsArray() {
		return false
	}
	for i, e := range v.ArrayValue() {
		c.value(join(path, i), t.Elem(), e)
	}
	return true
}

func (c *checker) mapping(path resource.PropertyPath, t reflect.Type, v resource.PropertyValue) bool {
	if !v.IsObject() {
		return false
	}
	for key, e := range v.ObjectValue() {
		if !isInternal(string(key)) {
			c.value(join(path, string(key)), t.Elem(), e)
		}
	}
	return true
}

// isInternal tells whether a name is one of the engine's own.
func isInternal(name string) bool { return len(name) > 1 && name[:2] == "__" }

// join appends to a path without sharing its memory.
func join(path resource.PropertyPath, key any) resource.PropertyPath {
	return append(path[:len(path):len(path)], key)
}

// unwrap takes secrets and outputs off a value and tells whether it is known.
func unwrap(v resource.PropertyValue) (resource.PropertyValue, bool) {
	for {
		switch {
		case v.IsSecret():
			v = v.SecretValue().Element
		case v.IsOutput():
			if !v.OutputValue().Known {
				return v, false
			}
			v = v.OutputValue().Element
		case v.IsComputed():
			return v, false
		default:
			return v, true
		}
	}
}

func isAbsent(v resource.PropertyValue) bool {
	v, known := unwrap(v)
	return known && v.IsNull()
}

// wanted names a type in the words of a stack's configuration.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

// given names a value's kind. The value itself may be a secret, so it is left
// out.
func given(v resource.PropertyValue) string {
	switch {
	case v.IsString():
		return "a string"
	case v.IsBool():
		return "true or false"
	case v.IsNumber() && v.NumberValue() == math.Trunc(v.NumberValue()):
		return "a number"
	case v.IsNumber():
		return "a number with a fraction"
	case v.IsArray():
		return "a list"
	case v.IsObject():
		return "an object"
	}
	return "a " + v.TypeString()
}

// nearest gives the known name that a mistyped one was probably meant to be.
func nearest(name string, known []string) string {
	best, bestDistance := "", 1+len(name)/3
	for _, k := range known {
		if d := levenshtein.Distance(name, k, nil); d <= bestDistance && (best == "" || d < bestDistance) {
			best, bestDistance = k, d
		}
	}
	return best
}
