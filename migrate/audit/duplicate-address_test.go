package audit

import "testing"

func TestDuplicateAddress(t *testing.T) {
	try(t, duplicateAddress,
		scenario{"two run", estate(server("a", address("10.0.0.1")), server("b", address("10.0.0.1"))), want("medium a b"), 0},
		scenario{"the same in other words", estate(server("a", address("2001:db8::1")), server("b", address("2001:0db8:0:0::1"))), want("medium a b"), 0},
		scenario{"one is off", estate(server("a", address("10.0.0.1")), server("b", off, address("10.0.0.1"))), nil, 0},
		scenario{"link-local ones repeat", estate(server("a", address("169.254.1.1", "fe80::1", "10.0.0.1")), server("b", address("169.254.1.1", "fe80::1", "10.0.0.2"))), nil, 0},
		scenario{"twice on one server", estate(server("a", address("10.0.0.1", "10.0.0.1"))), nil, 0},
		scenario{"unknown", estate(server("a"), server("b")), nil, 1},
	)
}
