package planfile

import (
	"errors"
	"fmt"
	"maps"
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
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: cfg, DecodeHook: mapstructure.DecodeHookFuncType(decodeValue),
		MatchName: func(key, field string) bool { return key == field },
	})
	if err != nil {
		return []*Problem{{Message: err.Error()}}
	}
	var problems []*Problem
	collect(decoder.Decode(raw), &problems)
	// The decoder's own list of unused keys leaves out every mapping in which
	// it found an error, so the keys are gone through here.
	unknownKeys(raw, reflect.TypeFor[Config](), "", &problems)
	return problems
}

// unknownKeys adds a problem for each key that the type does not have.
func unknownKeys(value any, t reflect.Type, at string, problems *[]*Problem) {
	switch t.Kind() {
	case reflect.Slice:
		list, _ := value.([]any)
		for i, item := range list {
			unknownKeys(item, t.Elem(), fmt.Sprintf("%s[%d]", at, i), problems)
		}
	case reflect.Map:
		entries, _ := value.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			unknownKeys(entries[key], t.Elem(), fmt.Sprintf("%s[%s]", at, key), problems)
		}
	case reflect.Struct:
		entries, _ := value.(map[string]any)
		fields := map[string]reflect.Type{}
		for i := range t.NumField() {
			if key := t.Field(i).Tag.Get("mapstructure"); key != "" {
				fields[key] = t.Field(i).Type
			}
		}
		if len(fields) == 0 {
			return // a value with a text form of its own, such as a date
		}
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			path := strings.TrimPrefix(at+"."+key, ".")
			if field, ok := fields[key]; ok {
				unknownKeys(entries[key], field, path, problems)
			} else {
				*problems = append(*problems, &Problem{Path: path, Message: unknownKey(key, slices.Sorted(maps.Keys(fields)))})
			}
		}
	}
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
func unknownKey(key string, known []string) string {
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
