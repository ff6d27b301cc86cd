package audit

import "testing"

func TestSessionStoreSingle(t *testing.T) {
	try(t, sessionStoreSingle,
		scenario{"alone", estate(server("redis-session01", role("sessions"))), want("high redis-session01"), 0},
		scenario{"a trio", estate(server("redis-session01", role("sessions")), server("redis-session02", role("sessions")),
			server("redis-session03", role("sessions"))), nil, 0},
		scenario{"a single cache only costs speed", estate(server("redis-cache01", role("cache"))), nil, 0},
	)
}
