package audit

import "testing"

func TestMediaStoreSingle(t *testing.T) {
	try(t, mediaStoreSingle,
		scenario{"alone", estate(server("nfs01", role("media"))), want("medium nfs01"), 0},
		scenario{"two", estate(server("nfs01", role("media")), server("nfs02", role("media"))), nil, 0},
	)
}
