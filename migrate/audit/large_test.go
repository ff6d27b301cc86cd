package audit

import (
	"fmt"
	"testing"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// largeEstate repeats a shop until it has n servers, with three flows each and
// a year of access log.
func largeEstate(n int) *migrate.Estate {
	roles := []string{"web", "web", "web", "web", "loadbalancer", "database", "cache", "search", "media", "other"}
	e := estate()
	for i := range n {
		e.Servers = append(e.Servers, server(fmt.Sprintf("g%d-%s%02d", i/100, roles[i%10], i%100), role(roles[i%10]), app(fmt.Sprintf("app%d", i/500)),
			host(fmt.Sprintf("h%d", i%500)), inCluster(fmt.Sprintf("c%d", i%20)), runsOS("Debian GNU/Linux 12 (64-bit)"), measured(30, 50), owner("ann"),
			software("php", "8.3.1", "mysql-client", "8.4.0", "openssl", "3.0"), partition("/", 40, 50), dns("10.0.0.1", "10.0.0.2"),
			address(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)), network("app"), backup("daily", 3, 24)))
	}
	for i := range 3 * n {
		e.Flows = append(e.Flows, flow(e.Servers[i%n].ID, e.Servers[(i*7919+13)%n].ID, []int{3306, 80, 6379}[i%3]))
	}
	for i := range 500 {
		e.Hosts = append(e.Hosts, migrate.Host{ID: fmt.Sprintf("h%d", i), Name: fmt.Sprintf("h%d", i), Cluster: fmt.Sprintf("c%d", i%20), Cores: 64, MemoryMiB: 1 << 20})
	}
	e.Access = &migrate.AccessHistory{From: now.AddDate(-1, 0, 0), To: now}
	for t := e.Access.From; t.Before(now); t = t.Add(time.Hour) {
		e.Access.Hours = append(e.Access.Hours, migrate.AccessHour{Start: t, Requests: 1000})
	}
	return e
}

func BenchmarkRun20000(b *testing.B) {
	e := largeEstate(20_000)
	for b.Loop() {
		Run(e, DefaultOptions())
	}
}
