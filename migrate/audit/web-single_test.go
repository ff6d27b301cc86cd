package audit

import "testing"

func TestWebSingle(t *testing.T) {
	try(t, webSingle,
		scenario{"alone", estate(server("au-web01", role("web"))), want("high au-web01"), 0},
		scenario{"two", estate(server("au-web01", role("web")), server("au-web02", role("web"))), nil, 0},
		scenario{"two of different countries", estate(server("au-web01", role("web")), server("us-web01", role("web"))),
			want("high au-web01", "high us-web01"), 0},
		scenario{"a template does not count", estate(server("au-web01", role("web")), server("au-web02", role("web"), template)),
			want("high au-web01"), 0},
	)
}
