package inventory

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Thresholds of a scan. Zeek's detector calls it one when a source tries 15
// ports of a host (port_scan_threshold) or 25 hosts (addr_scan_threshold,
// policy/misc/scan.zeek) in vain. Flows don't tell what was in vain, and a
// deployment server reaches every host on one port, so many hosts count only
// together with many ports.
const (
	scanPortsOfHost = 15
	scanHosts       = 25
	scanPorts       = 10
)

// ClassifyFlows tells the traffic of the business from what only surrounds
// it, with the reason. Flows that have a class already keep it. Names are
// judged in this order: name look-ups, time, the tool that looked, monitoring
// and backup servers, scans, then the ports of the rest.
func ClassifyFlows(e *migrate.Estate) {
	names := newNameBook(e)
	scans := findScans(e.Flows, names)
	for i := range e.Flows {
		f := &e.Flows[i]
		if f.Class == "" {
			f.Class, f.ClassReason = classOf(*f, names, scans)
		}
	}
}

// wellKnown maps a port to a class and to what runs there.
type wellKnown struct {
	class migrate.FlowClass
	what  string
}

var noisePorts = map[int]wellKnown{
	53: {migrate.FlowDNS, "DNS"}, 853: {migrate.FlowDNS, "DNS over TLS"}, 5353: {migrate.FlowDNS, "multicast DNS"}, 5355: {migrate.FlowDNS, "LLMNR"},
	123: {migrate.FlowTime, "NTP"}, 319: {migrate.FlowTime, "PTP"}, 320: {migrate.FlowTime, "PTP"}, 323: {migrate.FlowTime, "chrony"}, 4460: {migrate.FlowTime, "NTS"},

	199: {migrate.FlowMonitoring, "SNMP multiplexer"}, 514: {migrate.FlowMonitoring, "syslog"}, 601: {migrate.FlowMonitoring, "syslog"},
	1984: {migrate.FlowMonitoring, "Xymon"}, 2003: {migrate.FlowMonitoring, "Graphite"}, 2004: {migrate.FlowMonitoring, "Graphite"},
	4317: {migrate.FlowMonitoring, "OpenTelemetry"}, 4318: {migrate.FlowMonitoring, "OpenTelemetry"}, 5044: {migrate.FlowMonitoring, "Logstash"},
	5666: {migrate.FlowMonitoring, "NRPE"}, 5667: {migrate.FlowMonitoring, "NSCA"}, 5693: {migrate.FlowMonitoring, "NCPA"}, 6514: {migrate.FlowMonitoring, "syslog over TLS"},
	6556: {migrate.FlowMonitoring, "Checkmk"}, 8125: {migrate.FlowMonitoring, "StatsD"}, 8126: {migrate.FlowMonitoring, "Datadog"},
	9090: {migrate.FlowMonitoring, "Prometheus"}, 9093: {migrate.FlowMonitoring, "Alertmanager"}, 9100: {migrate.FlowMonitoring, "node exporter"},
	9104: {migrate.FlowMonitoring, "MySQL exporter"}, 9113: {migrate.FlowMonitoring, "NGINX exporter"}, 9117: {migrate.FlowMonitoring, "Apache exporter"},
	9121: {migrate.FlowMonitoring, "Redis exporter"}, 9182: {migrate.FlowMonitoring, "Windows exporter"}, 9187: {migrate.FlowMonitoring, "PostgreSQL exporter"},
	9253: {migrate.FlowMonitoring, "PHP-FPM exporter"}, 9997: {migrate.FlowMonitoring, "Splunk"}, 10050: {migrate.FlowMonitoring, "Zabbix agent"},
	10051: {migrate.FlowMonitoring, "Zabbix server"}, 12201: {migrate.FlowMonitoring, "GELF"}, 12489: {migrate.FlowMonitoring, "NSClient++"},
	24224: {migrate.FlowMonitoring, "Fluentd"}, 25826: {migrate.FlowMonitoring, "collectd"},

	1556: {migrate.FlowBackup, "NetBackup"}, 13720: {migrate.FlowBackup, "NetBackup"}, 13724: {migrate.FlowBackup, "NetBackup"}, 13782: {migrate.FlowBackup, "NetBackup"},
	1500: {migrate.FlowBackup, "Spectrum Protect"}, 1501: {migrate.FlowBackup, "Spectrum Protect"}, 6160: {migrate.FlowBackup, "Veeam"}, 6162: {migrate.FlowBackup, "Veeam"},
	7937: {migrate.FlowBackup, "NetWorker"}, 7938: {migrate.FlowBackup, "NetWorker"}, 8400: {migrate.FlowBackup, "Commvault"}, 8403: {migrate.FlowBackup, "Commvault"},
	9101: {migrate.FlowBackup, "Bacula"}, 9102: {migrate.FlowBackup, "Bacula"}, 9103: {migrate.FlowBackup, "Bacula"}, 10000: {migrate.FlowBackup, "NDMP"},

	22: {migrate.FlowManagement, "SSH"}, 23: {migrate.FlowManagement, "telnet"}, 49: {migrate.FlowManagement, "TACACS+"}, 67: {migrate.FlowManagement, "DHCP"},
	68: {migrate.FlowManagement, "DHCP"}, 69: {migrate.FlowManagement, "TFTP"}, 88: {migrate.FlowManagement, "Kerberos"}, 135: {migrate.FlowManagement, "RPC endpoint mapper"},
	137: {migrate.FlowManagement, "NetBIOS names"}, 138: {migrate.FlowManagement, "NetBIOS datagrams"}, 161: {migrate.FlowManagement, "SNMP"}, 162: {migrate.FlowManagement, "SNMP traps"},
	389: {migrate.FlowManagement, "LDAP"}, 464: {migrate.FlowManagement, "Kerberos passwords"}, 623: {migrate.FlowManagement, "IPMI"}, 636: {migrate.FlowManagement, "LDAPS"},
	902: {migrate.FlowManagement, "ESXi"}, 1812: {migrate.FlowManagement, "RADIUS"}, 1813: {migrate.FlowManagement, "RADIUS"}, 3268: {migrate.FlowManagement, "global catalogue"},
	3269: {migrate.FlowManagement, "global catalogue"}, 3389: {migrate.FlowManagement, "RDP"}, 4505: {migrate.FlowManagement, "Salt"}, 4506: {migrate.FlowManagement, "Salt"},
	5900: {migrate.FlowManagement, "VNC"}, 5985: {migrate.FlowManagement, "WinRM"}, 5986: {migrate.FlowManagement, "WinRM"}, 8140: {migrate.FlowManagement, "Puppet"},
}

