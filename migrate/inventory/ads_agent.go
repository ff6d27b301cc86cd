package inventory

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// adsAgent reads the files that AWS Application Discovery Service exports for
// the servers its agent runs on: ACCOUNT_osInfo, _networkInterface, _process,
// _systemPerformance, _sourceProcessConnection and
// _destinationProcessConnection, joined by agent where they lie in one folder.
// Headers may be written agentId or agent_id.
type adsAgent struct{}

func (adsAgent) Format() string { return "aws-discovery-agent" }

// adsTables are the endings of the files' names, in the order of reading: who
// a server is comes first.
var adsTables = []string{"osInfo", "networkInterface", "process", "systemPerformance", "sourceProcessConnection", "destinationProcessConnection"}

func adsTableOf(file string) string {
	n := table.Normal(file)
	for i := len(adsTables) - 1; i >= 0; i-- {
		if strings.HasSuffix(n, table.Normal(adsTables[i])) {
			return adsTables[i]
		}
	}
	return ""
}

// Takes joins the files of a folder, once two of them are there.
func (adsAgent) Takes(files []string) []string {
	var out []string
	info := false
	for _, f := range files {
		if t := adsTableOf(f); t != "" {
			out = append(out, f)
			info = info || t == "osInfo" || t == "networkInterface"
		}
	}
	if !info || len(out) < 2 {
		return nil
	}
	return out
}

// adsKind tells which of the files a sheet is, by its columns.
func adsKind(s *table.Sheet) string {
	switch {
	case !has(s, "agentId"):
		return ""
	case has(s, "sourceIp", "destinationIp", "destinationPort"):
		return "connections"
	case has(s, "osName", "hostName"):
		return "osInfo"
	case has(s, "macAddress", "ipAddress"):
		return "networkInterface"
	case has(s, "totalCpuUsagePct"), s.Has("totalRamInMb"):
		return "systemPerformance"
	case has(s, "cmdLine"):
		return "process"
	}
	return ""
}

func (r adsAgent) Detect(in Input) int {
	if in.Dir {
		if r.Takes(in.Sheets) != nil {
			return 94
		}
		return 0
	}
	if adsKind(headSheet(in, nil)) != "" {
		return 94
	}
	return 0
}

// agentImport joins the files by agent.
type agentImport struct {
	in                      Input
	acc                     *account
	servers                 []migrate.Server
	at                      map[string]int
	uses                    *seriesSet
	outgoing, incoming, all *flowSet
}

func (r adsAgent) Read(ctx context.Context, in Input) (Batch, error) {
	x := &agentImport{in: in, acc: newAccount(in, r.Format()), at: map[string]int{}, uses: newSeriesSet()}
	x.outgoing, x.incoming, x.all = newFlowSet(), newFlowSet(), newFlowSet()
	if !in.Dir {
		if err := eachSheet(in, x.acc, nil, func(s *table.Sheet) error { return x.sheet(ctx, s, in.Name) }); err != nil {
			return Batch{}, err
		}
		return x.batch(), nil
	}
	book, err := table.Open(in.Path, table.DefaultLimits)
	if err != nil {
		return Batch{}, fmt.Errorf("read %s: %w", in.Name, err)
	}
	defer book.Close()
	for _, t := range adsTables {
		for _, name := range in.Sheets {
			if adsTableOf(name) != t {
				continue
			}
			s, err := book.Sheet(name, nil)
			if err != nil {
				return Batch{}, fmt.Errorf("read %s: %w", in.Name, err)
			}
			s.CountInto(&x.acc.Tally)
			if err := x.sheet(ctx, s, name); err != nil {
				return Batch{}, err
			}
		}
	}
	return x.batch(), nil
}

