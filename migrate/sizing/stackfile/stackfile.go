// Package stackfile edits the storefront:topology block of a Pulumi stack file
// in place: what it is not told to change stays, comments too.
package stackfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/atomicfile"
)

const (
	keyConfig   = "config"
	keyTopology = "storefront:topology"
	keyPlatform = "storefront:platform"
)

// editorHelp is the first line of a new file: editors that know YAML schemas
// complete and check it by that.
const editorHelp = "# yaml-language-server: $schema=docs/schema/stack.schema.json"

// File is a stack file, or one that is about to be.
type File struct {
	path string
	doc  yaml.Node
	// New tells that there was no such file.
	New bool
	// Declared tells that the file had a topology.
	Declared bool
}

// Read reads the stack file at path; a missing one is an empty one.
func Read(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		f := &File{path: path, New: true}
		return f, f.parse(nil)
	}
	if err != nil {
		return nil, fmt.Errorf("read stack file: %w", err)
	}
	f := &File{path: path}
	return f, f.parse(data)
}

func (f *File) parse(data []byte) error {
	if err := yaml.Unmarshal(data, &f.doc); err != nil {
		return fmt.Errorf("read stack file %s: %w", f.path, err)
	}
	if f.doc.Kind == 0 {
		f.doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode, HeadComment: editorHelp}}}
	}
	for at, n := range map[string]*yaml.Node{"the file": f.doc.Content[0], keyConfig: child(f.doc.Content[0], keyConfig)} {
		if n != nil && n.Kind != yaml.MappingNode && n.Tag != "!!null" {
			return fmt.Errorf("read stack file %s: line %d: %s is not a mapping of keys to values", f.path, n.Line, at)
		}
	}
	t := f.topology()
	f.Declared = t != nil && t.Tag != "!!null"
	if f.Declared && t.Kind != yaml.MappingNode {
		return fmt.Errorf("read stack file %s: line %d: %s is not a mapping of keys to values", f.path, t.Line, keyTopology)
	}
	return nil
}

func (f *File) config() *yaml.Node { return child(f.doc.Content[0], keyConfig) }

func (f *File) topology() *yaml.Node { return child(f.config(), keyTopology) }

// Platform returns what the file says of storefront:platform.
func (f *File) Platform() string {
	if n := child(f.config(), keyPlatform); n != nil {
		return n.Value
	}
	return ""
}

// Topology returns the declared topology; the error is topology.Problems for
// what can't be understood.
func (f *File) Topology() (topology.Storefront, error) {
	var s topology.Storefront
	n := f.topology()
	if n == nil || !f.Declared {
		return s, nil
	}
	return s, decode(n, &s)
}

// decode goes by way of JSON, as the engine does.
func decode(n *yaml.Node, s *topology.Storefront) error {
	var v any
	if err := n.Decode(&v); err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	if problems, ok := topology.Decode(data, s).(topology.Problems); ok {
		return problems.Under(keyTopology)
	}
	return nil
}

// Declare lays down a topology where the file has none, from YAML text with
// topology keys, and the platform where that is not set.
func (f *File) Declare(text []byte, platform string) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return err
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return errors.New("it holds no mapping of keys to values, such as channels: [...]")
	}
	root := f.doc.Content[0]
	if root.Tag == "!!null" {
		*root = yaml.Node{Kind: yaml.MappingNode}
	}
	if c := child(root, keyConfig); c == nil || c.Tag == "!!null" {
		put(root, keyConfig, &yaml.Node{Kind: yaml.MappingNode})
	}
	if child(f.config(), keyPlatform) == nil {
		put(f.config(), keyPlatform, scalar(platform))
	}
	put(f.config(), keyTopology, doc.Content[0])
	f.Declared = true
	return nil
}

// Set changes one value of the topology: path is as in a figure, such as
// web.capacity.max or channels[0].requestsPerSecond. Missing keys are added.
func (f *File) Set(path string, value any) error {
	n := f.topology()
	if n == nil {
		return fmt.Errorf("set %s: the file has no %s", path, keyTopology)
	}
	keys := strings.Split(path, ".")
	for i, key := range keys {
		name, index, err := splitIndex(key)
		if err != nil {
			return fmt.Errorf("set %s: %w", path, err)
		}
		for n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		next := child(n, name)
		last := i == len(keys)-1
		switch {
		case last && index < 0:
			return setScalar(n, name, next, value)
		case next == nil || next.Tag == "!!null":
			next = &yaml.Node{Kind: yaml.MappingNode, Style: n.Style}
			put(n, name, next)
		}
		if index >= 0 {
			if index >= len(next.Content) {
				return fmt.Errorf("set %s: %s has %d entries", path, name, len(next.Content))
			}
			next = next.Content[index]
		}
		n = next
	}
	return fmt.Errorf("set %s: the path ends in a list", path)
}

var indexForm = regexp.MustCompile(`^(\w+)\[(\d+)\]$`)

func splitIndex(key string) (name string, index int, err error) {
	m := indexForm.FindStringSubmatch(key)
	if m == nil {
		return key, -1, nil
	}
	index, err = strconv.Atoi(m[2])
	return m[1], index, err
}

// setScalar keeps the comments of a value that it replaces.
func setScalar(n *yaml.Node, name string, old *yaml.Node, value any) error {
	fresh := scalar(value)
	switch {
	case old == nil:
		put(n, name, fresh)
	case old.Kind == yaml.ScalarNode:
		old.Value, old.Tag, old.Style = fresh.Value, fresh.Tag, fresh.Style
	case old.Kind == yaml.AliasNode:
		// The anchor may serve others: only this use of it changes.
		fresh.LineComment, fresh.HeadComment, fresh.FootComment = old.LineComment, old.HeadComment, old.FootComment
		*old = *fresh
	default:
		return fmt.Errorf("set %s: line %d holds no single value", name, old.Line)
	}
	return nil
}

func scalar(value any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v := value.(type) {
	case string:
		n.SetString(v)
	case float64:
		n.Value, n.Tag = strconv.FormatFloat(v, 'f', -1, 64), "!!float"
		if v == float64(int64(v)) {
			n.Tag = "!!int"
		}
	default:
		n.Value, n.Tag = fmt.Sprint(v), "!!int"
	}
	return n
}

// child finds a key's value in a mapping; nil where there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func put(n *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = value
			return
		}
	}
	if n.Tag == "!!null" || n.Kind != yaml.MappingNode {
		*n = yaml.Node{Kind: yaml.MappingNode}
	}
	n.Content = append(n.Content, scalar(key), value)
}

// Bytes is the file as it would be written.
func (f *File) Bytes() ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&f.doc); err != nil {
		return nil, fmt.Errorf("write stack file %s: %w", f.path, err)
	}
	return b.Bytes(), enc.Close()
}

// Write replaces the file at once or not at all.
func (f *File) Write() error {
	data, err := f.Bytes()
	if err != nil {
		return err
	}
	return atomicfile.Write(f.path, data, 0o644)
}
