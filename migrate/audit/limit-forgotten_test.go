package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestLimitForgotten(t *testing.T) {
	h := migrate.Host{Name: "h1", MHz: 2600}
	try(t, limitForgotten,
		scenario{"memory", estate(server("a", memory(16), custom("Memory limit MiB", "8192"))), want("medium a"), 0},
		scenario{"memory at its size", estate(server("a", memory(16), custom("Memory limit MiB", "16384"))), nil, 0},
		scenario{"CPU", hosts(estate(server("a", host("h1"), vcpus(4), custom("CPU limit MHz", "5200"))), h), want("medium a"), 0},
		scenario{"CPU at its size", hosts(estate(server("a", host("h1"), vcpus(4), custom("CPU limit MHz", "10400"))), h), nil, 0},
		scenario{"CPU on an unknown host", estate(server("a", vcpus(4), custom("CPU limit MHz", "100"))), nil, 0},
	)
}
