package inventory

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/storefront-toolkit/storefront/internal/strict"
	"github.com/storefront-toolkit/storefront/migrate"
)

// Overrides are what a person sets against what was read and concluded. A
// server's own entry counts before a pattern's, an earlier pattern before a
// later one.
type Overrides struct {
	File    string
	entries []override
}

// override sets facts of one server (by ID, name, host name or address) or of
// all whose ID matches a pattern such as "at-web-*".
type override struct {
	name    string
	pattern bool
	line    int
	set     []setting
}

// setting is one key of an override.
type setting struct {
	key, value string
}

// overrideKeys are what can be set. check says what is wrong with a value.
var overrideKeys = map[string]struct {
	field string
	check func(string) error
	set   func(*migrate.Server, string, string)
}{
	"role":         {"role", oneOf(Roles), func(s *migrate.Server, v, why string) { s.Role = certain(v, why) }},
	"environment":  {"environment", oneOf(Environments), func(s *migrate.Server, v, why string) { s.Environment = certain(v, why) }},
	"application":  {"application", notEmpty, func(s *migrate.Server, v, why string) { s.Application = certain(v, why) }},
	"owner":        {"owner", notEmpty, func(s *migrate.Server, v, _ string) { s.Owner = v }},
	"team":         {"team", notEmpty, func(s *migrate.Server, v, _ string) { s.Team = v }},
	"criticality":  {"criticality", oneOf([]string{"high", "medium", "low"}), func(s *migrate.Server, v, _ string) { s.Criticality = v }},
	"disposition":  {"disposition", oneOf(sortedKeys(dispositions)), func(s *migrate.Server, v, _ string) { s.Disposition = v }},
	"wave":         {"wave", notEmpty, func(s *migrate.Server, v, _ string) { s.Wave = v }},
	"backupPolicy": {"backup.policy", notEmpty, func(s *migrate.Server, v, _ string) { backupOf(s).Policy = v }},
	"rpoHours": {"backup.rpoHours", hours, func(s *migrate.Server, v, _ string) {
		backupOf(s).RPOHours, _ = strconv.ParseFloat(v, 64)
	}},
	"monitoring": {"monitoring", oneOf([]string{"true", "false"}), func(s *migrate.Server, v, _ string) { on := v == "true"; s.Monitoring = &on }},
}

func certain(value, why string) migrate.Inference {
	return migrate.Inference{Value: value, Confidence: 1, Evidence: []string{why}}
}

func notEmpty(v string) error {
	if strings.TrimSpace(v) == "" {
		return errors.New("is empty")
	}
	return nil
}

func hours(v string) error {
	if h, err := strconv.ParseFloat(v, 64); err != nil || !(h > 0 && h <= 8784) {
		return fmt.Errorf("%q is no number of hours above 0", v)
	}
	return nil
}

func oneOf(list []string) func(string) error {
	return func(v string) error {
		if slices.Contains(list, v) {
			return nil
		}
		return fmt.Errorf("%q is none of %s%s", v, strings.Join(list, ", "), didYouMean(v, list))
	}
}

// didYouMean names the nearest word where it is near enough to be a slip.
func didYouMean(word string, list []string) string {
	if near := strict.Nearest(word, list); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return ""
}

// ReadOverrides reads and checks an override file. All mistakes are told at
// once, each with its line.
func ReadOverrides(file string) (*Overrides, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read overrides: %w", err)
	}
	return ParseOverrides(file, data)
}

// ParseOverrides is ReadOverrides of text that is at hand.
func ParseOverrides(file string, data []byte) (*Overrides, error) {
	o := &Overrides{File: file}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read overrides %s: %w", file, err)
	}
	if len(doc.Content) == 0 {
		return o, nil
	}
	p := overrideParser{o: o}
	p.document(doc.Content[0])
	return o, errors.Join(p.errs...)
}

type overrideParser struct {
	o    *Overrides
	errs []error
}

func (p *overrideParser) fail(n *yaml.Node, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s:%d: %s", p.o.File, n.Line, fmt.Sprintf(format, args...)))
}

// pairs walks a mapping; a key that occurs twice is an error, since one of the
// two would be lost.
func (p *overrideParser) pairs(n *yaml.Node, what string, fn func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "%s has to be a mapping of keys to values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i].Value; seen[k] {
			p.fail(n.Content[i], "%q occurs twice", k)
			continue
		}
		seen[n.Content[i].Value] = true
		fn(n.Content[i], n.Content[i+1])
	}
}

