package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestAdminPortInternet(t *testing.T) {
	allowed := fromOutside("0.0.0.0/0", "bi01", 3306)
	allowed.Kind = "allowed"
	try(t, adminPortInternet,
		scenario{"remote desktop", flows(estate(server("bi01")), class(fromOutside("203.0.113.7", "bi01", 3389), migrate.FlowManagement)), want("high bi01"), 0},
		scenario{"a rule for everybody", flows(estate(server("bi01")), allowed), want("high bi01"), 0},
		scenario{"SSH", flows(estate(server("bi01")), class(fromOutside("203.0.113.7", "bi01", 22), migrate.FlowManagement)), want("medium bi01"), 0},
		scenario{"from the office", flows(estate(server("bi01")), class(fromOutside("10.200.0.7", "bi01", 3389), migrate.FlowManagement)), nil, 0},
		scenario{"a customer", flows(estate(server("lb01")), fromOutside("203.0.113.7", "lb01", 443)), nil, 0},
		scenario{"a scan", flows(estate(server("bi01")), class(fromOutside("203.0.113.7", "bi01", 3389), migrate.FlowScan)), nil, 0},
		scenario{"out to the internet", flows(estate(server("bi01")), toOutside("bi01", "203.0.113.7", 3389)), nil, 0},
		scenario{"nothing known", estate(server("bi01")), nil, 1},
	)
}
