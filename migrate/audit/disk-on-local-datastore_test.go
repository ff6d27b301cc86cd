package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestDiskOnLocalDatastore(t *testing.T) {
	e := func(servers ...migrate.Server) *migrate.Estate {
		e := hosts(estate(servers...), migrate.Host{Name: "h1", Cluster: "P"}, migrate.Host{Name: "h2", Cluster: "P"}, migrate.Host{Name: "h3", Cluster: "LONE"})
		e.Datastores = []migrate.Datastore{{Name: "local1", Hosts: []string{"h1"}}, {Name: "san1", Hosts: []string{"h1", "h2"}}, {Name: "untold"}}
		return e
	}
	at := func(store string) edit {
		return disk(migrate.Disk{Label: "Hard disk 1", Path: "[" + store + "] a/a.vmdk"})
	}
	unknown := estate(server("a", at("local1")))
	unknown.Datastores = []migrate.Datastore{{Name: "local1"}}
	try(t, diskOnLocalDatastore,
		scenario{"local", e(server("a", at("local1"), inCluster("P"))), want("medium a"), 0},
		scenario{"shared", e(server("a", at("san1"), inCluster("P"))), nil, 0},
		scenario{"untold", e(server("a", at("untold"), inCluster("P"))), nil, 0},
		scenario{"a host that stands alone", e(server("a", at("local1"), inCluster("LONE"))), nil, 0},
		scenario{"a test server", e(server("a", at("local1"), env("test"))), nil, 0},
		scenario{"mounts unknown", unknown, nil, 1},
	)
}