// Names of servers that surround the business.
var (
	collectorName  = regexp.MustCompile(`(?i)(azure-?migrate|azmigrate|aws-?discovery|discovery-?(agent|appliance|collector)|agentless-?collector|rvtools|cloudamize|stratozone)`)
	monitoringName = regexp.MustCompile(`(?i)(^|[-_.])(nagios|icinga|zabbix|prometheus|grafana|checkmk|monitor(ing)?|mon|noc|observium|librenms|prtg|sensu|datadog|newrelic)\d*([-_.]|$)`)
	backupName     = regexp.MustCompile(`(?i)(^|[-_.])(backup|bkp|bck|veeam|netbackup|commvault|bacula|bareos|networker|avamar|rubrik|cohesity|tsm)\d*([-_.]|$)`)
)

// nameBook knows the names and roles of the ends.
type nameBook struct{ role, name map[string]string }

func newNameBook(e *migrate.Estate) nameBook {
	b := nameBook{role: map[string]string{}, name: map[string]string{}}
	for _, s := range e.Servers {
		b.role[s.ID], b.name[s.ID] = s.Role.Value, s.Name
	}
	return b
}

// is says whether an end has a role or a name of the kind.
func (b nameBook) is(end, role string, re *regexp.Regexp) bool {
	if r := b.role[end]; r != "" && r == role {
		return true
	}
	name := end
	if n := b.name[end]; n != "" {
		name = n
	}
	return re.MatchString(name)
}

