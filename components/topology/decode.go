package topology

import "github.com/storefront-toolkit/storefront/internal/strict"

// Problem is one mistake in a declaration and where it stands.
type Problem = strict.Problem

// Problems is every mistake that was found, and an error when there is one.
type Problems = strict.Problems

// Decode fills out, a pointer to a struct with json tags, from structured
// configuration in JSON; its error is Problems.
func Decode(data []byte, out any) error { return strict.Decode(data, out) }

// Suggest words a near miss of one of the names, or lists them all.
func Suggest(word string, names []string) string { return strict.Suggest(word, names) }
