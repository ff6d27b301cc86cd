package fake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// provider is one provider of a program, such as the default one or one for
// another region. The engine opens a connection for each.
type provider struct {
	plugin.UnimplementedProvider

	cloud    *Cloud
	pkg      *tables
	settings map[string]string
}

func (p *provider) Handshake(
	context.Context, plugin.ProviderHandshakeRequest,
) (*plugin.ProviderHandshakeResponse, error) {
	return &plugin.ProviderHandshakeResponse{AcceptSecrets: true, AcceptResources: true, AcceptOutputs: true}, nil
}

func (p *provider) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	return plugin.PluginInfo{Version: &p.pkg.Version}, nil
}

// Attach takes the engine's address, which a provider that was attached rather
// than started has no use for here.
func (p *provider) Attach(string) error { return nil }

func (p *provider) SignalCancellation(context.Context) error { return nil }

// Parameterize turns a base plugin into the package that is asked for.
func (p *provider) Parameterize(
	_ context.Context, req plugin.ParameterizeRequest,
) (plugin.ParameterizeResponse, error) {
	value, ok := req.Parameters.(*plugin.ParameterizeValue)
	if !ok {
		return plugin.ParameterizeResponse{}, errors.New("parameterize: only a generated SDK's parameters are simulated")
	}
	known, ok := p.cloud.packages[value.Name]
	if !ok {
		return plugin.ParameterizeResponse{}, fmt.Errorf("package %s isn't simulated", value.Name)
	}
	p.pkg = known
	return plugin.ParameterizeResponse{Name: value.Name, Version: value.Version}, nil
}

// CheckConfig checks a provider's configuration. What comes from the stack's
// configuration is text, and holds other types as JSON.
func (p *provider) CheckConfig(
	_ context.Context, req plugin.CheckConfigRequest,
) (plugin.CheckConfigResponse, error) {
	shape, values := inputsOf(p.pkg.Config), resource.PropertyMap{}
	for k, v := range req.News {
		if f, ok := shape.fields[string(k)]; ok {
			v = fromText(f.typ, v)
		}
		if !engineConfig[string(k)] {
			values[k] = v
		}
	}
	problems := check(shape, values)
	if len(problems) == 0 && p.pkg.Settings != nil && !values.ContainsUnknowns() {
		if _, err := p.pkg.Settings(reveal(values)); err != nil {
			problems = []Problem{{Message: err.Error()}}
		}
	}
	return plugin.CheckConfigResponse{
		Properties: req.News,
		Failures:   p.refuse(req.URN, problems),
	}, nil
}

// engineConfig are the properties that the engine adds to a provider's own.
var engineConfig = map[string]bool{
	"version": true, "pluginDownloadURL": true, "parameterization": true, "name": true,
}

func fromText(t reflect.Type, v resource.PropertyValue) resource.PropertyValue {
	plain, known := unwrap(v)
	if !known || !plain.IsString() || deref(t).Kind() == reflect.String {
		return v
	}
	var decoded any
	if err := json.Unmarshal([]byte(plain.StringValue()), &decoded); err != nil {
		return v
	}
	return resource.NewPropertyValue(decoded)
}

func (p *provider) DiffConfig(_ context.Context, req plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return diff(&Resource{}, req.URN, req.OldInputs, req.NewInputs), nil
}

func (p *provider) Configure(_ context.Context, req plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	p.settings = map[string]string{}
	if p.pkg.Settings == nil || req.Inputs.ContainsUnknowns() {
		return plugin.ConfigureResponse{}, nil
	}
	shape, values := inputsOf(p.pkg.Config), resource.PropertyMap{}
	for k, v := range req.Inputs {
		if f, ok := shape.fields[string(k)]; ok {
			values[k] = fromText(f.typ, v)
		}
	}
	settings, err := p.pkg.Settings(reveal(values))
	if err != nil {
		return plugin.ConfigureResponse{}, fmt.Errorf("configure %s: %w", p.pkg.Name, err)
	}
	p.settings = settings
	return plugin.ConfigureResponse{}, nil
}

// Check refuses what the real provider would refuse, and gives a resource the
// name that the program left out.
func (p *provider) Check(_ context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	row, ok := p.pkg.resources[string(req.Type)]
	if !ok {
		problem := Problem{Message: fmt.Sprintf("this resource type isn't simulated: add a row for it in %s", p.pkg.Source)}
		return plugin.CheckResponse{Properties: req.News, Failures: p.refuse(req.URN, []Problem{problem})}, nil
	}
	news := req.News
	if key := resource.PropertyKey(row.autoname()); key != "" && wantsName(row, news) {
		news = news.Copy()
		news[key] = resource.NewProperty(autoname(req.URN))
	}
	problems := check(inputsOf(row.Args), news)
	if p.pkg.Inspect != nil && len(problems) == 0 {
		problems = p.pkg.Inspect(p.object(req.URN, "", withoutSecrets(news)))
	}
	return plugin.CheckResponse{Properties: news, Failures: p.refuse(req.URN, problems)}, nil
}

// withoutSecrets leaves secrets out, so that no message can quote one.
func withoutSecrets(values resource.PropertyMap) resource.PropertyMap {
	out := resource.PropertyMap{}
	for k, v := range values {
		if !v.ContainsSecrets() {
			out[k] = v
		}
	}
	return out
}

