package sample

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// traffic is what one server sends to and gets from another on a port, over the
// days of observation. An end that is no server is an address outside.
type traffic struct {
	from, to    string
	port        int
	protocol    string
	bytes       int64
	connections int64
}

// observedDays is how long traffic was watched.
const observedDays = 7

func sortTraffic(list []traffic) {
	slices.SortFunc(list, func(a, b traffic) int {
		return cmp.Or(strings.Compare(a.from, b.from), strings.Compare(a.to, b.to), cmp.Compare(a.port, b.port), strings.Compare(a.protocol, b.protocol))
	})
}

// flow adds traffic of so many GB (10⁹ bytes) and connections a day, with some
// chance in it.
func (s *site) flow(from, to string, port int, gbPerDay, connectionsPerDay float64) {
	s.flowOf("tcp", from, to, port, gbPerDay, connectionsPerDay)
}

func (s *site) flowOf(protocol, from, to string, port int, gbPerDay, connectionsPerDay float64) {
	random := s.random(fmt.Sprintf("flow %s %s %d", from, to, port))
	chance := func(v float64) int64 { return int64(v * observedDays * (0.85 + 0.3*random.Float64())) }
	s.flows = append(s.flows, traffic{from, to, port, protocol, chance(gbPerDay * 1e9), max(1, chance(connectionsPerDay))})
}

// named lists the servers whose names begin with a prefix and end in a number.
func (s *site) named(prefix string) (names []string) {
	for _, m := range s.servers {
		if kin(m.Name) == prefix {
			names = append(names, m.Name)
		}
	}
	return names
}

// partners are systems of others on the internet, at addresses that are kept
// for documentation (RFC 5737).
var partners = map[string]string{
	"card acquirer": "198.51.100.21", "wallet": "198.51.100.64", "invoice": "198.51.100.97", "carrier": "198.51.100.130",
	"tax": "198.51.100.161", "mail": "198.51.100.200",
}

func (s *site) addTraffic() {
	for i, c := range countries {
		s.storefrontTraffic(i, c)
	}
	s.sharedTraffic()
	s.businessTraffic()
	s.rehearsalTraffic("stg")
	s.rehearsalTraffic("test")
	s.rehearsalTraffic("dev")
	s.surroundingTraffic()
}

// storefrontTraffic follows a page: customer, balancer, web server and what it
// asks for it. The shop serves about 900 GB a day, most of it pictures.
func (s *site) storefrontTraffic(index int, c country) {
	code, share := c.code, c.share
	web, balancers, static := s.named(code+"-web"), s.named(code+"-lb"), s.named(code+"-static")
	for client := 1; client <= 4; client++ {
		address := fmt.Sprintf("203.0.113.%d", index*40+client*7)
		for _, lb := range balancers {
			s.flow(address, lb, 443, 60*share, 90_000*share)
		}
		for _, st := range static {
			s.flow(address, st, 443, 110*share, 200_000*share)
		}
	}
	perWeb := share / float64(len(web))
	for _, w := range web {
		for _, lb := range balancers {
			s.flow(lb, w, 80, 200*perWeb/float64(len(balancers)), 700_000*perWeb)
		}
		s.webTraffic(w, perWeb)
	}
	for _, st := range static {
		for _, nfs := range s.named("nfs") {
			s.flow(st, nfs, 2049, 40*share, 400)
		}
	}
	admin := code + "-admin01"
	s.flow(admin, "db-primary01", 3306, 6*share+0.4, 9_000)
	s.flow(admin, "redis-session01", 6379, 0.1, 4_000)
	s.flow(admin, "redis-cache01", 6379, 0.6, 12_000)
	s.flow(admin, "solr01", 8983, 2*share+0.2, 3_000)
	s.flow(admin, "nfs01", 2049, 4*share+0.3, 200)
	s.flow(admin, "mail01", 25, 0.2, 5_000*share)
	s.flow(admin, partners["tax"], 443, 0.01, 400)
	s.flow("vpn01", admin, 443, 1.2, 2_500)
}

func (s *site) webTraffic(w string, share float64) {
	s.flow(w, "db-primary01", 3306, 30*share, 500_000*share)
	for _, r := range s.named("db-replica")[:3] {
		s.flow(w, r, 3306, 50*share, 600_000*share)
	}
	s.flow(w, "redis-session01", 6379, 14*share, 1_200_000*share)
	for _, r := range s.named("redis-cache") {
		s.flow(w, r, 6379, 45*share, 1_500_000*share)
	}
	for _, r := range s.named("solr") {
		s.flow(w, r, 8983, 12*share, 150_000*share)
	}
	s.flow(w, "nfs01", 2049, 25*share, 300)
	for _, r := range s.named("pay") {
		s.flow(w, r, 8443, 0.8*share, 20_000*share)
	}
	for _, r := range s.named("oms-app") {
		s.flow(w, r, 8080, 1.5*share, 30_000*share)
	}
	s.flow(w, "analytics01", 8080, 6*share, 300_000*share)
}

