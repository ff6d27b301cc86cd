package audit

import (
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestAccessEvents(t *testing.T) {
	with := func(kind string, hour int) *migrate.Estate {
		e := access(estate(), 47, 0)
		start := e.Access.Hours[hour].Start
		e.Access.Events = []migrate.AccessEvent{{Start: start, End: start.Add(time.Hour), Kind: kind, Detail: kind}}
		return e
	}
	try(t, accessEvents,
		scenario{"an outage", with("outage", 50), want("medium"), 0},
		scenario{"errors on a quiet day", with("errors", 3), want("medium"), 0},
		scenario{"errors in the campaign are another finding", with("errors", 50), nil, 0},
		scenario{"the hour before the campaign is not in it", with("errors", 49), want("medium"), 0},
		scenario{"a scan", with("scan", 3), want("low"), 0},
		scenario{"the campaign itself", with("surge", 50), want("info"), 0},
		scenario{"nothing unusual", access(estate(), 47, 0), nil, 0},
		scenario{"no log", estate(), nil, 1},
	)
}
