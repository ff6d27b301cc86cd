package guest

// Redis is one server of a Redis 7 primary with its replicas, with a Sentinel
// beside each, or a server of its own.
type Redis struct {
	Base
	// Size of the server; at least 512 MiB.
	Size Size
	// Purpose is sessions (nothing is evicted, kept on disk) or cache (evicts,
	// kept in memory alone). It is also the name under which the sentinels
	// watch the primary.
	Purpose string
	// Nodes are the private IPv4 addresses of all servers in a fixed order, of
	// which the first is the primary to begin with: one, or an odd number from
	// three.
	Nodes []string
	// Position of this server among Nodes, from 0.
	Position int
	// Port of Redis, empty is 6379, and SentinelPort, empty is 26379.
	Port, SentinelPort int
	// PasswordEnv names the secret with the password of clients, replicas and
	// sentinels alike.
	PasswordEnv string
	// TLS, where given, replaces the plain ports.
	TLS *TLS
}

// TLS is a server's certificate in PEM. The document is secret with it.
type TLS struct {
	// Authority that signed the servers' certificates.
	Authority string
	// Certificate of this server, for its address, and its PrivateKey.
	Certificate, PrivateKey string
}

// HasSecrets tells that the document carries a secret's value.
func (r Redis) HasSecrets() bool { return r.TLS != nil || r.Base.HasSecrets() }
