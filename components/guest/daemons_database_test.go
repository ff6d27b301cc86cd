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

// dbServer is one rendered database server on a loopback address of its own,
// with a small stand-in for systemd around its daemons.
type dbServer struct {
	t             *testing.T
	name, address string
	port          int
	root          string
	env           []string
	daemons       []*daemon
}

// supervisor starts mariadbd as its unit does: first pre-start, then with what
// it decided, and again when it was killed.
const supervisor = `
root=$1
while :; do
  if [[ -e $root/stopped ]]; then sleep 0.1; continue; fi
  if [[ $2 == cluster ]]; then "$root/usr/local/sbin/storefront-db" pre-start || exit 1; fi
  MYSQLD_OPTS=
  [[ ! -e $root/run/mariadbd.env ]] || . "$root/run/mariadbd.env"
  mariadbd --defaults-file="$root/etc/mysql/mariadb.conf.d/90-storefront.cnf" --user=mysql --socket="$root/socket/mysqld.sock" --pid-file="$root/socket/mysqld.pid" $MYSQLD_OPTS &
  echo $! >"$root/pid"
  echo "$MYSQLD_OPTS" >>"$root/starts"
  wait
  rm -f "$root/pid"
  sleep 0.3
done`

const systemctl = `
root=@ROOT@
case "$1" in
  kill) kill -KILL "$(<"$root/pid")" ;;
  stop) touch "$root/stopped"; kill -TERM "$(<"$root/pid")"; while [[ -e $root/pid ]]; do sleep 0.1; done ;;
  start) rm -f "$root/stopped"; for _ in $(seq 300); do mariadb-admin --socket="$root/socket/mysqld.sock" ping >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1 ;;
esac`

// setUpDatabase renders, moves everything below a folder and runs the role's set-up.
func setUpDatabase(t *testing.T, d Database, donorPort int) *dbServer {
	t.Helper()
	self := d.Nodes[d.Position]
	s := &dbServer{t: t, name: self.Name, address: self.Address, port: d.Port, root: newRoot(t)}
	d.Size = Size{VCPU: 1, MemoryMiB: 4096}
	lay(t, d).intoRoot(t, s.root,
		"bind_address = 0.0.0.0", "bind_address = "+self.Address, "buffer_pool_size = 2304M", "buffer_pool_size = 64M",
		"log_file_size = 576M", "log_file_size = 32M", "/run/mysqld/mysqld.sock", s.root+"/socket/mysqld.sock",
		"/srv/data", s.root+"/data", "/var/lib/mysql", s.root+"/data/mysql", "/run/storefront", s.root+"/run", "/etc/storefront", s.root+"/etc/storefront",
		"/usr/local/sbin", s.root+"/usr/local/sbin", "/usr/local/share", s.root+"/usr/local/share", "/etc/keepalived", s.root+"/etc/keepalived",
		// Connections of this test come from the first loopback address, whichever they go to.
		`"from": [`, `"from": ["127.0.0.1",`, `"lost": 10`, `"lost": 3`, `"isolated": 6`, `"isolated": 3`, `"settle": 30`, `"settle": 6`,
		`"donor_port": 4444`, fmt.Sprintf(`"donor_port": %d`, donorPort), self.Address+":4444", fmt.Sprintf("%s:%d", self.Address, donorPort))
	for _, dir := range []string{"data", "socket", "run", "etc/keepalived"} {
		require.NoError(t, os.MkdirAll(filepath.Join(s.root, dir), 0o755))
	}
	require.NoError(t, os.Chmod(filepath.Join(s.root, "data"), 0o777))
	require.NoError(t, os.Chmod(filepath.Join(s.root, "socket"), 0o777))
	path := stubs(t, s.root, map[string]string{
		"systemctl": strings.ReplaceAll(systemctl, "@ROOT@", s.root), "systemd-cat": "cat >>" + s.root + "/journal",
		"ip": `echo "1: lo    inet ` + self.Address + `/8 scope host lo"`, "supervisor": supervisor,
	})
	s.env = []string{path, "STOREFRONT_DB_CONFIG=" + s.root + "/etc/storefront/db/cluster.json",
		"STOREFRONT_DB_LIBRARY=" + s.root + "/usr/local/lib/storefront", "PYTHONDONTWRITEBYTECODE=1"}
	s.install()
	return s
}

func (s *dbServer) install() {
	s.t.Helper()
	out, err := command(s.t, s.env, "bash", filepath.Join(s.root, "usr/local/sbin/storefront-role"))
	require.NoError(s.t, err, out)
}

