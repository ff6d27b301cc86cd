package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestClassifyFlows(t *testing.T) {
	servers := []migrate.Server{
		{ID: "web01", Name: "web01"}, {ID: "db01", Name: "db01"}, {ID: "s1", Name: "nagios01.shop.example"}, {ID: "s2", Name: "bkp-master"},
		{ID: "s3", Name: "box", Role: migrate.Inference{Value: "monitoring"}}, {ID: "s4", Name: "AzureMigrate-Appliance"}, {ID: "money", Name: "money01"},
	}
	for _, c := range []struct {
		flow   migrate.Flow
		class  migrate.FlowClass
		reason string
	}{
		{migrate.Flow{From: "web01", To: "db01", Port: 3306, Protocol: "tcp"}, migrate.FlowApplication, "port 3306: mysql"},
		{migrate.Flow{From: "web01", To: "db01", Port: 445, Protocol: "tcp"}, migrate.FlowApplication, "no sign of anything else"},
		{migrate.Flow{From: "web01", To: "10.0.0.2", Port: 53, Protocol: "udp"}, migrate.FlowDNS, "port 53"},
		{migrate.Flow{From: "s1", To: "10.0.0.2", Port: 53, Protocol: "udp"}, migrate.FlowDNS, "port 53"},
		{migrate.Flow{From: "web01", To: "10.0.0.1", Port: 123, Protocol: "udp"}, migrate.FlowTime, "NTP"},
		{migrate.Flow{From: "s1", To: "db01", Port: 3306, Protocol: "tcp"}, migrate.FlowMonitoring, "monitoring server"},
		{migrate.Flow{From: "s3", To: "web01", Port: 443, Protocol: "tcp"}, migrate.FlowMonitoring, "monitoring server"},
		{migrate.Flow{From: "web01", To: "s1", Port: 443, Protocol: "tcp"}, migrate.FlowApplication, ""},
		{migrate.Flow{From: "web01", To: "s1", Port: 10051, Protocol: "tcp"}, migrate.FlowMonitoring, "Zabbix"},
		{migrate.Flow{From: "s2", To: "db01", Port: 22, Protocol: "tcp"}, migrate.FlowBackup, "backup server"},
		{migrate.Flow{From: "db01", To: "10.9.9.9", Port: 13724, Protocol: "tcp"}, migrate.FlowBackup, "NetBackup"},
		{migrate.Flow{From: "s4", To: "web01", Port: 22, Protocol: "tcp"}, migrate.FlowCollector, "gathered"},
		{migrate.Flow{From: "web01", To: "52.1.1.1", Port: 443, Protocol: "tcp", Process: "aws-discovery-agent"}, migrate.FlowCollector, "gathered"},
		{migrate.Flow{From: "10.9.9.9", To: "web01", Port: 22, Protocol: "tcp"}, migrate.FlowManagement, "SSH"},
		{migrate.Flow{From: "web01", To: "10.0.5.10", Port: 389, Protocol: "tcp", Kind: flowAllowed}, migrate.FlowManagement, "LDAP"},
		{migrate.Flow{From: "web01", To: "db01", Protocol: "icmp"}, migrate.FlowManagement, "ping"},
		{migrate.Flow{From: "money", To: "db01", Port: 8080, Protocol: "tcp"}, migrate.FlowApplication, "http"},
		{migrate.Flow{From: "web01", To: "db01", Port: 22, Protocol: "tcp", Class: migrate.FlowApplication, ClassReason: "override"}, migrate.FlowApplication, "override"},
	} {
		if c.flow.Kind == "" {
			c.flow.Kind = flowObserved
		}
		e := &migrate.Estate{Servers: servers, Flows: []migrate.Flow{c.flow}}
		ClassifyFlows(e)
		if got := e.Flows[0]; got.Class != c.class || !strings.Contains(got.ClassReason, c.reason) || got.ClassReason == "" {
			t.Errorf("%+v: class %s because %q, want %s because %q", c.flow, got.Class, got.ClassReason, c.class, c.reason)
		}
	}
}

// reachFlows makes flows of one source to hosts × ports.
func reachFlows(from string, hosts int, ports ...int) []migrate.Flow {
	var out []migrate.Flow
	for h := range hosts {
		for _, p := range ports {
			out = append(out, migrate.Flow{From: from, To: fmt.Sprintf("10.1.0.%d", h+1), Port: p, Protocol: "tcp", Kind: flowObserved})
		}
	}
	return out
}

