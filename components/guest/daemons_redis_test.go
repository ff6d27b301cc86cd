package guest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	encpem "encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const redisPassword = `REDIS_PASSWORD p$x"q\r'` + "`s #;%w"

// redisServer is one rendered server on a loopback address of its own.
type redisServer struct {
	address, root   string
	redis, sentinel *daemon
}

// setUpRedis runs the role's set-up with its paths below root.
func setUpRedis(t *testing.T, r Redis) string {
	t.Helper()
	root := newRoot(t)
	lay(t, r).intoRoot(t, root, "/etc/redis", root+"/etc/redis", "/etc/storefront", root+"/etc/storefront",
		"/usr/local/share", root+"/usr/local/share", "/srv/data", root+"/data", "/var/lib/redis", root+"/lib",
		"down-after-milliseconds sessions 5000", "down-after-milliseconds sessions 1000",
		"failover-timeout sessions 30000", "failover-timeout sessions 5000")
	for _, dir := range []string{"etc/redis", "lib", "data"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o777))
	}
	path := stubs(t, root, map[string]string{"sysctl": "true", "systemd-tmpfiles": "true"})
	script := filepath.Join(root, "usr/local/sbin/storefront-role")
	out, err := command(t, []string{path}, "bash", script)
	require.NoError(t, err, out)
	require.NotContains(t, out, "p$x")
	return root
}

// cli asks a server; the password goes by the environment.
func cli(t *testing.T, address string, port int, args ...string) string {
	t.Helper()
	args = append([]string{"-h", address, "-p", fmt.Sprint(port), "--no-auth-warning"}, args...)
	out, _ := command(t, []string{"REDISCLI_AUTH=" + redisPassword}, program("redis-cli"), args...)
	return strings.TrimSpace(out)
}

func testRedisFailover(t *testing.T) {
	redis, sentinel := need(t, "redis-server"), need(t, "redis-sentinel")
	need(t, "redis-cli")
	needRoot(t)
	port, sentinelPort := freePort(t), freePort(t)
	nodes := []string{"127.0.0.31", "127.0.0.32", "127.0.0.33"}
	role := func(i int) Redis {
		r := roles()["sessions"].(Redis)
		r.Nodes, r.Position, r.Port, r.SentinelPort = nodes, i, port, sentinelPort
		return r
	}
	var servers []*redisServer
	for i, n := range nodes {
		s := &redisServer{address: n, root: setUpRedis(t, role(i))}
		s.redis = start(t, nil, redis, filepath.Join(s.root, "etc/redis/redis.conf"))
		s.sentinel = start(t, nil, sentinel, filepath.Join(s.root, "etc/redis/sentinel.conf"))
		servers = append(servers, s)
	}
	// A sentinel asks for the replicas every ten seconds; one that doesn't know them can't promote any.
	eventually(t, 25*time.Second, "two replicas and three sentinels, as every sentinel sees it", func() (bool, string) {
		said := cli(t, nodes[0], port, "INFO", "replication")
		good := strings.Contains(said, "connected_slaves:2")
		for _, n := range nodes {
			seen := cli(t, n, sentinelPort, "INFO", "sentinel")
			good = good && strings.Contains(seen, "slaves=2,sentinels=3")
			said += seen
		}
		return good, said
	})
	out, _ := command(t, nil, program("redis-cli"), "-h", nodes[0], "-p", fmt.Sprint(port), "PING")
	require.Contains(t, out, "NOAUTH")
	out, _ = command(t, nil, program("redis-cli"), "-h", nodes[0], "-p", fmt.Sprint(sentinelPort), "SENTINEL", "masters")
	require.Contains(t, out, "NOAUTH")
	eventually(t, 10*time.Second, "a write that replicas have", func() (bool, string) {
		out := cli(t, nodes[0], port, "SET", "cart", "42")
		return out == "OK" && cli(t, nodes[0], port, "WAIT", "2", "2000") == "2", out
	})
	require.Contains(t, cli(t, nodes[1], port, "SET", "cart", "43"), "READONLY")
	require.Equal(t, "noeviction", strings.Fields(cli(t, nodes[0], port, "CONFIG", "GET", "maxmemory-policy"))[1])

	began := time.Now()
	servers[0].redis.stop(syscall.SIGKILL)
	var leader string
	eventually(t, 20*time.Second, "a new primary", func() (bool, string) {
		answer := strings.Fields(cli(t, nodes[1], sentinelPort, "SENTINEL", "get-master-addr-by-name", "sessions"))
		if len(answer) != 2 || answer[0] == nodes[0] {
			return false, strings.Join(answer, " ")
		}
		leader = answer[0]
		return cli(t, leader, port, "SET", "after", "1") == "OK", leader
	})
	t.Logf("failed over to %s in %v (down after 1 s here, 5 s in production)", leader, time.Since(began).Round(100*time.Millisecond))
	require.Equal(t, "42", cli(t, leader, port, "GET", "cart"), "nothing was lost")

	// A server that is replaced asks the sentinels, and doesn't begin as the primary it once was.
	servers[0].sentinel.stop(syscall.SIGKILL)
	fresh := setUpRedis(t, role(0))
	conf, err := os.ReadFile(filepath.Join(fresh, "etc/redis/redis.conf"))
	require.NoError(t, err)
	require.Contains(t, string(conf), "replicaof "+leader+" ")
	start(t, nil, redis, filepath.Join(fresh, "etc/redis/redis.conf"))
	eventually(t, 15*time.Second, "the replaced server follows", func() (bool, string) {
		info := cli(t, nodes[0], port, "INFO", "replication")
		return strings.Contains(info, "role:slave") && strings.Contains(info, "master_link_status:up"), info
	})
	require.Equal(t, "42", cli(t, nodes[0], port, "GET", "cart"))
}

func testRedisTLS(t *testing.T) {
	redis := need(t, "redis-server")
	need(t, "redis-cli")
	needRoot(t)
	r := roles()["cache"].(Redis)
	r.Nodes, r.Port, r.TLS = []string{"127.0.0.41"}, freePort(t), certificate(t, "127.0.0.41")
	require.True(t, r.HasSecrets())
	root := setUpRedis(t, r)
	start(t, nil, redis, filepath.Join(root, "etc/redis/redis.conf"))
	eventually(t, 10*time.Second, "an answer over TLS", func() (bool, string) {
		out := cli(t, "127.0.0.41", r.Port, "--tls", "--cacert", filepath.Join(root, "etc/redis/tls/authority.pem"), "PING")
		return out == "PONG", out
	})
	require.NotEqual(t, "PONG", cli(t, "127.0.0.41", r.Port, "PING"), "no plain port")
	st, err := os.Stat(filepath.Join(root, "etc/redis/tls/key.pem"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), st.Mode().Perm())
}

// certificate makes an authority that is its own server, for the test alone.
func certificate(t *testing.T, address string) *TLS {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.ParseIP(address)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	text := string(encpem.EncodeToMemory(&encpem.Block{Type: "CERTIFICATE", Bytes: der}))
	return &TLS{Authority: text, Certificate: text, PrivateKey: string(encpem.EncodeToMemory(&encpem.Block{Type: "PRIVATE KEY", Bytes: private}))}
}
