package inventory

import (
	"context"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// flowCSV reads a plain table of flows, of firewall rules or of references in
// configurations, under the headers that people give these. A rule becomes a
// flow of kind "allowed", a reference one of kind "referenced", traffic one of
// kind "observed".
type flowCSV struct{}

func (flowCSV) Format() string { return "flows-csv" }

// The names under which the columns of flow tables are known.
var (
	fromNames    = []string{"source_host", "source_hostname", "source_server_name", "source_server", "source_name", "src_host", "src_name", "from_host", "client_host", "role_or_playbook", "referenced_by", "referencing_file"}
	fromAddrs    = []string{"source_ip", "source_address", "source_ip_address", "src_ip", "srcaddr", "src_addr", "src", "source", "from", "client", "client_ip", "id.orig_h", "local_ip"}
	toNames      = []string{"destination_host", "destination_hostname", "destination_server_name", "destination_server", "destination_name", "dest_host", "dst_host", "dst_name", "to_host", "server_host", "referenced_host", "target_host"}
	toAddrs      = []string{"destination_ip", "destination_address", "destination_ip_address", "dest_ip", "dst_ip", "dstaddr", "dst_addr", "dst", "dest", "destination", "to", "target", "server_ip", "id.resp_h", "remote_ip"}
	portNames    = []string{"destination_port", "dest_port", "dst_port", "dstport", "dport", "server_port", "target_port", "port", "ports", "id.resp_p", "service_port"}
	protoNames   = []string{"protocol", "proto", "transport_protocol", "transport", "ip_protocol"}
	bytesNames   = []string{"bytes", "total_bytes", "bytes_total", "octets", "byte_count", "volume_bytes"}
	connNames    = []string{"connections", "connection_count", "events", "count", "sessions", "flows", "hits", "occurrences", "occurrence"}
	firstNames   = []string{"first_seen", "first", "start", "start_time", "first_observed"}
	lastNames    = []string{"last_seen", "last", "end", "end_time", "last_observed"}
	processNames = []string{"process", "destination_process", "program", "process_name", "command_name"}
	kindNames    = []string{"kind", "flow_kind"}
	actionNames  = []string{"action", "verdict", "rule_action"}
)

func (flowCSV) Detect(in Input) int {
	s := headSheet(in, nil)
	if s == nil || !(s.Has(fromNames...) || s.Has(fromAddrs...)) || !(s.Has(toNames...) || s.Has(toAddrs...)) {
		return 0
	}
	if s.Has("referenced_host") || s.Has(portNames...) {
		return 75
	}
	return 45
}

// flowColumns are the columns of a table of flows.
type flowColumns struct {
	fromName, fromAddr, toName, toAddr   table.Col
	port, protocol, bytes, conns         table.Col
	first, last, process, action, kindOf table.Col
	kind                                 string        // of a row that does not say
	perRow                               int64         // connections of a row that does not say
	slot                                 time.Duration // length of what a row's time stands for
}

// flowColumnsOf finds them by their headers.
func flowColumnsOf(s *table.Sheet) flowColumns {
	return flowColumns{
		fromName: s.Col(fromNames...), fromAddr: s.Col(fromAddrs...), toName: s.Col(toNames...), toAddr: s.Col(toAddrs...),
		port: s.Col(portNames...), protocol: s.Col(protoNames...), bytes: s.Col(bytesNames...), conns: s.Col(connNames...),
		first: s.Col(firstNames...), last: s.Col(lastNames...), process: s.Col(processNames...),
		kindOf: s.Col(kindNames...), action: s.Col(actionNames...),
	}
}

func (r flowCSV) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	s, done, err := openSheet(in, acc, nil)
	if err != nil {
		return Batch{}, err
	}
	defer done()
	c := flowColumnsOf(s)
	if c.fromName < 0 && c.fromAddr < 0 {
		return Batch{}, missing(in, s, "the source", append(fromNames, fromAddrs...)...)
	}
	if c.toName < 0 && c.toAddr < 0 {
		return Batch{}, missing(in, s, "the destination", append(toNames, toAddrs...)...)
	}
	c.kind = kindOfTable(in.Name, s, c, acc)
	for _, u := range s.Unknown() {
		acc.Warn(migrate.Place{Row: s.HeaderRow, Column: s.Heading(u), Note: "a column that is not used"})
	}
	set := newFlowSet()
	if err := eachRow(ctx, in, s, acc, func(row table.Row) { c.row(row, acc, set) }); err != nil {
		return Batch{}, err
	}
	return Batch{Flows: set.sorted(), Source: acc.done(), AsOf: set.last, watch: set.watch}, nil
}

var ruleName = regexp.MustCompile(`(?i)(^|[^a-z])(firewall|fw|rules?|acls?|allow(ed)?|polic(y|ies)|iptables|nftables|security[-_ ]?groups?)([^a-z]|$)`)

