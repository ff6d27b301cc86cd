package guest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// refused wants exactly these problems, all at once and in this order.
func refused(t *testing.T, r Role, want ...string) {
	t.Helper()
	d, err := r.Render()
	require.Error(t, err)
	require.Empty(t, d)
	require.Equal(t, strings.Join(want, "\n"), err.Error())
	var p Problem
	require.ErrorAs(t, err, &p)
}

func web(change func(*Web)) Web {
	w := roles()["web-aws"].(Web)
	change(&w)
	return w
}

func TestEveryProblemAtOnce(t *testing.T) {
	refused(t, web(func(w *Web) {
		w.Hostname, w.Environment, w.Timezone = "Web_1", "Prod!", "Mars/Olympus"
		w.TimeServers = []string{"ok.example", "not a host"}
		w.Cloud = &AWS{Region: "somewhere"}
		w.Secrets[0].Env = "path"
		w.Secrets[1].Value = "both"
		w.Size.VCPU = 0
		w.PHP.ProcessMiB = 4
		w.Shop.DatabaseWriter = "db"
		w.Shop.Sessions = RedisEndpoint{Address: "a:1", Sentinels: []string{"b"}}
		w.Shop.Media = Media{}
		w.Shop.Channels = []Channel{{Code: "uk", Hosts: []string{"a.example"}}, {Code: "uk", Hosts: []string{"a.example"}}, {Code: "fr"}}
		w.Shop.Release = "ftp://host/x"
		w.LoadBalancer = LoadBalancer{TrustedProxies: []string{"10.0.0.1/8", "0.0.0.0/0", "fd00::/8"}}
	}),
		`web.base.hostname: "Web_1" is no host name or address; give a lower-case DNS name or an IPv4 address`,
		`web.base.environment: "Prod!" is no name; give a lower-case letter, then letters, digits, dashes, underscores, 32 at most`,
		`web.base.timezone: "Mars/Olympus" is no time zone; give an IANA name such as Europe/Madrid`,
		`web.base.timeServers[1]: "not a host" is no host name or address; give a lower-case DNS name or an IPv4 address`,
		`web.base.cloud.region: "somewhere" is no AWS region`,
		`web.base.secrets[0].env: "path" is no variable name; give upper-case letters, digits and underscores, and none that a shell or loader reads`,
		`web.base.secrets[1]: has a value and an AWS secret; give one of them`,
		`web.size.vcpu: 0 vCPU is outside 1 to 448`,
		`web.php.processMiB: 4 MiB is outside 16 to 4096`,
		`web.shop.databaseWriter: "db" is no endpoint; give host:port`,
		`web.shop.sessions.address: is set beside the sentinels; they alone know the primary`,
		`web.shop.sessions.master: "" is no name; give a lower-case letter, then letters, digits, dashes, underscores, 32 at most`,
		`web.shop.sessions.sentinels[0]: "b" is no endpoint; give host:port`,
		`web.shop.media: give one of mount and origin`,
		`web.shop.channels[1].code: "uk" is already given at web.shop.channels[0].code`,
		`web.shop.channels[1].hosts[0]: "a.example" is already given at web.shop.channels[0].hosts[0]`,
		`web.shop.channels[2].hosts: is empty; nothing would lead to the channel`,
		`web.shop.release: "ftp://host/x" has scheme "ftp"; give https`,
		`web.loadBalancer.trustedProxies[0]: "10.0.0.1/8" has host bits set; give 10.0.0.0/8`,
		`web.loadBalancer.trustedProxies[1]: "0.0.0.0/0" is every address; name the networks that are meant`,
		`web.loadBalancer.trustedProxies[2]: "fd00::/8" is no IPv4 network; give it as 10.0.0.0/16`,
		`web.loadBalancer.idleTimeoutSeconds: 0 s is outside 1 to 4000`,
	)
}

