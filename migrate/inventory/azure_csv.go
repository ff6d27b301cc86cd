package inventory

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// azureImport reads the CSV with which servers are declared to Azure Migrate,
// under the template's starred headers ("*Server name", "*Memory (In MB)") or
// the plain ones of its documentation
// (https://learn.microsoft.com/azure/migrate/tutorial-discover-import). Its
// utilisation columns hold one number without a period; they are kept under
// their headers and not taken for a measurement.
type azureImport struct{}

func (azureImport) Format() string { return "azure-migrate-csv" }

var azureFields = []field{
	text(func(s *migrate.Server) *string { return &s.Name }, "*Server name"),
	addresses("IP addresses", "IP address"),
	count(func(s *migrate.Server) *int { return &s.CPUs }, "*Cores"),
	size(func(s *migrate.Server) *int64 { return &s.MemoryMiB }, mib, "*Memory (In MB)", "Memory"),
	osText("*OS name"),
	osVersion("OS version"),
	kind("Server type"),
	firmware("Boot type", "Firmware type"),
	macs("MAC address", "MAC addresses"),
	size(func(s *migrate.Server) *int64 { return &s.InUseMiB }, gib, "Storage in use (In GB)"),
}

func (azureImport) Detect(in Input) int {
	s := headSheet(in, nil)
	switch {
	case !has(s, "Server name", "Cores", "OS name"):
		return 0
	case has(s, "Memory (In MB)"):
		return 92
	case has(s, "Memory"):
		return 85
	}
	return 0
}

func (r azureImport) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	s, done, err := openSheet(in, acc, nil)
	if err != nil {
		return Batch{}, err
	}
	defer done()
	if !s.Has("Server name") {
		return Batch{}, missing(in, s, "the server", "*Server name")
	}
	fields := append([]field{}, azureFields...)
	for i := 1; i <= 32; i++ {
		fields = append(fields, azureDisk(i))
	}
	servers, err := readServers(ctx, in, s, acc, fields)
	if err != nil {
		return Batch{}, err
	}
	for i := range servers {
		servers[i].ProvisionedMiB = diskSum(servers[i].Disks)
	}
	return Batch{Servers: servers, Source: acc.done()}, nil
}

// azureDisk is the size of disk number i.
func azureDisk(i int) field {
	n := "Disk " + strconv.Itoa(i) + " size"
	return field{[]string{n + " (In GB)", n}, func(s *migrate.Server, r table.Row, c table.Col, acc *account) {
		if v, ok := sizeOf(r, c, gib, acc); ok && v > 0 {
			s.Disks = append(s.Disks, migrate.Disk{Label: "Disk " + strconv.Itoa(i), CapacityMiB: v})
		}
	}}
}

func diskSum(disks []migrate.Disk) int64 {
	var sum int64
	for _, d := range disks {
		sum += d.CapacityMiB
	}
	return sum
}

// azureDependencies reads the CSV of Azure Migrate's agentless dependency
// analysis: a row is a dependency seen in a time slot of six hours. See
// https://learn.microsoft.com/azure/migrate/how-to-create-group-machine-dependencies-agentless.
type azureDependencies struct{}

func (azureDependencies) Format() string { return "azure-migrate-dependencies" }

func (azureDependencies) Detect(in Input) int {
	if has(headSheet(in, nil), "Source server name", "Destination server name", "Destination port") {
		return 93
	}
	return 0
}

func (r azureDependencies) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	s, done, err := openSheet(in, acc, nil)
	if err != nil {
		return Batch{}, err
	}
	defer done()
	c := flowColumns{
		fromName: s.Col("Source server name"), fromAddr: s.Col("Source IP"), toName: s.Col("Destination server name"), toAddr: s.Col("Destination IP"),
		port: s.Col("Destination port"), first: s.Col("Timeslot", "Time slot"), process: s.Col("Destination process"),
		protocol: table.Absent, bytes: table.Absent, conns: table.Absent, last: table.Absent, action: table.Absent, kindOf: table.Absent,
		kind: flowObserved, slot: 6 * 60 * 60 * 1e9,
	}
	if c.toName < 0 && c.toAddr < 0 || c.fromName < 0 {
		return Batch{}, missing(in, s, "the source and the destination", "Source server name", "Destination server name", "Destination IP")
	}
	set := newFlowSet()
	err = eachRow(ctx, in, s, acc, func(row table.Row) { c.row(row, acc, set) })
	if err != nil {
		return Batch{}, err
	}
	b := Batch{Flows: set.sorted(), AsOf: set.last, watch: set.watch}
	for i := range b.Flows {
		b.Flows[i].Protocol = "tcp" // the analysis looks at TCP connections alone
		if strings.EqualFold(b.Flows[i].Process, "Unknown process") {
			b.Flows[i].Process = ""
		}
	}
	if acc.Rows == 0 {
		return Batch{}, fmt.Errorf("read %s: no dependency in it: widen the period of the export", in.Name)
	}
	b.Source = acc.done()
	return b, nil
}