func TestScans(t *testing.T) {
	many := func(n, from int) []int {
		var out []int
		for i := range n {
			out = append(out, from+i)
		}
		return out
	}
	for _, c := range []struct {
		name  string
		flows []migrate.Flow
		scan  bool
	}{
		{"15 ports of one host", reachFlows("a", 1, many(15, 20)...), true},
		{"14 ports of one host", reachFlows("a", 1, many(14, 20)...), false},
		{"25 hosts on 10 ports", reachFlows("a", 25, many(10, 20)...), true},
		{"a deployment server", reachFlows("deploy01", 170, 22, 443), false},
		{"FTP data ports", reachFlows("a", 1, append(many(200, 50000), 21)...), false},
		{"a load balancer", reachFlows("lb01", 60, 80, 443, 8080, 8443), false},
		{"a monitoring server", reachFlows("zabbix01", 60, many(20, 20)...), false},
		{"a resolver", reachFlows("ns01", 100, 53), false},
	} {
		e := &migrate.Estate{Flows: c.flows}
		ClassifyFlows(e)
		scan := 0
		for _, f := range e.Flows {
			if f.Class == migrate.FlowScan {
				scan++
			}
		}
		if (scan > 0) != c.scan {
			t.Errorf("%s: %d of %d flows are called a scan, want a scan: %v", c.name, scan, len(c.flows), c.scan)
		}
	}
}

// Rules and references don't scan, however many there are.
func TestRulesAreNoScan(t *testing.T) {
	flows := reachFlows("a", 30, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
	for i := range flows {
		flows[i].Kind = flowAllowed
	}
	e := &migrate.Estate{Flows: flows}
	ClassifyFlows(e)
	for _, f := range e.Flows {
		if f.Class == migrate.FlowScan {
			t.Fatalf("%+v is a rule and no scan", f)
		}
	}
}

func TestServerSide(t *testing.T) {
	for _, c := range []struct {
		a, b int
		want bool
	}{{44532, 3306, true}, {3306, 44532, false}, {51000, 443, true}, {8080, 9000, false}, {2000, 20000, false}, {60000, 40000, true}, {22, 22, true}} {
		if got := serverSide(c.a, c.b); got != c.want {
			t.Errorf("serverSide(%d, %d) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestHostFromFileName(t *testing.T) {
	for name, want := range map[string]string{
		"ss-web01.txt": "web01", "web01.ss.txt": "web01", "dumps/web01.shop.example_netstat_20260720.log.gz": "web01.shop.example",
		"netstat_web-02_2026-07-20T10:15:00Z.txt": "web-02", "ss.txt": "", `C:\dumps\WEB01.out`: "web01", "log-01.txt": "log-01", "2026-07-20.txt": "",
	} {
		if got := hostFromFileName(name); got != want {
			t.Errorf("hostFromFileName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestParsePorts(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
		note bool
	}{
		{"443", "[443]", false}, {"80;443", "[80 443]", false}, {"tcp/8080-8083", "[8080 8081 8082 8083]", false}, {"any", "[0]", false}, {"", "[0]", false},
		{"443.0", "[443]", false}, {"53;80;6881-6999", "[53 80 0]", true}, {"70000", "[0]", true}, {"http", "[0]", true}, {"90-80", "[0]", true}, {";", "[0]", true},
	} {
		got, note := parsePorts(c.in)
		if fmt.Sprint(got) != c.want || (note != "") != c.note {
			t.Errorf("parsePorts(%q) = %v, %q; want %s", c.in, got, note, c.want)
		}
	}
}

func TestFlowEnd(t *testing.T) {
	for _, c := range []struct{ in, end, reason string }{
		{"10.0.0.1", "10.0.0.1", ""}, {"[::ffff:10.0.0.1]", "10.0.0.1", ""}, {"FD00::0001", "fd00::1", ""}, {"fe80::1%eth0", "", reasonLinkLocal}, {"WEB01.Shop.Example.", "web01.shop.example", ""},
		{"127.0.0.5", "", reasonLoopback}, {"localhost", "", reasonLoopback}, {"224.0.0.1", "", reasonMulticast}, {"255.255.255.255", "", reasonMulticast}, {"0.0.0.0", "", reasonNoEnd}, {" ", "", reasonNoEnd},
	} {
		if end, reason := flowEnd(c.in); end != c.end || reason != c.reason {
			t.Errorf("flowEnd(%q) = %q, %q; want %q, %q", c.in, end, reason, c.end, c.reason)
		}
	}
}
