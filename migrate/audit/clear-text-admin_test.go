package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestClearTextAdmin(t *testing.T) {
	udp := flow("a", "ftp01", 23)
	udp.Protocol = "udp"
	try(t, clearTextAdmin,
		scenario{"FTP is used", flows(estate(server("ftp01")), fromOutside("10.1.1.1", "ftp01", 21)), want("medium ftp01"), 0},
		scenario{"telnet listens", estate(server("ftp01", listens("0.0.0.0", 23))), want("medium ftp01"), 0},
		scenario{"telnet listens to itself", estate(server("ftp01", listens("127.0.0.1", 23))), nil, 0},
		scenario{"SFTP", flows(estate(server("ftp01", listens("0.0.0.0", 22))), flow("a", "ftp01", 22)), nil, 0},
		scenario{"the system log", flows(estate(server("log01", listens("0.0.0.0", 514))), flow("a", "log01", 514)), nil, 0},
		scenario{"a scan", flows(estate(server("ftp01")), class(flow("a", "ftp01", 21), migrate.FlowScan)), nil, 0},
		scenario{"another protocol", flows(estate(server("ftp01")), udp), nil, 0},
		scenario{"nothing known", estate(server("ftp01")), nil, 1},
	)
}
