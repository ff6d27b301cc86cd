package sample

// business is what surrounds the shop: goods, products, accounts and reports.
func business() []group {
	pg := programs("PostgreSQL", "16.4")
	return []group{
		{name: "erp-app%02d", count: 2, role: "erp", env: production, app: "erp", team: "office IT", os: windows22, vcpus: 8, gib: 32,
			software: programs("Microsoft Dynamics NAV", "2018"), ports: map[int]string{8443: "nav"}, cluster: "LON1-PROD", network: "vl150-office",
			criticality: "high", quiet: 9, peak: 46, memory: 64, rpo: 24, policy: "daily"},
		{name: "erp-db%02d", count: 2, role: "database", env: production, app: "erp", team: "data", os: windows22, vcpus: 4, gib: 64,
			volumes:  []volume{{path: `D:\`, gib: 600, used: 63}},
			software: programs("Microsoft SQL Server 2022", "16.0.4135"), ports: map[int]string{1433: "sqlservr"}, cluster: "LON1-PROD", network: "vl130-data",
			criticality: "high", quiet: 11, peak: 57, memory: 87, rpo: 24, policy: "daily"},
		{name: "pim-app%02d", count: 2, role: "pim", env: production, app: "pim", team: "commerce", os: debian12, vcpus: 4, gib: 16,
			software: programs("Akeneo", "7.0.41"), ports: map[int]string{443: "apache2"}, cluster: "LON1-PROD", network: "vl120-app",
			criticality: "medium", quiet: 7, peak: 43, memory: 55, rpo: 24, policy: "daily"},
		{name: "pim-db%02d", count: 2, role: "database", env: production, app: "pim", team: "data", os: debian12, vcpus: 8, gib: 32,
			volumes: []volume{{path: "/var/lib/mysql", gib: 120, used: 52}}, software: mysql, ports: map[int]string{3306: "mysqld"},
			cluster: "LON1-PROD", network: "vl130-data", criticality: "medium", quiet: 8, peak: 48, memory: 79, rpo: 24, policy: "daily"},
		{name: "wms-app%02d", count: 2, role: "other", env: production, app: "warehouse", team: "commerce", os: debian12, vcpus: 4, gib: 16,
			software: programs("OpenJDK", "21.0.4"), ports: map[int]string{8080: "java"}, cluster: "LON1-PROD", network: "vl120-app",
			criticality: "high", quiet: 9, peak: 44, memory: 59, rpo: 24, policy: "daily"},
		{name: "wms-db%02d", count: 2, role: "database", env: production, app: "warehouse", team: "data", os: debian12, vcpus: 8, gib: 48,
			volumes: []volume{{path: "/var/lib/postgresql", gib: 250, used: 58}}, software: pg, ports: map[int]string{5432: "postgres"},
			cluster: "LON1-PROD", network: "vl130-data", criticality: "high", quiet: 9, peak: 46, memory: 77, rpo: 24, policy: "daily"},
		{name: "cms%02d", count: 2, role: "web", env: production, app: "cms", team: "web platform", os: debian12, vcpus: 4, gib: 8,
			software: programs("Apache", "2.4.62", "PHP", "8.3.11", "WordPress", "6.6.1"), ports: map[int]string{80: "apache2"},
			cluster: "LON1-PROD", network: "vl120-app", criticality: "low", shop: true, quiet: 4, peak: 42, memory: 47, rpo: 24, policy: "daily"},
		{name: "bi%02d", count: 1, role: "analytics", env: production, app: "reporting", team: "office IT", os: windows22, vcpus: 4, gib: 32,
			volumes: []volume{{path: `D:\`, gib: 300, used: 41}}, software: programs("Microsoft Power BI Report Server", "1.21"),
			ports: map[int]string{443: "reportserver", 3389: "svchost"}, cluster: "LON1-PROD", network: "vl150-office",
			criticality: "low", quiet: 7, peak: 52, memory: 58, rpo: 24, policy: "daily"},
		{name: "sftp%02d", count: 1, role: "file", env: production, app: "warehouse", team: "commerce", os: debian12, vcpus: 2, gib: 4,
			volumes: []volume{{path: "/srv/exchange", gib: 100, used: 38}}, software: programs("OpenSSH", "9.2"), ports: map[int]string{22: "sshd"},
			cluster: "LON1-PROD", network: "vl120-app", criticality: "medium", quiet: 3, peak: 21, memory: 35, rpo: 24, policy: "daily"},
	}
}

// services are what every server needs, half of them in the second building.
func services() []group {
	mail := programs("Postfix", "3.7.11", "Dovecot", "2.3.19")
	logging := programs("Graylog", "6.0.5")
	zabbix := programs("Zabbix server", "7.0.3")
	veeam := programs("Veeam Backup & Replication", "12.2")
	var all []group
	for n, half := range []struct{ number, cluster, network string }{{"01", "LON1-PROD", "vl140-mgmt"}, {"02", "LON2-MGMT", "vl340-mgmt-lon2"}} {
		dmz := half
		if n == 0 {
			dmz.cluster, dmz.network = "LON1-DMZ", "vl113-dmz-mail"
		}
		all = append(all,
			group{name: "mail" + half.number, count: 1, role: "mail", env: production, app: "mail", team: "office IT", os: debian12, vcpus: 4, gib: 16,
				volumes: []volume{{path: "/var/vmail", gib: 500, used: 64}}, software: mail, ports: map[int]string{25: "master", 993: "dovecot"},
				cluster: dmz.cluster, network: dmz.network, criticality: "medium", quiet: 5, peak: 33, memory: 51, rpo: 24, policy: "daily"},
			group{name: "dc" + half.number, count: 1, role: "directory", env: production, app: "directory", team: "office IT", os: windows22, vcpus: 2, gib: 8,
				software: programs("Active Directory Domain Services", ""), ports: map[int]string{88: "lsass", 389: "lsass", 636: "lsass"},
				cluster: half.cluster, network: half.network, criticality: "high", quiet: 4, peak: 26, memory: 49, rpo: 24, policy: "daily"},
			group{name: "dns" + half.number, count: 1, role: "dns", env: production, app: "network", team: "network", os: debian12, vcpus: 2, gib: 4,
				software: programs("BIND", "9.18.28"), ports: map[int]string{53: "named"}, cluster: half.cluster, network: half.network,
				criticality: "high", shop: true, quiet: 2, peak: 22, memory: 33, rpo: 168, policy: "weekly"},
			group{name: "ntp" + half.number, count: 1, role: "time", env: production, app: "network", team: "network", os: debian12, vcpus: 1, gib: 2,
				software: programs("chrony", "4.3"), ports: map[int]string{123: "chronyd"}, cluster: half.cluster, network: half.network,
				criticality: "medium", quiet: 1, peak: 9, memory: 28, rpo: 168, policy: "weekly"},
			group{name: "mon" + half.number, count: 1, role: "monitoring", env: production, app: "monitoring", team: "operations", os: debian12, vcpus: 8, gib: 32,
				volumes: []volume{{path: "/var/lib/mysql", gib: 400, used: 51}}, software: zabbix, ports: map[int]string{443: "nginx", 10051: "zabbix_server"},
				cluster: half.cluster, network: half.network, criticality: "medium", quiet: 21, peak: 39, memory: 67, rpo: 24, policy: "daily"},
			group{name: "log" + half.number, count: 1, role: "monitoring", env: production, app: "monitoring", team: "operations", os: debian12, vcpus: 8, gib: 32,
				volumes: []volume{{path: "/var/lib/graylog", gib: 1500, used: 61}}, software: logging, ports: map[int]string{6514: "java", 9000: "java"},
				cluster: half.cluster, network: half.network, criticality: "medium", quiet: 18, peak: 58, memory: 73, rpo: 168, policy: "weekly"},
			group{name: "backup" + half.number, count: 1, role: "backup", env: production, app: "backup", team: "operations", os: windows22, vcpus: 8, gib: 32,
				software: veeam, ports: map[int]string{6160: "veeam", 6162: "veeam"}, cluster: half.cluster, network: half.network,
				criticality: "high", quiet: 8, peak: 62, memory: 54, rpo: 168, policy: "weekly"},
		)
	}
	return append(all,
		group{name: "file01", count: 1, role: "file", env: production, app: "office files", team: "office IT", os: windows22, vcpus: 4, gib: 16,
			volumes: []volume{{path: `E:\`, gib: 2000, used: 66}}, ports: map[int]string{445: "System"}, cluster: "LON1-PROD", network: "vl150-office",
			criticality: "low", quiet: 5, peak: 31, memory: 47, rpo: 24, policy: "daily"},
		group{name: "intranet01", count: 1, role: "other", env: production, app: "intranet", team: "office IT", os: debian12, vcpus: 2, gib: 8,
			software: programs("Apache", "2.4.62", "PHP", "8.3.11", "MediaWiki", "1.42.1"), ports: map[int]string{443: "apache2"},
			cluster: "LON1-PROD", network: "vl150-office", criticality: "low", quiet: 3, peak: 23, memory: 43, rpo: 24, policy: "daily"},
		group{name: "legacy-shop01", count: 1, role: "other", env: production, app: "storefront 2016", team: "web platform", os: debian12, vcpus: 4, gib: 8,
			software: programs("Apache", "2.4.62"), ports: map[int]string{80: "apache2"}, cluster: "LON1-PROD", network: "vl120-app",
			criticality: "low", quiet: 5, peak: 28, memory: 31, rpo: 24, policy: "daily"},
	)
}

// rehearsal is what customers never see.
func rehearsal() []group {
	var all []group
	for _, e := range []struct {
		prefix, env, network string
		lb, web, db          int
	}{{"stg", "staging", "vl210-staging", 2, 4, 2}, {"test", "test", "vl200-test", 1, 4, 1}, {"dev", "development", "vl220-dev", 0, 6, 1}} {
		small := func(name string, count int, role, process string, port int) group {
			return group{name: e.prefix + "-" + name + "%02d", count: count, role: role, env: e.env, app: "storefront " + e.env, team: "quality", os: debian12,
				vcpus: 2, gib: 8, ports: map[int]string{port: process}, cluster: "LON1-TEST", network: e.network, criticality: "low",
				quiet: 3, peak: 35, memory: 44, rpo: 168, policy: "weekly"}
		}
		lb, web, db := small("lb", e.lb, "loadbalancer", "haproxy", 443), small("web", e.web, "web", "apache2", 80), small("db", e.db, "database", "mysqld", 3306)
		lb.software, web.software, db.software = haproxy, apachePHP, mysql
		db.volumes = []volume{{path: "/var/lib/mysql", gib: 150, used: 60}}
		all = append(all, lb, web, db)
		if e.env == "development" {
			continue
		}
		cache, search := small("redis", 1, "cache", "redis-server", 6379), small("solr", 1, "search", "java", 8983)
		admin := small("admin", 1, "admin", "apache2", 443)
		cache.software, search.software, admin.software = redis, solr, apachePHP
		all = append(all, cache, search, admin)
	}
	return all
}