func TestRefusals(t *testing.T) {
	private := inPrivate("x", "TOKEN")
	for _, c := range []struct {
		name string
		role Role
		want []string
	}{
		{"a size that leaves no room", web(func(w *Web) { w.Size.MemoryMiB = 1536; w.PHP.ProcessMiB = 512 }),
			[]string{`web.size.memoryMiB: 1536 MiB leave room for 0 PHP processes of 512 MiB; take a larger size`}},
		{"a database user elsewhere", Admin{Base: private, Size: Size{VCPU: 4, MemoryMiB: 8192}, LoadBalancer: LoadBalancer{balancer().TrustedProxies, "a b", 60},
			Shop:         roles()["admin-private"].(Admin).Shop,
			DatabaseUser: &ShopUser{Server: "db", Schema: "a`b", MasterARN: "m", ShopARN: shopUser().ShopARN, PooledARNs: []string{shopUser().ShopARN}}},
			[]string{`admin.databaseUser: needs the cloud settings and a database that speaks TLS`,
				`admin.databaseUser.server: "db" is no endpoint; give host:port`,
				"admin.databaseUser.schema: \"a`b\" is no schema",
				`admin.databaseUser.master.arn: "m" is no ARN of AWS Secrets Manager`,
				`admin.databaseUser.pooled: has 1 secrets; give one for each of the two users, or none`,
				`admin.loadBalancer.visitorHeader: "a b" is no header`}},
		{"a secret from AWS without a role", Static{Base: Base{Environment: "production", Secrets: onAWS().Secrets[:1]}, Size: Size{1, 1024}, Hosts: []string{"a.example"},
			StaticMount: "f:/s", MediaMount: "f:/m", LoadBalancer: balancer()},
			[]string{`static.base.secrets[0].aws: needs the cloud settings: without an instance role it can't be fetched`}},
		{"a secret that shadows a fact", web(func(w *Web) { w.Secrets[0].Env = "STOREFRONT_DATABASE_WRITER" }),
			[]string{`web.base.secrets[0].env: "STOREFRONT_DATABASE_WRITER" is the name of a plain fact of the shop`}},
		{"a volume outside AWS", Search{Base: onVolume(private), Size: Size{2, 4096}, ClientNetworks: []string{"10.0.0.0/8"}},
			[]string{`search.base.dataDisk.volumeID: needs the cloud settings: only AWS has EBS volumes`}},
		{"a follower without a leader", Search{Base: onDisk(private), Size: Size{2, 4096}, Position: 2, ClientNetworks: []string{"10.0.0.0/8"}},
			[]string{`search.leader: "" is no host name or address; give a lower-case DNS name or an IPv4 address`}},
		{"Solr of another line, no sum", Search{Base: onDisk(private), Size: Size{2, 4096}, ClientNetworks: []string{"10.0.0.0/8"}, Release: SolrDownload{Version: "8.11.4"}},
			[]string{`search.release.version: "8.11.4" is no version of Solr 9; give one such as 9.10.0`}},
		{"a disk that would hide the system", NFS{Base: Base{Environment: "production", DataDisk: &DataDisk{Device: "sdb", MountPoint: "/var/lib", Label: "LABEL", FileSystem: "zfs"}},
			Size: Size{1, 2048}, Exports: []Export{{Name: "media", Clients: []ExportClient{{Network: "10.0.0.0/8"}}}}},
			[]string{`nfs.base.dataDisk.device: "sdb" is no device; give a path such as /dev/sdb`,
				`nfs.base.dataDisk.label: "LABEL" is no label; give a lower-case letter, then letters, digits and dashes, 12 at most`,
				`nfs.base.dataDisk.fileSystem: "zfs" is not supported; give ext4 or xfs`,
				`nfs.base.dataDisk.mountPoint: "/var/lib" would hide a part of the system; give a path below /srv`}},
		{"a file server without a disk", NFS{Base: private, Size: Size{1, 2048}},
			[]string{`nfs.base.dataDisk: is missing; a file server keeps its files on a disk of their own`, `nfs.exports: is empty; nothing would be shared`}},
		{"a runner", Deploy{Base: private, Provider: "gitlab", URL: "http://gitlab", TokenEnv: "OTHER", Labels: []string{"a"}, Runner: Download{URL: "https://x/y"},
			Rollout: &Rollout{Release: "current.tar.gz", Groups: []string{"web servers"}, StaticBucket: "A"}},
			[]string{`deploy.tokenEnv: names the variable "OTHER", which is none of the secrets; add a secret with that env`,
				`deploy.url: "http://gitlab" has scheme "http"; give https`,
				`deploy.runner.sha256: "" is no SHA-256 sum; give the 64 lower-case hexadecimal digits that the publisher gives`,
				`deploy.labels: are GitHub's; GitLab keeps a runner's tags with its token`,
				`deploy.rollout: needs the cloud settings: only AWS has groups to roll`,
				`deploy.rollout.release: "current.tar.gz" is no place of an object, such as s3://bucket/key`,
				`deploy.rollout.groups[0]: "web servers" is no Auto Scaling group`,
				`deploy.rollout.staticBucket: "A" is no bucket`}},
		{"two Redis servers", Redis{Base: private, Size: Size{1, 1024}, Purpose: "queue", Nodes: []string{"10.0.0.1", "10.0.0.1"}, Position: 2, PasswordEnv: "TOKEN", TLS: &TLS{}},
			[]string{`redis.purpose: "queue" is unknown; give sessions or cache`,
				`redis.nodes: has 2 servers; give one, or an odd number: half of an even number can't outvote the other half`,
				`redis.nodes[1]: "10.0.0.1" is already given at redis.nodes[0]`,
				`redis.position: 2 th server is outside 0 to 1`,
				`redis.tls.certificate: and its key don't fit: tls: failed to find any PEM data in certificate input`,
				`redis.tls.authority: is no certificate in PEM`}},
		{"a cluster", Database{Base: private, Size: Size{1, 4096}, Nodes: []Node{{"a", "10.0.0.1"}, {"b", "10.0.0.2"}, {"c", "10.0.0.3"}, {"c", "10.0.0.3"}},
			ReaderAddress: "10.0.0.1/24", ClientNetworks: []string{"10.0.0.0/8"}, Schemas: []string{"mysql"}, Users: []DatabaseUser{{Name: "root", PasswordEnv: "TOKEN", Schema: "shop"}}},
			[]string{`database.nodes: has 4 servers; give 1, 2 or 3: a commit is acknowledged by one other server, and only among three does every majority hold one that has it`,
				`database.nodes[3].name: "c" is already given at database.nodes[2].name`,
				`database.nodes[3].address: "10.0.0.3" is already given at database.nodes[2].address`,
				`database.writerAddress: "" is no address with a prefix length; give it as 10.20.3.100/24`,
				`database.readerAddress: "10.0.0.1" is already given at database.nodes[0].address`,
				`database.schemas[0]: "mysql" is taken by the server itself`,
				`database.users[0].name: "root" is taken by the server itself`,
				`database.users[0].schema: "shop" is none of the schemas`,
				`database.replicationPasswordEnv: names the variable "", which is none of the secrets; add a secret with that env`,
				`database.failoverPasswordEnv: names the variable "", which is none of the secrets; add a secret with that env`}},
		{"the log server's own log server", Analytics{Base: onDisk(private), LogPort: 8080, ClientNetworks: []string{"10.0.0.0/8", "10.0.0.0/8"}},
			[]string{`analytics.base.logServer: is set; this server is the log server`, `analytics.reportPort: 8080 is the log port too`,
				`analytics.clientNetworks[1]: "10.0.0.0/8" is already given at analytics.clientNetworks[0]`,
				`analytics.reportNetworks: is empty; nobody could reach the server`}},
		{"cron", Admin{Base: onAWS(), Size: Size{2, 8192}, Shop: shop(), LoadBalancer: balancer(), Cron: []CronJob{
			{Name: "a b", OnCalendar: "*:0/5\nUser=root", Command: []string{"php"}}, {Name: "x", OnCalendar: "daily", Command: []string{"/bin/true", "a\nb"}}}},
			[]string{`admin.cron[0].name: "a b" is no name; give a lower-case letter, then letters, digits, dashes, underscores, 32 at most`,
				`admin.cron[0].onCalendar: "*:0/5\nUser=root" is no systemd calendar expression`,
				`admin.cron[0].command[0]: "php" is no absolute path of letters, digits, dots, dashes and underscores`,
				`admin.cron[1].command[1]: has to be one line of printable text`}},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.role, c.want...) })
	}
}

