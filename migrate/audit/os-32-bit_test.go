package audit

import "testing"

func TestOS32Bit(t *testing.T) {
	try(t, os32Bit,
		scenario{"32-bit", estate(server("a", runsOS("CentOS 4/5 (32-bit)"))), want("medium a"), 0},
		scenario{"64-bit", estate(server("a", runsOS("CentOS 7 (64-bit)"))), nil, 0},
		scenario{"width untold", estate(server("a", runsOS("Debian GNU/Linux 12"))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
