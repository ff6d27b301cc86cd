package guest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// vault is a stand-in for Secrets Manager: a file a secret, by the last word of
// its ARN. It notes every call, and so does the client of the database, since
// what is in an argument is in everybody's process list.
const vault = `
echo "aws $*" >>'@ROOT@/calls'
verb=$4
shift 4
while (($#)); do
  case $1 in
    --secret-id) id=${2##*/}; id=${id##*:}; shift ;;
    --secret-string) value=$2; shift ;;
  esac
  shift
done
case $verb in
  get-random-password) head -c 400 /dev/urandom | base64 -w 0 | tr -dc A-Za-z0-9 | head -c 40; echo ;;
  put-secret-value) cat "${value#file://}" >"@ROOT@/vault/$id"; echo version ;;
  get-secret-value)
    [[ ! -e @ROOT@/vault/$id.locked ]] || { echo 'An error occurred (AccessDeniedException)' >&2; exit 254; }
    [[ -e @ROOT@/vault/$id ]] || { echo "An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT" >&2; exit 254; }
    cat "@ROOT@/vault/$id" ;;
esac`

// masterSecret has what AWS draws: all of ASCII but a few.
const masterSecret = `{"username":"storefront","password":"x\\y#;%$!=` + "`" + `{}~[]"}`

// userServer is a database as RDS gives it, and a back office's server before it.
type userServer struct {
	t          *testing.T
	root, path string
	port       int
}

// testShopUser runs the script against a database that takes TLS alone, and a
// master who may do what RDS lets it.
func testShopUser(t *testing.T) {
	need(t, "mariadbd", "mariadb-install-db", "mariadb", "openssl", "jq")
	needRoot(t)
	t.Run("direct", func(t *testing.T) { testShopUserDirect(t, startUserServer(t, false)) })
	t.Run("pooled", func(t *testing.T) { testShopUserPooled(t, startUserServer(t, true)) })
}

func startUserServer(t *testing.T, pooled bool) *userServer {
	t.Helper()
	s := &userServer{t: t, root: newRoot(t), port: freePort(t)}
	a := roles()["admin-aws"].(Admin)
	u := *shopUser()
	u.Server = fmt.Sprintf("localhost:%d", s.port)
	if !pooled {
		u.PooledARNs = nil
	}
	a.DatabaseUser, a.Shop.DatabaseWriter = &u, u.Server
	lay(t, a).intoRoot(t, s.root, "/etc/storefront", s.root+"/etc/storefront", "/run/storefront", s.root+"/run/storefront",
		"/usr/local/sbin", s.root+"/usr/local/sbin", "sleep 10", "sleep 0.1")
	s.path = stubs(t, s.root, map[string]string{
		"aws":     strings.ReplaceAll(vault, "@ROOT@", s.root),
		"mariadb": `echo "mariadb $*" >>'` + s.root + `/calls'; exec /usr/bin/mariadb "$@"`,
	})
	s.secret("rds!cluster-1-a1B2c3", masterSecret)
	s.startDatabase()
	return s
}

