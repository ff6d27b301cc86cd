package inventory

import (
	"context"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// adsImport reads AWS Migration Hub's import CSV (Application Discovery
// Service), and the EC2 recommendations it exports, whose columns have the
// same names behind "Server.". See
// https://docs.aws.amazon.com/application-discovery/latest/userguide/discovery-import.html.
// Averages and maxima without a period are kept under their headers and not
// taken for a measurement.
type adsImport struct{}

func (adsImport) Format() string { return "aws-migration-hub-csv" }

// hub adds the spelling of the recommendations to every name.
func hub(names ...string) []string {
	out := append([]string{}, names...)
	for _, n := range names {
		out = append(out, "Server."+n)
	}
	return out
}

var adsFields = []field{
	text(func(s *migrate.Server) *string { return &s.Name }, hub("VMware.VMName")...),
	{hub("HostName"), func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		name := r.Text(c)
		if fqdnLike.MatchString(name) {
			s.FQDN = strings.ToLower(strings.TrimSuffix(name, "."))
		}
		switch {
		case s.Name == "":
			s.Name = name
		case !strings.EqualFold(s.Name, name) && s.FQDN == "":
			keepCustom(s, "HostName", name)
		}
	}},
	addresses(hub("IPAddress")...),
	macs(hub("MACAddress")...),
	{hub("SMBiosId"), func(s *migrate.Server, r table.Row, c table.Col, _ *account) { s.UUID = canonUUID(r.Text(c)) }},
	count(func(s *migrate.Server) *int { return &s.CPUs }, hub("CPU.NumberOfLogicalCores")...),
	{hub("CPU.NumberOfCores"), cpusIfUnknown},
	{hub("CPU.NumberOfProcessors"), cpusIfUnknown},
	size(func(s *migrate.Server) *int64 { return &s.MemoryMiB }, mib, hub("RAM.TotalSizeInMB")...),
	osText(hub("OS.Name")...),
	osVersion(hub("OS.Version")...),
	{[]string{"Applications"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		list := r.List(c)
		if len(list) == 0 {
			return
		}
		s.Application = migrate.Inference{Value: list[0], Confidence: 1, Evidence: []string{"stated: Applications " + table.Quote(r.Text(c))}}
		if len(list) > 1 {
			keepCustom(s, "Applications", r.Text(c))
		}
	}},
	text(func(s *migrate.Server) *string { return &s.Wave }, "ApplicationWave"),
	{[]string{"Tags"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		for _, pair := range r.List(c) {
			k, v, _ := strings.Cut(pair, ":")
			setTag(s, strings.TrimSpace(k), strings.TrimSpace(v))
		}
	}},
}

// cpusIfUnknown takes cores where logical ones are not given, and sockets
// where neither is: a cloud's vCPU is what the guest sees.
func cpusIfUnknown(s *migrate.Server, r table.Row, c table.Col, _ *account) {
	if n, ok := r.Count(c); ok && s.CPUs == 0 && n < 1<<20 {
		s.CPUs = int(n)
	}
}

func (adsImport) Detect(in Input) int {
	s := headSheet(in, nil)
	if s == nil || !s.Has(hub("HostName", "IPAddress", "MACAddress", "ExternalId")...) {
		return 0
	}
	for _, h := range s.Header {
		// The dots tell "OS.Name" from the "OS name" of other lists.
		h = strings.TrimPrefix(strings.TrimSpace(h), "Server.")
		for _, mark := range []string{"RAM.TotalSizeInMB", "CPU.NumberOfProcessors", "CPU.NumberOfCores", "CPU.NumberOfLogicalCores", "VMware.MoRefId", "VMware.VMName", "OS.Name"} {
			if strings.EqualFold(h, mark) {
				return 91
			}
		}
	}
	return 0
}

func (r adsImport) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	s, done, err := openSheet(in, acc, nil)
	if err != nil {
		return Batch{}, err
	}
	defer done()
	keys := hub("HostName", "IPAddress", "MACAddress", "ExternalId", "VMware.MoRefId")
	if !s.Has(keys...) {
		return Batch{}, missing(in, s, "the server", keys...)
	}
	external := field{hub("ExternalId"), func(s *migrate.Server, r table.Row, c table.Col, _ *account) { keepCustom(s, "ExternalId", r.Text(c)) }}
	moRef := field{hub("VMware.MoRefId"), func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		keepCustom(s, "VMware.MoRefId", r.Text(c))
	}}
	last := field{hub("ServerId"), func(s *migrate.Server, r table.Row, c table.Col, _ *account) { keepCustom(s, "ServerId", r.Text(c)) }}
	servers, err := readServers(ctx, in, s, acc, append(append([]field{}, adsFields...), external, moRef, last))
	if err != nil {
		return Batch{}, err
	}
	return Batch{Servers: servers, Source: acc.done()}, nil
}
