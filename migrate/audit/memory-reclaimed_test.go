package audit

import "testing"

func TestMemoryReclaimed(t *testing.T) {
	try(t, memoryReclaimed,
		scenario{"swapped", estate(server("a", custom("Memory swapped MiB", "1,024"))), want("medium a"), 0},
		scenario{"ballooned", estate(server("a", custom("Memory ballooned MiB", "512"))), want("medium a"), 0},
		scenario{"none", estate(server("a", custom("Memory swapped MiB", "0"))), nil, 0},
		scenario{"no number", estate(server("a", custom("Memory swapped MiB", "n/a"))), nil, 0},
		scenario{"switched off", estate(server("a", off, custom("Memory swapped MiB", "12"))), nil, 0},
	)
}
