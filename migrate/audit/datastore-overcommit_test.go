package audit

import "testing"

func TestDatastoreOvercommit(t *testing.T) {
	try(t, datastoreOvercommit,
		scenario{"over", datastore("ds1", 1000, 500, 1600), want("low ds1"), 0},
		scenario{"exactly all", datastore("ds1", 1000, 500, 1000), nil, 0},
		scenario{"unknown", estate(), nil, 1},
	)
}
