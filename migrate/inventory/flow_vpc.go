package inventory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// vpcFlowLog reads VPC flow logs as Amazon S3 holds them: records of fields
// parted by spaces under a header that names the fields, of any version or
// custom format, or without a header in the default format (version 2). See
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html.
type vpcFlowLog struct{}

func (vpcFlowLog) Format() string { return "vpc-flow-log" }

// vpcDefault is the default format, version 2.
var vpcDefault = strings.Fields("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status")

// vpcFields are all fields up to version 8, by which a header is known.
var vpcFields = fieldSet("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status " +
	"vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr " +
	"region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path " +
	"ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id ecs-second-container-id " +
	"ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason resource-id encryption-status")

func fieldSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, f := range strings.Fields(s) {
		m[f] = true
	}
	return m
}

// vpcHeader says whether a line names the fields.
func vpcHeader(line string) bool {
	f := strings.Fields(strings.ReplaceAll(line, "_", "-"))
	known := 0
	for _, n := range f {
		if vpcFields[n] {
			known++
		}
	}
	return known >= 3 && known*10 >= len(f)*8
}

func (vpcFlowLog) Detect(in Input) int {
	if in.Dir {
		return 0
	}
	lines := headLines(in, 3)
	if len(lines) == 0 {
		return 0
	}
	if vpcHeader(lines[0]) && !strings.Contains(lines[0], ",") {
		return 95
	}
	f := strings.Fields(lines[0])
	if len(f) == len(vpcDefault) && f[0] == "2" && (f[12] == "ACCEPT" || f[12] == "REJECT" || f[13] == "NODATA" || f[13] == "SKIPDATA") {
		return 90
	}
	return 0
}

// vpcTalk is one conversation: what both ends' interfaces recorded of it.
type vpcTalk struct {
	flow        migrate.Flow
	byInterface map[string][]vpcSpell
	clients     map[uint16]bool
}

// vpcSpell is what an interface recorded for one stretch of time, in seconds
// since 1970. It is how a record is known again that stands in two files.
type vpcSpell struct{ start, end, bytes int64 }

func (s vpcSpell) compare(o vpcSpell) int {
	return cmp.Or(cmp.Compare(s.start, o.start), cmp.Compare(s.end, o.end), cmp.Compare(s.bytes, o.bytes))
}

// sumSpells makes one spell of those of the same time.
func sumSpells(list []vpcSpell) []vpcSpell {
	slices.SortFunc(list, vpcSpell.compare)
	var out []vpcSpell
	for _, s := range list {
		if n := len(out); n > 0 && out[n-1].start == s.start && out[n-1].end == s.end {
			out[n-1].bytes += s.bytes
			continue
		}
		out = append(out, s)
	}
	return slices.Clip(out)
}

// joinTalks counts one conversation that stands in one file or several. Where
// both ends lie in the VPC, both interfaces record the same bytes, so the
// larger sum counts and not both; what an interface recorded for one stretch of
// time in two files it recorded once. Connections is the number of client ports
// seen, the least that there were.
func joinTalks(talks []*vpcTalk) (bytes, connections int64) {
	spells, clients := map[string][]vpcSpell{}, map[uint16]bool{}
	for _, t := range talks {
		for iface, list := range t.byInterface {
			spells[iface] = append(spells[iface], list...)
		}
		for c := range t.clients {
			clients[c] = true
		}
	}
	for _, list := range spells {
		slices.SortFunc(list, vpcSpell.compare) // of the same time the largest is last
		sum := int64(0)
		for i, s := range list {
			if i+1 == len(list) || list[i+1].start != s.start || list[i+1].end != s.end {
				sum += s.bytes
			}
		}
		bytes = max(bytes, sum)
	}
	return bytes, int64(len(clients))
}

func (r vpcFlowLog) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	log := &vpcLog{acc: acc, talks: map[flowKey]*vpcTalk{}, span: newFlowSet()}
	err := eachLine(ctx, in, func(n int, line string) error {
		if strings.TrimSpace(line) == "" {
			return nil
		}
		if vpcHeader(line) {
			log.setFields(line)
			return nil
		}
		if log.at == nil {
			if n := len(strings.Fields(line)); n != len(vpcDefault) && n != len(vpcDefault)+1 {
				return fmt.Errorf("read %s: line %d: neither a header of flow log fields nor a record of the default format (%d fields)", in.Name, n, len(vpcDefault))
			}
			log.setFields(strings.Join(vpcDefault, " "))
		}
		log.record(n, strings.Fields(line))
		return nil
	})
	if err != nil {
		return Batch{}, err
	}
	if acc.Rows == 0 {
		return Batch{}, fmt.Errorf("read %s: no flow log record in it", in.Name)
	}
	return Batch{Flows: log.flows(), Source: acc.done(), AsOf: log.span.last, watch: log.span.watch, talks: log.talks}, nil
}

type vpcLog struct {
	acc   *account
	at    map[string]int
	width int
	talks map[flowKey]*vpcTalk
	span  *flowSet
}

func (l *vpcLog) setFields(line string) {
	l.at = map[string]int{}
	names := strings.Fields(strings.ReplaceAll(line, "_", "-"))
	for i, n := range names {
		l.at[n] = i
	}
	l.width = len(names)
	if _, ok := l.at["version"]; !ok {
		l.acc.src.Version = "custom"
	}
}

