package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testDatabaseAlone(t *testing.T) {
	needMariaDB(t)
	d := roles()["database-alone"].(Database)
	d.Nodes, d.Port, d.ClientNetworks = []Node{{"db", "127.0.0.51"}}, freePort(t), []string{"127.0.0.0/8"}
	s := setUpDatabase(t, d, 0)
	s.up(false)
	eventually(t, 40*time.Second, "a primary", func() (bool, string) {
		return s.role() == "primary" && s.as("shop", "SHOP_PASSWORD", "SELECT 1") == "1", s.role() + s.as("shop", "SHOP_PASSWORD", "SELECT 1")
	})
	require.Equal(t, "0", s.sql("SELECT @@read_only"))
	require.Equal(t, "", s.as("shop", "SHOP_PASSWORD", "CREATE TABLE shop.t (id INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO shop.t VALUES (1)"))
	s.down()
	s.up(false)
	eventually(t, 40*time.Second, "a primary after a loss of power", func() (bool, string) {
		out := s.as("shop", "SHOP_PASSWORD", "INSERT INTO shop.t VALUES (2); SELECT COUNT(*) FROM shop.t")
		return out == "2", out
	})
}

// testDatabaseFailover takes three servers from empty disks through the loss
// of the primary, its return, a cut-off primary, and a replaced replica.
func testDatabaseFailover(t *testing.T) {
	needMariaDB(t)
	port, donorPort := freePort(t), freePort(t)
	var servers []*dbServer
	for i := range 3 {
		d := database(i)
		d.Nodes = []Node{{"db-1", "127.0.0.11"}, {"db-2", "127.0.0.12"}, {"db-3", "127.0.0.13"}}
		d.Port, d.ClientNetworks = port, []string{"127.0.0.0/8"}
		servers = append(servers, setUpDatabase(t, d, donorPort))
	}
	for _, s := range servers {
		s.up(true)
	}
	began := time.Now()
	c := &dbCluster{t, servers}
	first := c.settle(nil)
	t.Logf("three empty servers settled in %v", time.Since(began).Round(time.Second))
	require.Equal(t, "db-1", first.name, "the first of the list, where all are equal")

	t.Run("replicates", func(t *testing.T) { c.t = t; c.replicates(first) })
	t.Run("lets nobody in", func(t *testing.T) { c.letsNobodyIn(t) })
	w := c.keepWriting()
	t.Run("loses its primary", func(t *testing.T) { c.t = t; c.losesPrimary(first) })
	t.Run("cuts off its primary", func(t *testing.T) { c.t = t; c.cutsOffPrimary() })
	t.Run("keeps what it acknowledged", func(t *testing.T) { c.t = t; c.keptAll(w) })
	t.Run("replaces a replica", func(t *testing.T) { c.t = t; c.replacesReplica() })
}

// testDatabasePair takes two servers through what two can do: the replica
// stays closed when the primary is gone, until an operator's word.
func testDatabasePair(t *testing.T) {
	needMariaDB(t)
	port := freePort(t)
	var servers []*dbServer
	for i := range 2 {
		d := database(i)
		d.Nodes = []Node{{"db-1", "127.0.0.21"}, {"db-2", "127.0.0.22"}}
		d.Port, d.ClientNetworks = port, []string{"127.0.0.0/8"}
		servers = append(servers, setUpDatabase(t, d, freePort(t)))
	}
	for _, s := range servers {
		s.up(true)
	}
	c := &dbCluster{t, servers}
	first := c.settle(nil)
	second := servers[1]
	require.Equal(t, "db-1", first.name)
	require.Equal(t, "", first.as("shop", "SHOP_PASSWORD", "CREATE TABLE shop.orders (id INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO shop.orders VALUES (1)"))
	first.down()
	time.Sleep(8 * time.Second)
	require.Equal(t, "1", second.sql("SELECT @@read_only"), "one of two can't know")
	tool := filepath.Join(second.root, "usr/local/sbin/storefront-db")
	out, err := command(t, second.env, tool, "status")
	require.NoError(t, err, out)
	require.Contains(t, out, "db-1\taway")
	_, err = command(t, second.env, tool, "force", "db-9")
	require.NoError(t, err)
	time.Sleep(3 * time.Second)
	require.Equal(t, "1", second.sql("SELECT @@read_only"), "the wrong server was named")
	_, err = command(t, second.env, tool, "force", "db-1")
	require.NoError(t, err)
	require.Equal(t, second, c.settle(first))
	eventually(t, 15*time.Second, "it takes orders", func() (bool, string) {
		out := second.as("shop", "SHOP_PASSWORD", "INSERT IGNORE INTO shop.orders VALUES (2); SELECT COUNT(*) FROM shop.orders")
		return out == "2", out
	})
	first.up(true)
	require.Equal(t, second, c.settle(nil))
	require.Equal(t, "2", first.as("shop", "SHOP_PASSWORD", "SELECT COUNT(*) FROM shop.orders"))
}

