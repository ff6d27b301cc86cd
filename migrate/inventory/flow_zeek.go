package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// zeekLog reads logs of the Zeek network monitor, conn.log and ssl.log first of
// all, as tab-separated text or as JSON lines; any log with the four fields of
// a connection (id.orig_h, id.orig_p, id.resp_h, id.resp_p) will do. See
// https://docs.zeek.org/en/master/logs/conn.html.
type zeekLog struct{}

func (zeekLog) Format() string { return "zeek" }

func (zeekLog) Detect(in Input) int {
	if in.Dir {
		return 0
	}
	for _, l := range headLines(in, 12) {
		if strings.HasPrefix(l, "#fields") && strings.Contains(l, "id.orig_h") {
			return 95
		}
		if strings.HasPrefix(l, "{") && strings.Contains(l, `"id.orig_h"`) {
			return 95
		}
	}
	return 0
}

// zeekFailed are the states of TCP connections that never came about: no
// answer, refused, or given up before one came. For UDP "no answer" is normal
// (syslog), so there they count.
var zeekFailed = map[string]string{
	"S0": "a TCP attempt without an answer (S0)", "REJ": "a TCP attempt that was refused (REJ)",
	"RSTOS0": "a TCP attempt given up (RSTOS0)", "SH": "a TCP attempt given up (SH)",
}

// manyAttempts is the number of different ends that one source may try in
// vain before it is called a scan; Zeek's own scan detector takes 25 hosts
// (addr_scan_threshold in policy/misc/scan.zeek).
const manyAttempts = 25

type zeekReader struct {
	acc      *account
	set      *flowSet
	path     string
	fields   []string
	sep      string
	unset    string
	closed   bool
	json     bool
	attempts map[string]map[string]bool
}

func (r zeekLog) Read(ctx context.Context, in Input) (Batch, error) {
	z := &zeekReader{acc: newAccount(in, r.Format()), set: newFlowSet(), sep: "\t", unset: "-", attempts: map[string]map[string]bool{}}
	err := eachLine(ctx, in, func(n int, line string) error {
		at := migrate.Place{Row: n}
		switch {
		case strings.TrimSpace(line) == "":
		case strings.HasPrefix(line, "{"):
			z.json = true
			z.jsonRecord(line, at)
		case strings.HasPrefix(line, "#"):
			z.directive(line)
		case z.fields == nil:
			return fmt.Errorf("read %s: line %d: a record before any #fields line: not a Zeek log, or without its top", in.Name, n)
		default:
			z.tsvRecord(line, at)
		}
		return nil
	})
	if err != nil {
		return Batch{}, err
	}
	if z.acc.Rows == 0 && z.fields == nil {
		return Batch{}, fmt.Errorf("read %s: no Zeek record in it", in.Name)
	}
	z.finish()
	z.set.watch.log = true
	return Batch{Flows: z.set.sorted(), Source: z.acc.done(), AsOf: z.set.last, watch: z.set.watch}, nil
}

// directive takes in a "#" line of a tab-separated log.
func (z *zeekReader) directive(line string) {
	name, rest, _ := strings.Cut(line, z.sep)
	if n, r, ok := strings.Cut(line, " "); ok && n == "#separator" {
		if u, err := strconv.Unquote(`"` + r + `"`); err == nil && u != "" {
			z.sep = u
		}
		return
	}
	switch name {
	case "#fields":
		z.fields = strings.Split(rest, z.sep)
	case "#path":
		z.path = rest
		z.acc.src.Version = rest
	case "#unset_field":
		z.unset = rest
	case "#close":
		z.closed = true
	}
}

func (z *zeekReader) tsvRecord(line string, at migrate.Place) {
	cells := strings.Split(line, z.sep)
	if len(cells) != len(z.fields) {
		z.acc.leave("a record with another number of fields than its #fields line", at)
		return
	}
	rec := make(map[string]string, len(cells))
	for i, c := range cells {
		if c != z.unset && c != "(empty)" {
			rec[z.fields[i]] = c
		}
	}
	z.record(rec, at)
}