// wantsName tells whether a resource has to be given a name.
func wantsName(r *Resource, inputs resource.PropertyMap) bool {
	name := r.autoname()
	f, ok := inputsOf(r.Args).fields[name]
	if !ok || f.required || deref(f.typ).Kind() != reflect.String {
		return false
	}
	return isAbsent(inputs[resource.PropertyKey(name)]) && isAbsent(inputs[resource.PropertyKey(name+"Prefix")])
}

// refuse notes problems with a resource. It gives the engine none of them
// while the cloud only collects.
func (p *provider) refuse(urn resource.URN, problems []Problem) []plugin.CheckFailure {
	var noted []Refusal
	var failures []plugin.CheckFailure
	for _, problem := range problems {
		noted = append(noted, Refusal{
			URN: string(urn), Type: string(urn.Type()), Name: urn.Name(), Path: problem.Path, Message: problem.Message,
		})
		failures = append(failures, plugin.CheckFailure{Reason: problem.String()})
	}
	if len(noted) > 0 && p.cloud.refuse(noted...) {
		return nil
	}
	return failures
}

func (p *provider) object(urn resource.URN, id string, inputs resource.PropertyMap) *Object {
	return &Object{
		URN: urn, Type: string(urn.Type()), Name: urn.Name(), ID: id,
		Inputs: reveal(inputs), Settings: p.settings,
	}
}

// row gives the row of a type. A type that isn't simulated was refused or
// noted by Check; it gets an empty row so that a preview can go on.
func (p *provider) row(typ tokens.Type) *Resource {
	if row, ok := p.pkg.resources[string(typ)]; ok {
		return row
	}
	return &Resource{Token: string(typ)}
}

// notice makes a resource that is there known to look-ups.
func (p *provider) notice(o *Object) {
	if p.pkg.Notice != nil {
		p.pkg.Notice(&p.cloud.world, o)
	}
}

func (p *provider) Diff(_ context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	p.notice(p.object(req.URN, string(req.ID), req.OldOutputs))
	return diff(p.row(req.Type), req.URN, req.OldInputs, req.NewInputs), nil
}

func (p *provider) Create(_ context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	row := p.row(req.Type)
	if req.Preview {
		return plugin.CreateResponse{Properties: previewed(row, req.Properties)}, nil
	}
	o := p.object(req.URN, "", req.Properties)
	o.ID = identify(row, o)
	if o.ID == "" {
		return plugin.CreateResponse{}, fmt.Errorf("create %s: its identifier %q comes out empty", req.Type, row.ID)
	}
	made := outputs(p.pkg.Package, row, o, req.Properties, nil)
	p.notice(p.object(req.URN, o.ID, made))
	return plugin.CreateResponse{ID: resource.ID(o.ID), Properties: made}, nil
}

func (p *provider) Update(_ context.Context, req plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	o := p.object(req.URN, string(req.ID), req.NewInputs)
	render := outputs
	if req.Preview {
		render = previewedUpdate
	}
	updated := render(p.pkg.Package, p.row(req.Type), o, req.NewInputs, req.OldOutputs)
	p.notice(p.object(req.URN, string(req.ID), updated))
	return plugin.UpdateResponse{Properties: updated}, nil
}

// Read gives back what is in the state: nothing else changes the simulated
// cloud. A resource that the program only refers to isn't there.
func (p *provider) Read(_ context.Context, req plugin.ReadRequest) (plugin.ReadResponse, error) {
	if len(req.State) == 0 {
		return plugin.ReadResponse{}, fmt.Errorf("read %s %q: not found in the simulated cloud", req.Type, req.ID)
	}
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{ID: req.ID, Inputs: req.Inputs, Outputs: req.State}}, nil
}

func (p *provider) Delete(context.Context, plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	return plugin.DeleteResponse{}, nil
}

// Invoke answers a look-up.
func (p *provider) Invoke(_ context.Context, req plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	result, err := p.lookup(string(req.Tok), req.Args)
	if err != nil {
		p.cloud.refuse(Refusal{Type: string(req.Tok), Message: err.Error()})
		return plugin.InvokeResponse{}, err
	}
	return plugin.InvokeResponse{Properties: result}, nil
}

func (p *provider) lookup(token string, args resource.PropertyMap) (resource.PropertyMap, error) {
	row, ok := p.pkg.lookups[token]
	if !ok {
		return nil, fmt.Errorf("this look-up isn't simulated: add a row for it in %s", p.pkg.Source)
	}
	var problems []error
	if row.Args != nil {
		for _, problem := range check(outputsOf(row.Args), args) {
			problems = append(problems, errors.New(problem.String()))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	answer, err := row.Answer(&Query{Args: reveal(args), Settings: p.settings, World: &p.cloud.world})
	if err != nil {
		return nil, err
	}
	return p.complete(row, args, answer), nil
}

// complete adds to an answer the arguments it echoes and whatever else the
// look-up's result promises.
func (p *provider) complete(row *Lookup, args resource.PropertyMap, answer map[string]any) resource.PropertyMap {
	o := &Object{Name: "lookup", ID: row.Token + fingerprint(args), Inputs: args, Settings: p.settings}
	out, shape := resource.PropertyMap{}, outputsOf(row.Result)
	for _, name := range shape.names {
		key, f := resource.PropertyKey(name), shape.fields[name]
		if v, ok := answer[name]; ok {
			out[key] = resource.NewPropertyValue(v)
		} else if v, ok := args[key]; ok {
			out[key] = v
		} else if f.typ.Kind() != reflect.Pointer {
			out[key] = resource.NewPropertyValue(makeUp(o, name, f.typ, false))
		}
	}
	return out
}