func TestARefusalNeverTellsASecret(t *testing.T) {
	b := inPrivate("x")
	b.Secrets = []Secret{{Env: "A", Value: "hunter2"}, {Env: "B", Value: "two\nlines of hunter2"}}
	_, err := NFS{Base: b}.Render()
	require.ErrorContains(t, err, "secrets[0].value: has fewer than 8 characters; give a generated secret")
	require.ErrorContains(t, err, "secrets[1].value: has to be one line of printable text")
	require.NotContains(t, err.Error(), "hunter2")
}

// TestSecretsStayInFilesOfRoot looks for every secret's value, escaped or not,
// in every file that is not root's alone.
func TestSecretsStayInFilesOfRoot(t *testing.T) {
	for name, r := range roles() {
		found := false
		for path, f := range lay(t, r) {
			if !strings.Contains(f.Content, "p$x") && !strings.Contains(f.Content, `p\$x`) {
				continue
			}
			found = true
			require.Equal(t, "0600", f.Permissions, "%s: %s", name, path)
		}
		require.Equal(t, found, r.HasSecrets(), name)
	}
}

func TestUserDataThatIsTooLarge(t *testing.T) {
	w := roles()["web-aws"].(Web)
	for i := range 3000 {
		// A sequence that no compression makes small.
		n := uint64(i+1) * 0x9E3779B97F4A7C15
		w.Shop.Channels[0].Hosts = append(w.Shop.Channels[0].Hosts, "h"+base36(n)+".example")
	}
	d, err := w.Render()
	require.NoError(t, err)
	_, err = d.UserData()
	require.ErrorContains(t, err, "are over the 16384 that a server takes")
}

