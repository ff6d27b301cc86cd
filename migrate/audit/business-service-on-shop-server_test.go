package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func listens(address string, port int) edit {
	return func(s *migrate.Server) {
		s.Listens = append(s.Listens, migrate.Port{Port: port, Protocol: "tcp", Address: address, Process: "some"})
	}
}

func osFamily(name string) edit { return func(s *migrate.Server) { s.OSFamily = name } }

func TestBusinessServiceOnShopServer(t *testing.T) {
	try(t, businessServiceOnShopServer,
		scenario{"mail on a web server", estate(server("web04", role("web"), listens("0.0.0.0", 25), listens("*", 993))), want("medium web04"), 0},
		scenario{"a local transfer agent", estate(server("web04", role("web"), listens("127.0.0.1", 25), listens("[::1]", 25))), nil, 0},
		scenario{"an address that is not told", estate(server("web04", role("web"), listens("", 25))), nil, 0},
		scenario{"an IMAP server is installed", estate(server("db01", role("database"), software("dovecot-core", "2.3"))), want("medium db01"), 0},
		scenario{"exim is installed", estate(server("db01", role("database"), software("exim4", "4.96"))), nil, 0},
		scenario{"others send mail to it", flows(estate(server("web04", role("web")), server("erp01", role("erp"))), flow("erp01", "web04", 25)), want("medium web04"), 0},
		scenario{"it sends mail", flows(estate(server("web04", role("web")), server("mail01", role("mail"))), flow("web04", "mail01", 25)), nil, 0},
		scenario{"a scan of its ports", flows(estate(server("web04", role("web"))), class(fromOutside("10.0.0.9", "web04", 25), migrate.FlowScan)), nil, 0},
		scenario{"a mail server", estate(server("mail01", role("mail"), listens("0.0.0.0", 25))), nil, 0},
		scenario{"file sharing on Windows", estate(server("web04", role("web"), osFamily("windows"), listens("0.0.0.0", 445))), nil, 0},
		scenario{"file sharing on Linux", estate(server("web04", role("web"), osFamily("linux"), listens("0.0.0.0", 445))), want("medium web04"), 0},
		scenario{"unknown", estate(server("web04", role("web"))), nil, 1},
	)
}
