package fake

import (
	"sort"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// diff compares what a resource was made from with what is asked for now,
// property by property. That a value is a secret makes no difference; one that
// is not known yet differs from any other.
func diff(r *Resource, urn resource.URN, old, new resource.PropertyMap) plugin.DiffResult {
	delta := reveal(old).Diff(reveal(new), func(k resource.PropertyKey) bool {
		return isInternal(string(k))
	})
	detailed := plugin.NewDetailedDiffFromObjectDiff(delta, true)
	if len(detailed) == 0 {
		return plugin.DiffResult{Changes: plugin.DiffNone}
	}
	result := plugin.DiffResult{Changes: plugin.DiffSome, DetailedDiff: detailed}
	keys := map[resource.PropertyKey]bool{}
	for path, d := range detailed {
		if r.replaces(path) {
			d.Kind = d.Kind.AsReplace()
			detailed[path] = d
			result.DeleteBeforeReplace = keepsName(r, urn, old, new)
		}
		keys[firstKey(path)] = true
	}
	for k := range keys {
		result.ChangedKeys = append(result.ChangedKeys, k)
	}
	sort.Slice(result.ChangedKeys, func(i, j int) bool { return result.ChangedKeys[i] < result.ChangedKeys[j] })
	return result
}

// keepsName tells whether the replacement would have the very name that the
// old resource has, so that the old one has to go first.
func keepsName(r *Resource, urn resource.URN, old, new resource.PropertyMap) bool {
	key := resource.PropertyKey(r.autoname())
	if key == "" {
		key = "name"
	}
	before, after := textOf(old[key]), textOf(new[key])
	return before != "" && before == after && before != autoname(urn)
}

func firstKey(path string) resource.PropertyKey {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil || len(parsed) == 0 {
		return resource.PropertyKey(path)
	}
	name, _ := parsed[0].(string)
	return resource.PropertyKey(name)
}

// reveal takes secrets and known outputs off all values, however deep.
func reveal(values resource.PropertyMap) resource.PropertyMap {
	out := make(resource.PropertyMap, len(values))
	for k, v := range values {
		out[k] = revealValue(v)
	}
	return out
}

func revealValue(v resource.PropertyValue) resource.PropertyValue {
	v, known := unwrap(v)
	switch {
	case !known:
		return resource.MakeComputed(resource.NewProperty(""))
	case v.IsObject():
		return resource.NewProperty(reveal(v.ObjectValue()))
	case v.IsArray():
		list := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, e := range v.ArrayValue() {
			list[i] = revealValue(e)
		}
		return resource.NewProperty(list)
	}
	return v
}