func (z *zeekReader) jsonRecord(line string, at migrate.Place) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(line), &raw); err != nil {
		z.acc.leave("a line that is not JSON, perhaps cut off", at)
		return
	}
	rec := make(map[string]string, len(raw))
	for k, v := range raw {
		var s string
		if json.Unmarshal(v, &s) != nil {
			s = string(v)
		}
		rec[k] = s
	}
	if p := rec["_path"]; p != "" {
		z.path = p
	}
	z.record(rec, at)
}

// record accounts for one connection.
func (z *zeekReader) record(rec map[string]string, at migrate.Place) {
	from, to, reason := addrEnds(rec["id.orig_h"], rec["id.resp_h"])
	if reason != "" {
		z.acc.leave(reason, at)
		return
	}
	port, err := optionalPort(rec["id.resp_p"])
	if err != nil {
		z.acc.leave("a port that is no number between 0 and 65535", at)
		return
	}
	f := migrate.Flow{From: from, To: to, Port: port, Protocol: z.protocol(rec), Kind: flowObserved, Connections: 1, Bytes: zeekBytes(rec)}
	if f.Protocol == "icmp" {
		f.Port = 0 // Zeek keeps the ICMP code there
	}
	if why := zeekFailed[rec["conn_state"]]; why != "" && f.Protocol == "tcp" {
		z.attempt(from, to, port)
		z.acc.leave(why, at)
		return
	}
	if t, ok := zeekTime(rec["ts"]); ok {
		end := t
		if d, err := strconv.ParseFloat(rec["duration"], 64); err == nil && d > 0 && d < 1e9 {
			end = t.Add(time.Duration(d * float64(time.Second)))
		}
		f.First, f.Last = &t, &end
	}
	z.acc.flowOrFact(z.set.add(f))
}

// protocol is what the record says, else tcp, over which all logs of
// applications but a few run.
func (z *zeekReader) protocol(rec map[string]string) string {
	if p := rec["proto"]; p != "" {
		return protocolName(strings.ToLower(p))
	}
	switch z.path {
	case "ntp", "snmp", "dhcp", "radius", "syslog", "sip":
		return "udp"
	}
	return "tcp"
}

// zeekBytes prefers the bytes of the packets, headers included: the payload's
// bytes come from TCP sequence numbers and can be far off (docs of conn.log).
func zeekBytes(rec map[string]string) int64 {
	for _, pair := range [][2]string{{"orig_ip_bytes", "resp_ip_bytes"}, {"orig_bytes", "resp_bytes"}} {
		a, err1 := strconv.ParseInt(rec[pair[0]], 10, 64)
		b, err2 := strconv.ParseInt(rec[pair[1]], 10, 64)
		if err1 == nil || err2 == nil {
			return min(max(a, 0), 1<<60) + min(max(b, 0), 1<<60)
		}
	}
	return 0
}

func zeekTime(s string) (time.Time, bool) {
	t, err := table.ParseTime(s, table.Format{})
	return t, err == nil
}

func (z *zeekReader) attempt(from, to string, port int) {
	if z.attempts[from] == nil {
		z.attempts[from] = map[string]bool{}
	}
	z.attempts[from][to+" "+strconv.Itoa(port)] = true
}

// finish adds what only the whole log tells.
func (z *zeekReader) finish() {
	for _, from := range sortedKeys(z.attempts) {
		if n := len(z.attempts[from]); n >= manyAttempts {
			z.acc.Warn(migrate.Place{Note: fmt.Sprintf("%s tried %d hosts or ports in vain: a scan, or a server whose partners are gone", from, n)})
		}
	}
	if !z.json && !z.closed {
		z.acc.Warn(migrate.Place{Note: "no #close line: the log was still being written, or is cut off"})
	}
}