// batch puts both views of the connections together: what one agent saw go
// out and another come in is the same traffic, so the larger count holds.
func (x *agentImport) batch() Batch {
	for k, f := range x.incoming.flows {
		if g := x.outgoing.flows[k]; g != nil {
			g.Connections = max(g.Connections, f.Connections)
			g.First, g.Last = earlier(g.First, f.First), later(g.Last, f.Last)
			if g.Process == "" {
				g.Process = f.Process
			}
			continue
		}
		x.outgoing.flows[k] = f
	}
	x.outgoing.watch = x.all.watch
	b := Batch{Servers: x.servers, Uses: x.uses.series(x.acc, false), Flows: x.outgoing.sorted(), AsOf: x.all.last, watch: x.outgoing.watch}
	if x.uses.last.After(b.AsOf) {
		b.AsOf = x.uses.last
	}
	b.Source = x.acc.done()
	return b
}

func (x *agentImport) sheet(ctx context.Context, s *table.Sheet, name string) error {
	agent := s.Col("agentId")
	switch adsKind(s) {
	case "osInfo":
		return x.osInfo(ctx, s, agent)
	case "networkInterface":
		return x.network(ctx, s, agent)
	case "process":
		return x.process(ctx, s, agent)
	case "systemPerformance":
		return x.performance(ctx, s, agent)
	case "connections":
		return x.connections(ctx, s, adsTableOf(strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))) == "destinationProcessConnection")
	}
	if s.Header == nil {
		x.acc.Warn(migrate.Place{Sheet: s.Name, Note: "an empty file"})
		return nil
	}
	return missing(x.in, s, "the agent", "agentId")
}

// server is the server of an agent, declared where it is new.
func (x *agentImport) server(id string) *migrate.Server {
	i, known := x.at[id]
	if !known {
		i = len(x.servers)
		x.at[id] = i
		x.servers = append(x.servers, migrate.Server{Name: id, Kind: migrate.KindUnknown, Power: migrate.PowerOn, Custom: map[string]string{"agentId": id}})
		x.acc.server()
		return &x.servers[i]
	}
	x.acc.fact()
	return &x.servers[i]
}

// eachAgent calls fn for every row with the agent's server.
func (x *agentImport) eachAgent(ctx context.Context, s *table.Sheet, agent table.Col, fn func(*migrate.Server, table.Row)) error {
	return eachRow(ctx, x.in, s, x.acc, func(r table.Row) {
		id := r.Text(agent)
		if id == "" {
			x.acc.leave("a row without an agent", r.Place(table.Absent, ""))
			return
		}
		fn(x.server(id), r)
	})
}

func (x *agentImport) osInfo(ctx context.Context, s *table.Sheet, agent table.Col) error {
	host, os, version, hyper, cpu := s.Col("hostName"), s.Col("osName"), s.Col("osVersion"), s.Col("hypervisor"), s.Col("cpuType")
	return x.eachAgent(ctx, s, agent, func(srv *migrate.Server, r table.Row) {
		if h := r.Text(host); h != "" {
			srv.Name, srv.FQDN = h, ""
			nameServer(srv)
		}
		srv.OS = strings.TrimSpace(r.Text(os) + " " + r.Text(version))
		srv.OSFamily = osFamilyOf(srv.OS)
		if h := strings.ToLower(r.Text(hyper)); h != "" && h != "none" && h != "unknown" {
			srv.Kind = migrate.KindVM
		}
		keepCustom(srv, "hypervisor", r.Text(hyper))
		keepCustom(srv, "cpuType", r.Text(cpu))
	})
}

func (x *agentImport) network(ctx context.Context, s *table.Sheet, agent table.Col) error {
	fields := columnsOf(s, []field{macs("macAddress"), addresses("ipAddress")})
	return x.eachAgent(ctx, s, agent, func(srv *migrate.Server, r table.Row) {
		for _, c := range fields {
			if r.Text(c.at) != "" {
				c.set(srv, r, c.at, x.acc)
			}
		}
	})
}

