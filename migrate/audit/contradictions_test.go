package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestContradictions(t *testing.T) {
	e := estate(server("a"), server("b"))
	for _, id := range []string{"a", "b"} {
		e.Contradictions = append(e.Contradictions, migrate.Contradiction{Server: id, Field: "memoryMiB", Chosen: "8192",
			Values: []migrate.Claim{{Source: "S1", Value: "8192"}, {Source: "S2", Value: "4096"}}})
	}
	e.Contradictions = append(e.Contradictions, migrate.Contradiction{Server: "a", Field: "os", Values: []migrate.Claim{{Source: "S1", Value: "x"}}})
	try(t, contradictions,
		scenario{"two fields", e, want("low a", "low a b"), 0},
		scenario{"none", estate(server("a")), nil, 0},
	)
}
