package guest

import "strings"

// onAWS is a server on AWS with one secret that it fetches and one disk-less role.
func onAWS() Base {
	return Base{
		Environment: "production",
		Timezone:    "Europe/London",
		Cloud:       &AWS{Region: "eu-west-1"},
		Secrets: []Secret{
			{Env: "DATABASE_PASSWORD", AWS: &AWSSecret{ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-a1B2c3", JSONKey: "password"}},
			{Env: "REDIS_PASSWORD", AWS: &AWSSecret{ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/redis-a1B2c3"}},
		},
	}
}

// inPrivate is a server in the private cloud, whose document carries secrets.
// The value has every character that a configuration format may trip over.
func inPrivate(hostname string, env ...string) Base {
	b := Base{
		Hostname:          hostname,
		Environment:       "production",
		Timezone:          "Europe/Madrid",
		SSHAuthorizedKeys: []string{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJfCiIbO0Kb0yXw0rL5vBzEhZ1gN1bBEqbLX1N8xNn3c platform"},
		TimeServers:       []string{"10.20.0.10"},
		PackageProxy:      "http://proxy.shop.internal:3128",
		LogServer:         "10.20.5.20:10514",
	}
	for _, e := range env {
		b.Secrets = append(b.Secrets, Secret{Env: e, Value: e + ` p$x"q\r'` + "`s #;%w"})
	}
	return b
}

// withTLS is a shop whose database takes no client without TLS.
func withTLS(s Shop) Shop {
	s.DatabaseTLS = true
	return s
}

func shop() Shop {
	return Shop{
		DatabaseWriter: "shop.cluster-abc.eu-west-1.rds.amazonaws.com:3306",
		DatabaseReader: "shop.cluster-ro-abc.eu-west-1.rds.amazonaws.com:3306",
		Sessions:       RedisEndpoint{Address: "sessions.abc.euw1.cache.amazonaws.com:6379", TLS: true},
		Cache:          RedisEndpoint{Address: "cache.abc.euw1.cache.amazonaws.com:6379", TLS: true},
		SearchURL:      "http://search.shop.internal:8983/solr/storefront",
		Media:          Media{Origin: "https://media.shop.example"},
		Channels: []Channel{
			{Code: "uk", Hosts: []string{"www.shop.example", "shop.example"}},
			{Code: "fr", Hosts: []string{"fr.shop.example"}},
		},
		Release: "s3://shop-releases/production/current.tar.gz",
	}
}

func balancer() LoadBalancer {
	return LoadBalancer{TrustedProxies: []string{"10.10.0.0/16"}, IdleTimeoutSeconds: 60}
}

func shopUser() *ShopUser {
	arn := func(name string) string {
		return "arn:aws:secretsmanager:eu-west-1:123456789012:secret:" + name + "-a1B2c3"
	}
	return &ShopUser{Server: "shop.cluster-abc.eu-west-1.rds.amazonaws.com:3306", Schema: "the_shop",
		MasterARN: arn("rds!cluster-1"), ShopARN: arn("shop/db"), PooledARNs: []string{arn("shop/db-a"), arn("shop/db-b")}}
}

func behindCDN() LoadBalancer {
	l := balancer()
	l.VisitorHeader = "CloudFront-Viewer-Address"
	return l
}

// roles are the documents that every test goes over, by golden file.
func roles() map[string]Role {
	private := shop()
	private.Release = ""
	private.DatabaseWriter, private.DatabaseReader = "10.20.3.100:3306", "10.20.3.101:3306"
	private.Sessions = RedisEndpoint{Sentinels: []string{"10.20.3.31:26379", "10.20.3.32:26379", "10.20.3.33:26379"}, Master: "sessions"}
	private.Cache = RedisEndpoint{Sentinels: []string{"10.20.3.41:26379", "10.20.3.42:26379", "10.20.3.43:26379"}, Master: "cache"}
	private.Media = Media{Mount: "10.20.3.60:/media"}
	return map[string]Role{
		"web-aws": Web{Base: waited(onAWS()), Size: Size{VCPU: 8, MemoryMiB: 16384}, Shop: withTLS(shop()), LoadBalancer: behindCDN()},
		"web-private": Web{Base: inPrivate("web-1", "DATABASE_PASSWORD", "REDIS_PASSWORD"), Size: Size{VCPU: 4, MemoryMiB: 8192},
			Shop: private, LoadBalancer: balancer()},
		"admin-aws": Admin{Base: waited(onAWS()), Size: Size{VCPU: 4, MemoryMiB: 16384}, Shop: withTLS(shop()), LoadBalancer: balancer(), DatabaseUser: shopUser(),
			Cron: []CronJob{
				{Name: "application", OnCalendar: "*-*-* *:*:00", Command: []string{"/usr/bin/php", "bin/magento", "cron:run"}},
				{Name: "feeds", OnCalendar: "*:0/15", Command: []string{"/usr/bin/php", "bin/feeds", "--share", "100%", "$HOME"}},
			}},
		"admin-private": Admin{Base: inPrivate("admin-1", "DATABASE_PASSWORD", "REDIS_PASSWORD"), Size: Size{VCPU: 4, MemoryMiB: 8192},
			Shop: private, LoadBalancer: balancer()},
		"deploy-gitlab": Deploy{Base: withSecret(onAWS(), "RUNNER_TOKEN"), Provider: "gitlab", URL: "https://gitlab.shop.example",
			TokenEnv: "RUNNER_TOKEN", Concurrency: 2,
			Rollout: &Rollout{Release: "s3://shop-releases/current.tar.gz", Groups: []string{"storefront-web-prod", "storefront-admin-prod"}, StaticBucket: "shop-static"},
			Runner:  Download{URL: "https://downloads.shop.example/gitlab-runner-linux-amd64", SHA256: strings.Repeat("a1", 32)}},
		"deploy-github": Deploy{Base: inPrivate("deploy-1", "RUNNER_TOKEN"), Provider: "github", URL: "https://github.com/shop/store",
			TokenEnv: "RUNNER_TOKEN", Labels: []string{"shop", "production"},
			Runner: Download{URL: "https://downloads.shop.example/actions-runner-linux-x64.tar.gz", SHA256: strings.Repeat("b2", 32)}},
		"search-logs-domain": Search{Base: withLogDomain(onVolume(onAWS())), Size: Size{VCPU: 4, MemoryMiB: 16384},
			ClientNetworks: []string{"10.10.0.0/16"}},
		"static": Static{Base: inPrivate("static-1"), Size: Size{VCPU: 2, MemoryMiB: 2048},
			Hosts:       []string{"static.shop.example", "media.shop.example"},
			StaticMount: "10.20.3.60:/srv/data/static", MediaMount: "10.20.3.60:/srv/data/media", LoadBalancer: balancer()},
		"search-leader": Search{Base: onDisk(inPrivate("search-1")), Size: Size{VCPU: 4, MemoryMiB: 16384},
			Address: "10.20.2.31", ClientNetworks: []string{"10.20.0.0/16"}},
		"search-follower-aws": Search{Base: waited(onVolume(onAWS())), Size: Size{VCPU: 4, MemoryMiB: 16384},
			Position: 1, Leader: "search-0.shop.internal", ClientNetworks: []string{"10.10.0.0/16"}},
		"analytics": Analytics{Base: withoutLogs(onDisk(inPrivate("logs-1"))), ClientNetworks: []string{"10.20.0.0/16"},
			ReportNetworks: []string{"10.20.0.0/24", "10.99.0.0/24"}, RetentionDays: 400},
		"sessions": Redis{Base: onDisk(inPrivate("sessions-2", "REDIS_PASSWORD")), Size: Size{VCPU: 2, MemoryMiB: 8192},
			Purpose: "sessions", Nodes: []string{"10.20.3.31", "10.20.3.32", "10.20.3.33"}, Position: 1, PasswordEnv: "REDIS_PASSWORD"},
		"cache": Redis{Base: inPrivate("cache-1", "REDIS_PASSWORD"), Size: Size{VCPU: 2, MemoryMiB: 4096},
			Purpose: "cache", Nodes: []string{"10.20.3.41"}, PasswordEnv: "REDIS_PASSWORD"},
		"database": database(1),
		"database-alone": Database{Base: inPrivate("db", "SHOP_PASSWORD"), Size: Size{VCPU: 2, MemoryMiB: 4096},
			Nodes: []Node{{"db", "10.20.3.11"}}, ClientNetworks: []string{"10.20.0.0/16"}, Schemas: []string{"shop"},
			Users: []DatabaseUser{{Name: "shop", PasswordEnv: "SHOP_PASSWORD", Schema: "shop"}}},
		"nfs": NFS{Base: onDisk(inPrivate("files-1")), Size: Size{VCPU: 4, MemoryMiB: 8192}, Exports: []Export{
			{Name: "media", Clients: []ExportClient{{Network: "10.20.1.10/32", Write: true}, {Network: "10.20.2.0/24"}}},
			{Name: "static", Clients: []ExportClient{{Network: "10.20.2.0/24"}}},
		}},
	}
}

func withSecret(b Base, env string) Base {
	b.Secrets = append(b.Secrets, Secret{Env: env, AWS: &AWSSecret{ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/runner-a1B2c3"}})
	return b
}

func withLogDomain(b Base) Base { b.LogDomain = "vpc-logs.eu-west-1.es.amazonaws.com"; return b }

func withoutLogs(b Base) Base { b.LogServer = ""; return b }

func onDisk(b Base) Base { b.DataDisk = &DataDisk{Device: "/dev/sdb"}; return b }

func onVolume(b Base) Base {
	b.DataDisk = &DataDisk{Device: "/dev/sdf", VolumeID: "vol-0123456789abcdef0", Label: "index", FileSystem: "xfs"}
	return b
}

func database(position int) Database {
	return Database{
		Base:     onDisk(inPrivate([]string{"db-1", "db-2", "db-3"}[position], "SHOP_PASSWORD", "REPORT_PASSWORD", "REPLICATION_PASSWORD", "FAILOVER_PASSWORD")),
		Size:     Size{VCPU: 8, MemoryMiB: 32768},
		Nodes:    []Node{{"db-1", "10.20.3.11"}, {"db-2", "10.20.3.12"}, {"db-3", "10.20.3.13"}},
		Position: position, WriterAddress: "10.20.3.100/24", ReaderAddress: "10.20.3.101/24",
		ClientNetworks: []string{"10.20.1.0/24", "10.20.2.0/23"},
		Schemas:        []string{"shop"},
		Users: []DatabaseUser{
			{Name: "shop", PasswordEnv: "SHOP_PASSWORD", Schema: "shop"},
			{Name: "reports", PasswordEnv: "REPORT_PASSWORD", Schema: "shop", ReadOnly: true},
		},
		ReplicationPasswordEnv: "REPLICATION_PASSWORD", FailoverPasswordEnv: "FAILOVER_PASSWORD",
	}
}

// waited is a server for whose report its group waits.
func waited(b Base) Base {
	cloud := *b.Cloud
	cloud.Group = "storefront-prod"
	b.Cloud = &cloud
	return b
}