// up starts the server, its controller and, in a cluster, the donor of copies.
func (s *dbServer) up(cluster bool) {
	s.t.Helper()
	mode := "alone"
	if cluster {
		mode = "cluster"
	}
	s.daemons = []*daemon{
		start(s.t, s.env, "bash", filepath.Join(s.root, "stubs/supervisor"), s.root, mode),
		start(s.t, s.env, "/usr/bin/python3", filepath.Join(s.root, "usr/local/sbin/storefront-db"), "run"),
	}
	if !cluster {
		return
	}
	eventually(s.t, 10*time.Second, "the key of copies", func() (bool, string) {
		_, err := os.Stat(filepath.Join(s.root, "run/db-psk"))
		return err == nil, fmt.Sprint(err)
	})
	s.daemons = append(s.daemons, start(s.t, s.env, program("stunnel4"), filepath.Join(s.root, "etc/storefront/db/donor.conf")))
}

// down is a server that loses its power.
func (s *dbServer) down() {
	for _, d := range s.daemons {
		d.stop(syscall.SIGKILL)
	}
	os.Remove(filepath.Join(s.root, "run/db-role"))
	os.Remove(filepath.Join(s.root, "pid"))
}

// signal goes to everything of the server: SIGSTOP cuts it off, SIGCONT brings it back.
func (s *dbServer) signal(sig syscall.Signal) {
	for _, d := range s.daemons {
		syscall.Kill(-d.cmd.Process.Pid, sig)
	}
}

func (s *dbServer) role() string {
	text, err := os.ReadFile(filepath.Join(s.root, "run/db-role"))
	if err != nil {
		return "none"
	}
	return strings.TrimSpace(string(text))
}

// root asks by the socket, as root of the machine.
func (s *dbServer) sql(query string) string {
	out, err := command(s.t, nil, program("mariadb"), "--socket="+s.root+"/socket/mysqld.sock", "--user=root", "--batch", "--skip-column-names", "-e", query)
	if err != nil {
		return "error: " + strings.TrimSpace(out)
	}
	return strings.TrimSpace(out)
}

// as asks over the network as the application does.
func (s *dbServer) as(user, env, query string) string {
	out, err := command(s.t, []string{"MYSQL_PWD=" + env + ` p$x"q\r'` + "`s #;%w"}, "timeout", "5", program("mariadb"), "--host="+s.address,
		"--port="+strconv.Itoa(s.port), "--user="+user, "--batch", "--skip-column-names", "--connect-timeout=2", "-e", query)
	if err != nil {
		return "error: " + strings.TrimSpace(out) + " " + err.Error()
	}
	return strings.TrimSpace(out)
}

func needMariaDB(t *testing.T) {
	need(t, "mariadbd", "mariadb-install-db", "mariadb", "mariadb-backup", "mbstream", "stunnel4", "python3")
	needRoot(t)
	if out, err := command(t, nil, "/usr/bin/python3", "-c", "import pymysql"); err != nil {
		if os.Getenv("STOREFRONT_REQUIRE_DAEMONS") == "1" {
			t.Fatalf("python3-pymysql is not installed: %s", out)
		}
		t.Skip("python3-pymysql is not installed")
	}
}

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
	t.Run("loses its primary", func(t *testing.T) { c.t = t; c.losesPrimary(first) })
	t.Run("cuts off its primary", func(t *testing.T) { c.t = t; c.cutsOffPrimary() })
	t.Run("replaces a replica", func(t *testing.T) { c.t = t; c.replacesReplica() })
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
	require.Equal(t, "50", second.as("shop", "SHOP_PASSWORD", "SELECT COUNT(*) FROM shop.orders"), "every acknowledged order is there")
	require.Equal(t, "", second.as("shop", "SHOP_PASSWORD", "INSERT INTO shop.orders VALUES (51)"))

	first.up(true)
	require.Equal(t, second.name, c.settle(nil).name, "the former primary comes back as a replica")
	require.Equal(t, "51", first.as("shop", "SHOP_PASSWORD", "SELECT COUNT(*) FROM shop.orders"))
	require.Equal(t, "1", first.sql("SELECT @@read_only"))
}

// cutsOffPrimary stops both replicas, so that the primary is alone: a commit
// must not be acknowledged, and what it wrote must be gone once another leads.
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
	var counts []string
	for _, s := range c.servers {
		eventually(t, 10*time.Second, "row 52 on "+s.name, func() (bool, string) {
			out := s.sql("SELECT COUNT(*) FROM shop.orders WHERE id=52")
			return out == "1", out
		})
		counts = append(counts, s.sql("SELECT COUNT(*), MAX(id), @@gtid_binlog_pos FROM shop.orders"))
	}
	require.Equal(t, counts[0], counts[1])
	require.Equal(t, counts[0], counts[2])
	t.Logf("all three hold the same: %s", counts[0])
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