func classOf(f migrate.Flow, names nameBook, scans map[string]string) (migrate.FlowClass, string) {
	known, isKnown := noisePorts[f.Port]
	switch {
	case isKnown && (known.class == migrate.FlowDNS || known.class == migrate.FlowTime):
		return known.class, portReason(f.Port, known.what)
	case collectorName.MatchString(f.Process) || names.is(f.From, "collector", collectorName) || names.is(f.To, "collector", collectorName):
		return migrate.FlowCollector, "the tool that gathered these data"
	case names.is(f.From, "backup", backupName) || names.is(f.To, "backup", backupName):
		return migrate.FlowBackup, "an end is a backup server by its name or role"
	case names.is(f.From, "monitoring", monitoringName):
		return migrate.FlowMonitoring, "the source is a monitoring server by its name or role"
	case f.Kind == flowObserved && scans[f.From] != "":
		return migrate.FlowScan, scans[f.From]
	case isKnown:
		return known.class, portReason(f.Port, known.what)
	case f.Protocol == "icmp":
		return migrate.FlowManagement, "ICMP (ping)"
	}
	return migrate.FlowApplication, applicationReason(f)
}

func portReason(port int, what string) string { return fmt.Sprintf("port %d: %s", port, what) }

func applicationReason(f migrate.Flow) string {
	if s := servicePorts[f.Port]; s != "" {
		return portReason(f.Port, s)
	}
	return "no sign of anything else"
}

// reach is what one source touched.
type reach struct {
	hosts map[string]bool
	ports map[int]bool
	byTo  map[string]map[int]bool
}

// findScans gives the reason for every source that scans. Name look-ups and
// time don't count, nor do monitoring and backup servers, which reach many
// ends by their office. Ports handed out at random (FTP data, RPC) count as one.
func findScans(flows []migrate.Flow, names nameBook) map[string]string {
	by := map[string]*reach{}
	for _, f := range flows {
		known := noisePorts[f.Port].class
		if f.Kind != flowObserved || f.Port == 0 || known == migrate.FlowDNS || known == migrate.FlowTime {
			continue
		}
		if names.is(f.From, "monitoring", monitoringName) || names.is(f.From, "backup", backupName) {
			continue
		}
		r := by[f.From]
		if r == nil {
			r = &reach{map[string]bool{}, map[int]bool{}, map[string]map[int]bool{}}
			by[f.From] = r
		}
		r.add(f.To, f.Port)
	}
	out := map[string]string{}
	for from, r := range by {
		if why := r.scan(); why != "" {
			out[from] = from + " " + why
		}
	}
	return out
}

func (r *reach) add(to string, port int) {
	if servicePort(port) == 0 {
		port = ephemeralFrom
	}
	r.hosts[to], r.ports[port] = true, true
	if r.byTo[to] == nil {
		r.byTo[to] = map[int]bool{}
	}
	r.byTo[to][port] = true
}

func (r *reach) scan() string {
	if len(r.hosts) >= scanHosts && len(r.ports) >= scanPorts {
		return fmt.Sprintf("reached %d ends on %d different ports", len(r.hosts), len(r.ports))
	}
	var most []string
	for _, to := range sortedKeys(r.byTo) {
		if n := len(r.byTo[to]); n >= scanPortsOfHost {
			most = append(most, fmt.Sprintf("%d ports of %s", n, to))
		}
	}
	if len(most) == 0 {
		return ""
	}
	return "reached " + strings.Join(most[:min(len(most), 3)], ", ")
}
