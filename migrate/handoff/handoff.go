// Package handoff writes a plan for the tools and people that carry it out:
// import files of AWS Application Migration Service and Cloud Migration
// Factory, wave requests of VMware HCX, a plain table and a calendar. What a
// format can't hold is listed with its reason.
package handoff

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Options say what plan and estate don't.
type Options struct {
	Wave          string // "" for all waves
	Account       string // AWS account, 12 digits
	Region        string // AWS region
	LocalVCenter  string // UUID of the old site's vCenter, as HCX lists it
	RemoteVCenter string
	Stamp         time.Time // when the calendar is written
}

// File is one file to hand over.
type File struct {
	Name string
	Data []byte
}

// LeftOut is a server that the format doesn't hold, and why.
type LeftOut struct {
	Server string
	Reason string
}

// Format is a way to hand a plan over. Each writes one file, or one a wave.
type Format struct {
	Name  string
	About string
	write func(*input) ([]File, error)
}

// Formats lists the formats by name.
func Formats() []Format {
	return []Format{
		{"cmf", "intake form of Cloud Migration Factory on AWS (CSV)", writeCMF},
		{"csv", "table of all servers and waves (CSV)", writeCSV},
		{"hcx", "wave requests of the VMware HCX planning API (JSON, one file a wave)", writeHCX},
		{"ics", "calendar of windows, replication and freezes (iCalendar)", writeICS},
		{"mgn", "import file of AWS Application Migration Service (CSV)", writeMGN},
	}
}

// input is what a format writes from.
type input struct {
	plan    *migrate.Plan
	waves   []migrate.Wave
	servers map[string]*migrate.Server
	options Options
	leftOut []LeftOut
}

var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	regionPattern  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
)

// Export writes the plan in a format. The errors of the options are told all
// at once.
func Export(format string, plan *migrate.Plan, e *migrate.Estate, o Options) ([]File, []LeftOut, error) {
	in := &input{plan: plan, servers: map[string]*migrate.Server{}, options: o}
	for i := range e.Servers {
		in.servers[e.Servers[i].ID] = &e.Servers[i]
	}
	for _, w := range plan.Waves {
		if o.Wave == "" || w.ID == o.Wave {
			in.waves = append(in.waves, w)
		}
	}
	formats := Formats()
	at := slices.IndexFunc(formats, func(f Format) bool { return f.Name == format })
	if problems := in.problems(at, format); len(problems) > 0 {
		return nil, nil, fmt.Errorf("export plan: %s", strings.Join(problems, "\nexport plan: "))
	}
	files, err := formats[at].write(in)
	if err != nil {
		return nil, nil, fmt.Errorf("export plan as %s: %w", format, err)
	}
	slices.SortFunc(in.leftOut, func(a, b LeftOut) int { return strings.Compare(a.Server, b.Server) })
	return files, in.leftOut, nil
}

func (in *input) problems(at int, format string) (out []string) {
	if at < 0 {
		var names []string
		for _, f := range Formats() {
			names = append(names, f.Name)
		}
		out = append(out, fmt.Sprintf("format %q: write one of %s", format, strings.Join(names, ", ")))
	}
	if len(in.waves) == 0 {
		out = append(out, fmt.Sprintf("wave %q is not in the plan", in.options.Wave))
	}
	if a := in.options.Account; a != "" && !accountPattern.MatchString(a) {
		out = append(out, fmt.Sprintf("account %q is not 12 digits", a))
	}
	if r := in.options.Region; r != "" && !regionPattern.MatchString(r) {
		out = append(out, fmt.Sprintf("region %q is not the name of one, such as eu-west-1", r))
	}
	return out
}

func (in *input) skip(server, reason string) {
	in.leftOut = append(in.leftOut, LeftOut{server, reason})
}

// source is the estate's entry of a server; an empty one where it has none.
func (in *input) source(id string) *migrate.Server {
	if s := in.servers[id]; s != nil {
		return s
	}
	return &migrate.Server{ID: id, Name: id}
}

// reach is the name or address under which tools reach a server.
func reach(s *migrate.Server) string {
	if s.FQDN != "" {
		return s.FQDN
	}
	if len(s.Addresses) > 0 {
		return s.Addresses[0]
	}
	return ""
}

func application(s migrate.WaveServer) string {
	if s.Application == "" {
		return "unassigned"
	}
	return s.Application
}

// formula says whether a spreadsheet would run a cell rather than show it:
// OWASP, "CSV Injection".
func formula(s string) bool { return s != "" && strings.ContainsAny(s[:1], "=+-@\t\r\n") }

// guard makes a spreadsheet show a text that it would else run.
func guard(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

// table writes rows under a header; texts are guarded.
func table(header []string, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(header); err != nil {
		return nil, err
	}
	for _, r := range rows {
		for i := range r {
			r[i] = guard(r[i])
		}
		if err := w.Write(r); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// strange says why a name can't be handed to a tool: a guard would change it,
// and the tool would look for another server.
func strange(names ...string) string {
	for _, n := range names {
		if formula(n) {
			return fmt.Sprintf("%q would be run as a formula by a spreadsheet: rename the server in the estate", n)
		}
	}
	return ""
}
