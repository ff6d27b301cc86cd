package sample

import "github.com/storefront-toolkit/storefront/migrate"

// country is one storefront.
type country struct {
	code      string
	web       int
	balancers int
	share     float64 // of all requests
	offset    int     // of local time from UTC in September, in hours
}

// countries are the six storefronts. Spain has one load balancer: that is a
// planted fault.
var countries = []country{
	{"uk", 12, 2, 0.25, 1}, {"au", 6, 2, 0.10, 10}, {"fr", 8, 2, 0.15, 2},
	{"us", 12, 2, 0.25, -4}, {"de", 10, 2, 0.17, 2}, {"es", 6, 1, 0.08, 2},
}

func programs(pairs ...string) (list []migrate.Software) {
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, migrate.Software{Name: pairs[i], Version: pairs[i+1]})
	}
	return list
}

var (
	apachePHP = programs("Apache", "2.4.62", "PHP", "8.3.11", "Magento", "2.4.7")
	nginx     = programs("nginx", "1.30.1")
	haproxy   = programs("HAProxy", "3.0.5", "keepalived", "2.2.7")
	mysql     = programs("MySQL", "8.4.2")
	redis     = programs("Redis", "7.4.1")
	solr      = programs("Solr", "9.7.0")
)

// allGroups lists the whole fleet in the order of its names' history: the
// storefronts, what they share, the business around, and what is no production.
func allGroups() []group {
	var all []group
	for _, c := range countries {
		all = append(all, storefront(c)...)
	}
	all = append(all, shared()...)
	all = append(all, business()...)
	all = append(all, services()...)
	return append(all, rehearsal()...)
}

func storefront(c country) []group {
	return []group{
		{name: c.code + "-lb%02d", count: c.balancers, role: "loadbalancer", env: production, app: "storefront " + c.code, team: "network", os: debian12,
			vcpus: 4, gib: 8, software: haproxy, ports: map[int]string{80: "haproxy", 443: "haproxy"}, cluster: "LON1-DMZ", network: "vl110-dmz-lb",
			criticality: "high", shop: true, quiet: 4, peak: 52, memory: 45, rpo: 168, policy: "weekly"},
		{name: c.code + "-web%02d", count: c.web, role: "web", env: production, app: "storefront " + c.code, team: "web platform", os: debian12,
			vcpus: 8, gib: 16, software: apachePHP, ports: map[int]string{80: "apache2"}, cluster: "LON1-PROD", network: "vl120-app",
			criticality: "high", shop: true, quiet: 5, peak: 66, memory: 58, rpo: 168, policy: "weekly"},
		{name: c.code + "-static%02d", count: 2, role: "static", env: production, app: "storefront " + c.code, team: "web platform", os: debian12,
			vcpus: 4, gib: 8, software: nginx, ports: map[int]string{80: "nginx", 443: "nginx"}, cluster: "LON1-DMZ", network: "vl111-dmz-static",
			criticality: "high", shop: true, quiet: 3, peak: 44, memory: 40, rpo: 168, policy: "weekly"},
		{name: c.code + "-admin%02d", count: 1, role: "admin", env: production, app: "storefront " + c.code, team: "commerce", os: debian12,
			vcpus: 4, gib: 16, software: apachePHP, ports: map[int]string{443: "apache2"}, cluster: "LON1-PROD", network: "vl120-app",
			criticality: "medium", quiet: 8, peak: 47, memory: 52, rpo: 24, policy: "daily"},
	}
}

