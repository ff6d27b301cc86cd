package fake

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The types of a small SDK: inputs, nested inputs, outputs.
type ruleArgs struct {
	FromPort int      `pulumi:"fromPort"`
	ToPort   *int     `pulumi:"toPort"`
	Ranges   []string `pulumi:"ranges"`
}

type boxArgs struct {
	Size     int               `pulumi:"size"`
	Name     *string           `pulumi:"name"`
	Ratio    *float64          `pulumi:"ratio"`
	Enabled  *bool             `pulumi:"enabled"`
	Tags     map[string]string `pulumi:"tags"`
	Rules    []ruleArgs        `pulumi:"rules"`
	Rule     *ruleArgs         `pulumi:"rule"`
	Policy   any               `pulumi:"policy"`
	Password *string           `pulumi:"password"`
}

type BoxArgs struct{}

func (BoxArgs) ElementType() reflect.Type { return reflect.TypeOf((*boxArgs)(nil)).Elem() }

type Box struct {
	Size     pulumi.IntOutput         `pulumi:"size"`
	Name     pulumi.StringOutput      `pulumi:"name"`
	Arn      pulumi.StringOutput      `pulumi:"arn"`
	Endpoint pulumi.StringOutput      `pulumi:"endpoint"`
	Version  pulumi.StringOutput      `pulumi:"version"`
	Port     pulumi.IntOutput         `pulumi:"port"`
	Nodes    pulumi.StringArrayOutput `pulumi:"nodes"`
	Comment  pulumi.StringPtrOutput   `pulumi:"comment"`
	Tags     pulumi.StringMapOutput   `pulumi:"tags"`
}

const boxToken = "toy:index/box:Box"

func toy() *Package {
	return &Package{
		Name: "toy", Source: "the test",
		Settings: func(resource.PropertyMap) (map[string]string, error) { return map[string]string{"region": "here"}, nil },
		Resources: []Resource{{
			Token: boxToken, Args: BoxArgs{}, State: Box{}, ID: "box-{8}", ARN: "arn:{region}:{id}", Replace: "name rule",
			Bumps: "version", Outputs: map[string]any{"endpoint": "{name}.{region}.example", "port": 80},
		}},
	}
}

func probe(t require.TestingT) *Probe {
	p, err := NewProbe(toy(), resource.PropertyMap{})
	require.NoError(t, err)
	return p
}

func props(m map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(m) }

func unknown() resource.PropertyValue { return resource.MakeComputed(resource.NewProperty("")) }

