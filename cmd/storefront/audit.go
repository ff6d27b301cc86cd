package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/audit"
	"github.com/storefront-toolkit/storefront/migrate/report"
)

// auditWriters are the formats of a report. A new one is entered here and
// nowhere else.
var auditWriters = map[string]func(io.Writer, audit.Report) error{
	"text":     audit.WriteText,
	"json":     audit.WriteJSON,
	"csv":      audit.WriteCSV,
	"html":     report.Findings(report.WriteHTML),
	"markdown": report.Findings(report.WriteMarkdown),
}

// auditFlags are the flags of the audit command as they were typed.
type auditFlags struct {
	severity, format, out, failOn string
	asOf                          asOfFlag
	list                          bool
	options                       audit.Options
}

func newAuditCommand() *cobra.Command {
	f := auditFlags{options: audit.DefaultOptions()}
	cmd := &cobra.Command{
		Use:   "audit ESTATE.json",
		Short: "Say what is wrong with the estate, with evidence and remedy",
		Long: `Audit runs every check over an estate and lists the findings by severity. High
is what costs orders or data on a campaign day. What could not be judged for
lack of data is listed too. Ages and ends of life are judged at the newest date
in the sources, else today; --as-of names another, and the first line says which.`,
		Example: `  storefront audit estate.json
  storefront audit estate.json --campaign-multiple 20 --severity medium --format csv --out findings.csv
  storefront audit estate.json --fail-on high --format json
  storefront audit --list-checks`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.list {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.list {
				return listChecks(cmd.OutOrStdout())
			}
			if err := f.check(); err != nil {
				return usageError(cmd, err)
			}
			return f.run(cmd, args[0])
		},
	}
	flags := cmd.Flags()
	f.asOf.add(cmd)
	flags.Float64Var(&f.options.CampaignMultiple, "campaign-multiple", f.options.CampaignMultiple, "load of the next campaign, in multiples of the median hour")
	flags.Float64Var(&f.options.RPOHours, "rpo-hours", f.options.RPOHours, "recovery point of servers that state none, in hours")
	flags.Float64Var(&f.options.LinkMbps, "link-mbps", f.options.LinkMbps, "line to the new site, in Mbit/s")
	flags.StringVar(&f.severity, "severity", "info", "least severity to list: "+severityWords())
	flags.StringVar(&f.format, "format", "text", "how to write: "+strings.Join(formatNames(auditWriters), ", "))
	flags.StringVarP(&f.out, "out", "o", "", "write to this `file` rather than to the terminal")
	flags.StringVar(&f.failOn, "fail-on", "", "exit with 1 where a finding is of this severity or graver: "+severityWords())
	flags.BoolVar(&f.list, "list-checks", false, "print what is checked and end")
	return cmd
}

// listChecks prints every check; the severity is the usual one of a finding.
func listChecks(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CHECK\tCATEGORY\tSEVERITY\tTITLE")
	for _, c := range audit.Checks() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", c.ID, c.Category, c.Severity, c.Title)
	}
	return table.Flush()
}

func severityWords() string {
	var words []string
	for _, s := range audit.Severities() {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}

// check looks at the flags before anything is read.
func (f *auditFlags) check() error {
	var wrong []string
	if err := f.asOf.parse(); err != nil {
		wrong = append(wrong, err.Error())
	}
	for name, value := range map[string]string{"--severity": f.severity, "--fail-on": f.failOn} {
		if value != "" && !slices.Contains(audit.Severities(), migrate.Severity(value)) {
			wrong = append(wrong, fmt.Sprintf("%s %q: write one of %s", name, value, severityWords()))
		}
	}
	if auditWriters[f.format] == nil {
		wrong = append(wrong, fmt.Sprintf("--format %q: write one of %s", f.format, strings.Join(formatNames(auditWriters), ", ")))
	}
	if err := f.options.Validate(); err != nil {
		wrong = append(wrong, err.Error())
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%s", strings.Join(wrong, "\n"))
}

func (f *auditFlags) run(cmd *cobra.Command, path string) error {
	estate, err := readEstate(path)
	if err != nil {
		return err
	}
	f.asOf.choose(&f.options, estate, time.Now())
	report := audit.Run(estate, f.options)
	all := report.Findings
	report.Findings = audit.AtLeast(all, migrate.Severity(f.severity))
	var b bytes.Buffer
	if err := auditWriters[f.format](&b, report); err != nil {
		return fmt.Errorf("write findings as %s: %w", f.format, err)
	}
	if f.out != "" {
		err = atomicfile.Write(f.out, b.Bytes(), 0o644)
	} else {
		_, err = cmd.OutOrStdout().Write(b.Bytes())
	}
	if err != nil || f.failOn == "" {
		return err
	}
	if grave := len(audit.AtLeast(all, migrate.Severity(f.failOn))); grave > 0 {
		return fmt.Errorf("audit: %d findings of severity %s or graver", grave, f.failOn)
	}
	return nil
}

// readEstate reads an estate document as `storefront inventory` writes it; "-"
// is standard input.
func readEstate(path string) (*migrate.Estate, error) {
	data, err := os.ReadFile(path)
	if path == "-" {
		data, err = io.ReadAll(os.Stdin)
	}
	if err != nil {
		return nil, fmt.Errorf("read estate: %w", err)
	}
	var estate migrate.Estate
	if err := json.Unmarshal(data, &estate); err != nil {
		return nil, fmt.Errorf("read estate %s: %w: it has to be what `storefront inventory --out estate.json` writes", path, err)
	}
	if estate.Schema != migrate.EstateSchema {
		return nil, fmt.Errorf("read estate %s: schema %q is not %s: read the exports again with `storefront inventory`", path, estate.Schema, migrate.EstateSchema)
	}
	return &estate, nil
}
