package fake

import (
	"reflect"
	"sort"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// field is a property of an SDK structure.
type field struct {
	name     string
	typ      reflect.Type
	required bool
}

// object is an SDK structure's properties.
type object struct {
	fields map[string]field
	names  []string // sorted
}

// shapes remembers the structures already read: some of the SDK's, such as a
// firewall rule's statement, have thousands of nested ones.
var shapes sync.Map // reflect.Type -> *object

// shapeOf reads the properties of an SDK structure. A property is required
// where its type can't say "absent": neither a pointer, a list, a map nor an
// interface. The SDK's constructors refuse missing required lists themselves.
func shapeOf(t reflect.Type) *object {
	if known, ok := shapes.Load(t); ok {
		return known.(*object)
	}
	o := &object{fields: map[string]field{}}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("pulumi")
		if !ok {
			continue
		}
		name, rest, _ := strings.Cut(tag, ",")
		if name == "" {
			continue
		}
		typ, optional := plain(f.Type), strings.Contains(rest, "optional")
		o.fields[name] = field{name: name, typ: typ, required: !optional && !canBeAbsent(typ)}
		o.names = append(o.names, name)
	}
	sort.Strings(o.names)
	got, _ := shapes.LoadOrStore(t, o)
	return got.(*object)
}

// plain turns an input's or an output's type into the type of its value.
func plain(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Interface {
		return t
	}
	if in, ok := reflect.Zero(t).Interface().(pulumi.Input); ok && t.Kind() != reflect.Pointer {
		return in.ElementType()
	}
	return t
}

func canBeAbsent(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	}
	return false
}

// inputsOf reads the properties that args, such as ec2.VpcArgs{}, take.
func inputsOf(args pulumi.Input) *object {
	if args == nil {
		return &object{fields: map[string]field{}}
	}
	return shapeOf(deref(args.ElementType()))
}

// outputsOf reads the properties that a resource, such as ec2.Vpc{}, gives.
func outputsOf(state any) *object {
	if state == nil {
		return &object{fields: map[string]field{}}
	}
	return shapeOf(deref(reflect.TypeOf(state)))
}

func deref(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