func base36(n uint64) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var b []byte
	for ; n > 0; n /= 36 {
		b = append(b, digits[n%36])
	}
	return string(b)
}

// TestNoInputPanics throws anything at the roles with the most lists.
func TestNoInputPanics(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "a", "10.0.0.1", "10.0.0.0/8", "a:1", "/srv/x", "https://a/b", "10.0.0.1/24"}))
	list := rapid.SliceOfN(text, 0, 4)
	number := rapid.IntRange(-3, 70000)
	rapid.Check(t, func(t *rapid.T) {
		s := func() string { return text.Draw(t, "text") }
		l := func() []string { return list.Draw(t, "list") }
		n := func() int { return number.Draw(t, "number") }
		b := Base{Hostname: s(), Environment: s(), Timezone: s(), TimeServers: l(), SSHAuthorizedKeys: l(), PackageProxy: s(), LogServer: s(),
			DataDisk: &DataDisk{Device: s(), VolumeID: s(), Label: s(), MountPoint: s()}, Secrets: []Secret{{Env: s(), Value: s()}}}
		if rapid.Bool().Draw(t, "aws") {
			b.Cloud = &AWS{Region: s()}
		}
		nodes := []Node{}
		for range rapid.IntRange(0, 4).Draw(t, "nodes") {
			nodes = append(nodes, Node{s(), s()})
		}
		size := Size{n(), n()}
		for _, r := range []Role{
			Web{Base: b, Size: size, Shop: Shop{DatabaseWriter: s(), Media: Media{Mount: s()}, Channels: []Channel{{s(), l()}}}, LoadBalancer: LoadBalancer{l(), s(), n()}},
			Admin{Base: b, Size: size, Cron: []CronJob{{s(), s(), l()}}},
			Database{Base: b, Size: size, Nodes: nodes, Position: n(), WriterAddress: s(), ReaderAddress: s(), ClientNetworks: l(), Schemas: l()},
			Redis{Base: b, Size: size, Purpose: s(), Nodes: l(), Position: n(), PasswordEnv: s()},
			Search{Base: b, Size: size, Position: n(), ClientNetworks: l()},
			NFS{Base: b, Size: size, Exports: []Export{{s(), []ExportClient{{s(), true}}}}},
			Analytics{Base: b, ClientNetworks: l(), ReportNetworks: l(), RetentionDays: n()},
			Static{Base: b, Size: size, Hosts: l(), StaticMount: s(), MediaMount: s()},
			Deploy{Base: b, Provider: s(), URL: s(), TokenEnv: s(), Labels: l(), Concurrency: n()},
		} {
			d, err := r.Render()
			require.Equal(t, err == nil, d != "")
		}
	})
}

// TestEnvironmentLines reads lines back by a shell; systemd knows the same four escapes.
func TestEnvironmentLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[ -~äß€]{0,40}`).Draw(t, "value")
		line := envLine("X", value)
		require.Equal(t, value, unescape(line))
	})
}

// unescape reads a line as POSIX says of double quotes.
func unescape(line string) string {
	s := strings.TrimSuffix(strings.TrimPrefix(line, `X="`), "\"\n")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.ContainsRune("\"\\$`", rune(s[i+1])) {
			i++
		} else if strings.ContainsRune("\"$`", rune(s[i])) {
			return "a bare " + string(s[i])
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
