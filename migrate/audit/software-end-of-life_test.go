package audit

import "testing"

func TestSoftwareEndOfLife(t *testing.T) {
	try(t, softwareEndOfLife,
		scenario{"PHP 7.4", estate(server("a", software("php", "7.4.33")), server("b", software("php7.4-fpm", "7.4.33", "php", "7.4.33"))), want("medium a b"), 0},
		scenario{"PHP 8.3", estate(server("a", software("php", "8.3.11"))), nil, 0},
		scenario{"a distribution patches it", estate(server("a", software("php7.4-fpm", "7.4.33-1+deb11u8"))), nil, 0},
		scenario{"MySQL 5.7 and Redis 6.0", estate(server("a", software("mysql-server", "5.7.44", "redis", "6.0.16"))), want("medium a", "medium a"), 0},
		scenario{"MySQL 8.0 ended in April 2026", estate(server("a", software("mysql", "8.0.36"))), want("medium a"), 0},
		scenario{"only a client", estate(server("a", software("mysql-client", "5.7.44"))), nil, 0},
		scenario{"no version", estate(server("a", software("php", ""))), nil, 1},
		scenario{"older than the table", estate(server("a", software("MySQL", "5.1.73"))), want("medium a"), 0},
		scenario{"a program without dates", estate(server("a", software("Percona Server", "5.6"))), nil, 1},
		scenario{"between two releases", estate(server("a", software("MySQL", "6.0"))), nil, 1},
		scenario{"no software known", estate(server("a")), nil, 1},
	)
}
