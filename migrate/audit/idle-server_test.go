package audit

import (
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestIdleServer(t *testing.T) {
	try(t, idleServer,
		scenario{"idle", estate(server("bi01", measured(3, 20))), want("low bi01"), 0},
		scenario{"busy once", estate(server("bi01", measured(60, 20))), nil, 0},
		scenario{"a name server is quiet by nature", estate(server("dns01", role("dns"), measured(2, 20))), nil, 0},
		scenario{"an unused one is a zombie", flows(estate(server("old01", measured(2, 20)), server("mon01", measured(30, 20))),
			class(flow("mon01", "old01", 10050), migrate.FlowMonitoring)), nil, 0},
		scenario{"one sample", estate(server("bi01", measured(3, 20), measuredFor(1, 0))), nil, 1},
		scenario{"idle for three days", estate(server("bi01", measured(3, 20), measuredFor(72, 71*time.Hour))), nil, 1},
		scenario{"not measured", estate(server("bi01")), nil, 1},
		scenario{"switched off", estate(server("bi01", off)), nil, 0},
	)
}
