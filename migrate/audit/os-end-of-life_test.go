package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func runsOS(name string) edit { return func(s *migrate.Server) { s.OS = name } }

func TestOSEndOfLife(t *testing.T) {
	try(t, osEndOfLife,
		scenario{"CentOS 7", estate(server("a", runsOS("CentOS 7 (64-bit)")), server("b", runsOS("CentOS Linux release 7.9.2009 (Core)"))), want("medium a b"), 0},
		scenario{"two releases", estate(server("a", runsOS("Debian GNU/Linux 9 (64-bit)")), server("b", runsOS("Ubuntu 18.04.6 LTS"))), want("medium a", "medium b"), 0},
		scenario{"only in test", estate(server("a", env("test"), runsOS("CentOS 7 (64-bit)"))), want("low a"), 0},
		scenario{"supported", estate(server("a", runsOS("Debian GNU/Linux 12 (64-bit)")), server("b", runsOS("Microsoft Windows Server 2022 (64-bit)"))), nil, 0},
		scenario{"a vague name", estate(server("a", runsOS("CentOS 4/5 or later (64-bit)")), server("b")), nil, 1},
		scenario{"a system without dates", estate(server("a", runsOS("Solaris 10")), server("b")), nil, 2},
		scenario{"older than the table", estate(server("a", runsOS("Red Hat Enterprise Linux 3 (64-bit)"))), want("medium a"), 0},
		scenario{"switched off", estate(server("a", off, runsOS("CentOS 7 (64-bit)"))), nil, 0},
	)
}

func TestOSEndOfLifeNeedsADate(t *testing.T) {
	hits, unjudged := osEndOfLife.Find(newInput(estate(server("a", runsOS("CentOS 7 (64-bit)"))), DefaultOptions()))
	if len(hits) != 0 || len(unjudged) != 1 {
		t.Errorf("without a date: %v, %v", hits, unjudged)
	}
}