// kindOfTable tells what the rows of a table are that has no column for it:
// references by their header, traffic by columns that only traffic has, rules
// by the file's name.
func kindOfTable(name string, s *table.Sheet, c flowColumns, acc *account) string {
	switch {
	case s.Has("referenced_host", "referenced_by", "role_or_playbook"):
		return flowReferenced
	case c.bytes >= 0 || c.conns >= 0 || c.first >= 0 || c.last >= 0:
		return flowObserved
	case ruleName.MatchString(filepath.Base(name)), c.action >= 0:
		return flowAllowed
	}
	acc.Warn(migrate.Place{Note: "nothing tells whether these are flows seen or flows allowed: taken as seen; a column kind (observed, allowed, referenced) would tell"})
	return flowObserved
}

// row accounts for one row, which may name several ports.
func (c flowColumns) row(row table.Row, acc *account, set *flowSet) {
	at := row.Place(table.Absent, "")
	f, reason := c.flow(row)
	if reason != "" {
		acc.leave(reason, at)
		return
	}
	ports, note := parsePorts(row.Text(c.port))
	if note != "" {
		acc.Warn(row.Place(c.port, note))
	}
	isNew := false
	for _, p := range ports {
		f.Port = p
		isNew = set.add(f) || isNew
	}
	acc.flowOrFact(isNew)
}

// flow reads all of a row but its ports.
func (c flowColumns) flow(row table.Row) (migrate.Flow, string) {
	kind := c.kind
	if k := strings.ToLower(row.Text(c.kindOf)); k != "" {
		if k != flowObserved && k != flowAllowed && k != flowReferenced {
			return migrate.Flow{}, "a kind that is neither observed, allowed nor referenced"
		}
		kind = k
	}
	if a := strings.ToLower(row.Text(c.action)); strings.HasPrefix(a, "den") || strings.HasPrefix(a, "drop") || strings.HasPrefix(a, "reject") || a == "block" || a == "blocked" {
		return migrate.Flow{}, "denied by a rule, so no dependency"
	}
	from, to, reason := flowEnds(firstText(row, c.fromName, c.fromAddr), firstText(row, c.toName, c.toAddr))
	if reason != "" {
		return migrate.Flow{}, reason
	}
	f := migrate.Flow{From: wholeWorld(from), To: wholeWorld(to), Protocol: protocolName(strings.ToLower(row.Text(c.protocol))), Process: row.Text(c.process), Kind: kind}
	if kind == flowReferenced && c.protocol < 0 {
		f.Protocol = "any"
	}
	f.Bytes, _ = row.Count(c.bytes)
	f.Connections = c.perRow
	if n, ok := row.Count(c.conns); ok {
		f.Connections = n
	}
	f.First, f.Last = c.times(row)
	return f, ""
}

func (c flowColumns) times(row table.Row) (first, last *time.Time) {
	if t, ok := row.Time(c.first); ok {
		first = &t
		last = &t
		if c.slot > 0 {
			end := t.Add(c.slot)
			last = &end
		}
	}
	if t, ok := row.Time(c.last); ok {
		last = &t
		if first == nil {
			first = &t
		}
	}
	return first, last
}

func firstText(row table.Row, cols ...table.Col) string {
	for _, c := range cols {
		if t := row.Text(c); t != "" && t != "-" && !strings.EqualFold(t, "unknown") {
			return t
		}
	}
	return ""
}

// wholeWorld gives one name to the ways in which rules say "from anywhere".
func wholeWorld(end string) string {
	switch end {
	case "0.0.0.0/0", "::/0", "any", "all", "anywhere", "internet":
		return "any"
	}
	return end
}

// mostPortsOfRange is the longest range of ports that becomes flows of its own.
const mostPortsOfRange = 32

// parsePorts reads "443", "80;443", "tcp/443", "8080-8083", "any". What it
// can't tell is port 0, unknown, with a note.
func parsePorts(s string) ([]int, string) {
	if s == "" || s == "*" || s == "-" || strings.EqualFold(s, "any") || strings.EqualFold(s, "all") {
		return []int{0}, ""
	}
	var out []int
	note := ""
	for _, p := range table.SplitList(s) {
		if _, after, ok := strings.Cut(p, "/"); ok {
			p = after
		}
		lo, hi, isRange := strings.Cut(p, "-")
		a, err1 := portNumber(lo)
		b, err2 := a, error(nil)
		if isRange {
			b, err2 = portNumber(hi)
		}
		switch {
		case err1 != nil || err2 != nil || b < a:
			out, note = append(out, 0), "not a port: "+table.Quote(p)
			continue
		case b-a >= mostPortsOfRange:
			out, note = append(out, 0), "a range of over "+strconv.Itoa(mostPortsOfRange)+" ports, kept as one of unknown port: "+table.Quote(p)
			continue
		}
		for ; a <= b; a++ {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return []int{0}, "not a port: " + table.Quote(s)
	}
	return out, note
}

// portNumber reads a port as spreadsheets keep it, perhaps as "443.0".
func portNumber(s string) (int, error) {
	return optionalPort(strings.TrimSuffix(strings.TrimSpace(s), ".0"))
}
