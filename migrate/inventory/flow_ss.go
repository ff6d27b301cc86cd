package inventory

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// socketDump reads what `ss -tunap`, `ss -tunlp` or `netstat -tunap` (Linux
// and Windows) print on a server. The server is named by a line such as
// "# host: web01", "==> web01 <==" or "web01 | CHANGED | rc=0 >>" (one file may
// hold many), else by the file's name. Listening sockets become the server's
// Listens; connections become flows.
type socketDump struct{}

func (socketDump) Format() string { return "ss" }

var (
	socketHeader = regexp.MustCompile(`^\s*(Netid\s+State|State\s+Recv-Q|Proto\s+Recv-Q|Proto\s+Local Address|Active (Internet )?[Cc]onnections)`)
	hostLine     = regexp.MustCompile(`^\s*(?:#+\s*|//\s*)?(?i:host(?:name)?|server)\s*[:=]\s*(\S+)\s*$`)
	bannerLine   = regexp.MustCompile(`^\s*(?:==>|#{2,}|={3,}|-{3,})\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:<==|#{2,}|={3,}|-{3,}|)\s*$`)
	adhocLine    = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*) \| (?:CHANGED|SUCCESS|FAILED)\b`)
	dateLine     = regexp.MustCompile(`^\s*(?:#+\s*)?(?i:date|time|taken)\s*[:=]\s*(.+?)\s*$`)
)

func (socketDump) Detect(in Input) int {
	if in.Dir {
		return 0
	}
	sockets, lines := 0, headLines(in, 40)
	for _, l := range lines {
		if socketHeader.MatchString(l) {
			return 95
		}
		if _, err := parseSocket(l); err == nil {
			sockets++
		}
	}
	if sockets > 0 && sockets*2 >= len(lines) {
		return 80
	}
	return 0
}

// hostSockets is the dump of one server.
type hostSockets struct {
	name    string
	sockets []socket
	taken   *time.Time
}

func (r socketDump) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	hosts, err := readSockets(ctx, in, acc)
	if err != nil {
		return Batch{}, err
	}
	b := Batch{}
	set := newFlowSet()
	for _, h := range hosts {
		acc.server() // the line, or the file's name, that names the server
		s, inbound := h.server(acc)
		b.Servers = append(b.Servers, s)
		h.flows(acc, set, inbound)
		if h.taken != nil && h.taken.After(b.AsOf) {
			b.AsOf = *h.taken
		}
	}
	b.Flows = set.sorted()
	b.Source = acc.done()
	return b, nil
}