func TestCheck(t *testing.T) {
	cases := []struct {
		name   string
		inputs resource.PropertyMap
		want   []string
	}{
		{"right", props(map[string]any{"size": 1, "ratio": 0.5, "enabled": true, "tags": map[string]any{"a.b": "c"}}), nil},
		{"anything goes in an any", props(map[string]any{"size": 1, "policy": map[string]any{"x": []any{1}}}), nil},
		{"null is absent", props(map[string]any{"size": 1, "rule": nil}), nil},
		{"missing", props(nil), []string{"size: required, and not given"}},
		{"null is missing", props(map[string]any{"size": nil}), []string{"size: required, and not given"}},
		{"near miss", props(map[string]any{"size": 1, "ratoi": 2}), []string{`ratoi: no such property; did you mean "ratio"?`}},
		{"far miss", props(map[string]any{"size": 1, "colour": 2}), []string{"colour: no such property"}},
		{"string for number", props(map[string]any{"size": "1"}), []string{"size: a whole number is wanted, not a string"}},
		{"fraction", props(map[string]any{"size": 1.5}), []string{"size: a whole number is wanted, not a number with a fraction"}},
		{"number for flag", props(map[string]any{"size": 1, "enabled": 1}), []string{"enabled: true or false is wanted, not a number"}},
		{"list for object", props(map[string]any{"size": 1, "rule": []any{}}), []string{"rule: an object is wanted, not a list"}},
		{"object for list", props(map[string]any{"size": 1, "rules": map[string]any{}}), []string{"rules: a list is wanted, not an object"}},
		{"all at once, with paths", props(map[string]any{
			"tags":  map[string]any{"a.b": 1},
			"rules": []any{map[string]any{"fromPort": 1}, map[string]any{"fromPrt": 2, "ranges": []any{"a", false}}},
		}), []string{
			`rules[1].fromPort: required, and not given`,
			`rules[1].fromPrt: no such property; did you mean "fromPort"?`,
			`rules[1].ranges[1]: a string is wanted, not true or false`,
			`size: required, and not given`,
			`tags["a.b"]: a string is wanted, not a number`,
		}},
		{"unknown stands for anything", resource.PropertyMap{"size": unknown(), "rules": unknown()}, nil},
		{"a secret is looked into", resource.PropertyMap{
			"size": resource.MakeSecret(resource.NewProperty("hunter2")),
		}, []string{"size: a whole number is wanted, not a string"}},
		{"an output is looked into", resource.PropertyMap{
			"size": resource.NewProperty(resource.Output{Element: resource.NewProperty(true), Known: true}),
		}, []string{"size: a whole number is wanted, not true or false"}},
		{"the engine's own properties pass", props(map[string]any{"size": 1, "__defaults": []any{}}), nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := probe(t).Check(context.Background(), boxToken, "main", c.inputs)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestUnknownTypeSaysWhereToAddIt(t *testing.T) {
	got, err := probe(t).Check(context.Background(), "toy:index/lid:Lid", "main", props(nil))
	require.NoError(t, err)
	require.Equal(t, []string{"this resource type isn't simulated: add a row for it in the test"}, got)
}

func TestDiff(t *testing.T) {
	row := &toy().Resources[0]
	secret := resource.MakeSecret(resource.NewProperty("a"))
	cases := []struct {
		name     string
		old, new resource.PropertyMap
		want     map[string]plugin.DiffKind
	}{
		{"same", props(map[string]any{"size": 1}), props(map[string]any{"size": 1}), nil},
		{"secrecy alone", resource.PropertyMap{"password": secret}, props(map[string]any{"password": "a"}), nil},
		{"internal", props(map[string]any{"__defaults": 1}), props(map[string]any{}), nil},
		{"update", props(map[string]any{"size": 1}), props(map[string]any{"size": 2}), map[string]plugin.DiffKind{"size": plugin.DiffUpdate}},
		{"unknown", props(map[string]any{"size": 1}), resource.PropertyMap{"size": unknown()}, map[string]plugin.DiffKind{"size": plugin.DiffUpdate}},
		{"add and delete", props(map[string]any{"tags": map[string]any{"a": "1"}}), props(map[string]any{"tags": map[string]any{"b": "2"}}),
			map[string]plugin.DiffKind{"tags.a": plugin.DiffDelete, "tags.b": plugin.DiffAdd}},
		{"replace", props(map[string]any{"name": "a"}), props(map[string]any{"name": "b"}), map[string]plugin.DiffKind{"name": plugin.DiffUpdateReplace}},
		{"replace below a path", props(map[string]any{"rule": map[string]any{"fromPort": 1}}), props(map[string]any{"rule": map[string]any{"fromPort": 2}}),
			map[string]plugin.DiffKind{"rule.fromPort": plugin.DiffUpdateReplace}},
		{"a name that only begins alike", props(map[string]any{"rules": []any{"a"}}), props(map[string]any{"rules": []any{"b"}}),
			map[string]plugin.DiffKind{"rules[0]": plugin.DiffUpdate}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := diff(row, urnOf(boxToken, "main"), c.old, c.new)
			kinds := map[string]plugin.DiffKind{}
			for path, d := range got.DetailedDiff {
				kinds[path] = d.Kind
			}
			if len(c.want) == 0 {
				require.Equal(t, plugin.DiffNone, got.Changes, kinds)
				return
			}
			require.Equal(t, c.want, kinds)
		})
	}
}

func TestAReplacementUnderTheSameNameDeletesFirst(t *testing.T) {
	row := &toy().Resources[0]
	change := func(name string) plugin.DiffResult {
		old := props(map[string]any{"name": name, "rule": map[string]any{"fromPort": 1}})
		return diff(row, urnOf(boxToken, "main"), old, props(map[string]any{"name": name, "rule": map[string]any{"fromPort": 2}}))
	}
	require.True(t, change("fixed").DeleteBeforeReplace)
	require.False(t, change(autoname(urnOf(boxToken, "main"))).DeleteBeforeReplace)
}

func TestOutputs(t *testing.T) {
	id, got, err := probe(t).Create(context.Background(), boxToken, "main", props(map[string]any{
		"size": 3, "name": "shop", "tags": map[string]any{"a": "b"},
	}))
	require.NoError(t, err)
	require.Regexp(t, `^box-[0-9a-f]{8}$`, id)
	require.Equal(t, "arn:here:"+id, got["arn"].StringValue())
	require.Equal(t, "shop.here.example", got["endpoint"].StringValue())
	require.EqualValues(t, 80, got["port"].NumberValue())
	require.EqualValues(t, 3, got["size"].NumberValue())
	require.Equal(t, "b", got["tags"].ObjectValue()["a"].StringValue())
	require.Len(t, got["nodes"].ArrayValue(), 1)
	require.Equal(t, "1", got["version"].StringValue())
	require.NotContains(t, got, resource.PropertyKey("comment"), "an output that may be absent is absent")
}

func TestAMissingNameIsMadeUp(t *testing.T) {
	_, got, err := probe(t).Create(context.Background(), boxToken, "main", props(map[string]any{"size": 1}))
	require.NoError(t, err)
	require.Regexp(t, `^main-[0-9a-f]{7}$`, got["name"].StringValue())
}

func TestASecretInputStaysSecret(t *testing.T) {
	_, got, err := probe(t).Create(context.Background(), boxToken, "main", resource.PropertyMap{
		"size": resource.NewProperty(1.0), "password": resource.MakeSecret(resource.NewProperty("hunter2")),
	})
	require.NoError(t, err)
	require.True(t, got["password"].IsSecret())
}

func TestAPreviewKnowsOnlyItsInputs(t *testing.T) {
	p := probe(t)
	made, err := p.provider.Create(context.Background(), plugin.CreateRequest{
		URN: urnOf(boxToken, "main"), Type: boxToken, Preview: true,
		Properties: resource.PropertyMap{"size": unknown(), "name": resource.NewProperty("shop")},
	})
	require.NoError(t, err)
	require.Empty(t, made.ID)
	require.Equal(t, "shop", made.Properties["name"].StringValue())
	for _, name := range []resource.PropertyKey{"size", "arn", "endpoint", "port", "nodes"} {
		require.True(t, made.Properties[name].IsComputed(), name)
	}
}

func TestAnUpdateKeepsTheIdentityAndCountsVersions(t *testing.T) {
	p, ctx := probe(t), context.Background()
	id, first, err := p.Create(ctx, boxToken, "main", props(map[string]any{"size": 1, "name": "shop"}))
	require.NoError(t, err)
	request := plugin.UpdateRequest{
		URN: urnOf(boxToken, "main"), Type: boxToken, ID: resource.ID(id), OldOutputs: first,
		NewInputs: props(map[string]any{"size": 2, "name": "shop"}),
	}
	updated, err := p.provider.Update(ctx, request)
	require.NoError(t, err)
	require.Equal(t, first["arn"], updated.Properties["arn"])
	require.Equal(t, "2", updated.Properties["version"].StringValue())
	request.Preview = true
	request.NewInputs["name"] = unknown()
	previewed, err := p.provider.Update(ctx, request)
	require.NoError(t, err)
	require.True(t, previewed.Properties["version"].IsComputed())
	require.True(t, previewed.Properties["endpoint"].IsComputed(), "it follows from an unknown input")
}

func TestAResourceThatIsOnlyReferredToIsNotThere(t *testing.T) {
	_, err := probe(t).provider.Read(context.Background(), plugin.ReadRequest{Type: boxToken, ID: "box-1"})
	require.ErrorContains(t, err, `read toy:index/box:Box "box-1": not found in the simulated cloud`)
}

func TestTwoRowsOfATypeAreRefused(t *testing.T) {
	p := toy()
	p.Resources = append(p.Resources, p.Resources[0])
	_, err := NewCloud(p)
	require.EqualError(t, err, "simulate toy: two rows for "+boxToken)
}

func TestVerifyFindsMistypedRows(t *testing.T) {
	p := toy()
	p.Resources[0].Replace = "nme"
	p.Resources[0].Outputs = map[string]any{"endpiont": "x"}
	p.Resources[0].Autoname = "label"
	require.EqualError(t, p.Verify(), boxToken+`: Autoname names "label", which isn't there`+"\n"+
		boxToken+`: Outputs names "endpiont", which isn't there`+"\n"+boxToken+`: Replace names "nme", which isn't there`)
}

func TestRefusalsAreSortedAndEachComesOnce(t *testing.T) {
	c, err := NewCloud(toy())
	require.NoError(t, err)
	c.Collect(true)
	require.True(t, c.refuse(Refusal{URN: "b", Message: "2"}, Refusal{URN: "a", Message: "1"}, Refusal{URN: "b", Message: "2"}))
	require.Equal(t, []Refusal{{URN: "a", Message: "1"}, {URN: "b", Message: "2"}}, c.Refusals())
	require.Empty(t, c.Refusals())
	c.Collect(false)
	require.False(t, c.refuse(Refusal{URN: "a"}))
}

// anyValue draws a property of any shape.
func anyValue(t *rapid.T, depth int) any {
	kinds := 5
	if depth > 2 {
		kinds = 3
	}
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0:
		return rapid.String().Draw(t, "text")
	case 1:
		return rapid.Float64Range(-1e6, 1e6).Draw(t, "number")
	case 2:
		return rapid.Bool().Draw(t, "flag")
	case 3:
		return nil
	case 4:
		var list []any
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, anyValue(t, depth+1))
		}
		return list
	}
	m := map[string]any{}
	for range rapid.IntRange(0, 3).Draw(t, "size") {
		m[rapid.SampledFrom([]string{"fromPort", "toPort", "ranges", "x", "a.b"}).Draw(t, "key")] = anyValue(t, depth+1)
	}
	return m
}

