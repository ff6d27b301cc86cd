package guest

import (
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func testScripts(t *testing.T) {
	shellcheck, python := need(t, "shellcheck"), need(t, "python3")
	need(t, "pyflakes3")
	all, seen := roles(), map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		files := lay(t, all[name])
		root := files.into(t)
		for _, path := range slices.Sorted(maps.Keys(files)) {
			content, full := files[path].Content, filepath.Join(root, path)
			if seen[content] {
				continue
			}
			seen[content] = true
			switch {
			case strings.HasPrefix(content, "#!/bin/bash"):
				mustRun(t, "bash", "-n", full)
				mustRun(t, shellcheck, "--shell=bash", full)
			case strings.HasPrefix(content, "#!/bin/sh"), strings.HasSuffix(path, "solr.in.sh"):
				mustRun(t, shellcheck, full)
			case strings.HasPrefix(content, "#!/usr/bin/python3"), strings.HasSuffix(path, ".py"):
				mustRun(t, python, "-m", "py_compile", full)
				mustRun(t, program("pyflakes3"), full)
			case strings.HasPrefix(content, "#!"):
				t.Errorf("%s: %s has an interpreter that nobody checks: %s", name, path, strings.SplitN(content, "\n", 2)[0])
			}
		}
	}
}

var execLine = regexp.MustCompile(`(?m)^(Exec[A-Za-z]+=[+!@:-]*)(/[^ \n]+)`)

// testUnits has systemd read every unit and drop-in beside Debian's own units.
func testUnits(t *testing.T) {
	analyze := need(t, "systemd-analyze")
	need(t, "apache2", "php-fpm8.2", "nginx", "mariadbd", "redis-server", "redis-sentinel", "rsyslogd", "exportfs", "keepalived")
	all := roles()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			root := newRoot(t)
			units := map[string]bool{}
			for path, f := range lay(t, all[name]) {
				rest, ok := strings.CutPrefix(path, "/etc/systemd/system/")
				if !ok {
					continue
				}
				// Programs that the set-up installs are not here; their place is checked by their own tests.
				content := execLine.ReplaceAllStringFunc(f.Content, func(line string) string {
					m := execLine.FindStringSubmatch(line)
					if program(filepath.Base(m[2])) != "" && !strings.HasPrefix(m[2], "/usr/local/") {
						return line
					}
					return m[1] + "/bin/true"
				})
				write(t, filepath.Join(root, rest), content, 0o644)
				unit, _, _ := strings.Cut(rest, ".d/")
				units[unit] = true
			}
			if len(units) == 0 {
				return
			}
			args := append([]string{"verify", "--man=no", "--generators=no", "--recursive-errors=no"}, slices.Sorted(maps.Keys(units))...)
			out, err := command(t, []string{"SYSTEMD_UNIT_PATH=" + root + ":/lib/systemd/system"}, analyze, args...)
			require.NoError(t, err, out)
			for line := range strings.Lines(out) {
				if strings.Contains(line, root) {
					t.Errorf("systemd says: %s", line)
				}
			}
		})
	}
}

// testSmallFiles checks what has a checker of its own.
func testSmallFiles(t *testing.T) {
	files := lay(t, database(1))
	root := files.into(t)
	t.Run("keepalived", func(t *testing.T) {
		keepalived := need(t, "keepalived")
		needRoot(t)
		conf := filepath.Join(root, "usr/local/share/storefront/keepalived.conf")
		text, err := os.ReadFile(conf)
		require.NoError(t, err)
		write(t, conf, strings.NewReplacer("/usr/local/sbin/storefront-db-role", "/bin/true", "@INTERFACE@", realInterface(t)).Replace(string(text)), 0o644)
		out, err := command(t, nil, keepalived, "-t", "-f", conf)
		require.NoError(t, err, out)
	})
	t.Run("apt", func(t *testing.T) {
		out := mustRun(t, need(t, "apt-config"), "-c", filepath.Join(root, "etc/apt/apt.conf.d/52storefront"), "dump")
		require.Contains(t, out, `APT::Periodic::Unattended-Upgrade "1";`)
		require.Contains(t, out, `Unattended-Upgrade::Package-Blacklist:: "mariadb";`)
		require.Contains(t, out, `Unattended-Upgrade::Automatic-Reboot "false";`)
	})
	t.Run("chrony", func(t *testing.T) {
		chronyd := need(t, "chronyd")
		out := mustRun(t, chronyd, "-p", "-f", filepath.Join(root, "etc/chrony/sources.d/storefront.sources"))
		require.Contains(t, out, "server 10.20.0.10 iburst")
	})
}