func (s *userServer) startDatabase() {
	t, data, tls := s.t, filepath.Join(s.root, "data"), filepath.Join(s.root, "tls")
	require.NoError(t, os.MkdirAll(tls, 0o755))
	ca := filepath.Join(s.root, "etc/storefront/database-ca.pem")
	mustRun(t, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
		"-addext", "subjectAltName=DNS:localhost", "-keyout", tls+"/key.pem", "-out", ca)
	mustRun(t, "chmod", "0644", tls+"/key.pem", ca)
	mustRun(t, "mariadb-install-db", "--no-defaults", "--user=mysql", "--datadir="+data, "--skip-test-db", "--auth-root-authentication-method=socket")
	socket := filepath.Join(s.root, "data/mysqld.sock")
	start(t, nil, program("mariadbd"), "--no-defaults", "--user=mysql", "--datadir="+data, "--socket="+socket, "--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", s.port),
		"--innodb-buffer-pool-size=16M", "--require-secure-transport=ON", "--ssl-cert="+ca, "--ssl-key="+tls+"/key.pem", "--log-bin=log", "--log-bin-trust-function-creators=1")
	eventually(t, 20*time.Second, "the database", func() (bool, string) {
		out, err := command(t, nil, "/usr/bin/mariadb", "--socket="+socket, "--user=root", "-e", "SELECT 1")
		return err == nil, out
	})
	var master struct{ Password string }
	require.NoError(t, json.Unmarshal([]byte(masterSecret), &master))
	mustRun(t, "/usr/bin/mariadb", "--socket="+socket, "--user=root", "-e", "CREATE DATABASE the_shop; CREATE DATABASE theXshop; CREATE USER storefront@'%' IDENTIFIED BY '"+
		strings.ReplaceAll(master.Password, `\`, `\\`)+"'; GRANT ALL ON *.* TO storefront@'%' WITH GRANT OPTION")
}

func (s *userServer) secret(name, value string) {
	write(s.t, filepath.Join(s.root, "vault", name), value, 0o600)
}

// login is what a secret holds.
type login struct {
	Username, Password, Host, Dbname string
	Port, Changed                    int
}

func (s *userServer) read(name string) (l login) {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.root, "vault", name))
	require.NoError(s.t, err)
	require.NoError(s.t, json.Unmarshal(text, &l))
	return l
}

func (s *userServer) age(name string) {
	l := s.read(name)
	text, err := json.Marshal(map[string]any{"username": l.Username, "password": l.Password, "changed": l.Changed - 3601})
	require.NoError(s.t, err)
	s.secret(name, string(text))
}

// run runs the script and checks that no password is told to anybody.
func (s *userServer) run(args ...string) (string, error) {
	s.t.Helper()
	os.Remove(filepath.Join(s.root, "calls"))
	out, err := command(s.t, []string{s.path}, "bash", append([]string{filepath.Join(s.root, "usr/local/sbin/storefront-database-user")}, args...)...)
	calls, _ := os.ReadFile(filepath.Join(s.root, "calls"))
	files, globErr := filepath.Glob(filepath.Join(s.root, "vault/*"))
	require.NoError(s.t, globErr)
	for _, f := range files {
		if strings.HasSuffix(f, ".locked") {
			continue
		}
		password := s.read(filepath.Base(f)).Password
		require.NotContains(s.t, out, password)
		require.NotContains(s.t, string(calls), password)
	}
	left, globErr := filepath.Glob(filepath.Join(s.root, "run/storefront/.database-user*"))
	require.NoError(s.t, globErr)
	require.Empty(s.t, left)
	return out, err
}

func (s *userServer) must(args ...string) string {
	s.t.Helper()
	out, err := s.run(args...)
	require.NoError(s.t, err, out)
	return out
}

func (s *userServer) calls() string {
	text, err := os.ReadFile(filepath.Join(s.root, "calls"))
	require.NoError(s.t, err)
	return string(text)
}

// as asks as the shop does, over TLS unless an option says otherwise.
func (s *userServer) as(l login, query string, options ...string) string {
	out, err := command(s.t, []string{"MYSQL_PWD=" + l.Password}, "/usr/bin/mariadb", append([]string{"--no-defaults", "--protocol=tcp", "--host=localhost",
		fmt.Sprintf("--port=%d", s.port), "--user=" + l.Username, "--batch", "--skip-column-names", "--ssl", "-e", query}, options...)...)
	if err != nil {
		return "error: " + strings.TrimSpace(out)
	}
	return strings.TrimSpace(out)
}

func testShopUserDirect(t *testing.T, s *userServer) {
	require.Empty(t, s.must())
	first := s.read("db-a1B2c3")
	require.Equal(t, "shop_a", first.Username)
	require.Equal(t, login{"shop_a", first.Password, "localhost", "the_shop", s.port, first.Changed}, first)
	require.Len(t, first.Password, 40)
	require.Equal(t, "ok", s.as(first, `USE the_shop; CREATE TABLE t (a INT PRIMARY KEY); CREATE TABLE u (a INT, FOREIGN KEY (a) REFERENCES t (a)); INSERT t VALUES (1);
		CREATE SQL SECURITY INVOKER VIEW v AS SELECT a FROM t; CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT u VALUES (NEW.a);
		CREATE TEMPORARY TABLE w (a INT); INSERT t VALUES (2); ALTER TABLE t ADD b INT; LOCK TABLES t READ; UNLOCK TABLES; SELECT 'ok' FROM u`))
	for _, other := range []string{"USE mysql", "USE theXshop", "CREATE DATABASE x", "CREATE USER x", "GRANT SELECT ON the_shop.* TO storefront", "SELECT SLEEP(0) INTO OUTFILE '/tmp/x'"} {
		require.Contains(t, s.as(first, other), "denied", other)
	}
	require.Contains(t, s.as(s.master(), "SHOW CREATE USER shop_a"), "REQUIRE SSL")
	require.Contains(t, s.as(first, "SELECT 1", "--skip-ssl"), "error")

	s.must()
	require.Equal(t, first, s.read("db-a1B2c3"), "a second run changes nothing")
	require.NotContains(t, s.calls(), "put-secret-value")
	require.NotContains(t, s.calls(), "get-random-password")

	out, err := s.run("--rotate")
	require.Error(t, err)
	require.Contains(t, out, "wait until it is 3600")
	s.age("db-a1B2c3")
	require.Contains(t, s.must("--rotate"), "the shop moves to user shop_b")
	second := s.read("db-a1B2c3")
	require.Equal(t, "shop_b", second.Username)
	require.Equal(t, "2", s.as(second, "SELECT COUNT(*) FROM the_shop.v"))
	require.Equal(t, "2", s.as(first, "SELECT COUNT(*) FROM the_shop.v"), "servers that know the last password are not turned away")
	s.must()
	require.Equal(t, second, s.read("db-a1B2c3"))
	s.age("db-a1B2c3")
	s.must("--rotate")
	require.Equal(t, "shop_a", s.read("db-a1B2c3").Username)
	require.Contains(t, s.as(first, "SELECT 1"), "denied", "the password before the last is gone")

	// A database that came from a snapshot has none of it.
	require.Contains(t, s.as(s.master(), "DROP USER shop_a, shop_b; SELECT 'gone'"), "gone")
	s.must()
	require.Equal(t, "1", s.as(s.read("db-a1B2c3"), "SELECT 1"))

	write(t, filepath.Join(s.root, "vault/db-a1B2c3.locked"), "", 0o600)
	out, err = s.run()
	require.Error(t, err)
	require.Contains(t, out, "AccessDeniedException")
	require.NotContains(t, s.calls(), "get-random-password", "what can't be read is not taken for empty")
	require.NoError(t, os.Remove(filepath.Join(s.root, "vault/db-a1B2c3.locked")))

	mustRun(t, "/usr/bin/mariadb", "--socket="+s.root+"/data/mysqld.sock", "--user=root", "-e", "REVOKE ALL PRIVILEGES, GRANT OPTION FROM storefront")
	out, err = s.run()
	require.Error(t, err)
	require.Equal(t, "storefront-database-user: user shop_a can't be made: ERROR 1227 (42000)\n", out)
}

func (s *userServer) master() login { return s.read("rds!cluster-1-a1B2c3") }

func testShopUserPooled(t *testing.T, s *userServer) {
	s.must()
	shop, a, b := s.read("db-a1B2c3"), s.read("db-a-a1B2c3"), s.read("db-b-a1B2c3")
	require.Equal(t, []string{"shop_a", "shop_a", "shop_b"}, []string{shop.Username, a.Username, b.Username})
	require.Equal(t, shop.Password, a.Password)
	require.NotEqual(t, a.Password, b.Password)
	for _, l := range []login{a, b} {
		require.Equal(t, "1", s.as(l, "SELECT 1"), "the pool can log in as either")
	}
	s.must()
	require.Equal(t, []login{shop, a, b}, []login{s.read("db-a1B2c3"), s.read("db-a-a1B2c3"), s.read("db-b-a1B2c3")})
	require.NotContains(t, s.calls(), "put-secret-value")

	s.age("db-a1B2c3")
	s.must("--rotate")
	shop = s.read("db-a1B2c3")
	require.Equal(t, "shop_b", shop.Username)
	require.Equal(t, shop.Password, s.read("db-b-a1B2c3").Password)
	require.NotEqual(t, b.Password, shop.Password)
	require.Equal(t, a, s.read("db-a-a1B2c3"))
	require.Equal(t, "1", s.as(a, "SELECT 1"))
}
