package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestMemoryOvercommit(t *testing.T) {
	h := migrate.Host{ID: "h1", Name: "h1", MemoryMiB: 64 * 1024}
	try(t, memoryOvercommit,
		scenario{"over", hosts(estate(server("a", host("h1"), memory(40)), server("b", host("h1"), memory(25))), h), want("medium h1"), 0},
		scenario{"full", hosts(estate(server("a", host("h1"), memory(40)), server("b", host("h1"), memory(24))), h), nil, 0},
		scenario{"one is off", hosts(estate(server("a", host("h1"), memory(40)), server("b", host("h1"), memory(25), off)), h), nil, 0},
		scenario{"host unknown", estate(server("a", host("h9"), memory(40))), nil, 1},
	)
}