// dbWriter writes orders one after the other to whoever takes them, and notes
// those that were acknowledged.
type dbWriter struct {
	stop, done chan struct{}
	acked      []int
}

func (c *dbCluster) keepWriting() *dbWriter {
	w := &dbWriter{stop: make(chan struct{}), done: make(chan struct{})}
	servers := append([]*dbServer{}, c.servers...)
	go func() {
		defer close(w.done)
		for id := 100_000; ; id++ {
			for _, s := range servers {
				select {
				case <-w.stop:
					return
				default:
				}
				if s.as("shop", "SHOP_PASSWORD", fmt.Sprintf("INSERT INTO shop.orders VALUES (%d)", id)) == "" {
					w.acked = append(w.acked, id)
					break
				}
			}
		}
	}()
	c.t.Cleanup(func() {
		select {
		case <-w.stop:
		default:
			close(w.stop)
		}
		<-w.done
	})
	return w
}

// keptAll checks that every order that anybody acknowledged is on every server.
func (c *dbCluster) keptAll(w *dbWriter) {
	close(w.stop)
	<-w.done
	t := c.t
	primary := c.settle(nil)
	require.NotEmpty(t, w.acked)
	want := primary.sql("SELECT COUNT(*), MAX(id), @@gtid_binlog_pos FROM shop.orders")
	for _, s := range c.servers {
		eventually(t, 10*time.Second, s.name+" holds what the primary holds", func() (bool, string) {
			out := s.sql("SELECT COUNT(*), MAX(id), @@gtid_binlog_pos FROM shop.orders")
			return out == want, out + " and not " + want
		})
		kept := map[string]bool{}
		for id := range strings.Lines(s.sql("SELECT id FROM shop.orders")) {
			kept[strings.TrimSpace(id)] = true
		}
		for _, id := range w.acked {
			require.True(t, kept[strconv.Itoa(id)], "order %d was acknowledged and is not on %s", id, s.name)
		}
	}
	t.Logf("%d orders acknowledged through a failover and a cut, all on all three; they hold %s", len(w.acked), want)
}

type dbCluster struct {
	t       *testing.T
	servers []*dbServer
}

// settle waits for one primary and for everybody else to follow it.
func (c *dbCluster) settle(away *dbServer) *dbServer {
	c.t.Helper()
	var primary *dbServer
	eventually(c.t, 60*time.Second, "one primary, the rest replicas", func() (bool, string) {
		var seen []string
		primaries, replicas := 0, 0
		for _, s := range c.servers {
			if s == away {
				continue
			}
			r := s.role()
			seen = append(seen, s.name+"="+r)
			switch r {
			case "primary":
				primaries, primary = primaries+1, s
			case "replica":
				replicas++
			}
		}
		want := len(c.servers) - 1
		if away != nil {
			want--
		}
		return primaries == 1 && replicas == want, strings.Join(seen, " ")
	})
	return primary
}

func (c *dbCluster) replicates(primary *dbServer) {
	t := c.t
	require.Equal(t, "Rpl_semi_sync_master_status\tON", primary.sql("SHOW STATUS LIKE 'Rpl_semi_sync_master_status'"))
	require.Equal(t, "Rpl_semi_sync_master_clients\t2", primary.sql("SHOW STATUS LIKE 'Rpl_semi_sync_master_clients'"))
	require.Equal(t, "1\tAFTER_SYNC", primary.sql("SELECT @@gtid_strict_mode, @@rpl_semi_sync_master_wait_point"))
	require.Equal(t, "", primary.as("shop", "SHOP_PASSWORD", "CREATE TABLE shop.orders (id INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO shop.orders VALUES (1)"))
	require.Equal(t, "1", primary.as("reports", "REPORT_PASSWORD", "SELECT COUNT(*) FROM shop.orders"))
	require.Contains(t, primary.as("reports", "REPORT_PASSWORD", "INSERT INTO shop.orders VALUES (99)"), "denied")
	for _, s := range c.servers {
		if s == primary {
			continue
		}
		eventually(t, 5*time.Second, "the row on "+s.name, func() (bool, string) {
			out := s.as("shop", "SHOP_PASSWORD", "SELECT COUNT(*) FROM shop.orders")
			return out == "1", out
		})
		require.Contains(t, s.as("shop", "SHOP_PASSWORD", "INSERT INTO shop.orders VALUES (98)"), "--read-only")
		require.Contains(t, s.sql("SHOW SLAVE STATUS"), "\tSlave_Pos\t")
	}
}

