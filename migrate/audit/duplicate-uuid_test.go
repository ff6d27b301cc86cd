package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDuplicateUUID(t *testing.T) {
	uuid := func(text string) edit { return func(s *migrate.Server) { s.UUID = text } }
	try(t, duplicateUUID,
		scenario{"a clone", estate(server("a", uuid("42-1")), server("b", off, uuid("42-1")), server("c", uuid("42-2"))), want("medium a b"), 0},
		scenario{"each its own", estate(server("a", uuid("42-1")), server("b", uuid("42-2"))), nil, 0},
		scenario{"unknown", estate(server("a"), server("b")), nil, 1},
	)
}
