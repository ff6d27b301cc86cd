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
