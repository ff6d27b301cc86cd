package inventory

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate"
)

// Roles are what a server can be for. The first are the tiers of a shop's
// topology, the others the business around it.
var Roles = []string{
	"web", "static", "admin", "deploy", "database", "sessions", "cache", "search", "analytics", "media", "loadbalancer",
	"mail", "monitoring", "backup", "directory", "dns", "time", "queue", "payment", "erp", "pim", "file", "vpn", "desktop",
	"virtualization", "agent", "other",
}

// sign is what tells a role: words in names or in software, or ports.
type sign struct {
	role   string
	weight float64
	re     *regexp.Regexp
}

// word matches a part of a name between separators, digits and letters' ends.
func word(list string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^a-z])(?:` + list + `)(?:$|[^a-z])`)
}

// nameSigns are tried on the parts of a server's name and host name. Longer
// words stand before the shorter ones that they contain.
var nameSigns = []sign{
	{"agent", 0.97, regexp.MustCompile(`(?i)^vcls[- (]|^z-vra|^trend.?micro|^guest introspection`)},
	{"virtualization", 0.9, word(`vcenter|vcsa|vcs|nsx|nsxmgr|esx|esxi|vrops|vrli|vsan|xen|kvm|hyperv`)},
	{"loadbalancer", 0.85, word(`lb|slb|haproxy|loadbalancer|balancer|vip|bigip|netscaler|varnish`)},
	{"sessions", 0.9, word(`sess|session|sessions|redissess|redissession`)},
	{"cache", 0.85, word(`cache|redis|memcache|memcached`)},
	{"search", 0.85, word(`solr|search|elastic|elasticsearch|opensearch|srch|sphinx`)},
	{"analytics", 0.8, word(`analytics|bi|dwh|dwhouse|matomo|piwik|hadoop|spark|tableau|etl|report|reporting`)},
	{"database", 0.85, word(`db|dbs|database|mysql|maria|mariadb|galera|pgsql|postgres|postgresql|sql|mssql|oracle|ora|mongo|mongodb|percona|sqlsrv|sqlsvr`)},
	{"media", 0.75, word(`media|nfs|images|img|assets|gluster|ceph|nas`)},
	{"static", 0.8, word(`static|cdn|origin`)},
	{"admin", 0.75, word(`admin|adm|backoffice|bo|backend|magadmin`)},
	{"deploy", 0.8, word(`deploy|deployment|ci|jenkins|gitlab|runner|build|puppet|ansible|chef|satellite|bamboo|teamcity`)},
	{"web", 0.8, word(`web|www|frontend|fe|shop|magento|mage|php|apache|nginx|httpd|iis|store`)},
	{"mail", 0.85, word(`mail|smtp|mx|exchange|exch|postfix|imap|mailgw|mta`)},
	{"monitoring", 0.85, word(`mon|monitor|monitoring|nagios|icinga|zabbix|prometheus|grafana|checkmk|prtg|graylog|splunk|kibana|logs|log|syslog|elk`)},
	{"backup", 0.85, word(`backup|bkp|bck|bak|veeam|bacula|bareos|netbackup|commvault|tsm|avamar|rubrik`)},
	{"directory", 0.85, word(`dc|ad|adds|ldap|idm|ipa|freeipa|adfs|radius|dirsrv|keycloak|sso`)},
	{"dns", 0.9, word(`dns|ns|bind|named|infoblox`)},
	{"time", 0.9, word(`ntp|chrony|timeserver`)},
	{"queue", 0.85, word(`mq|rabbit|rabbitmq|kafka|queue|activemq|beanstalk`)},
	{"payment", 0.8, word(`pay|payment|payments|psp|pci`)},
	{"erp", 0.8, word(`erp|sap|navision|nav|dynamics|axapta|crm|fin`)},
	{"pim", 0.85, word(`pim|akeneo`)},
	{"file", 0.75, word(`file|files|fs|fileserver|dfs|smb|samba|print`)},
	{"vpn", 0.85, word(`vpn|openvpn|ipsec|fw|firewall|bastion|jump|jumphost|gw`)},
	{"desktop", 0.8, word(`vdi|desktop|citrix|xenapp|rds|rdsh|ts|terminal|win7|win10|win11`)},
}

// runTogether are words that are long enough to tell something though letters
// stand around them, as in BOWSQLTST23.
var runTogether = []sign{
	{"database", 0.5, regexp.MustCompile(`(?i)sql|mongo|oradb|[a-z]db\d`)}, {"web", 0.45, regexp.MustCompile(`(?i)web|iis|www|apache|nginx`)},
	{"search", 0.5, regexp.MustCompile(`(?i)solr|elastic`)}, {"cache", 0.5, regexp.MustCompile(`(?i)redis|memcach`)},
	{"mail", 0.5, regexp.MustCompile(`(?i)mail|smtp|exch`)}, {"backup", 0.5, regexp.MustCompile(`(?i)backup|veeam|bkup`)},
	{"file", 0.4, regexp.MustCompile(`(?i)file`)}, {"directory", 0.45, regexp.MustCompile(`(?i)ldap|adds|adfs`)},
	{"desktop", 0.45, regexp.MustCompile(`(?i)citrix|xenapp|rdsh`)}, {"loadbalancer", 0.45, regexp.MustCompile(`(?i)haproxy|balanc`)},
	{"monitoring", 0.45, regexp.MustCompile(`(?i)nagios|zabbix|monitor|splunk`)}, {"deploy", 0.45, regexp.MustCompile(`(?i)jenkins|gitlab|deploy`)},
	{"virtualization", 0.45, regexp.MustCompile(`(?i)vcenter|vcsa`)},
}

// softwareSigns are tried on the names of programs and of listening processes.
var softwareSigns = []sign{
	{"database", 0.85, word(`mysqld?|mysql-server|mariadbd?|postgres(?:ql)?|sqlservr|oracle|mongod|percona|galera`)},
	{"loadbalancer", 0.8, word(`haproxy|varnishd?|keepalived|pound`)},
	{"search", 0.85, word(`solr|elasticsearch|opensearch|sphinx|searchd`)},
	{"cache", 0.6, word(`redis(?:-server)?|memcached`)},
	{"web", 0.7, word(`php-?fpm|apache2?|httpd|w3wp|iis|magento|tomcat|php`)},
	{"web", 0.35, word(`nginx`)},
	{"mail", 0.6, word(`dovecot|exim4?|exchange|zimbra`)},
	{"mail", 0.3, word(`postfix|sendmail|master`)},
	{"monitoring", 0.75, word(`nagios|icinga2?|zabbix_server|prometheus|grafana(?:-server)?|check_mk|graylog|splunkd`)},
	{"backup", 0.75, word(`bacula-(?:dir|sd)|bareos-(?:dir|sd)|veeam|netbackup|bprd`)},
	{"directory", 0.8, word(`slapd|ns-slapd|lsass|samba_dc|krb5kdc|keycloak|dirsrv`)},
	{"dns", 0.8, word(`named|bind9?|pdns|unbound|knotd`)},
	{"media", 0.7, word(`nfsd|rpc\.mountd|glusterd|glusterfsd|ganesha`)},
	{"file", 0.7, word(`smbd|vsftpd|proftpd`)},
	{"deploy", 0.75, word(`jenkins|gitlab-runner|gitlab|teamcity|puppetserver|puppet-master`)},
	{"queue", 0.8, word(`rabbitmq(?:-server)?|beam\.smp|kafka|activemq`)},
	{"analytics", 0.7, word(`matomo|clickhouse|hadoop|spark|tableau`)},
	{"vpn", 0.75, word(`openvpn|charon|strongswan|libreswan`)},
}

// portSigns are what listens on a port, mostly.
var portSigns = map[int]sign{
	3306: {"database", 0.75, nil}, 5432: {"database", 0.75, nil}, 1433: {"database", 0.75, nil}, 1521: {"database", 0.75, nil},
	27017: {"database", 0.7, nil}, 4567: {"database", 0.6, nil}, 33060: {"database", 0.5, nil},
	6379: {"cache", 0.6, nil}, 11211: {"cache", 0.7, nil}, 26379: {"cache", 0.4, nil},
	8983: {"search", 0.8, nil}, 9200: {"search", 0.7, nil}, 9300: {"search", 0.5, nil}, 9312: {"search", 0.7, nil},
	80: {"web", 0.4, nil}, 443: {"web", 0.4, nil}, 8080: {"web", 0.25, nil}, 9000: {"web", 0.35, nil},
	25: {"mail", 0.35, nil}, 465: {"mail", 0.5, nil}, 587: {"mail", 0.5, nil}, 143: {"mail", 0.6, nil}, 993: {"mail", 0.6, nil},
	2049: {"media", 0.7, nil}, 445: {"file", 0.25, nil}, 389: {"directory", 0.6, nil}, 636: {"directory", 0.6, nil}, 88: {"directory", 0.6, nil},
	53: {"dns", 0.5, nil}, 5672: {"queue", 0.75, nil}, 9092: {"queue", 0.75, nil}, 9090: {"monitoring", 0.4, nil}, 10051: {"monitoring", 0.7, nil},
	3000: {"monitoring", 0.2, nil}, 1194: {"vpn", 0.7, nil}, 9103: {"backup", 0.6, nil}, 6081: {"loadbalancer", 0.6, nil},
}

// signs is what flows tell of servers.
type signs struct {
	serves map[string]map[int]int // server: port: number of clients
}

func newSigns(e *migrate.Estate) signs {
	s := signs{serves: map[string]map[int]int{}}
	for _, f := range e.Flows {
		if f.ToOutside || f.Port == 0 || f.Kind == "allowed" || f.Class == migrate.FlowScan {
			continue
		}
		if s.serves[f.To] == nil {
			s.serves[f.To] = map[int]int{}
		}
		s.serves[f.To][f.Port]++
	}
	return s
}

func roleVotes(s *migrate.Server, signs signs) []vote {
	names := nameVotes(s)
	rest := append(softwareVotes(s), portVotes(s, signs)...)
	return tellRedisApart(s, append(names, tellBackOfficeApart(names, rest)...))
}

// tellBackOfficeApart takes nothing from a server named for the back office
// because it serves pages: the same Apache, PHP and ports serve both, so they
// speak for neither. They stay as evidence of no weight.
func tellBackOfficeApart(names, rest []vote) []vote {
	if len(names) == 0 || names[0].value != "admin" {
		return rest
	}
	for i := range rest {
		if rest[i].value == "web" {
			rest[i].value, rest[i].weight = "admin", 0
		}
	}
	return rest
}

// nameVotes tries the name, then the host name where it is another.
func nameVotes(s *migrate.Server) []vote {
	names := []string{s.Name}
	if h := shortName(s.FQDN); h != "" && !strings.EqualFold(h, shortName(s.Name)) {
		names = append(names, h)
	}
	var out []vote
	for _, n := range names {
		short := shortName(n)
		short += " " + spaced(short)
		hits := 0
		for _, sg := range nameSigns {
			if sg.re.MatchString(short) || sg.role == "agent" && sg.re.MatchString(n) {
				// Of two words the earlier sign is the more special one:
				// "redis-sess-01" keeps sessions.
				weight := sg.weight
				if hits > 0 {
					weight /= 2
				}
				out = append(out, vote{sg.role, weight, fmt.Sprintf("the name %s", n)})
				hits++
			}
		}
		for _, sg := range runTogether {
			if hits == 0 && sg.re.MatchString(short) {
				out = append(out, vote{sg.role, sg.weight, fmt.Sprintf("%q within the name %s", strings.ToLower(sg.re.FindString(short)), n)})
				break
			}
		}
	}
	return out
}

var (
	humps   = regexp.MustCompile(`([a-z])([A-Z])`)
	country = regexp.MustCompile(`(?i)(^|[^a-z])(at|be|bg|ch|cz|de|dk|es|fi|fr|gb|gr|hr|hu|ie|it|lu|nl|no|pl|pt|ro|rs|se|si|sk|tr|ua|uk|us)([a-z]{2,})`)
)

// spaced parts what names write together: "atweb01" is Austria's web server,
// "shopDb" is a database.
func spaced(name string) string {
	return country.ReplaceAllString(humps.ReplaceAllString(name, "$1-$2"), "$1$2-$3")
}

// softwareVotes counts each role's strongest program once: a database server
// has many programs with "mysql" in their names.
func softwareVotes(s *migrate.Server) []vote {
	var out []vote
	try := func(program, how string) {
		for _, sg := range softwareSigns {
			if sg.re.MatchString(program) {
				out = append(out, vote{sg.role, sg.weight, how})
				return
			}
		}
	}
	for _, p := range s.Software {
		// A package of the operating system says less than a process.
		try(p.Name, "installed: "+p.Name)
	}
	for i := range out {
		out[i].weight *= 0.7
	}
	installed := len(out)
	for _, p := range s.Listens {
		if p.Process != "" && !local(p.Address) {
			try(p.Process, fmt.Sprintf("%s listens on %d", p.Process, p.Port))
		}
	}
	return append(strongest(out[:installed]), strongest(out[installed:])...)
}

// local says that only the server itself can reach an address.
func local(address string) bool {
	a, ok := parseAddr(address)
	return ok && a.IsLoopback()
}

func portVotes(s *migrate.Server, signs signs) []vote {
	clients := map[int]int{}
	for _, p := range s.Listens {
		if !local(p.Address) && p.Process == "" {
			clients[p.Port] += 0
		}
	}
	for port, n := range signs.serves[s.ID] {
		clients[port] += n
	}
	var ports []int
	for p := range clients {
		ports = append(ports, p)
	}
	sort.Ints(ports)
	var out []vote
	for _, p := range ports {
		sg, known := portSigns[p]
		if !known {
			continue
		}
		how := fmt.Sprintf("listens on %d", p)
		if n := clients[p]; n > 0 {
			how = fmt.Sprintf("serves port %d to %s", p, phrase.Count(n, "client"))
		}
		out = append(out, vote{sg.role, sg.weight, how})
	}
	return strongest(out)
}

// strongest keeps the best vote for each role.
func strongest(votes []vote) []vote {
	best := map[string]vote{}
	for _, v := range votes {
		if have, ok := best[v.value]; !ok || v.weight > have.weight {
			best[v.value] = v
		}
	}
	var out []vote
	for _, role := range sortedKeys(best) {
		out = append(out, best[role])
	}
	return out
}

// tellRedisApart takes what says "cache" only because it is Redis as a word for
// sessions where the name says so: the same program serves both.
func tellRedisApart(s *migrate.Server, votes []vote) []vote {
	sessions := false
	for _, v := range votes {
		sessions = sessions || v.value == "sessions"
	}
	for i := range votes {
		if sessions && votes[i].value == "cache" {
			votes[i].value = "sessions"
		}
	}
	return votes
}
