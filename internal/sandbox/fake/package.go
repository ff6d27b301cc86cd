// Package fake simulates Pulumi resource providers. It checks what a program
// asks for against the types of the package's own Go SDK, answers look-ups and
// makes up plausible, repeatable outputs, so that a program can be previewed
// and brought up in the real engine without an account.
//
// A simulated package is data: a row for each resource type and each look-up.
// What properties a type has, which of them it needs and what it gives back is
// read by reflection from the SDK, so a row never repeats it.
package fake

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Package is one simulated Pulumi package.
type Package struct {
	// Name is the package's name in type tokens, such as "aws".
	Name string
	// Plugin is the plugin that serves the package, where it isn't Name: a
	// parameterized package is served by its base plugin.
	Plugin string
	// Version is the plugin's that the SDK goes with. The engine warns of an
	// older one.
	Version semver.Version
	// Config is the SDK's provider arguments, such as aws.ProviderArgs{}.
	Config pulumi.Input
	// Settings turns a provider's checked configuration into the values that
	// templates name, such as region. An error refuses the configuration.
	Settings func(config resource.PropertyMap) (map[string]string, error)
	// Resources and Lookups are the table.
	Resources []Resource
	Lookups   []Lookup
	// Output gives outputs that all the package's types share, such as arn.
	// It answers false for a name that it has nothing to say about.
	Output func(o *Object, name string, t reflect.Type) (any, bool)
	// Inspect gives problems that types alone can't show, such as a name that
	// is too long. The property may be unknown: use Object.Text and ask.
	Inspect func(o *Object) []Problem
	// Notice tells the world of a resource that is there, so that look-ups of
	// this or another package find it.
	Notice func(w *World, o *Object)
	// Source says where a missing row is to be added.
	Source string
}

// Resource is a row of the table: one resource type.
type Resource struct {
	// Token is the resource's type, such as "aws:ec2/vpc:Vpc".
	Token string
	// Args is the SDK's arguments, such as ec2.VpcArgs{}.
	Args pulumi.Input
	// State is the SDK's resource, such as ec2.Vpc{}.
	State any
	// ID is the template of the provider's identifier; see Object.Expand. The
	// zero value stands for "{name}-{8}".
	ID string
	// ARN is the template of the output "arn", for packages that have one.
	ARN string
	// Replace lists, separated by blanks, the inputs whose change replaces the
	// resource. A path such as "settings.disk" covers what is below it.
	Replace string
	// Bumps lists, separated by blanks, the outputs that count a resource's
	// versions: one at first, one more at each update.
	Bumps string
	// NoAutoname is set where the real provider leaves a missing name alone.
	NoAutoname bool
	// Autoname is the input that gets a name where the program gives none;
	// the zero value stands for "name".
	Autoname string
	// Outputs gives outputs that are this type's own: a string is a template,
	// a func(*Object) any is called, and anything else is the value.
	Outputs map[string]any
}

// Lookup is a row of the table: one function that reads from the provider.
type Lookup struct {
	// Token is the function's, such as "aws:index/getRegion:getRegion".
	Token string
	// Args and Result are the SDK's structures for it; Args may be nil.
	Args, Result any
	// Answer gives the result's properties; those it leaves out are made up.
	// An error refuses the look-up.
	Answer func(q *Query) (map[string]any, error)
}

// Query is one call of a look-up.
type Query struct {
	// Args are the call's arguments.
	Args resource.PropertyMap
	// Settings are the provider's.
	Settings map[string]string
	// World holds what the stack itself has made.
	World *World
}

// Text gives a string argument, and "" where it is absent or unknown.
func (q *Query) Text(name string) string { return textOf(q.Args[resource.PropertyKey(name)]) }

// Problem is something wrong with one property.
type Problem struct {
	// Path is the property's, such as "ingress[0].fromPort".
	Path string
	// Message says what is wrong and what to do.
	Message string
}

func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Refusal is a resource or a look-up that the simulated provider refused.
type Refusal struct {
	// URN is the resource's; empty for a look-up.
	URN string `json:"urn,omitempty"`
	// Type is the resource's type or the look-up's token.
	Type string `json:"type"`
	// Name is the resource's logical name; empty for a look-up.
	Name string `json:"name,omitempty"`
	// Path is the property's, where the problem is with one.
	Path string `json:"path,omitempty"`
	// Message says what is wrong and what to do.
	Message string `json:"message"`
}

func (r Refusal) String() string {
	where := r.Type
	if r.Name != "" {
		where = fmt.Sprintf("%s (%s)", r.Name, r.Type)
	}
	if r.Path != "" {
		where += ": " + r.Path
	}
	return where + ": " + r.Message
}

// plugin is the name under which the engine asks for the package.
func (p *Package) plugin() string {
	if p.Plugin != "" {
		return p.Plugin
	}
	return p.Name
}

// autoname is the input that gets a made-up name, or "".
func (r *Resource) autoname() string {
	switch {
	case r.NoAutoname:
		return ""
	case r.Autoname != "":
		return r.Autoname
	}
	return "name"
}

// replaces tells whether a change at the path of a property replaces r.
func (r *Resource) replaces(path string) bool {
	for _, p := range strings.Fields(r.Replace) {
		if path == p || strings.HasPrefix(path, p+".") || strings.HasPrefix(path, p+"[") {
			return true
		}
	}
	return false
}
