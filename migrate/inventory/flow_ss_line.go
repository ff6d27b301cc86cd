package inventory

import (
	"errors"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// socketStates maps the states of ss and of both netstats to those of ss.
var socketStates = map[string]string{
	"LISTEN": "LISTEN", "LISTENING": "LISTEN", "ESTAB": "ESTAB", "ESTABLISHED": "ESTAB", "UNCONN": "UNCONN",
	"SYN-SENT": "SYN-SENT", "SYN_SENT": "SYN-SENT", "SYN-RECV": "SYN-RECV", "SYN_RECV": "SYN-RECV", "SYN_RECEIVED": "SYN-RECV",
	"FIN-WAIT-1": "FIN-WAIT", "FIN-WAIT-2": "FIN-WAIT", "FIN_WAIT1": "FIN-WAIT", "FIN_WAIT2": "FIN-WAIT", "FIN_WAIT_1": "FIN-WAIT", "FIN_WAIT_2": "FIN-WAIT",
	"TIME-WAIT": "TIME-WAIT", "TIME_WAIT": "TIME-WAIT", "CLOSE-WAIT": "CLOSE-WAIT", "CLOSE_WAIT": "CLOSE-WAIT",
	"LAST-ACK": "LAST-ACK", "LAST_ACK": "LAST-ACK", "CLOSING": "CLOSING", "CLOSED": "CLOSED", "CLOSE": "CLOSED",
}

// Why a line of a dump gives no socket.
var (
	errNoSocket    = errors.New("not a socket's line")
	errUnixSocket  = errors.New("a socket within the server (unix, netlink, raw)")
	errDetailLine  = errors.New("details of the socket on the line above")
	errNamedPort   = errors.New("a port by its name: run ss or netstat with -n")
	errBadAddress  = errors.New("an address that can't be read")
	errNamedSocket = errors.New("an address by its name: run ss or netstat with -n")
)

// localFamilies are socket families that never leave the server.
var localFamilies = map[string]bool{
	"unix": true, "u_str": true, "u_dgr": true, "u_seq": true, "nl": true, "p_raw": true, "p_dgr": true, "raw": true,
	"raw6": true, "icmp6": true, "v_str": true, "v_dgr": true, "xdp": true, "mptcp": true, "tipc": true,
}

// parseSocket reads a line of ss, Linux netstat or Windows netstat.
func parseSocket(line string) (socket, error) {
	f := strings.Fields(line)
	if len(f) == 0 {
		return socket{}, errNoSocket
	}
	if localFamilies[f[0]] {
		return socket{}, errUnixSocket
	}
	s := socket{protocol: protocolName(f[0])}
	if s.protocol != "tcp" && s.protocol != "udp" {
		if _, ok := socketStates[f[0]]; !ok || len(f) < 5 {
			if line[0] == ' ' || line[0] == '\t' {
				return socket{}, errDetailLine
			}
			return socket{}, errNoSocket
		}
		s.protocol = "tcp" // `ss -t` has no Netid column
		f = append([]string{"tcp"}, f...)
	}
	return s.fields(f[1:])
}

// fields reads what follows the protocol, in the order of the program that
// wrote it: ss puts the state first, netstat the queues, Windows the addresses.
func (s socket) fields(f []string) (socket, error) {
	switch {
	case len(f) >= 5 && socketStates[f[0]] != "":
		s.state = socketStates[f[0]]
		s.process = ssProcess(strings.Join(f[5:], " "))
		return s.ends(f[3], f[4])
	case len(f) >= 4 && isDigits(f[0]) && isDigits(f[1]):
		rest := f[4:]
		if len(rest) > 0 && socketStates[rest[0]] != "" {
			s.state, rest = socketStates[rest[0]], rest[1:]
		}
		s.process = netstatProcess(strings.Join(rest, " "))
		return s.ends(f[2], f[3])
	case len(f) >= 2 && strings.Contains(f[0], ":") && strings.Contains(f[1], ":"):
		if len(f) > 2 {
			s.state = socketStates[f[2]]
		}
		return s.ends(f[0], f[1])
	}
	return socket{}, errNoSocket
}

func (s socket) ends(local, peer string) (socket, error) {
	var err error
	if s.local, s.localPort, err = socketEnd(local); err != nil {
		return socket{}, err
	}
	if s.peer, s.peerPort, err = socketEnd(peer); err != nil {
		return socket{}, err
	}
	if s.state == "" && s.protocol == "tcp" {
		return socket{}, errNoSocket
	}
	if !s.listening() && !s.peer.IsValid() {
		return socket{}, errNoSocket
	}
	return s, nil
}

// socketEnd splits "10.0.0.5:80", "[::1]:80", ":::80", "*:*", "127.0.0.53%lo:53".
func socketEnd(s string) (netip.Addr, int, error) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return netip.Addr{}, 0, errNoSocket
	}
	host, p := s[:i], s[i+1:]
	port := 0
	if p != "*" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return netip.Addr{}, 0, errNamedPort
		}
		port = int(n)
	}
	if host == "*" || host == "" {
		return netip.Addr{}, port, nil
	}
	if j := strings.IndexByte(host, '%'); j >= 0 {
		host = strings.Trim(host[:j], "[]")
	}
	a, ok := parseAddr(host)
	if !ok {
		if strings.ContainsAny(host, "ghijklmnopqrstuvwxyz") {
			return netip.Addr{}, 0, errNamedSocket
		}
		return netip.Addr{}, 0, errBadAddress
	}
	return a, port, nil
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

var ssUsers = regexp.MustCompile(`users:\(\("([^"]+)"`)

// ssProcess takes the first name out of users:(("php-fpm",pid=1,fd=5),…).
func ssProcess(s string) string {
	if m := ssUsers.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// netstatProcess takes the name out of "1200/php-fpm: pool".
func netstatProcess(s string) string {
	_, name, ok := strings.Cut(s, "/")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, ":")
	return strings.TrimSpace(name)
}
