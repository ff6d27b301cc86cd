package guest

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

// roles are the documents that every test goes over, by golden file.
func roles() map[string]Role {
	private := shop()
	private.Release = ""
	private.DatabaseWriter, private.DatabaseReader = "10.20.3.100:3306", "10.20.3.101:3306"
	private.Sessions = RedisEndpoint{Sentinels: []string{"10.20.3.31:26379", "10.20.3.32:26379", "10.20.3.33:26379"}, Master: "sessions"}
	private.Cache = RedisEndpoint{Sentinels: []string{"10.20.3.41:26379", "10.20.3.42:26379", "10.20.3.43:26379"}, Master: "cache"}
	private.Media = Media{Mount: "10.20.3.60:/media"}
	return map[string]Role{
		"web-aws": Web{Base: onAWS(), Size: Size{VCPU: 8, MemoryMiB: 16384}, Shop: shop(), LoadBalancer: balancer()},
		"web-private": Web{Base: inPrivate("web-1", "DATABASE_PASSWORD", "REDIS_PASSWORD"), Size: Size{VCPU: 4, MemoryMiB: 8192},
			Shop: private, LoadBalancer: balancer()},
	}
}
