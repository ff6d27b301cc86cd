package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestWebSingle(t *testing.T) {
	lb := server("au-lb01", role("edge"))
	web := server("au-web01", role("web"))
	served := flow("au-lb01", "au-web01", 80)
	try(t, webSingle,
		scenario{"behind a load balancer", flows(estate(web, lb), served), want("high au-web01"), 0},
		scenario{"on the internet", flows(estate(web), fromOutside("203.0.113.8", "au-web01", 443)), want("high au-web01"), 0},
		scenario{"two", flows(estate(web, server("au-web02", role("web")), lb), served), nil, 0},
		scenario{"two of different countries", flows(estate(web, server("us-web01", role("web")), lb), served, flow("au-lb01", "us-web01", 80)),
			want("high au-web01", "high us-web01"), 0},
		scenario{"a template does not count", flows(estate(web, server("au-web02", role("web"), template), lb), served), want("high au-web01"), 0},
		scenario{"an intranet", flows(estate(web), fromOutside("10.1.1.1", "au-web01", 443)), nil, 0},
		scenario{"only scanned from the internet", flows(estate(web), class(fromOutside("203.0.113.8", "au-web01", 443), migrate.FlowScan)), nil, 0},
		scenario{"no traffic seen", estate(web), nil, 1},
	)
}
