package audit

import (
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func dns(servers ...string) edit {
	return func(s *migrate.Server) { s.DNSServers = append(s.DNSServers, servers...) }
}

func address(list ...string) edit {
	return func(s *migrate.Server) { s.Addresses = append(s.Addresses, list...) }
}

func TestDNSSingle(t *testing.T) {
	one, two := dns("10.0.0.53"), dns("10.0.0.53", "10.0.0.54")
	ask := func(from, to string) migrate.Flow {
		f := class(flow(from, to, 53), migrate.FlowDNS)
		f.Protocol = "udp"
		return f
	}
	names := server("dns01", role("dns"), address("10.0.0.53"))
	try(t, dnsSingle,
		scenario{"one for all", estate(names, server("a", one), server("b", one), server("c", one)), want("high dns01"), 0},
		scenario{"one for all by traffic", flows(estate(names, server("a"), server("b"), server("c")),
			ask("a", "dns01"), ask("b", "dns01"), ask("c", "dns01")), want("high dns01"), 0},
		scenario{"two of them", estate(names, server("a", two), server("b", two), server("c", two)), nil, 0},
		scenario{"one of the clients knows one", estate(names, server("a", one), server("b", two), server("c", two)), want("low a"), 0},
		scenario{"each saw one of two", flows(estate(names, server("a"), server("b"), server("c")),
			ask("a", "dns01"), ask("b", "dns01"), ask("c", "dns02")), nil, 0},
		scenario{"too few to tell", estate(names, server("a", one), server("b", one)), nil, 1},
		scenario{"test servers don't count", estate(names, server("a", one, env("test")), server("b", one, env("test")), server("c", one, env("test"))), nil, 1},
	)
}
