// Package strict decodes structured configuration and refuses what it does not
// understand: every unknown key, wrong type and unreadable value at once, each
// with its path and, for a near miss, a suggestion.
package strict

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Problem is one mistake in a configuration and where it stands.
type Problem struct {
	Path    string // "web.capacity.max"
	Message string // "2 is below min 4"
}

func (p Problem) Error() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Problems is every mistake that was found, and an error when there is one.
type Problems []Problem

// Add notes a mistake.
func (p *Problems) Add(path, format string, args ...any) {
	*p = append(*p, Problem{path, fmt.Sprintf(format, args...)})
}

// Under returns the problems with their paths below prefix.
func (p Problems) Under(prefix string) Problems {
	out := make(Problems, len(p))
	for i, q := range p {
		out[i] = Problem{Join(prefix, q.Path), q.Message}
	}
	return out
}

// Besides returns p without what concerns a place that known speaks of already:
// a value that could not be read is not also out of bounds.
func (p Problems) Besides(known Problems) Problems {
	return slices.DeleteFunc(slices.Clone(p), func(q Problem) bool {
		return slices.ContainsFunc(known, func(k Problem) bool {
			return q.Path == k.Path || strings.HasPrefix(q.Path, k.Path+".") || strings.HasPrefix(q.Path, k.Path+"[")
		})
	})
}

// Err returns the problems sorted by path as an error, or nil.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	sorted := append(Problems(nil), p...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Path < sorted[j].Path })
	return sorted
}

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, q := range p {
		lines[i] = q.Error()
	}
	return strings.Join(lines, "\n")
}

// Join puts a path below another.
func Join(prefix, path string) string {
	switch {
	case prefix == "":
		return path
	case path == "" || strings.HasPrefix(path, "["):
		return prefix + path
	default:
		return prefix + "." + path
	}
}
