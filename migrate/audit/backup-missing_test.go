package audit

import (
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// backup is a policy whose last run was some hours before now.
func backup(policy string, hoursAgo, rpo float64) edit {
	return func(s *migrate.Server) {
		s.Backup = &migrate.Backup{Policy: policy, RPOHours: rpo}
		if hoursAgo > 0 {
			last := now.Add(-time.Duration(hoursAgo * float64(time.Hour)))
			s.Backup.Last = &last
		}
	}
}

func TestBackupMissing(t *testing.T) {
	kept := server("web01", role("web"), backup("daily", 5, 24))
	try(t, backupMissing,
		scenario{"a database says none", estate(kept, server("db01", role("database"), backup("none", 0, 0))), want("high db01"), 0},
		scenario{"a web server says none", estate(kept, server("web02", role("web"), backup("None", 0, 0))), want("medium web02"), 0},
		scenario{"a test server says none", estate(kept, server("t1", env("test"), backup("none", 0, 0))), want("low t1"), 0},
		scenario{"silent where most are known", estate(kept, server("db01", role("database"))), want("high db01"), 0},
		scenario{"silent test server", estate(kept, server("t1", env("test"))), nil, 0},
		scenario{"silent where hardly any are known", estate(kept, server("a"), server("b")), nil, 1},
		scenario{"an RPO without a policy or a run", estate(kept, server("db01", role("database"), backup("", 0, 24))), want("high db01"), 0},
		scenario{"a run without a policy's name", estate(kept, server("db01", role("database"), backup("", 3, 24))), nil, 0},
		scenario{"kept", estate(kept), nil, 0},
	)
}