func (c *dbCluster) letsNobodyIn(t *testing.T) {
	for _, s := range c.servers {
		require.Contains(t, s.as("root", "x", "SELECT 1"), "error")
		require.Contains(t, s.as("", "", "SELECT 1"), "error")
		require.Contains(t, s.as("storefront_failover", "x", "SELECT 1"), "error")
		require.Equal(t, "", s.sql("SELECT User, Host FROM mysql.user WHERE User=''"))
	}
}

func (c *dbCluster) losesPrimary(first *dbServer) {
	t := c.t
	for i := 2; i <= 50; i++ {
		require.Equal(t, "", first.as("shop", "SHOP_PASSWORD", fmt.Sprintf("INSERT INTO shop.orders VALUES (%d)", i)))
	}
	began := time.Now()
	first.down()
	second := c.settle(first)
	t.Logf("%s took over from %s after %v (3 s of silence here, 10 s in production)", second.name, first.name, time.Since(began).Round(100*time.Millisecond))
	require.Equal(t, "50", second.as("shop", "SHOP_PASSWORD", "SELECT COUNT(*) FROM shop.orders WHERE id<=50"), "every acknowledged order is there")
	require.Equal(t, "", second.as("shop", "SHOP_PASSWORD", "INSERT INTO shop.orders VALUES (51)"))

	first.up(true)
	require.Equal(t, second.name, c.settle(nil).name, "the former primary comes back as a replica")
	require.Equal(t, "51", first.as("shop", "SHOP_PASSWORD", "SELECT COUNT(*) FROM shop.orders WHERE id<=51"))
	require.Equal(t, "1", first.sql("SELECT @@read_only"))
}

// cutsOffPrimary stops both replicas, so that the primary is alone: a commit
// must not be acknowledged, and afterwards all three hold the same.
func (c *dbCluster) cutsOffPrimary() {
	t := c.t
	primary := c.settle(nil)
	for _, s := range c.servers {
		if s != primary {
			s.signal(syscall.SIGSTOP)
		}
	}
	answer := primary.as("shop", "SHOP_PASSWORD", "INSERT INTO shop.orders VALUES (777)")
	require.Contains(t, answer, "error", "a commit that no other server has")
	eventually(t, 20*time.Second, "the cut-off primary gives up", func() (bool, string) {
		out := primary.sql("SELECT @@read_only")
		return out != "0", out
	})
	for _, s := range c.servers {
		if s != primary {
			s.signal(syscall.SIGCONT)
		}
	}
	next := c.settle(nil)
	t.Logf("%s leads after the cut; %s did before", next.name, primary.name)
	require.Equal(t, "", next.as("shop", "SHOP_PASSWORD", "INSERT INTO shop.orders VALUES (52)"))
	for _, s := range c.servers {
		eventually(t, 10*time.Second, "row 52 on "+s.name, func() (bool, string) {
			out := s.sql("SELECT COUNT(*) FROM shop.orders WHERE id=52")
			return out == "1", out
		})
	}
}

// replacesReplica gives a replica an empty disk after the primary's first
// binary logs are gone, so that only a copy can bring it back.
func (c *dbCluster) replacesReplica() {
	t := c.t
	primary := c.settle(nil)
	primary.sql("FLUSH BINARY LOGS")
	eventually(t, 20*time.Second, "old binary logs go", func() (bool, string) {
		primary.sql("PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY")
		out := primary.sql("SHOW BINARY LOGS")
		return !strings.Contains(out, "binlog.000001"), out
	})
	var gone *dbServer
	for _, s := range c.servers {
		if s != primary {
			gone = s
		}
	}
	gone.down()
	require.NoError(t, os.RemoveAll(filepath.Join(gone.root, "data")))
	require.NoError(t, os.Mkdir(filepath.Join(gone.root, "data"), 0o777))
	require.NoError(t, os.Chmod(filepath.Join(gone.root, "data"), 0o777))
	gone.install()
	gone.up(true)
	began := time.Now()
	require.Equal(t, primary.name, c.settle(nil).name)
	t.Logf("%s copied %s in %v", gone.name, primary.name, time.Since(began).Round(time.Second))
	require.Equal(t, primary.sql("SELECT COUNT(*) FROM shop.orders"), gone.sql("SELECT COUNT(*) FROM shop.orders"))
	require.Equal(t, "1", gone.sql("SELECT @@read_only"))
	require.Equal(t, "", primary.as("shop", "SHOP_PASSWORD", "INSERT INTO shop.orders VALUES (53)"))
	eventually(t, 10*time.Second, "the copy follows", func() (bool, string) {
		out := gone.sql("SELECT COUNT(*) FROM shop.orders WHERE id=53")
		return out == "1", out
	})
}