func (l *vpcLog) field(rec []string, name string) string {
	i, ok := l.at[name]
	if !ok || i >= len(rec) || rec[i] == "-" {
		return ""
	}
	return rec[i]
}

// record accounts for one record.
func (l *vpcLog) record(n int, rec []string) {
	at := migrate.Place{Row: n}
	if len(rec) == l.width+1 {
		// An export from CloudWatch Logs puts the moment of ingestion first.
		if _, err := time.Parse(time.RFC3339, rec[0]); err == nil {
			rec = rec[1:]
		}
	}
	if len(rec) != l.width {
		l.acc.leave("a record with another number of fields than its header", at)
		return
	}
	if v := l.field(rec, "version"); v > l.acc.src.Version {
		l.acc.src.Version = v
	}
	switch s := l.field(rec, "log-status"); s {
	case "NODATA":
		l.acc.leave("no traffic in the interval (NODATA)", at)
		return
	case "SKIPDATA":
		l.acc.leave("records lost by the flow log itself (SKIPDATA)", at)
		return
	}
	if l.field(rec, "action") == "REJECT" {
		l.acc.leave("rejected by a security group or network ACL, so no dependency", at)
		return
	}
	l.accept(rec, at)
}

func (l *vpcLog) accept(rec []string, at migrate.Place) {
	// Behind a NAT gateway or a load balancer the packet's own addresses
	// differ from those of the interface that saw it.
	src, dst := l.field(rec, "pkt-srcaddr"), l.field(rec, "pkt-dstaddr")
	if src == "" {
		src = l.field(rec, "srcaddr")
	}
	if dst == "" {
		dst = l.field(rec, "dstaddr")
	}
	src, dst, reason := addrEnds(src, dst)
	if reason != "" {
		l.acc.leave(reason, at)
		return
	}
	srcPort, err1 := optionalPort(l.field(rec, "srcport"))
	dstPort, err2 := optionalPort(l.field(rec, "dstport"))
	if err1 != nil || err2 != nil {
		l.acc.leave("a port that is no number between 0 and 65535", at)
		return
	}
	clientPort := srcPort
	if l.fromServer(rec, srcPort, dstPort) {
		src, dst, clientPort, dstPort = dst, src, dstPort, srcPort
	}
	f := migrate.Flow{From: src, To: dst, Port: dstPort, Protocol: protocolName(l.field(rec, "protocol")), Kind: flowObserved,
		First: unixField(l.field(rec, "start")), Last: unixField(l.field(rec, "end"))}
	bytes, _ := strconv.ParseInt(l.field(rec, "bytes"), 10, 64)
	l.add(f, l.field(rec, "interface-id"), max(bytes, 0), clientPort)
}

// fromServer tells whether a record is the answering half of a conversation:
// by the flags of the TCP handshake where the log has them (2 is SYN, 18 is
// SYN-ACK), else by the ports.
func (l *vpcLog) fromServer(rec []string, srcPort, dstPort int) bool {
	if flags, err := strconv.Atoi(l.field(rec, "tcp-flags")); err == nil {
		if flags&18 == 18 {
			return true
		}
		if flags&2 == 2 {
			return false
		}
	}
	return !serverSide(srcPort, dstPort)
}

func (l *vpcLog) add(f migrate.Flow, iface string, bytes int64, clientPort int) {
	l.span.span(f.First, f.Last)
	k := keyOf(f)
	t := l.talks[k]
	l.acc.flowOrFact(t == nil)
	if t == nil {
		t = &vpcTalk{flow: f, byInterface: map[string][]vpcSpell{}, clients: map[uint16]bool{}}
		l.talks[k] = t
	}
	s := vpcSpell{bytes: bytes}
	if f.First != nil && f.Last != nil {
		s.start, s.end = f.First.Unix(), f.Last.Unix()
	}
	list := t.byInterface[iface]
	if n := len(list); n > 0 && list[n-1].start == s.start && list[n-1].end == s.end {
		list[n-1].bytes += bytes
	} else {
		t.byInterface[iface] = append(list, s)
	}
	t.clients[uint16(clientPort)] = true
	t.flow.First = earlier(t.flow.First, f.First)
	t.flow.Last = later(t.flow.Last, f.Last)
}

// flows sums the conversations.
func (l *vpcLog) flows() []migrate.Flow {
	l.span.watch.log = true
	set := newFlowSet()
	set.watch = l.span.watch
	for _, t := range l.talks {
		for iface, list := range t.byInterface {
			t.byInterface[iface] = sumSpells(list)
		}
		t.flow.Bytes, t.flow.Connections = joinTalks([]*vpcTalk{t})
		set.add(t.flow)
	}
	return set.sorted()
}

// optionalPort reads a port that may be absent.
func optionalPort(s string) (int, error) {
	if s == "" || s == "-" {
		return 0, nil
	}
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("port %s: not between 0 and 65535", table.Quote(s))
	}
	return int(n), nil
}

// unixField reads seconds since 1970; nil where there are none.
func unixField(s string) *time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > 7_258_118_400 {
		return nil
	}
	t := time.Unix(n, 0).UTC()
	return &t
}