func (s *site) sharedTraffic() {
	for _, r := range s.named("db-replica") {
		s.flow(r, "db-primary01", 3306, 18, 4)
	}
	for _, r := range []string{"redis-session02", "redis-session03"} {
		s.flow(r, "redis-session01", 6379, 3.5, 6)
		s.flow(r, "redis-session01", 26379, 0.02, 900)
	}
	for _, r := range []string{"solr02", "solr03", "solr04"} {
		s.flow(r, "solr01", 8983, 9, 1_440)
	}
	for _, r := range []string{"analytics02", "analytics03"} {
		s.flow("analytics01", r, 9200, 11, 5_000)
	}
	for _, r := range s.named("pay") {
		for _, p := range []string{"card acquirer", "wallet", "invoice"} {
			s.flow(r, partners[p], 443, 0.4, 9_000)
		}
	}
	for _, r := range s.named("oms-app") {
		s.flow(r, "oms-db01", 3306, 7, 20_000)
		s.flow(r, "wms-app01", 8080, 1.1, 9_000)
		s.flow(r, "erp-app01", 8443, 0.9, 4_000)
		s.flow(r, "mail01", 25, 0.5, 11_000)
		s.flow(r, partners["carrier"], 443, 0.2, 6_000)
	}
	for _, r := range s.named("cms") {
		s.flow("uk-lb01", r, 80, 1.4, 9_000)
		s.flow(r, "db-primary01", 3306, 0.7, 8_000)
		s.flow(r, "redis-cache02", 6379, 0.3, 7_000)
	}
	s.flow("nfs01", "nfs02", 873, 35, 96)
	s.flow("deploy01", "deploy02", 443, 4, 300)
}

func (s *site) businessTraffic() {
	for _, n := range []string{"01", "02"} {
		s.flow("erp-app"+n, "erp-db01", 1433, 9, 12_000)
		s.flow("pim-app"+n, "pim-db01", 3306, 3, 9_000)
		s.flow("pim-app"+n, "nfs01", 2049, 12, 100)
		s.flow("wms-app"+n, "wms-db01", 5432, 5, 15_000)
		s.flow("wms-app"+n, partners["carrier"], 443, 0.3, 3_000)
		s.flow("wms-app"+n, "sftp01", 22, 0.4, 96)
		s.flow("vpn"+n, "erp-app01", 8443, 2, 3_000)
		s.flow("vpn"+n, "intranet01", 443, 0.6, 2_000)
		s.flow("vpn"+n, "pim-app01", 443, 1, 900)
		s.flow("mail"+n, partners["mail"], 25, 1.2, 14_000)
		s.flowOf("udp", fmt.Sprintf("203.0.113.%s", "24"+n[1:]), "vpn"+n, 1194, 3, 60)
	}
	s.flow("erp-db02", "erp-db01", 5022, 6, 10)
	s.flow("pim-db02", "pim-db01", 3306, 1.2, 4)
	s.flow("wms-db02", "wms-db01", 5432, 3, 4)
	s.flow("pim-app01", "uk-admin01", 443, 2, 800)
	s.flow("erp-app01", "wms-app01", 8080, 0.7, 2_400)
	s.flow("erp-app01", "file01", 445, 1.5, 700)
	s.flow("erp-app01", "mail01", 25, 0.2, 1_200)
	s.flow("bi01", "erp-db02", 1433, 4, 300)
	s.flow("bi01", "db-replica04", 3306, 9, 400)
	s.flow("vpn01", "bi01", 443, 0.5, 400)
	s.flow("vpn02", "file01", 445, 3, 900)
	s.flow("mail01", "mail02", 993, 5, 200)
	s.flow("10.20.250.14", "legacy-shop01", 80, 0.01, 40)
	s.flow("sftp01", partners["carrier"], 22, 0.3, 48)
}

// rehearsalTraffic keeps to its own environment.
func (s *site) rehearsalTraffic(prefix string) {
	db := prefix + "-db01"
	for i, w := range s.named(prefix + "-web") {
		s.flow(w, db, 3306, 0.4, 3_000)
		if cache := prefix + "-redis01"; s.byName[cache] != nil {
			s.flow(w, cache, 6379, 0.2, 4_000)
			s.flow(w, prefix+"-solr01", 8983, 0.2, 800)
		}
		for _, lb := range s.named(prefix + "-lb") {
			s.flow(lb, w, 80, 0.5, 2_000)
		}
		if i == 0 {
			s.flow("vpn01", w, 80, 0.2, 300)
		}
	}
	if admin := prefix + "-admin01"; s.byName[admin] != nil {
		s.flow(admin, db, 3306, 0.2, 900)
		s.flow(admin, prefix+"-solr01", 8983, 0.1, 300)
	}
	if replica := prefix + "-db02"; s.byName[replica] != nil {
		s.flow(replica, db, 3306, 0.5, 4)
	}
}

// surroundingTraffic is what every server has: names, time, monitoring, logs,
// backup and delivery.
func (s *site) surroundingTraffic() {
	for _, m := range s.servers {
		for _, n := range []string{"01", "02"} {
			if m.Name != "dns"+n {
				s.flowOf("udp", m.Name, "dns"+n, 53, 0.01, 4_000)
			}
			if m.Name != "ntp"+n {
				s.flowOf("udp", m.Name, "ntp"+n, 123, 0.0002, 90)
			}
		}
		if m.Name != "mon01" {
			s.flow("mon01", m.Name, 10050, 0.05, 17_000)
		}
		if m.Name != "log01" {
			s.flow(m.Name, "log01", 6514, 0.3, 12)
		}
		if m.Name != "backup01" && m.Name != "backup02" {
			s.flow("backup01", m.Name, 6162, 0.02+float64(m.MemoryMiB)/1024/40, 3)
		}
		if m.OSFamily == "windows" && m.Name != "dc01" {
			s.flow(m.Name, "dc01", 88, 0.02, 900)
			s.flow(m.Name, "dc01", 389, 0.05, 1_100)
		}
		switch m.Role.Value {
		case "web", "admin", "static":
			s.flow("deploy01", m.Name, 22, 0.1, 6)
		}
	}
	s.flow("backup01", "backup02", 6162, 900, 12)
}
