package inventory

import (
	"context"
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// cmfIntake reads intake forms of AWS's Cloud Migration Factory, CSV and xlsx.
// Their columns are the factory's attributes (server_name, r_type, wave_name,
// …), of which releases and users add and drop some; what only the factory
// needs (subnets, security groups, instance types) is kept under its header.
type cmfIntake struct{}

func (cmfIntake) Format() string { return "cmf-intake" }

// cmfFields are the attributes that an estate has a place for.
var cmfFields = []field{
	text(func(s *migrate.Server) *string { return &s.Name }, "server_name"),
	{[]string{"server_fqdn"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) {
		s.FQDN = strings.ToLower(strings.TrimSuffix(r.Text(c), "."))
	}},
	{[]string{"server_os_family"}, func(s *migrate.Server, r table.Row, c table.Col, _ *account) { s.OSFamily = strings.ToLower(r.Text(c)) }},
	osText("server_os_version"),
	statedAs(func(s *migrate.Server) *migrate.Inference { return &s.Role }, roleWord, "server_tier"),
	statedAs(func(s *migrate.Server) *migrate.Inference { return &s.Environment }, environmentWord, "server_environment"),
	statedAs(func(s *migrate.Server) *migrate.Inference { return &s.Application }, strings.TrimSpace, "app_name"),
	disposition("r_type"),
	text(func(s *migrate.Server) *string { return &s.Wave }, "wave_name"),
}

// cmfHeader says whether a row names the attributes of an intake form.
func cmfHeader(cells []string) bool {
	have := map[string]bool{}
	for _, c := range cells {
		have[table.Normal(c)] = true
	}
	others := 0
	for _, n := range []string{"wave_name", "app_name", "r_type", "server_os_family", "server_fqdn", "aws_accountid", "server_os_version", "server_environment"} {
		if have[table.Normal(n)] {
			others++
		}
	}
	return have["servername"] && others >= 2
}

func (cmfIntake) Detect(in Input) int {
	if in.Dir {
		return 0
	}
	if len(in.Sheets) > 0 {
		return cmfInBook(in)
	}
	if s := headSheet(in, nil); s != nil && cmfHeader(s.Header) {
		return 90
	}
	return 0
}

// cmfInBook looks for an intake form in a workbook of a few sheets; its
// sheets are named as people like.
func cmfInBook(in Input) int {
	if len(in.Sheets) > 8 {
		return 0
	}
	book, err := table.Open(in.Path, table.DefaultLimits)
	if err != nil {
		return 0
	}
	defer book.Close()
	for _, name := range in.Sheets {
		if s, err := book.Sheet(name, cmfHeader); err == nil && cmfHeader(s.Header) {
			return 90
		}
	}
	return 0
}

func (r cmfIntake) Read(ctx context.Context, in Input) (Batch, error) {
	acc := newAccount(in, r.Format())
	var servers []migrate.Server
	found := false
	err := eachSheet(in, acc, cmfHeader, func(s *table.Sheet) error {
		if !cmfHeader(s.Header) {
			return nil
		}
		found = true
		got, err := readServers(ctx, in, s, acc, cmfFields)
		servers = append(servers, got...)
		return err
	})
	if err != nil {
		return Batch{}, err
	}
	if !found {
		return Batch{}, fmt.Errorf("read %s: no sheet with a header of server_name and two more of the factory's attributes (wave_name, app_name, r_type, …)", in.Name)
	}
	cmfNote(servers, acc)
	return Batch{Servers: servers, Source: acc.done()}, nil
}

// eachSheet calls fn for every sheet of a workbook, or for the one of a
// delimited file.
func eachSheet(in Input, acc *account, isHeader func([]string) bool, fn func(*table.Sheet) error) error {
	if len(in.Sheets) == 0 {
		s, done, err := openSheet(in, acc, isHeader)
		if err != nil {
			return err
		}
		defer done()
		return fn(s)
	}
	book, err := table.Open(in.Path, table.DefaultLimits)
	if err != nil {
		return fmt.Errorf("read %s: %w", in.Name, err)
	}
	defer book.Close()
	for _, name := range book.Sheets() {
		s, err := book.Sheet(name, isHeader)
		if err != nil {
			return fmt.Errorf("read %s: sheet %s: %w", in.Name, name, err)
		}
		s.CountInto(&acc.Tally)
		if err := fn(s); err != nil {
			return err
		}
	}
	return nil
}

// cmfNote takes a host name away from a server where it is another's already,
// with a warning: forms are filled by copying the row above, and two servers
// with one host name would become one.
func cmfNote(servers []migrate.Server, acc *account) {
	by := map[string]string{}
	for i := range servers {
		s := &servers[i]
		if s.FQDN == "" {
			continue
		}
		first, ok := by[s.FQDN]
		if !ok {
			by[s.FQDN] = s.Name
			continue
		}
		if !strings.EqualFold(first, s.Name) {
			acc.Warn(migrate.Place{Column: "server_fqdn", Note: fmt.Sprintf("%s has the host name %s of %s, so it is not taken: copied from the row above?", s.Name, s.FQDN, first)})
			keepCustom(s, "server_fqdn", s.FQDN)
			s.FQDN = ""
		}
	}
}
