package guest

import "fmt"

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

// mariadbTuning is how a database server's memory is divided.
type mariadbTuning struct {
	ReserveMiB, ConnectionsMiB, GlobalMiB int
	BufferPoolMiB, PoolOverheadMiB        int
	LogFileMiB, Connections, Appliers     int
}

// mariadbConnectionMiB is what one busy connection takes beside the buffer
// pool: join, sort and read buffers, its stack and a small temporary table.
const mariadbConnectionMiB = 4

// tuneMariaDB leaves a reserve for the system (512 MiB, or a tenth where that
// is more), the connections' own memory and the log buffers, and gives the
// rest to InnoDB's buffer pool in whole chunks of 128 MiB, counting the tenth
// that InnoDB takes on top of it for its own pages' descriptors. The redo log
// is a quarter of the pool, from 256 MiB to 16 GiB.
func tuneMariaDB(s Size, maxConnections int) (mariadbTuning, error) {
	t := mariadbTuning{ReserveMiB: max(512, s.MemoryMiB/10), GlobalMiB: 192, Appliers: min(16, max(2, s.VCPU))}
	t.Connections = orNumber(maxConnections, max(200, 50*s.VCPU))
	t.ConnectionsMiB = t.Connections * mariadbConnectionMiB
	free := s.MemoryMiB - t.ReserveMiB - t.ConnectionsMiB - t.GlobalMiB
	t.BufferPoolMiB = free * 10 / 11 / 128 * 128
	if t.BufferPoolMiB < 256 {
		return t, fmt.Errorf("%d MiB leave %d for the buffer pool beside %d connections; take a larger size or fewer connections",
			s.MemoryMiB, max(0, t.BufferPoolMiB), t.Connections)
	}
	t.PoolOverheadMiB = (t.BufferPoolMiB + 9) / 10
	t.LogFileMiB = min(16384, max(256, t.BufferPoolMiB/4))
	return t, nil
}

// TotalMiB is the most that all parts use together, in MiB.
func (t mariadbTuning) TotalMiB() int {
	return t.ReserveMiB + t.ConnectionsMiB + t.GlobalMiB + t.BufferPoolMiB + t.PoolOverheadMiB
}

// Render gives the document of a database server.
func (d Database) Render() (Document, error) {
	p := check("database")
	b := d.Base.resolved()
	d.Port, d.RouterID, d.BinlogDays = orNumber(d.Port, 3306), orNumber(d.RouterID, 51), orNumber(d.BinlogDays, 3)
	b.check(p.at("base"))
	d.Size.check(p.at("size"), 2048)
	d.check(p, b)
	if err := p.err(); err != nil {
		return "", err
	}
	t, err := tuneMariaDB(d.Size, d.MaxConnections)
	if err != nil {
		p.at("size.memoryMiB").add("%v", err)
		return "", p.err()
	}
	m := d.model(b, t)
	c := newConfig(b, "mariadb", "keepalived")
	c.pkg("mariadb-backup", "mariadb-server", "python3-pymysql", "stunnel4")
	c.addSecrets(b, nil)
	c.render("/etc/mysql/mariadb.conf.d/90-storefront.cnf", "mariadb.cnf", m)
	c.render("/etc/systemd/system/mariadb.service.d/storefront.conf", "mariadb-unit.conf", m)
	c.add(writeFile{Path: "/etc/storefront/db/cluster.json", Permissions: "0600", Defer: true, Content: m.clusterFile(c)})
	c.script("/usr/local/sbin/storefront-db", "storefront-db.py", nil)
	c.render("/usr/local/lib/storefront/storefront_cluster.py", "storefront_cluster.py", nil)
	c.render("/usr/local/lib/storefront/storefront_server.py", "storefront_server.py", nil)
	c.render("/etc/systemd/system/storefront-db.service", "storefront-db.service", m)
	c.needsData(b, "mariadb.service")
	c.roleStep("role-database.sh", m)
	c.enable("mariadb.service", "storefront-db.service")
	if len(d.Nodes) > 1 {
		d.addFailover(c, m)
	}
	return c.document()
}

// addFailover adds the virtual addresses and the way to copy a server.
func (d Database) addFailover(c *config, m databaseModel) {
	c.pkg("keepalived")
	c.render("/usr/local/share/storefront/keepalived.conf", "keepalived.conf", m)
	c.script("/usr/local/sbin/storefront-db-role", "db-role.sh", nil)
	c.script("/usr/local/sbin/storefront-db-donate", "db-donate.sh", m)
	c.render("/etc/storefront/db/donor.conf", "db-donor.conf", m)
	c.render("/etc/systemd/system/storefront-db-donor.service", "storefront-db-donor.service", m)
	c.enable("storefront-db-donor.service", "keepalived.service")
}

// databaseModel is what the files of a database server are rendered from.
type databaseModel struct {
	Database
	mariadbTuning
	Self        Node
	Others      []Node
	Datadir     string
	SemisyncMS  int
	ServerID    int
	DonorPort   int
	ReaderRoute int
	// ReaderPriority differs, so that two replicas never argue.
	ReaderPriority int
	BinlogSeconds  int
}

// semisyncForever is a year in milliseconds. With three servers a primary
// waits for an acknowledgement rather than go on alone: that is what keeps a
// former primary from committing behind the new one's back.
const semisyncForever = 31_536_000_000

func (d Database) model(b Base, t mariadbTuning) databaseModel {
	m := databaseModel{
		Database: d, mariadbTuning: t, Self: d.Nodes[d.Position], Datadir: "/var/lib/mysql",
		SemisyncMS: 10_000, ServerID: d.Position + 1, DonorPort: 4444, ReaderRoute: d.RouterID + 1,
		ReaderPriority: 100 - d.Position, BinlogSeconds: d.BinlogDays * 86400,
	}
	if b.DataDisk != nil {
		m.Datadir = b.DataDisk.MountPoint + "/mysql"
	}
	if len(d.Nodes) == 3 {
		m.SemisyncMS = semisyncForever
	}
	for i, n := range d.Nodes {
		if i != d.Position {
			m.Others = append(m.Others, n)
		}
	}
	return m
}