// TestWhateverIsGivenIsCheckedAlike: no input panics, the same input gives the
// same problems, and what passes can be made, compared and made again.
func TestWhateverIsGivenIsCheckedAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inputs := map[string]any{}
		for _, name := range []string{"size", "name", "ratio", "enabled", "tags", "rules", "rule", "policy", "odd"} {
			if rapid.Bool().Draw(t, name) {
				inputs[name] = anyValue(t, 0)
			}
		}
		p, ctx := probe(t), context.Background()
		first, err := p.Check(ctx, boxToken, "main", props(inputs))
		require.NoError(t, err)
		second, err := p.Check(ctx, boxToken, "main", props(inputs))
		require.NoError(t, err)
		require.Equal(t, first, second)
		if len(first) > 0 {
			return
		}
		id, out, err := p.Create(ctx, boxToken, "main", props(inputs))
		require.NoError(t, err)
		again, outAgain, err := p.Create(ctx, boxToken, "main", props(inputs))
		require.NoError(t, err)
		require.Equal(t, id, again)
		require.True(t, out.DeepEquals(outAgain))
		require.Equal(t, plugin.DiffNone, diff(&toy().Resources[0], urnOf(boxToken, "main"), props(inputs), props(inputs)).Changes)
	})
}

func TestConfigurationFromTextIsDecoded(t *testing.T) {
	type flags struct {
		On   *bool             `pulumi:"on"`
		Tags map[string]string `pulumi:"tags"`
	}
	shape := shapeOf(reflect.TypeOf(flags{}))
	for name, text := range map[string]string{"on": "true", "tags": `{"a":"b"}`} {
		v := fromText(shape.fields[name].typ, resource.NewProperty(text))
		require.Empty(t, check(shape, resource.PropertyMap{resource.PropertyKey(name): v}), fmt.Sprint(name, v))
	}
	require.True(t, fromText(shape.fields["on"].typ, resource.NewProperty("yes please")).IsString())
}
