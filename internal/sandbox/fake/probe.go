package fake

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Probe asks a simulated package directly, without an engine. The tests of the
// tables use it.
type Probe struct{ provider *provider }

// NewProbe sets a provider up with a configuration.
func NewProbe(p *Package, config resource.PropertyMap) (*Probe, error) {
	cloud, err := NewCloud(p)
	if err != nil {
		return nil, err
	}
	pr := &provider{cloud: cloud, pkg: cloud.packages[p.Name]}
	urn := resource.NewURN("test", "probe", "", tokens.Type("pulumi:providers:"+p.Name), "default")
	checked, err := pr.CheckConfig(context.Background(), plugin.CheckConfigRequest{URN: urn, News: config})
	if err != nil {
		return nil, err
	}
	if err := failed(checked.Failures); err != nil {
		return nil, err
	}
	_, err = pr.Configure(context.Background(), plugin.ConfigureRequest{Inputs: config})
	return &Probe{provider: pr}, err
}

func failed(failures []plugin.CheckFailure) error {
	var all []error
	for _, f := range failures {
		all = append(all, errors.New(f.Reason))
	}
	return errors.Join(all...)
}

func urnOf(token, name string) resource.URN {
	return resource.NewURN("test", "probe", "", tokens.Type(token), name)
}

// Check gives what is wrong with a resource's inputs.
func (p *Probe) Check(ctx context.Context, token, name string, inputs resource.PropertyMap) ([]string, error) {
	checked, err := p.check(ctx, token, name, inputs)
	var out []string
	for _, f := range checked.Failures {
		out = append(out, f.Reason)
	}
	return out, err
}

func (p *Probe) check(
	ctx context.Context, token, name string, inputs resource.PropertyMap,
) (plugin.CheckResponse, error) {
	return p.provider.Check(ctx, plugin.CheckRequest{URN: urnOf(token, name), Type: tokens.Type(token), News: inputs})
}

// Create checks and makes a resource, and gives its identifier and outputs.
func (p *Probe) Create(
	ctx context.Context, token, name string, inputs resource.PropertyMap,
) (string, resource.PropertyMap, error) {
	checked, err := p.check(ctx, token, name, inputs)
	if err == nil {
		err = failed(checked.Failures)
	}
	if err != nil {
		return "", nil, err
	}
	made, err := p.provider.Create(ctx, plugin.CreateRequest{
		URN: urnOf(token, name), Type: tokens.Type(token), Properties: checked.Properties,
	})
	return string(made.ID), made.Properties, err
}

// Lookup calls a function.
func (p *Probe) Lookup(ctx context.Context, token string, args resource.PropertyMap) (resource.PropertyMap, error) {
	got, err := p.provider.Invoke(ctx, plugin.InvokeRequest{Tok: tokens.ModuleMember(token), Args: args})
	return got.Properties, err
}

// Exercise makes a resource from invented inputs, changes nothing, and gives
// everything that isn't as the type promises: an output that is missing or of
// another type, an update that changes outputs, a difference where there is
// none.
func (p *Probe) Exercise(ctx context.Context, token string) error {
	row, ok := p.provider.pkg.resources[token]
	if !ok {
		return fmt.Errorf("%s: no such row", token)
	}
	inputs := inventInputs(row)
	id, first, err := p.createUninspected(ctx, row, inputs)
	if err != nil {
		return err
	}
	_, second, err := p.createUninspected(ctx, row, inputs)
	if err != nil {
		return err
	}
	if id == "" || !first.DeepEquals(second) {
		return fmt.Errorf("%s: two runs differ", token)
	}
	if d := diff(row, urnOf(token, "main"), inputs, inputs); d.Changes != plugin.DiffNone {
		return fmt.Errorf("%s: differs from itself in %v", token, d.ChangedKeys)
	}
	return p.promised(ctx, row, id, inputs, first)
}

func (p *Probe) createUninspected(
	ctx context.Context, row *Resource, inputs resource.PropertyMap,
) (string, resource.PropertyMap, error) {
	made, err := p.provider.Create(ctx, plugin.CreateRequest{
		URN: urnOf(row.Token, "main"), Type: tokens.Type(row.Token), Properties: inputs,
	})
	return string(made.ID), made.Properties, err
}

func (p *Probe) promised(
	ctx context.Context, row *Resource, id string, inputs, outputs resource.PropertyMap,
) error {
	var problems []error
	shape := outputsOf(row.State)
	for _, name := range shape.names {
		key, f := resource.PropertyKey(name), shape.fields[name]
		if f.typ.Kind() != reflect.Pointer && isAbsent(outputs[key]) {
			problems = append(problems, fmt.Errorf("%s: output %s is missing", row.Token, name))
		}
		c := &checker{}
		c.value(resource.PropertyPath{name}, f.typ, outputs[key])
		for _, problem := range c.problems {
			problems = append(problems, fmt.Errorf("%s: output %s", row.Token, problem))
		}
	}
	updated, err := p.provider.Update(ctx, plugin.UpdateRequest{
		URN: urnOf(row.Token, "main"), Type: tokens.Type(row.Token), ID: resource.ID(id),
		OldInputs: inputs, OldOutputs: outputs, NewInputs: inputs,
	})
	if err == nil && row.Bumps == "" && !updated.Properties.DeepEquals(outputs) {
		delta := outputs.Diff(updated.Properties)
		problems = append(problems, fmt.Errorf("%s: an update without a change changes %v", row.Token, delta.ChangedKeys()))
	}
	return errors.Join(append(problems, err)...)
}

// inventInputs makes up all required inputs, and a text for each other one
// that takes a text.
func inventInputs(row *Resource) resource.PropertyMap {
	o := &Object{URN: urnOf(row.Token, "main"), Type: row.Token, Name: "main"}
	out, shape := resource.PropertyMap{}, inputsOf(row.Args)
	for _, name := range shape.names {
		f := shape.fields[name]
		if f.required || deref(f.typ).Kind() == reflect.String {
			out[resource.PropertyKey(name)] = resource.NewPropertyValue(makeUp(o, name, f.typ, false))
		}
	}
	return out
}
