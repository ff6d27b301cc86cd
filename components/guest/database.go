package guest

// Database is one server of a MariaDB 10.11 primary with its replicas, or a
// server of its own. See database_failover.md beside this file for how a
// failover is decided and what it can't do.
type Database struct {
	Base
	// Size of the server; at least 2048 MiB.
	Size Size
	// Nodes are all servers of the cluster in a fixed order: one (no failover),
	// two (failover by an operator) or three (failover by themselves).
	Nodes []Node
	// Position of this server among Nodes, from 0.
	Position int
	// Port of MariaDB; empty is 3306.
	Port int
	// WriterAddress is the virtual address, with its prefix length, that
	// follows the primary (10.20.3.100/24). Wanted with more than one node.
	WriterAddress string
	// ReaderAddress is a virtual address that follows a healthy replica, or the
	// primary where there is none. Optional.
	ReaderAddress string
	// RouterID is the first of two VRRP router ids, which nothing else on the
	// segment may use: 1 to 254. Empty is 51.
	RouterID int
	// ClientNetworks may log in with the users below; at least one.
	ClientNetworks []string
	// Schemas are made on the first start.
	Schemas []string
	// Users are made, and their passwords followed, by the primary.
	Users []DatabaseUser
	// ReplicationPasswordEnv names the secret of replication, and
	// FailoverPasswordEnv that of the failover controllers. Wanted with more
	// than one node.
	ReplicationPasswordEnv, FailoverPasswordEnv string
	// MaxConnections; empty is 50 a vCPU and 200 at least.
	MaxConnections int
	// BinlogDays that binary logs are kept; empty is 3.
	BinlogDays int
}

// Node is a server of a cluster.
type Node struct {
	// Name of the server, a lower-case host name.
	Name string
	// Address is its private IPv4 address.
	Address string
}

// DatabaseUser is an account of the application.
type DatabaseUser struct {
	// Name of the account.
	Name string
	// PasswordEnv names the secret with its password.
	PasswordEnv string
	// Schema that it may use.
	Schema string
	// ReadOnly gives SELECT alone.
	ReadOnly bool
}
