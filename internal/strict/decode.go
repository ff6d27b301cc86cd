package strict

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/agext/levenshtein"
	"github.com/go-viper/mapstructure/v2"
)

// Decode fills out, a pointer to a struct with json tags, from structured
// configuration in JSON. Its error is Problems.
func Decode(data []byte, out any) error {
	var raw any
	if err := json.Unmarshal(data, &raw); err != nil {
		return Problems{{"", fmt.Sprintf("not structured configuration: %v", err)}}
	}
	if _, ok := raw.(map[string]any); !ok {
		return Problems{{"", "not a mapping of keys to values"}}
	}
	return Fill(raw, out, "json", ReadTime).Err()
}

// Fill puts raw, as a decoder of JSON or YAML gives it, into out, a pointer to a
// struct whose keys stand in the given tag. Hooks read what has a text form of
// its own.
func Fill(raw, out any, tag string, hooks ...mapstructure.DecodeHookFuncType) Problems {
	all := []mapstructure.DecodeHookFunc{mapstructure.DecodeHookFuncType(wholeNumbers)}
	for _, h := range hooks {
		all = append(all, h)
	}
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		TagName:    tag,
		Result:     out,
		MatchName:  func(key, field string) bool { return key == field },
		DecodeHook: mapstructure.ComposeDecodeHookFunc(all...),
	})
	if err != nil {
		return Problems{{"", err.Error()}}
	}
	p := typeProblems(d.Decode(raw))
	// The decoder's own list of unused keys leaves out every mapping in which it
	// found an error, so the keys are gone through here.
	unknownKeys(&p, reflect.TypeOf(out), tag, raw, "")
	return p
}

// unknownKeys walks the configuration beside the type that it is meant for.
func unknownKeys(p *Problems, t reflect.Type, tag string, v any, path string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if list, ok := v.([]any); ok && t.Kind() == reflect.Slice {
		for i, e := range list {
			unknownKeys(p, t.Elem(), tag, e, fmt.Sprintf("%s[%d]", path, i))
		}
		return
	}
	entries, ok := v.(map[string]any)
	if !ok {
		return
	}
	if t.Kind() == reflect.Map {
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			unknownKeys(p, t.Elem(), tag, entries[key], fmt.Sprintf("%s[%s]", path, key))
		}
		return
	}
	fields := fieldsOf(t, tag)
	if len(fields) == 0 {
		return // a value with a text form of its own, such as a time
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if f, known := fields[key]; known {
			unknownKeys(p, f, tag, entries[key], Join(path, key))
		} else {
			p.Add(Join(path, key), "unknown key%s", Suggest(key, slices.Sorted(maps.Keys(fields))))
		}
	}
}

// fieldsOf lists the keys that a struct takes, with their types.
func fieldsOf(t reflect.Type, tag string) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	if t.Kind() != reflect.Struct {
		return fields
	}
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get(tag), ","); name != "" && name != "-" {
			fields[name] = t.Field(i).Type
		}
	}
	return fields
}

// Suggest words a near miss of one of the names, or lists them all.
func Suggest(word string, names []string) string {
	near := Nearest(word, names)
	switch {
	case near != "":
		return fmt.Sprintf("; did you mean %s?", near)
	case len(names) == 0:
		return ""
	}
	return "; what there is: " + strings.Join(names, ", ")
}

// Nearest is the name of which word is a near miss, or nothing.
func Nearest(word string, names []string) string {
	best, score := "", 0.0
	for _, n := range names {
		if s := levenshtein.Similarity(strings.ToLower(word), strings.ToLower(n), nil); s > score {
			best, score = n, s
		}
	}
	// Under a half of the letters in common a suggestion only misleads.
	if score < 0.5 {
		return ""
	}
	return best
}

// wholeNumbers refuses 2.5 for a count, which would be cut to 2 otherwise.
func wholeNumbers(from, to reflect.Type, v any) (any, error) {
	f, ok := v.(float64)
	if !ok {
		return v, nil
	}
	switch to.Kind() {
	case reflect.Int, reflect.Int64:
		if f != float64(int64(f)) {
			return nil, fmt.Errorf("%v is not a whole number", f)
		}
	}
	return v, nil
}

// timeLayouts are what is written, and what the engine makes of it where the
// stack's YAML has it without quotes.
var timeLayouts = []string{time.RFC3339, "2006-01-02 15:04:05 -0700 MST"}

// ReadTime reads RFC 3339 times.
func ReadTime(from, to reflect.Type, v any) (any, error) {
	if to != reflect.TypeFor[time.Time]() {
		return v, nil
	}
	s, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("%v is not a time such as 2027-11-26T00:00:00Z", v)
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return nil, fmt.Errorf("%q is not a time such as 2027-11-26T00:00:00Z", s)
}

// typeProblems unfolds the tree of errors that the decoder joins.
func typeProblems(err error) (p Problems) {
	switch e := err.(type) {
	case nil:
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			p = append(p, typeProblems(inner)...)
		}
	case *mapstructure.DecodeError:
		if _, many := e.Unwrap().(interface{ Unwrap() []error }); many {
			return typeProblems(e.Unwrap())
		}
		p.Add(e.Name(), "%s", typeMessage(e.Unwrap()))
	case interface{ Unwrap() error }:
		return typeProblems(e.Unwrap())
	default:
		p.Add("", "%v", err)
	}
	return p
}

func typeMessage(err error) string {
	var unconvertible *mapstructure.UnconvertibleTypeError
	if errors.As(err, &unconvertible) {
		return fmt.Sprintf("%v is not %s", unconvertible.Value, article(unconvertible.Expected.Kind()))
	}
	return quotedPath.ReplaceAllString(err.Error(), "")
}

var quotedPath = regexp.MustCompile(`^'[^']*' `)

func article(k reflect.Kind) string {
	switch k {
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Slice:
		return "a list"
	default:
		return "a mapping of keys to values"
	}
}
