package inventory

// ephemeralFrom is the lowest port that common systems hand to clients: Linux
// takes 32768 to 60999 (net.ipv4.ip_local_port_range), Windows and IANA 49152
// and above (RFC 6335, section 6).
const ephemeralFrom = 32768

// servicePorts are ports above 1023 on which servers of a shop and of its
// surroundings listen. They decide which end of a connection is the server
// where a log does not tell.
var servicePorts = map[int]string{
	1433: "mssql", 1521: "oracle", 1883: "mqtt", 2049: "nfs", 2181: "zookeeper", 2375: "docker", 2376: "docker",
	2379: "etcd", 2380: "etcd", 2484: "oracle", 3000: "grafana", 3100: "loki", 3128: "squid", 3260: "iscsi",
	3306: "mysql", 3307: "mysql", 3389: "rdp", 4444: "galera", 4567: "galera", 4568: "galera", 5000: "http",
	5044: "logstash", 5060: "sip", 5353: "mdns", 5432: "postgresql", 5601: "kibana", 5666: "nrpe", 5671: "amqp",
	5672: "amqp", 5900: "vnc", 5985: "winrm", 5986: "winrm", 6379: "redis", 6380: "redis", 6443: "kubernetes",
	8000: "http", 8008: "http", 8009: "ajp", 8080: "http", 8081: "http", 8086: "influxdb", 8088: "http",
	8125: "statsd", 8140: "puppet", 8161: "activemq", 8300: "consul", 8301: "consul", 8443: "https", 8500: "consul",
	8600: "consul", 8834: "nessus", 8888: "http", 8983: "solr", 9000: "php-fpm", 9042: "cassandra", 9080: "http",
	9090: "prometheus", 9092: "kafka", 9093: "alertmanager", 9100: "node-exporter", 9104: "mysqld-exporter",
	9113: "nginx-exporter", 9117: "apache-exporter", 9121: "redis-exporter", 9182: "windows-exporter",
	9200: "elasticsearch", 9300: "elasticsearch", 9443: "https", 10050: "zabbix-agent", 10051: "zabbix-server",
	11211: "memcached", 15672: "rabbitmq", 16379: "redis-cluster", 25672: "rabbitmq", 26379: "redis-sentinel",
	27017: "mongodb", 27018: "mongodb", 33060: "mysqlx",
}

// servicePort tells how much a port looks like a server's: 2 for one below
// 1024 or a known service, 1 below the ephemeral range, 0 in it.
func servicePort(port int) int {
	switch {
	case port > 0 && port < 1024:
		return 2
	case servicePorts[port] != "":
		return 2
	case port > 0 && port < ephemeralFrom:
		return 1
	}
	return 0
}

// serverSide tells whether the end with port b is the server of a connection
// between ports a and b: the port that looks more like a service wins, and of
// two alike the lower one.
func serverSide(a, b int) bool {
	if sa, sb := servicePort(a), servicePort(b); sa != sb {
		return sb > sa
	}
	return b <= a
}

// protocolName names an IANA protocol number or spelling as the estate does.
func protocolName(s string) string {
	switch s {
	case "6", "tcp", "TCP", "tcp6", "Tcp":
		return "tcp"
	case "17", "udp", "UDP", "udp6", "Udp":
		return "udp"
	case "1", "58", "icmp", "ICMP", "icmp6", "ipv6-icmp", "ICMPv6":
		return "icmp"
	case "", "-", "any", "ANY", "all", "-1":
		return "any"
	}
	return s
}