func shared() []group {
	data := volume{path: "/var/lib/mysql", gib: 300, used: 62}
	return []group{
		{name: "db-primary%02d", count: 1, role: "database", env: production, app: "storefront", team: "data", os: debian12, vcpus: 16, gib: 128,
			volumes: []volume{data}, software: mysql, ports: map[int]string{3306: "mysqld"}, cluster: "LON1-PROD", network: "vl130-data",
			criticality: "high", shop: true, quiet: 9, peak: 71, memory: 88, rpo: 24, policy: "daily"},
		{name: "db-replica%02d", count: 4, role: "database", env: production, app: "storefront", team: "data", os: debian12, vcpus: 16, gib: 128,
			volumes: []volume{data}, software: mysql, ports: map[int]string{3306: "mysqld"}, cluster: "LON1-PROD", network: "vl130-data",
			criticality: "high", shop: true, quiet: 8, peak: 63, memory: 86, rpo: 24, policy: "daily"},
		{name: "redis-session%02d", count: 3, role: "sessions", env: production, app: "storefront", team: "data", os: debian12, vcpus: 2, gib: 16,
			software: redis, ports: map[int]string{6379: "redis-server", 26379: "redis-sentinel"}, cluster: "LON1-PROD", network: "vl130-data",
			criticality: "high", shop: true, quiet: 3, peak: 41, memory: 62, rpo: 24, policy: "daily"},
		{name: "redis-cache%02d", count: 3, role: "cache", env: production, app: "storefront", team: "data", os: debian12, vcpus: 4, gib: 32,
			software: redis, ports: map[int]string{6379: "redis-server"}, cluster: "LON1-PROD", network: "vl130-data",
			criticality: "high", shop: true, quiet: 4, peak: 49, memory: 74, rpo: 168, policy: "weekly"},
		{name: "solr%02d", count: 4, role: "search", env: production, app: "storefront", team: "data", os: debian12, vcpus: 8, gib: 32,
			volumes: []volume{{path: "/var/solr", gib: 120, used: 44}}, software: solr, ports: map[int]string{8983: "java"},
			cluster: "LON1-PROD", network: "vl130-data", criticality: "high", shop: true, quiet: 6, peak: 58, memory: 71, rpo: 168, policy: "weekly"},
		{name: "nfs%02d", count: 2, role: "media", env: production, app: "storefront", team: "data", os: debian12, vcpus: 8, gib: 32,
			// 10 TB of media are 9,313 GiB.
			volumes: []volume{{path: "/export/media", gib: 11264, used: 83, disks: 4}}, software: programs("nfs-kernel-server", "2.6.2"),
			ports: map[int]string{2049: "nfsd"}, cluster: "LON1-PROD", network: "vl130-data",
			criticality: "high", shop: true, quiet: 5, peak: 39, memory: 66, rpo: 24, policy: "daily"},
		{name: "analytics%02d", count: 3, role: "analytics", env: production, app: "analytics", team: "commerce", os: debian12, vcpus: 8, gib: 64,
			volumes: []volume{{path: "/var/lib/opensearch", gib: 800, used: 57}}, software: programs("OpenSearch", "2.17.0", "Matomo", "5.1.1"),
			ports: map[int]string{8080: "nginx", 9200: "java"}, cluster: "LON1-PROD", network: "vl130-data",
			criticality: "medium", shop: true, quiet: 11, peak: 55, memory: 72, rpo: 24, policy: "daily"},
		{name: "pay%02d", count: 2, role: "payment", env: production, app: "payments", team: "payments", os: debian12, vcpus: 4, gib: 8,
			software: nginx, ports: map[int]string{8443: "payproxy"}, cluster: "LON1-PROD", network: "vl121-pay",
			criticality: "high", shop: true, quiet: 3, peak: 37, memory: 44, rpo: 24, policy: "daily"},
		{name: "oms-app%02d", count: 2, role: "other", env: production, app: "orders", team: "commerce", os: debian12, vcpus: 4, gib: 16,
			software: programs("OpenJDK", "21.0.4"), ports: map[int]string{8080: "java"}, cluster: "LON1-PROD", network: "vl120-app",
			criticality: "high", shop: true, quiet: 7, peak: 51, memory: 61, rpo: 24, policy: "daily"},
		{name: "oms-db%02d", count: 1, role: "database", env: production, app: "orders", team: "data", os: debian12, vcpus: 8, gib: 64,
			volumes: []volume{{path: "/var/lib/mysql", gib: 150, used: 55}}, software: mysql, ports: map[int]string{3306: "mysqld"},
			cluster: "LON1-PROD", network: "vl130-data", criticality: "high", shop: true, quiet: 8, peak: 54, memory: 84, rpo: 24, policy: "daily"},
		{name: "deploy%02d", count: 2, role: "deploy", env: production, app: "delivery", team: "operations", os: debian12, vcpus: 4, gib: 16,
			volumes: []volume{{path: "/var/lib/gitlab", gib: 200, used: 49}}, software: programs("GitLab", "17.3.1"), ports: map[int]string{443: "nginx"},
			cluster: "LON1-PROD", network: "vl140-mgmt", criticality: "medium", quiet: 6, peak: 64, memory: 63, rpo: 24, policy: "daily"},
		{name: "vpn%02d", count: 2, role: "vpn", env: production, app: "network", team: "network", os: debian12, vcpus: 2, gib: 4,
			software: programs("OpenVPN", "2.6.3"), ports: map[int]string{1194: "openvpn"}, cluster: "LON1-DMZ", network: "vl112-dmz-vpn",
			criticality: "medium", quiet: 3, peak: 24, memory: 38, rpo: 168, policy: "weekly"},
	}
}