// readSockets gathers the sockets of each server of a dump.
func readSockets(ctx context.Context, in Input, acc *account) ([]*hostSockets, error) {
	var hosts []*hostSockets
	cur := &hostSockets{name: hostFromFileName(in.Name)}
	flush := func() {
		if len(cur.sockets) > 0 {
			hosts = append(hosts, cur)
		}
	}
	err := eachLine(ctx, in, func(n int, line string) error {
		if name := namedHost(line); name != "" {
			flush()
			cur = &hostSockets{name: name, taken: cur.taken}
			return nil
		}
		if m := dateLine.FindStringSubmatch(line); m != nil {
			if t, err := table.ParseTime(m[1], table.Format{}); err == nil {
				cur.taken = &t
				return nil
			}
		}
		if strings.TrimSpace(line) == "" || socketHeader.MatchString(line) {
			return nil
		}
		s, err := parseSocket(line)
		if err != nil {
			acc.leave(err.Error(), migrate.Place{Row: n, Note: table.Quote(line)})
			return nil
		}
		s.row = n
		cur.sockets = append(cur.sockets, s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	flush()
	return hosts, nameHosts(in, hosts)
}

// nameHosts refuses a dump without sockets and names a nameless server by its
// only address.
func nameHosts(in Input, hosts []*hostSockets) error {
	if len(hosts) == 0 {
		return fmt.Errorf("read %s: no socket line in it: give the output of `ss -tunap` or `netstat -tunap`", in.Name)
	}
	for _, h := range hosts {
		if h.name != "" {
			continue
		}
		if own := h.addresses(); len(own) == 1 {
			h.name = own[0]
			continue
		}
		return fmt.Errorf("read %s: nothing tells which server this is: name the file after it (web01.ss.txt) or put a line `# host: web01` at its top", in.Name)
	}
	return nil
}

func namedHost(line string) string {
	for _, re := range []*regexp.Regexp{hostLine, bannerLine, adhocLine} {
		if m := re.FindStringSubmatch(line); m != nil {
			return strings.ToLower(m[1])
		}
	}
	return ""
}

// Words around the host name in the name of a dump: the tool before it, the
// tool and the kind of file after it.
var (
	noiseBefore = regexp.MustCompile(`(?i)^(ss|netstat|tunap|tunlp|tunlap|antup|ano|sockets?|connections?|listening)$`)
	noiseAfter  = regexp.MustCompile(`(?i)^(ss|netstat|tunap|tunlp|tunlap|antup|ano|sockets?|connections?|conns?|listening|ports?|dump|output|out|log|txt|text|gz|csv)$`)
	fileDate    = regexp.MustCompile(`[-_.]?(19|20)\d{2}-?[01]\d-?[0-3]\d([T_-]?\d{2}:?\d{2}(:?\d{2})?Z?)?`)
)

// hostFromFileName takes the host out of names such as "ss-web01.txt",
// "web01.shop.example_netstat_20260720.log.gz"; empty when nothing is left.
func hostFromFileName(name string) string {
	base := fileDate.ReplaceAllString(fileWord(name), "")
	for base != "" {
		head, tail, first, last := cutEnds(base)
		switch {
		case noiseAfter.MatchString(last):
			base = head
		case noiseBefore.MatchString(first):
			base = tail
		default:
			return strings.ToLower(base)
		}
	}
	return ""
}

// cutEnds gives a name without its last and without its first word, and these.
func cutEnds(s string) (head, tail, first, last string) {
	const marks = "-_. "
	i, j := strings.IndexAny(s, marks), strings.LastIndexAny(s, marks)
	if i < 0 {
		return "", "", s, s
	}
	return s[:j], s[i+1:], s[:i], s[j+1:]
}

// addresses are the server's own that the sockets show, sorted.
func (h *hostSockets) addresses() []string {
	seen := map[string]bool{}
	for _, s := range h.sockets {
		if usableAddr(s.local) {
			seen[s.local.String()] = true
		}
	}
	return sortedKeys(seen)
}

// portKey is a port of one protocol.
type portKey struct {
	protocol string
	port     int
}

// server makes the server with its listening sockets, and counts them.
func (h *hostSockets) server(acc *account) (migrate.Server, map[portKey]bool) {
	s := migrate.Server{Name: h.name, Kind: migrate.KindUnknown, Power: migrate.PowerOn, Addresses: h.addresses()}
	if strings.Contains(h.name, ".") {
		if _, isAddr := parseAddr(h.name); !isAddr {
			s.FQDN = h.name
		}
	}
	listening := map[portKey]bool{}
	ports := map[migrate.Port]bool{}
	for _, k := range h.sockets {
		if !k.listening() {
			continue
		}
		if k.protocol == "udp" && servicePort(k.localPort) == 0 {
			acc.leave("a UDP client's own port, which says nothing of a service", migrate.Place{Row: k.row})
			continue
		}
		acc.fact()
		listening[portKey{k.protocol, k.localPort}] = true
		ports[migrate.Port{Port: k.localPort, Protocol: k.protocol, Process: k.process, Address: k.bound()}] = true
	}
	for p := range ports {
		s.Listens = append(s.Listens, p)
	}
	sort.Slice(s.Listens, func(i, j int) bool { return portLess(s.Listens[i], s.Listens[j]) })
	return s, listening
}

func portLess(a, b migrate.Port) bool {
	switch {
	case a.Port != b.Port:
		return a.Port < b.Port
	case a.Protocol != b.Protocol:
		return a.Protocol < b.Protocol
	case a.Address != b.Address:
		return a.Address < b.Address
	}
	return a.Process < b.Process
}

// flows turns connections into flows. A connection to a port on which the
// server listens comes in; where the dump has no listening socket at all, the
// ports decide.
func (h *hostSockets) flows(acc *account, set *flowSet, listening map[portKey]bool) {
	for _, k := range h.sockets {
		if k.listening() {
			continue
		}
		at := migrate.Place{Row: k.row}
		if k.state == "SYN-SENT" || k.state == "SYN-RECV" {
			acc.leave("an attempt that had no answer yet ("+k.state+")", at)
			continue
		}
		if k.local.IsLoopback() || k.local == k.peer {
			acc.leave(reasonLoopback, at)
			continue
		}
		peer, reason := flowEnd(k.peer.String())
		if reason != "" {
			acc.leave(reason, at)
			continue
		}
		in := listening[portKey{k.protocol, k.localPort}] || len(listening) == 0 && serverSide(k.peerPort, k.localPort)
		f := migrate.Flow{From: h.name, To: peer, Port: k.peerPort}
		if in {
			f = migrate.Flow{From: peer, To: h.name, Port: k.localPort}
		}
		f.Protocol, f.Process, f.Kind, f.Connections = k.protocol, k.process, flowObserved, 1
		f.First, f.Last = h.taken, h.taken
		acc.flowOrFact(set.add(f))
	}
}

// bound is the address that a listening socket is bound to: empty for all.
func (s socket) bound() string {
	if !s.local.IsValid() || s.local.IsUnspecified() {
		return ""
	}
	return s.local.String()
}

// socket is one line of a dump.
type socket struct {
	row                 int
	protocol, state     string
	local, peer         netip.Addr // zero: any
	localPort, peerPort int        // 0: any
	process             string
}

func (s socket) listening() bool {
	return s.state == "LISTEN" || s.protocol == "udp" && s.peerPort == 0
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