// stubs lays programs that only note how they were called.
func stubs(t *testing.T, root string, programs map[string]string) string {
	t.Helper()
	dir := filepath.Join(root, "stubs")
	for name, body := range programs {
		write(t, filepath.Join(dir, name), "#!/bin/bash\n"+body+"\n", 0o755)
	}
	return "PATH=" + dir + ":/usr/sbin:/usr/bin:/sbin:/bin"
}

func testSecretsScript(t *testing.T) {
	need(t, "jq")
	value := `p$x"q\r'` + "`s #;%w"
	files := lay(t, Web{Base: withValue(onAWS()), Size: Size{VCPU: 2, MemoryMiB: 4096}, Shop: shop(), LoadBalancer: balancer()})
	root := newRoot(t)
	files.intoRoot(t, root, "/etc/storefront", root+"/etc/storefront")
	write(t, filepath.Join(root, "answer"), `{"password": "p$x\"q\\r'`+"`"+`s #;%w"}`, 0o600)
	path := stubs(t, root, map[string]string{
		"aws":       `echo "$*" >>'` + root + `/calls'; [[ $* == *shop/redis* ]] && { echo 'plain $value'; exit 0; }; cat '` + root + `/answer'`,
		"systemctl": `echo "$*" >>'` + root + `/restarts'`,
	})
	script := filepath.Join(root, "usr/local/sbin/storefront-secrets")
	fetch := func(args ...string) {
		t.Helper()
		out, err := command(t, []string{path}, "bash", append([]string{script}, args...)...)
		require.NoError(t, err, out)
		require.Empty(t, out, "nothing is printed")
	}
	fetch()
	env := filepath.Join(root, "etc/storefront/secrets.env")
	st, err := os.Stat(env)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), st.Mode().Perm())
	shell := func(name string) string {
		return mustRun(t, "bash", "-c", `. "$1"; printf %s "${!2}"`, "-", env, name)
	}
	require.Equal(t, value, shell("DATABASE_PASSWORD"))
	require.Equal(t, "plain $value", shell("REDIS_PASSWORD"))
	require.Equal(t, "EXTRA "+value, shell("EXTRA"))

	fetch("--restart")
	require.NoFileExists(t, filepath.Join(root, "restarts"), "nothing changed")
	write(t, filepath.Join(root, "answer"), `{"password": "rotated-1"}`, 0o600)
	fetch("--restart")
	require.Equal(t, "rotated-1", shell("DATABASE_PASSWORD"))
	restarts, err := os.ReadFile(filepath.Join(root, "restarts"))
	require.NoError(t, err)
	require.Equal(t, "try-restart php8.2-fpm.service\n", string(restarts))

	write(t, filepath.Join(root, "answer"), `{"other": "x"}`, 0o600)
	out, err := command(t, []string{path}, "bash", script)
	require.Error(t, err)
	require.Contains(t, out, "secret for DATABASE_PASSWORD has no key password")
	require.Equal(t, "rotated-1", shell("DATABASE_PASSWORD"), "the old file stays whole")
	path = stubs(t, root, map[string]string{
		"sleep": "true",
		"aws":   `echo "An error occurred (ResourceNotFoundException): can't find the specified secret value for staging label: AWSCURRENT" >&2; exit 254`,
	})
	out, err = command(t, []string{path}, "bash", script)
	require.Error(t, err)
	require.Contains(t, out, "secret for DATABASE_PASSWORD has no value yet: arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-a1B2c3\n")
	left, err := filepath.Glob(filepath.Join(root, "etc/storefront/.secrets.*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// testDatabaseAuthorities makes the file that verifies both the database itself
// and RDS Proxy before it.
func testDatabaseAuthorities(t *testing.T) {
	openssl := need(t, "openssl")
	root := newRoot(t)
	lay(t, roles()["web-aws"]).intoRoot(t, root, "/etc/storefront", root+"/etc/storefront")
	ours := filepath.Join(root, "ours.pem")
	mustRun(t, openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", os.DevNull, "-subj", "/CN=rds", "-out", ours)
	path := stubs(t, root, map[string]string{
		// AWS's file ends without a line break at times.
		"curl": `while [[ $1 != -o ]]; do shift; done; printf %s "$(<'` + ours + `')" >"$2"`,
	})
	for range 2 {
		out, err := command(t, []string{path}, "bash", filepath.Join(root, "usr/local/sbin/storefront-database-ca"))
		require.NoError(t, err, out)
	}
	all := filepath.Join(root, "etc/storefront/database-ca.pem")
	st, err := os.Stat(all)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o644), st.Mode().Perm(), "PHP reads it")
	for _, authority := range []string{ours, "/usr/share/ca-certificates/mozilla/Amazon_Root_CA_1.crt", "/usr/share/ca-certificates/mozilla/Amazon_Root_CA_4.crt"} {
		mustRun(t, openssl, "verify", "-no-CApath", "-no-CAstore", "-CAfile", all, authority)
	}
	left, err := filepath.Glob(filepath.Join(root, "etc/storefront/.database-ca*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func withValue(b Base) Base {
	b.Secrets = append(b.Secrets, Secret{Env: "EXTRA", Value: `EXTRA p$x"q\r'` + "`s #;%w"})
	return b
}

// testDataDisk runs the disk script against images instead of disks.
func testDataDisk(t *testing.T) {
	need(t, "mkfs.ext4", "blkid")
	files := lay(t, Search{Base: onDisk(inPrivate("search-1")), Size: Size{VCPU: 2, MemoryMiB: 4096}, ClientNetworks: []string{"10.20.0.0/16"}})
	prepare := func(t *testing.T) (root, disk string, run func() (string, error)) {
		root = newRoot(t)
		disk = filepath.Join(root, "disk")
		write(t, disk, "", 0o600)
		require.NoError(t, os.Truncate(disk, 32<<20))
		write(t, filepath.Join(root, "fstab"), "", 0o644)
		files.intoRoot(t, root, "/dev/sdb", disk, "/dev/disk/by-label", root+"/by-label", "/etc/fstab", root+"/fstab", "/srv/data", root+"/data")
		path := stubs(t, root, map[string]string{
			"udevadm": "true", "systemctl": "true", "mountpoint": "exit 1",
			"mount": `echo "$1" >>'` + root + `/mounted'`,
		})
		return root, disk, func() (string, error) {
			return command(t, []string{path}, "bash", filepath.Join(root, "usr/local/sbin/storefront-data-disk"))
		}
	}
	t.Run("empty", func(t *testing.T) {
		root, disk, run := prepare(t)
		out, err := run()
		require.NoError(t, err, out)
		require.Contains(t, mustRun(t, program("blkid"), "-p", disk), `LABEL="storefront"`)
		fstab, err := os.ReadFile(filepath.Join(root, "fstab"))
		require.NoError(t, err)
		require.Equal(t, "LABEL=storefront "+root+"/data ext4 defaults,noatime,nodev,nosuid,nofail,x-systemd.device-timeout=5min 0 2\n", string(fstab))
		// The server that replaces this one finds the label and formats nothing.
		before := mustRun(t, program("blkid"), "-p", "-s", "UUID", disk)
		require.NoError(t, os.MkdirAll(filepath.Join(root, "by-label"), 0o755))
		require.NoError(t, os.Symlink(disk, filepath.Join(root, "by-label/storefront")))
		out, err = run()
		require.NoError(t, err, out)
		require.Equal(t, before, mustRun(t, program("blkid"), "-p", "-s", "UUID", disk))
		again, err := os.ReadFile(filepath.Join(root, "fstab"))
		require.NoError(t, err)
		require.Equal(t, fstab, again, "one line")
	})
	t.Run("holds something else", func(t *testing.T) {
		_, disk, run := prepare(t)
		mustRun(t, program("mkfs.ext4"), "-q", "-L", "precious", disk)
		out, err := run()
		require.Error(t, err)
		require.Contains(t, out, "it stays as it is")
		require.Contains(t, mustRun(t, program("blkid"), "-p", disk), `LABEL="precious"`)
	})
}

func testExports(t *testing.T) {
	need(t, "exportfs", "unshare")
	needRoot(t)
	files := lay(t, roles()["nfs"])
	root := newRoot(t)
	files.intoRoot(t, root, "/srv/data", root+"/data")
	for _, dir := range []string{"data/media", "data/static", "state"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o755))
	}
	// A name space of mounts of its own: neither this machine's exports nor its state are touched.
	script := `mount --bind "$1/etc/exports.d" /etc/exports.d && mount --bind "$1/state" /var/lib/nfs && : >/var/lib/nfs/etab && exportfs -ra; cat /var/lib/nfs/etab`
	require.NoError(t, os.MkdirAll("/etc/exports.d", 0o755))
	out, err := command(t, nil, program("unshare"), "--mount", "bash", "-c", script, "-", root)
	if err != nil && strings.Contains(out, "unshare failed") {
		t.Skip("no mount name space here")
	}
	require.NotContains(t, out, "unknown keyword")
	require.NotContains(t, out, "syntax error")
	require.Contains(t, out, root+"/data/media\t10.20.1.10/32(rw,sync,")
	require.Contains(t, out, root+"/data/media\t10.20.2.0/24(ro,sync,")
	require.Contains(t, out, "anonuid=33")
}

// realInterface is one that keepalived may name: any but the loopback.
func realInterface(t *testing.T) string {
	t.Helper()
	all, err := net.Interfaces()
	require.NoError(t, err)
	for _, i := range all {
		if i.Flags&net.FlagLoopback == 0 {
			return i.Name
		}
	}
	t.Skip("only a loopback interface here, which keepalived refuses to name")
	return ""
}
