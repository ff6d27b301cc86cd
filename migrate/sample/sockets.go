package sample

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// dumped are the servers of which somebody printed the sockets.
var dumped = []string{"uk-lb01", "uk-web01", "fr-web01", "us-web04", "uk-admin01", "db-primary01", "redis-session01", "solr01", "nfs01", "oms-app01", "mail01", "test-web02"}

// socketLine is a line of `ss -tunap`.
func socketLine(w io.Writer, netid, state, local, peer, process string, pid int) error {
	queue := 0
	if state == "LISTEN" {
		queue = 511
	}
	_, err := fmt.Fprintf(w, "%-5s %-6s %-6d %-6d %21s %21s users:((%q,pid=%d,fd=%d))\n", netid, state, 0, queue, local, peer, process, pid, 3+pid%9)
	return err
}

// writeSockets prints a server's sockets: what listens, with the mail agent of
// every Debian at its own address only, then connections in both directions.
func (s *site) writeSockets(w io.Writer, host string) error {
	m := s.byName[host]
	random := s.random("sockets " + host)
	if _, err := fmt.Fprintf(w, "%-5s %-6s %-6s %-6s %21s %21s Process\n", "Netid", "State", "Recv-Q", "Send-Q", "Local Address:Port", "Peer Address:Port"); err != nil {
		return err
	}
	ports := map[int]string{22: "sshd", 6162: "veeamtransport", 10050: "zabbix_agentd"}
	for port, process := range m.processes {
		ports[port] = process
	}
	for _, port := range sortedKeys(ports) {
		if err := socketLine(w, "tcp", "LISTEN", fmt.Sprintf("0.0.0.0:%d", port), "0.0.0.0:*", ports[port], 600+port%700); err != nil {
			return err
		}
	}
	if ports[25] == "" {
		if err := socketLine(w, "tcp", "LISTEN", "127.0.0.1:25", "0.0.0.0:*", "exim4", 871); err != nil {
			return err
		}
	}
	for _, t := range s.flows {
		if t.protocol != "tcp" || t.from != host && t.to != host {
			continue
		}
		for range min(4, 1+t.connections/200_000) {
			near, far := s.ends(t, host, 32768+random.IntN(28000))
			process := ports[t.port]
			if t.from == host {
				process = clientProcess(m, t.port)
			}
			if err := socketLine(w, "tcp", "ESTAB", near, far, process, 900+random.IntN(9000)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ends gives a connection's two sockets as the host sees them.
func (s *site) ends(t traffic, host string, clientPort int) (near, far string) {
	near = fmt.Sprintf("%s:%d", s.address(t.from), clientPort)
	far = fmt.Sprintf("%s:%d", s.address(t.to), t.port)
	if t.from != host {
		near, far = far, near
	}
	return near, far
}

// clientProcess names the program that opened a connection.
func clientProcess(m *machine, port int) string {
	switch {
	case port == 6514:
		return "rsyslogd"
	case len(m.processes) == 0:
		return "php"
	}
	names := make([]string, 0, len(m.processes))
	for _, p := range m.processes {
		names = append(names, p)
	}
	return slices.MinFunc(names, strings.Compare)
}
