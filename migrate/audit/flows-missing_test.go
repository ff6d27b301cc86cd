package audit

import "testing"

func TestFlowsMissing(t *testing.T) {
	e := estate(server("a"), server("b"), server("c"), server("d", off))
	try(t, flowsMissing,
		scenario{"one unseen", flows(e, flow("a", "b", 80)), want("low c"), 0},
		scenario{"no traffic at all", estate(server("a")), nil, 1},
	)
}
