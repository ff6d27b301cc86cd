package planfile

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/go-viper/mapstructure/v2"
	"go.yaml.in/yaml/v3"
)

// Problem is one thing that is wrong in plan.yaml.
type Problem struct {
	Path    string // such as pins[2].on
	Message string
}

func (p *Problem) Error() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Parse reads plan.yaml, fills in the defaults and validates the result. The
// error joins every problem, each a *Problem.
func Parse(data []byte) (*Config, error) {
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, &Problem{Message: fmt.Sprintf("read YAML: %v", err)}
	}
	cfg := scalarDefaults()
	if problems := decode(raw, cfg); len(problems) > 0 {
		return nil, join(problems)
	}
	cfg.listDefaults()
	if problems := Validate(cfg); len(problems) > 0 {
		return nil, join(problems)
	}
	return cfg, nil
}

func join(problems []*Problem) error {
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

func decode(raw map[string]any, cfg *Config) []*Problem {
	var meta mapstructure.Metadata
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: cfg, Metadata: &meta, DecodeHook: mapstructure.DecodeHookFuncType(decodeValue),
		MatchName: func(key, field string) bool { return key == field },
	})
	if err != nil {
		return []*Problem{{Message: err.Error()}}
	}
	var problems []*Problem
	collect(decoder.Decode(raw), &problems)
	keys := keysByPath(reflect.TypeFor[Config]())
	slices.Sort(meta.Unused)
	for _, unused := range meta.Unused {
		problems = append(problems, &Problem{Path: unused, Message: unknownKey(unused, keys)})
	}
	return problems
}

// collect flattens the decoder's joined errors.
func collect(err error, problems *[]*Problem) {
	if err == nil {
		return
	}
	var field *mapstructure.DecodeError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			collect(e, problems)
		}
		return
	}
	if !errors.As(err, &field) {
		*problems = append(*problems, &Problem{Message: err.Error()})
		return
	}
	if joined, ok := field.Unwrap().(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			collect(e, problems)
		}
		return
	}
	*problems = append(*problems, &Problem{Path: field.Name(), Message: strings.TrimPrefix(field.Unwrap().Error(), "error decoding '"+field.Name()+"': ")})
}

// unknownKey says what is wrong with a key, and the nearest that exists there.
func unknownKey(at string, keys map[string][]string) string {
	parent, key := "", at
	if i := strings.LastIndex(at, "."); i >= 0 {
		parent, key = at[:i], at[i+1:]
	}
	known := keys[anyIndex(parent)]
	best, distance := "", 4
	for _, k := range known {
		if d := levenshtein.Distance(strings.ToLower(key), strings.ToLower(k), nil); d < distance {
			best, distance = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("unknown key; did you mean %s?", best)
	}
	return fmt.Sprintf("unknown key; the keys here are %s", strings.Join(known, ", "))
}

// anyIndex turns pins[2].match into pins[].match, and a map's key into [] too.
func anyIndex(path string) string {
	var out strings.Builder
	for len(path) > 0 {
		open := strings.IndexByte(path, '[')
		if open < 0 {
			out.WriteString(path)
			break
		}
		end := strings.IndexByte(path[open:], ']')
		if end < 0 {
			break
		}
		out.WriteString(path[:open] + "[]")
		path = path[open+end+1:]
	}
	return out.String()
}

// keysByPath lists the keys that each mapping of the type may hold.
func keysByPath(t reflect.Type) map[string][]string {
	out := map[string][]string{}
	var walk func(t reflect.Type, at string)
	walk = func(t reflect.Type, at string) {
		switch t.Kind() {
		case reflect.Slice, reflect.Map:
			walk(t.Elem(), at+"[]")
		case reflect.Struct:
			for i := range t.NumField() {
				f := t.Field(i)
				key := f.Tag.Get("mapstructure")
				if key == "" {
					continue
				}
				out[at] = append(out[at], key)
				child := key
				if at != "" {
					child = at + "." + key
				}
				walk(f.Type, child)
			}
		}
	}
	walk(t, "")
	return out
}
