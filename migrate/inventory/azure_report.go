package inventory

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// azureReport reads the workbooks of Azure Migrate Export: its discovery
// report, and the core, opportunity and clash reports of an assessment
// (https://github.com/Azure/azure-migrate-export). A machine stands in many
// sheets; the first row of a machine declares it, the others add to it. Sheets
// about money have no machines and are left out, counted.
type azureReport struct{}

func (azureReport) Format() string { return "azure-migrate-report" }

// azureSheets are sheets by which a report is known.
var azureSheets = map[string]string{
	"Discovery_Report": "discovery", "Clash_Report": "clash", "All_VM_IaaS_Server_Rehost_Perf": "core", "VM_IaaS_Server_Rehost_Perf": "core",
	"SQL_MI_Opportunity": "opportunity", "WebApp_Opportunity": "opportunity", "AVS_IaaS_Rehost_Perf": "opportunity", "VM_Opportunity_Perf": "opportunity",
}

func (azureReport) Detect(in Input) int {
	for _, s := range in.Sheets {
		if azureSheets[s] != "" {
			return 92
		}
	}
	return 0
}

// azureMachineFields are the columns that say what a machine is. Counts of -1
// mean that nothing was counted.
var azureMachineFields = []field{
	text(func(s *migrate.Server) *string { return &s.Name }, "Machine Name"),
	{[]string{"Machine ID"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		// The last part of the ID ends in vCenter's instance UUID
		// (https://learn.microsoft.com/azure/migrate/discovered-metadata).
		id := r.Text(c)
		s.UUID = uuidOf(id)
		if l := strings.ToLower(id); strings.Contains(l, "/vmwaresites/") || strings.Contains(l, "/hypervsites/") {
			s.Kind = migrate.KindVM
		}
	}},
	statedAs(func(s *migrate.Server) *migrate.Inference { return &s.Environment }, environmentWord, "Environment"),
	osText("Operating System"),
	count(func(s *migrate.Server) *int { return &s.CPUs }, "Cores"),
	size(func(s *migrate.Server) *int64 { return &s.MemoryMiB }, mib, "Memory (in MB)"),
	size(func(s *migrate.Server) *int64 { return &s.ProvisionedMiB }, gib, "Storage (in GB)"),
	addresses("IP Addresses"),
	macs("MAC Addresses"),
	firmware("Boot Type"),
	power("Power Stats"),
	text(func(s *migrate.Server) *string { return &s.Host }, "VM Host"),
	{[]string{"SQL Instance"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {}},
	{[]string{"SQL Version"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		s.Software = append(s.Software, migrate.Software{Name: "Microsoft SQL Server", Version: strings.TrimPrefix(r.Text(c), "SQL Server ")})
	}},
	{[]string{"Web Application Name"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		s.Software = append(s.Software, migrate.Software{Name: "web application " + r.Text(c)})
	}},
}

// azureKept are columns that are kept under their headers; the rest of a
// report is prices and Azure sizes, which belong to the assessment.
var azureKept = []string{
	"Software Inventory Count", "SQL Discovery Server Count", "Is SQL Service Present", "Web Applications Count", "Total Disks", "Total Network Adapters",
	"First Discovery Time", "Last Updated Time", "Support Status", "CPU Utilization (in %)", "Memory Utilization (in %)", "Disk Names", "Group Name",
	"Operating System Version", "Operating System Architecture",
}

// azureImporter gathers the machines of a workbook.
type azureImporter struct {
	acc     *account
	servers []migrate.Server
	at      map[string]int
	asOf    time.Time
}

const (
	reasonNoMachine  = "a sheet without machines (properties, costs, summaries)"
	reasonAssessment = "a table of issues, without facts about the machine"
)

func (r azureReport) Read(ctx context.Context, in Input) (Batch, error) {
	x := &azureImporter{acc: newAccount(in, r.Format()), at: map[string]int{}}
	if len(in.Sheets) == 0 {
		return Batch{}, fmt.Errorf("read %s: not a workbook", in.Name)
	}
	for _, s := range in.Sheets {
		if v := azureSheets[s]; v != "" {
			x.acc.src.Version = v
			break
		}
	}
	err := eachSheet(in, x.acc, nil, func(s *table.Sheet) error { return x.sheet(ctx, in, s) })
	if err != nil {
		return Batch{}, err
	}
	if len(x.servers) == 0 {
		return Batch{}, fmt.Errorf("read %s: no sheet with machines (columns Machine Name and Machine ID): is it a report of Azure Migrate Export?", in.Name)
	}
	return Batch{Servers: x.servers, Source: x.acc.done(), AsOf: x.asOf}, nil
}

func (x *azureImporter) sheet(ctx context.Context, in Input, s *table.Sheet) error {
	if !has(s, "Machine Name", "Machine ID") {
		return eachRow(ctx, in, s, x.acc, func(r table.Row) { x.acc.leave(reasonNoMachine, r.Place(table.Absent, "")) })
	}
	if !s.Has("Operating System", "SQL Version", "Web Application Name") {
		return eachRow(ctx, in, s, x.acc, func(r table.Row) { x.acc.leave(reasonAssessment, r.Place(table.Absent, "")) })
	}
	cols := columnsOf(s, azureMachineFields)
	updated := s.Col("Last Updated Time")
	var kept []table.Col
	for _, n := range azureKept {
		if c := s.Col(n); c >= 0 {
			kept = append(kept, c)
		}
	}
	return eachRow(ctx, in, s, x.acc, func(r table.Row) {
		srv := migrate.Server{Kind: migrate.KindUnknown, Power: migrate.PowerUnknown}
		for _, c := range cols {
			if r.Text(c.at) != "" {
				c.set(&srv, r, c.at, x.acc)
			}
		}
		if t, ok := r.Time(updated); ok && t.After(x.asOf) {
			x.asOf = t
		}
		for _, c := range kept {
			if v := r.Text(c); v != "-1" {
				keepCustom(&srv, s.Heading(c), v)
			}
		}
		nameServer(&srv)
		x.machine(srv, r)
	})
}

// machine declares a machine or adds to it.
func (x *azureImporter) machine(srv migrate.Server, r table.Row) {
	key := srv.UUID
	if key == "" {
		key = strings.ToLower(srv.Name)
	}
	if key == "" {
		x.acc.leave(reasonNoName, r.Place(table.Absent, ""))
		return
	}
	i, known := x.at[key]
	if !known {
		x.at[key] = len(x.servers)
		x.servers = append(x.servers, srv)
		x.acc.server()
		return
	}
	addFacts(&x.servers[i], srv)
	x.acc.fact()
}

// addFacts fills what a server lacks from another row about it, and joins the
// lists.
func addFacts(to *migrate.Server, from migrate.Server) {
	for _, p := range [][2]*string{{&to.FQDN, &from.FQDN}, {&to.UUID, &from.UUID}, {&to.OS, &from.OS}, {&to.OSFamily, &from.OSFamily}, {&to.Firmware, &from.Firmware}, {&to.Host, &from.Host},
		{&to.Owner, &from.Owner}, {&to.Serial, &from.Serial}} {
		if *p[0] == "" {
			*p[0] = *p[1]
		}
	}
	for _, p := range [][2]*int64{{&to.MemoryMiB, &from.MemoryMiB}, {&to.ProvisionedMiB, &from.ProvisionedMiB}, {&to.ConsumedMiB, &from.ConsumedMiB}} {
		if *p[0] == 0 {
			*p[0] = *p[1]
		}
	}
	if to.CPUs == 0 {
		to.CPUs = from.CPUs
	}
	if to.Power == migrate.PowerUnknown {
		to.Power = from.Power
	}
	if to.Kind == migrate.KindUnknown {
		to.Kind = from.Kind
	}
	for _, p := range [][2]*migrate.Inference{{&to.Role, &from.Role}, {&to.Environment, &from.Environment}, {&to.Application, &from.Application}} {
		if p[0].Value == "" {
			*p[0] = *p[1]
		}
	}
	to.MACs = distinct(map[string]bool{}, to.MACs, from.MACs)
	to.Addresses = distinct(map[string]bool{}, to.Addresses, from.Addresses)
	to.Disks = append(to.Disks, from.Disks...)
	addSoftware(to, from.Software)
	for _, k := range sortedKeys(from.Custom) {
		if to.Custom[k] == "" {
			keepCustom(to, k, from.Custom[k])
		}
	}
}

// addSoftware adds programs that the server does not have yet.
func addSoftware(to *migrate.Server, more []migrate.Software) {
	have := map[migrate.Software]bool{}
	for _, s := range to.Software {
		have[s] = true
	}
	for _, s := range more {
		if !have[s] {
			have[s] = true
			to.Software = append(to.Software, s)
		}
	}
}
