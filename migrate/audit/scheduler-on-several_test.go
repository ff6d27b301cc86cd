package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

// software installs "name version" pairs.
func software(pairs ...string) edit {
	return func(s *migrate.Server) {
		for i := 0; i < len(pairs); i += 2 {
			s.Software = append(s.Software, migrate.Software{Name: pairs[i], Version: pairs[i+1]})
		}
	}
}

func TestSchedulerOnSeveral(t *testing.T) {
	try(t, schedulerOnSeveral,
		scenario{"on two", estate(server("web01", app("shop"), software("magento-cron", "2.4")),
			server("web02", app("shop"), software("magento-cron", "2.4"))), want("medium web01 web02"), 0},
		scenario{"on one", estate(server("web01", app("shop"), software("magento-cron", "2.4")), server("web02", app("shop"), software("php", "8.3"))), nil, 0},
		scenario{"of two applications", estate(server("web01", app("shop"), software("magento-cron", "2.4")),
			server("cms01", app("cms"), software("magento-cron", "2.4"))), nil, 0},
		scenario{"the system's cron", estate(server("web01", software("cron", "3.0")), server("web02", software("cron", "3.0"))), nil, 0},
		scenario{"the other runs in test", estate(server("web01", software("magento-cron", "2.4")),
			server("t-web01", env("test"), software("magento-cron", "2.4"))), nil, 0},
		scenario{"no software known", estate(server("web01")), nil, 1},
	)
}
