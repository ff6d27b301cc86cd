package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestHostClock(t *testing.T) {
	try(t, hostClock,
		scenario{"stopped", hosts(estate(), migrate.Host{Name: "h1", NTPRunning: &offSwitch, NTP: []string{"10.0.0.1"}}), want("low h1"), 0},
		scenario{"running", hosts(estate(), migrate.Host{Name: "h1", NTPRunning: &on}), nil, 0},
		scenario{"unknown", hosts(estate(), migrate.Host{Name: "h1"}), nil, 1},
	)
}