func (p *overrideParser) document(n *yaml.Node) {
	keys := []string{"servers", "patterns"}
	p.pairs(n, "the file", func(k, v *yaml.Node) {
		switch k.Value {
		case "servers":
			p.pairs(v, "servers", func(k, v *yaml.Node) { p.entry(k.Value, false, k.Line, v) })
		case "patterns":
			if v.Kind != yaml.SequenceNode {
				p.fail(v, "patterns has to be a list, since their order counts")
				return
			}
			for _, item := range v.Content {
				p.pattern(item)
			}
		default:
			p.fail(k, "unknown key %q; known are %s%s", k.Value, strings.Join(keys, ", "), didYouMean(k.Value, keys))
		}
	})
}

func (p *overrideParser) pattern(n *yaml.Node) {
	match := ""
	p.pairs(n, "a pattern", func(k, v *yaml.Node) {
		if k.Value == "match" {
			match = v.Value
		}
	})
	if _, err := path.Match(match, ""); match == "" || err != nil {
		p.fail(n, "a pattern needs match: with a name in which * stands for any letters")
		return
	}
	p.entry(match, true, n.Line, n)
}

func (p *overrideParser) entry(name string, pattern bool, line int, n *yaml.Node) {
	e := override{name: name, pattern: pattern, line: line}
	p.pairs(n, "the entry of "+name, func(k, v *yaml.Node) {
		if pattern && k.Value == "match" {
			return
		}
		known, ok := overrideKeys[k.Value]
		switch {
		case !ok:
			p.fail(k, "unknown key %q; known are %s%s", k.Value, strings.Join(sortedKeys(overrideKeys), ", "), didYouMean(k.Value, sortedKeys(overrideKeys)))
		case v.Kind != yaml.ScalarNode:
			p.fail(v, "%s has to be one value", k.Value)
		default:
			if err := known.check(v.Value); err != nil {
				p.fail(v, "%s: %v", k.Value, err)
				return
			}
			e.set = append(e.set, setting{k.Value, strings.TrimSpace(v.Value)})
		}
	})
	p.o.entries = append(p.o.entries, e)
}

// Apply sets what the overrides say. It fails on names that no server has, and
// on patterns that fit none, with the nearest name: an override without effect
// is a slip.
func (o *Overrides) Apply(e *migrate.Estate) error {
	var errs []error
	look := newLookup(e.Servers)
	index, ids := map[string]*migrate.Server{}, []string{}
	for i := range e.Servers {
		index[e.Servers[i].ID] = &e.Servers[i]
		ids = append(ids, e.Servers[i].ID)
	}
	done := map[string]bool{}
	for _, pattern := range []bool{false, true} {
		for _, x := range o.entries {
			if x.pattern != pattern {
				continue
			}
			hits, err := x.servers(look, ids)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", o.File, x.line, err))
				continue
			}
			for _, id := range hits {
				o.set(index[id], x, done)
			}
		}
	}
	return errors.Join(errs...)
}

func (x override) servers(look *lookup, ids []string) ([]string, error) {
	if !x.pattern {
		id, ambiguous := look.find(x.name)
		switch {
		case ambiguous != "":
			return nil, fmt.Errorf("%q is %s: name one by its ID", x.name, ambiguous)
		case id == "":
			return nil, fmt.Errorf("no server is called %q%s", x.name, didYouMean(x.name, ids))
		}
		return []string{id}, nil
	}
	var hits []string
	for _, id := range ids {
		if ok, _ := path.Match(strings.ToLower(x.name), id); ok {
			hits = append(hits, id)
		}
	}
	if len(hits) == 0 {
		return nil, fmt.Errorf("no server's ID fits the pattern %q", x.name)
	}
	return hits, nil
}

func (o *Overrides) set(s *migrate.Server, x override, done map[string]bool) {
	for _, set := range x.set {
		if key := s.ID + "\x00" + set.key; done[key] {
			continue
		} else {
			done[key] = true
		}
		k := overrideKeys[set.key]
		k.set(s, set.value, fmt.Sprintf("set in %s, line %d", path.Base(o.File), x.line))
		setFrom(s, k.field, []string{"override"})
	}
}