// process keeps the programs that run, but for the system's own.
func (x *agentImport) process(ctx context.Context, s *table.Sheet, agent table.Col) error {
	name, system := s.Col("name"), s.Col("isSystem")
	return x.eachAgent(ctx, s, agent, func(srv *migrate.Server, r table.Row) {
		if own, _ := r.Bool(system); !own && r.Text(name) != "" {
			addSoftware(srv, []migrate.Software{{Name: r.Text(name)}})
		}
	})
}

var adsCounters = []string{"totalCpuUsagePct", "totalDiskReadOpsPerSec", "totalDiskWriteOpsPerSec", "totalDiskBytesReadPerSecInKbps", "totalDiskBytesWrittenPerSecInKbps",
	"totalNetworkBytesReadPerSecInKbps", "totalNetworkBytesWrittenPerSecInKbps"}

func (x *agentImport) performance(ctx context.Context, s *table.Sheet, agent table.Col) error {
	at, logical, ram, free := s.Col("timestamp"), s.Col("totalNumLogicalProcessors"), s.Col("totalRamInMb"), s.Col("totalFreeRamInMb")
	disk, diskFree := s.Col("totalDiskSizeInGb"), s.Col("totalDiskFreeSizeInGb")
	var cells []useCell
	for _, n := range adsCounters {
		if c := s.Col(n, strings.TrimSuffix(n, "InKbps")); c >= 0 {
			if k, ok := counterOf(n, ""); ok {
				cells = append(cells, useCell{col: c, key: sampleKey{name: n}, counter: k})
			}
		}
	}
	return x.eachAgent(ctx, s, agent, func(srv *migrate.Server, r table.Row) {
		if n, ok := r.Count(logical); ok && n < 1<<20 {
			srv.CPUs = int(n)
		}
		total, known := r.Float(ram)
		if known && total > 0 && total < 1<<40 {
			srv.MemoryMiB = int64(total + 0.5)
		}
		if size, ok := r.Float(disk); ok && size > 0 && size < 1<<30 {
			srv.ProvisionedMiB = int64(size*gib + 0.5)
			if left, ok := r.Float(diskFree); ok && left >= 0 && left <= size {
				srv.ConsumedMiB = int64((size-left)*gib + 0.5)
			}
		}
		t, ok := r.Time(at)
		if !ok {
			x.acc.Warn(r.Place(at, reasonNoTime))
			return
		}
		for _, c := range cells {
			if v, ok := r.Float(c.col); ok {
				x.uses.add(sampleKey{server: srv.Name, name: c.key.name}, c.counter, t, v, 0)
			}
		}
		if left, ok := r.Float(free); ok && known && total > 0 && left <= total {
			x.uses.add(sampleKey{server: srv.Name, name: "memory"}, counter{metric: MemoryPercent, scale: 1}, t, 100*(total-left)/total, 0)
		}
	})
}

func (x *agentImport) connections(ctx context.Context, s *table.Sheet, inbound bool) error {
	c := flowColumns{
		fromName: table.Absent, fromAddr: s.Col("sourceIp"), toName: table.Absent, toAddr: s.Col("destinationIp"), port: s.Col("destinationPort"), protocol: s.Col("transportProtocol"),
		first: s.Col("agentCreationDate", "timestamp"), conns: s.Col("occurrence", "connectionsCount"), process: table.Absent,
		bytes: table.Absent, last: table.Absent, action: table.Absent, kindOf: table.Absent, kind: flowObserved, perRow: 1,
	}
	set := x.outgoing
	if inbound {
		set = x.incoming
	}
	return eachRow(ctx, x.in, s, x.acc, func(r table.Row) {
		at := r.Place(table.Absent, "")
		f, reason := c.flow(r)
		if reason != "" {
			x.acc.leave(reason, at)
			return
		}
		port, err := portNumber(r.Text(c.port))
		if err != nil {
			x.acc.leave("a port that is no number between 0 and 65535", at)
			return
		}
		f.Port = port
		set.add(f)
		x.acc.flowOrFact(x.all.add(f))
	})
}
