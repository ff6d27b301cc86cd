package audit

import "testing"

func TestSearchSingle(t *testing.T) {
	try(t, searchSingle,
		scenario{"alone", estate(server("solr01", role("search"))), want("medium solr01"), 0},
		scenario{"two", estate(server("solr01", role("search")), server("solr02", role("search"))), nil, 0},
	)
}
