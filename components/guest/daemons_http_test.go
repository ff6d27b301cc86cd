package guest

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// testWebServer runs Apache and PHP-FPM with the rendered files on the
// loopback address, and asks them what a visitor and a load balancer ask.
func testWebServer(t *testing.T) {
	w := roles()["web-private"].(Web)
	root, port := serveShop(t, w)
	askShop(t, root, port)
}

// testWebBehindCDN asks as a load balancer does that takes requests from the
// CDN alone: the CDN's header is its own, the forwarded addresses are anybody's.
func testWebBehindCDN(t *testing.T) {
	w := roles()["web-private"].(Web)
	w.Shop.Media = Media{Origin: "https://www.shop.example"}
	w.LoadBalancer.VisitorHeader = "CloudFront-Viewer-Address"
	root, port := serveShop(t, w)
	for told, want := range map[string]string{
		"203.0.113.9:46532":          "203.0.113.9",
		"2001:db8::9:46532":          "2001:db8::9",
		"2001:0DB8:0:0:0:0:0:9:443":  "2001:db8::9",
		"[2001:db8::9]:46532":        "2001:db8::9",
		"198.51.100.77":              "198.51.100.77",
		"127.0.0.1:80, 203.0.113.9:": "127.0.0.1", // not of the CDN's making
		"":                           "127.0.0.1",
	} {
		head := map[string]string{"X-Forwarded-For": "192.0.2.66, 130.176.0.1", "X-Forwarded-Proto": "https"}
		if told != "" {
			head["CloudFront-Viewer-Address"] = told
		}
		_, _, body := get(t, port, "fr.shop.example", "/", head)
		require.Contains(t, body, "REMOTE_ADDR="+want+"\n", told)
	}
	log, err := os.ReadFile(filepath.Join(root, "apache2/access.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "2001:db8::9 fr.shop.example - - [")
	require.NotContains(t, string(log), "192.0.2.66")

	code, h, _ := get(t, port, "fr.shop.example", "/media/catalog/a.jpg", nil)
	require.Equal(t, 302, code)
	require.Equal(t, "https://www.shop.example/media/catalog/a.jpg", h.Get("Location"))
}

// serveShop runs a web server with an application that tells what it was given.
func serveShop(t *testing.T, w Web) (root string, port int) {
	t.Helper()
	apache, fpm := need(t, "apache2"), need(t, "php-fpm8.2")
	needRoot(t)
	// Small, so that the test is: the arithmetic has tests of its own.
	w.Size = Size{VCPU: 1, MemoryMiB: 2048}
	w.LoadBalancer.TrustedProxies = []string{"127.0.0.0/8"}
	root, port = newRoot(t), freePort(t)
	moved := []string{
		"/run/php/", root + "/", "/srv/", root + "/srv/", "/usr/local/share/", root + "/usr/local/share/",
		"/etc/apache2/", root + "/etc/apache2/", "/var/log/", root + "/", "*:80", fmt.Sprintf("127.0.0.1:%d", port),
	}
	lay(t, w).intoRoot(t, root, moved...)
	layShop(t, root)
	conf := apacheConf(t, root, port)
	fpmConf := filepath.Join(root, "php-fpm.conf")
	write(t, fpmConf, "[global]\nerror_log = "+root+"/fpm.log\ndaemonize = no\ninclude="+root+"/etc/php/8.2/fpm/pool.d/*.conf\n", 0o644)
	env := environment(t, filepath.Join(root, "etc/storefront/storefront.env"), filepath.Join(root, "etc/storefront/secrets.env"))
	scan := "PHP_INI_SCAN_DIR=/etc/php/8.2/fpm/conf.d:" + root + "/etc/php/8.2/fpm/conf.d"
	fpmEnv := append(env, scan)

	out, err := command(t, apacheEnv(root), apache, "-t", "-f", conf)
	require.NoError(t, err, out)
	require.Contains(t, out, "Syntax OK")
	out, err = command(t, fpmEnv, fpm, "--test", "--fpm-config", fpmConf)
	require.NoError(t, err, out)
	require.NotContains(t, out, "WARNING", "PHP-FPM takes the file without a word")

	start(t, fpmEnv, fpm, "--nodaemonize", "--fpm-config", fpmConf)
	start(t, apacheEnv(root), apache, "-D", "FOREGROUND", "-f", conf)
	eventually(t, 10*time.Second, "health", func() (bool, string) {
		code, _, body := get(t, port, "10.0.0.7", HealthPath, nil)
		return code == 200 && body == "ok\n", fmt.Sprint(code, body)
	})
	return root, port
}

// layShop is an application that tells what it was given.
func layShop(t *testing.T, root string) {
	pub := filepath.Join(root, "srv/storefront/current/pub")
	write(t, filepath.Join(pub, "index.php"), `<?php header('Content-Type: text/plain');
foreach (['MAGE_RUN_CODE','MAGE_RUN_TYPE','HTTPS','REMOTE_ADDR','REQUEST_URI'] as $k) echo "$k=", $_SERVER[$k] ?? '', "\n";
foreach (['DATABASE_PASSWORD','STOREFRONT_DATABASE_WRITER','STOREFRONT_SESSIONS_SENTINELS','HOME_OF_ROOT'] as $k) echo "$k=", getenv($k), "\n";
foreach (['memory_limit','opcache.memory_consumption','realpath_cache_size','expose_php'] as $k) echo "$k=", ini_get($k), "\n";`, 0o644)
	write(t, filepath.Join(pub, "static/a/app.css"), "css", 0o644)
	write(t, filepath.Join(pub, "static.php"), `<?php echo 'made ', $_GET['resource'];`, 0o644)
	write(t, filepath.Join(pub, "get.php"), `<?php echo 'resized';`, 0o644)
	write(t, filepath.Join(pub, "media-shell.php"), `<?php echo 'ran';`, 0o644)
	write(t, filepath.Join(pub, ".git/config"), "secret", 0o644)
	write(t, filepath.Join(root, "srv/media/catalog/a.jpg"), "jpeg", 0o644)
	write(t, filepath.Join(root, "srv/media/evil.php"), `<?php echo 'ran';`, 0o644)
}

func askShop(t *testing.T, root string, port int) {
	index := filepath.Join(root, "srv/storefront/current/pub/index.php")
	require.NoError(t, os.Rename(index, index+".away"))
	code, _, body := get(t, port, "10.0.0.7", HealthPath, nil)
	require.Equal(t, 503, code, "no visitor comes before there is a release")
	require.Equal(t, "no release\n", body)
	require.NoError(t, os.Rename(index+".away", index))

	head := map[string]string{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
	var h http.Header
	code, h, body = get(t, port, "FR.shop.example:443", "/some/page?a=1", head)
	require.Equal(t, 200, code, body)
	for _, line := range []string{
		"MAGE_RUN_CODE=fr", "MAGE_RUN_TYPE=website", "HTTPS=on", "REMOTE_ADDR=203.0.113.9", "REQUEST_URI=/some/page?a=1",
		`DATABASE_PASSWORD=DATABASE_PASSWORD p$x"q\r'` + "`s #;%w", "STOREFRONT_DATABASE_WRITER=10.20.3.100:3306",
		"STOREFRONT_SESSIONS_SENTINELS=10.20.3.31:26379,10.20.3.32:26379,10.20.3.33:26379", "HOME_OF_ROOT=",
		"memory_limit=768M", "opcache.memory_consumption=256", "realpath_cache_size=10M",
	} {
		require.Contains(t, body, line+"\n")
	}
	require.Equal(t, "Apache", h.Get("Server"))
	require.Empty(t, h.Get("X-Powered-By"))
	_, _, body = get(t, port, "www.shop.example", "/", head)
	require.Contains(t, body, "MAGE_RUN_CODE=uk\n")

	for _, c := range []struct {
		host, path string
		code       int
		body       string
	}{
		{"fr.shop.example", "/health", 200, "ok\n"},
		{"10.0.0.7", "/health-static", 200, "ok\n"},
		{"10.0.0.7", "/", 404, ""},
		{"10.0.0.7", "/health.php", 404, ""},
		{"evil.example", "/index.php", 404, ""},
		{"fr.shop.example", "/static/version17/a/app.css", 200, "css"},
		{"fr.shop.example", "/static/b/missing.css", 200, "made b/missing.css"},
		{"fr.shop.example", "/media/catalog/a.jpg", 200, "jpeg"},
		{"fr.shop.example", "/media/catalog/b.jpg", 200, "resized"},
		{"fr.shop.example", "/media/evil.php", 403, ""},
		{"fr.shop.example", "/media-shell.php", 403, ""},
		{"fr.shop.example", "/.git/config", 403, ""},
		{"fr.shop.example", "/vendor/x.php", 403, ""},
	} {
		code, _, body := get(t, port, c.host, c.path, head)
		require.Equal(t, c.code, code, "%s%s: %s", c.host, c.path, body)
		if c.body != "" {
			require.Equal(t, c.body, body, "%s%s", c.host, c.path)
		}
	}
	log, err := os.ReadFile(filepath.Join(root, "apache2/access.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "203.0.113.9 FR.shop.example:443 - - [")
	require.NotContains(t, string(log), "/health")
}

// apacheConf loads the modules that the set-up enables and the rendered files.
func apacheConf(t *testing.T, root string, port int) string {
	t.Helper()
	var b strings.Builder
	for _, m := range []string{"mpm_event", "authz_core", "dir", "mime", "env", "filter", "deflate", "reqtimeout",
		"proxy", "proxy_fcgi", "setenvif", "rewrite", "headers", "expires", "remoteip", "alias"} {
		fmt.Fprintf(&b, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", m, m)
	}
	fmt.Fprintf(&b, "PidFile %s/apache.pid\nUser www-data\nGroup www-data\nListen 127.0.0.1:%d\nTypesConfig /etc/mime.types\n", root, port)
	fmt.Fprintf(&b, "<Directory />\nRequire all denied\nAllowOverride None\n</Directory>\nErrorLog %s/error.log\n", root)
	fmt.Fprintf(&b, "Include %s/etc/apache2/conf-available/storefront.conf\nInclude %s/etc/apache2/sites-available/storefront.conf\n", root, root)
	conf := filepath.Join(root, "apache2.conf")
	write(t, conf, b.String(), 0o644)
	require.NoError(t, os.MkdirAll(filepath.Join(root, "apache2"), 0o755))
	return conf
}

func apacheEnv(root string) []string {
	return []string{"APACHE_LOCK_DIR=" + root, "APACHE_LOG_DIR=" + root + "/apache2"}
}

// environment reads files of variables by a shell, as systemd reads them.
func environment(t *testing.T, files ...string) []string {
	t.Helper()
	var env []string
	for _, f := range files {
		out := mustRun(t, "env", "-i", "bash", "-c", `set -a; . "$1"; set +a; unset PWD SHLVL _; /usr/bin/env -0`, "-", f)
		for _, kv := range strings.Split(strings.TrimRight(out, "\x00"), "\x00") {
			if !strings.HasPrefix(kv, "PWD=") && !strings.HasPrefix(kv, "SHLVL=") && !strings.HasPrefix(kv, "_=") {
				env = append(env, kv)
			}
		}
	}
	return env
}

func testStaticServer(t *testing.T) {
	nginx := need(t, "nginx")
	needRoot(t)
	s := roles()["static"].(Static)
	s.LoadBalancer.TrustedProxies = []string{"127.0.0.0/8"}
	root := newRoot(t)
	port := freePort(t)
	lay(t, s).intoRoot(t, root, "listen 80", fmt.Sprintf("listen 127.0.0.1:%d", port), "/srv", root+"/srv",
		"/var/log/nginx", root, "/run/nginx.pid", root+"/nginx.pid", "root /srv;", "root "+root+"/srv;")
	write(t, filepath.Join(root, "srv/static/a/app.css"), strings.Repeat("body { color: red }\n", 100), 0o644)
	write(t, filepath.Join(root, "srv/media/a.jpg"), "jpeg", 0o644)
	write(t, filepath.Join(root, "srv/media/evil.php"), "<?php", 0o644)
	conf := filepath.Join(root, "etc/nginx/nginx.conf")
	out := mustRun(t, nginx, "-t", "-c", conf)
	require.NotContains(t, out, "[warn]")
	start(t, nil, nginx, "-c", conf, "-g", "daemon off;")
	eventually(t, 5*time.Second, "health", func() (bool, string) {
		code, _, body := get(t, port, "10.0.0.7", HealthPath, nil)
		return code == 200 && body == "ok\n", fmt.Sprint(code, body)
	})
	code, h, body := get(t, port, "static.shop.example", "/static/version5/a/app.css", map[string]string{"Accept-Encoding": "gzip"})
	require.Equal(t, 200, code, body)
	require.Equal(t, "gzip", h.Get("Content-Encoding"))
	require.Equal(t, []string{"max-age=31536000", "public, immutable"}, h.Values("Cache-Control"))
	require.Equal(t, "nginx", h.Get("Server"))
	code, h, body = get(t, port, "media.shop.example", "/media/a.jpg", nil)
	require.Equal(t, 200, code)
	require.Equal(t, "jpeg", body)
	require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	for _, path := range []string{"/media/evil.php", "/media/../nginx.pid", "/", "/etc/passwd", "/media/.hidden"} {
		code, _, _ = get(t, port, "media.shop.example", path, nil)
		require.Equal(t, 404, code, path)
	}
	code, _, _ = get(t, port, "other.example", "/media/a.jpg", nil)
	require.Equal(t, 404, code)
}

// testLogServer sends a web server's log lines through rsyslog to the log
// server, makes the report, and asks NGINX for it.
func testLogServer(t *testing.T) {
	rsyslogd, nginx := need(t, "rsyslogd"), need(t, "nginx")
	need(t, "goaccess")
	needRoot(t)
	root := newRoot(t)
	logPort, webPort := freePort(t), freePort(t)
	a := roles()["analytics"].(Analytics)
	a.LogPort, a.ReportNetworks = logPort, []string{"127.0.0.0/8"}
	lay(t, a).intoRoot(t, root, "/srv/data", root+"/data", "listen 8080", fmt.Sprintf("listen 127.0.0.1:%d", webPort),
		"/var/log/nginx", root, "/run/nginx.pid", root+"/nginx.pid")
	for _, dir := range []string{"data/logs", "data/reports", "work-in", "work-out"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o755))
	}
	web := roles()["web-private"].(Web)
	sender := newRoot(t)
	lay(t, web).intoRoot(t, sender, "10.20.5.20", "127.0.0.1", "10514", fmt.Sprint(logPort), "/var/log/", sender+"/")
	access := filepath.Join(sender, "apache2/access.log")
	write(t, access, "", 0o644)
	run := func(conf, work string) {
		main := filepath.Join(root, work+".conf")
		write(t, main, fmt.Sprintf("global(workDirectory=%q localHostname=\"Web-1\")\ninclude(file=%q)\n", filepath.Join(root, work), conf), 0o644)
		mustRun(t, rsyslogd, "-N1", "-f", main)
		start(t, nil, rsyslogd, "-n", "-f", main, "-i", filepath.Join(root, work+".pid"))
	}
	run(filepath.Join(root, "etc/rsyslog.d/50-storefront.conf"), "work-in")
	run(filepath.Join(sender, "etc/rsyslog.d/50-storefront.conf"), "work-out")
	time.Sleep(time.Second)
	now := time.Now()
	line := fmt.Sprintf(`203.0.113.9 fr.shop.example - - [%s] "GET /some/page?a=1 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0" 1234`, now.Format("02/Jan/2006:15:04:05 -0700"))
	f, err := os.OpenFile(access, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	fmt.Fprintln(f, line)
	require.NoError(t, f.Close())
	kept := filepath.Join(root, "data/logs/web-1/apache-access-"+now.Format("2006-01-02")+".log")
	eventually(t, 25*time.Second, "the line at the log server", func() (bool, string) {
		text, err := os.ReadFile(kept)
		return string(text) == line+"\n", fmt.Sprintf("%q %v", text, err)
	})
	// A sender can't leave the folder by its name.
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", logPort))
	require.NoError(t, err)
	fmt.Fprint(conn, "<13>1 2026-01-01T00:00:00Z ../../evil ../x - - - hello\n")
	conn.Close()

	mustRun(t, "bash", filepath.Join(root, "usr/local/sbin/storefront-reports"))
	conf := filepath.Join(root, "etc/nginx/nginx.conf")
	mustRun(t, nginx, "-t", "-c", conf)
	start(t, nil, nginx, "-c", conf, "-g", "daemon off;")
	eventually(t, 5*time.Second, "the report", func() (bool, string) {
		code, _, body := get(t, webPort, "logs", "/shop-"+now.Format("2006-01-02")+".html", nil)
		return code == 200 && strings.Contains(body, "fr.shop.example") && !strings.Contains(body, "203.0.113.9"), fmt.Sprint(code, len(body))
	})
	require.NoDirExists(t, filepath.Join(root, "evil"))
	retention(t, root)
}

// testLogDomain sends a web server's log lines to a stand-in for OpenSearch.
func testLogDomain(t *testing.T) {
	rsyslogd := need(t, "rsyslogd")
	needRoot(t)
	if _, err := os.Stat("/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so"); err != nil {
		if os.Getenv("STOREFRONT_REQUIRE_DAEMONS") == "1" {
			t.Fatalf("rsyslog-elasticsearch is not installed: %v", err)
		}
		t.Skip("rsyslog-elasticsearch is not installed")
	}
	sent := make(chan string, 10)
	domain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.HasSuffix(r.URL.Path, "/_bulk") {
			sent <- string(body)
		}
		fmt.Fprint(w, `{"took":1,"errors":false,"items":[{"index":{"status":201}}]}`)
	}))
	defer domain.Close()
	web := roles()["web-aws"].(Web)
	web.LogDomain = "vpc-logs.eu-west-1.es.amazonaws.com"
	root := newRoot(t)
	lay(t, web).intoRoot(t, root, web.LogDomain, "127.0.0.1", `"443"`, fmt.Sprintf("%q", domain.URL[strings.LastIndex(domain.URL, ":")+1:]), `usehttps="on"`, `usehttps="off"`, "/var/log/", root+"/")
	access, main := filepath.Join(root, "apache2/access.log"), filepath.Join(root, "main.conf")
	require.NoError(t, os.MkdirAll(filepath.Join(root, "work"), 0o755))
	write(t, access, "", 0o644)
	write(t, main, fmt.Sprintf("global(workDirectory=%q localHostname=\"web-1\")\ninclude(file=%q)\n", filepath.Join(root, "work"), filepath.Join(root, "etc/rsyslog.d/50-storefront.conf")), 0o644)
	mustRun(t, rsyslogd, "-N1", "-f", main)
	start(t, nil, rsyslogd, "-n", "-f", main, "-i", filepath.Join(root, "pid"))
	line := `203.0.113.9 fr.shop.example "GET /a\"b HTTP/1.1" 200`
	write(t, access, line+"\n", 0o644)
	eventually(t, 25*time.Second, "the line at the domain", func() (bool, string) {
		var said string
		select {
		case said = <-sent:
		default:
			return false, "nothing came"
		}
		for head, document := range pairs(strings.Split(strings.TrimSpace(said), "\n")) {
			var h struct{ Index map[string]string }
			var d map[string]string
			require.NoError(t, json.Unmarshal([]byte(head), &h), said)
			require.NoError(t, json.Unmarshal([]byte(document), &d), said)
			if d["program"] != "apache-access" {
				continue
			}
			require.Equal(t, map[string]string{"_index": "logs-" + d["@timestamp"][:10]}, h.Index, "OpenSearch takes no type")
			require.Equal(t, []string{"web-1", "info", line}, []string{d["host"], d["severity"], strings.TrimSpace(d["message"])})
			return true, ""
		}
		return false, said
	})
}

// pairs are a list's items two by two.
func pairs(list []string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(list); i += 2 {
		out[list[i]+strings.Repeat(" ", i)] = list[i+1]
	}
	return out
}

// retention ages files and runs the script.
func retention(t *testing.T, root string) {
	old, older := filepath.Join(root, "data/logs/web-1/old.log"), filepath.Join(root, "data/logs/web-9/older.log.gz")
	write(t, old, "x\n", 0o644)
	write(t, older, "x\n", 0o644)
	age := func(path string, days int) {
		at := time.Now().AddDate(0, 0, -days)
		require.NoError(t, os.Chtimes(path, at, at))
	}
	age(old, 3)
	age(older, 402)
	path := stubs(t, root, map[string]string{"df": `printf 'Use%%\n 40%%\n'`})
	out, err := command(t, []string{path}, "bash", filepath.Join(root, "usr/local/sbin/storefront-retention"))
	require.NoError(t, err, out)
	require.FileExists(t, old+".gz")
	require.NoFileExists(t, old)
	require.NoDirExists(t, filepath.Dir(older))
}
