package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestZombieVM(t *testing.T) {
	old, mon := server("old01", measured(2, 20)), server("mon01", measured(40, 20))
	poll := class(flow("mon01", "old01", 10050), migrate.FlowMonitoring)
	try(t, zombieVM,
		scenario{"only polled", flows(estate(old, mon), poll), want("low old01"), 0},
		scenario{"also used", flows(estate(old, mon), poll, fromOutside("10.9.9.9", "old01", 80)), nil, 0},
		scenario{"polled but busy", flows(estate(server("old01", measured(30, 20)), mon), poll), nil, 0},
		scenario{"nothing seen of it", flows(estate(old, mon, server("x", measured(2, 2))), poll), want("low old01"), 1},
		scenario{"a rule is no traffic", flows(estate(old), migrate.Flow{From: "any", FromOutside: true, To: "old01", Port: 80, Kind: "allowed"}), nil, 1},
		scenario{"no use measured", flows(estate(server("old01"), mon), poll), nil, 1},
	)
}
