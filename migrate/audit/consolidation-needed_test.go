package audit

import "testing"

func TestConsolidationNeeded(t *testing.T) {
	try(t, consolidationNeeded,
		scenario{"needed", estate(server("a", custom("Consolidation Needed", "True"))), want("medium a"), 0},
		scenario{"not needed", estate(server("a", custom("Consolidation Needed", "False"))), nil, 0},
		scenario{"unknown", estate(server("a")), nil, 1},
	)
}
