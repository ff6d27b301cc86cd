package audit

import "testing"

func TestSessionsOnWeb(t *testing.T) {
	shop := estate(server("web01", role("web")), server("web02", role("web")), server("db01", role("database")),
		server("redis01", role("sessions")))
	try(t, sessionsOnWeb,
		scenario{"one of two has no store", flows(estate(shop.Servers...), flow("web01", "db01", 3306), flow("web02", "db01", 3306),
			flow("web02", "redis01", 6379)), want("medium web01"), 0},
		scenario{"a store on an odd port", flows(estate(shop.Servers...), flow("web01", "db01", 3306), flow("web01", "redis01", 7000),
			flow("web02", "redis01", 6380)), nil, 0},
		scenario{"nothing seen is no evidence", estate(shop.Servers...), nil, 1},
		scenario{"only log-ins seen", flows(estate(shop.Servers...), flow("web01", "db01", 22), flow("web02", "redis01", 6379)), nil, 1},
	)
}
