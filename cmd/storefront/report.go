package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/audit"
	"github.com/storefront-toolkit/storefront/migrate/report"
	"github.com/storefront-toolkit/storefront/migrate/sizing"
	"github.com/storefront-toolkit/storefront/migrate/sizing/stackfile"
)

// reportParts are the parts of a report, in its order.
var reportParts = []string{"inventory", "findings", "sizing"}

// reportEndings are the formats by the ending of a file's name.
var reportEndings = map[string]string{".html": "html", ".htm": "html", ".md": "markdown", ".csv": "csv", ".json": "json"}

// reportFlags are the flags of the report command as they were typed.
type reportFlags struct {
	out, title, stack, project string
	parts                      []string
	multiple                   float64
	asOf                       asOfFlag
	size                       sizing.Options
}

func newReportCommand() *cobra.Command {
	f := reportFlags{size: sizing.DefaultOptions()}
	cmd := &cobra.Command{
		Use:   "report ESTATE.json",
		Short: "Write inventory, findings and sizing as one document",
		Long: `Report writes what is known of an estate, what is wrong with it and how large the
new site has to be, as one HTML page that needs no network and prints well, as
Markdown, as JSON, or one part of it as CSV. The ending of the file says which.`,
		Example: `  storefront report estate.json --out report.html
  storefront report estate.json --parts inventory --out servers.csv
  storefront report estate.json --stack prod --campaign-multiple 47 --out report.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return usageError(cmd, err)
			}
			return f.run(cmd, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.out, "out", "o", "report.html", "the `file` to write: .html, .md, .csv or .json")
	flags.StringVar(&f.title, "title", "The estate and where it goes", "the document's title")
	flags.StringSliceVar(&f.parts, "parts", reportParts, "parts to write")
	flags.StringVarP(&f.stack, "stack", "s", "", "size for Pulumi.`STACK`.yaml")
	flags.StringVar(&f.project, "project", ".", "the `folder` of the stack files")
	flags.Float64Var(&f.multiple, "campaign-multiple", 0, "load of the next campaign, in multiples of the median hour (default: as audit and size take it)")
	f.asOf.add(cmd)
	flags.Float64Var(&f.size.LogShare, "log-share", f.size.LogShare, "share of all requests that the access logs hold")
	return cmd
}

func (f *reportFlags) format() string {
	return reportEndings[strings.ToLower(filepath.Ext(f.out))]
}

func (f *reportFlags) check() error {
	var errs []error
	if f.format() == "" {
		errs = append(errs, fmt.Errorf("--out %q: end it in .html, .md, .csv or .json", f.out))
	}
	for _, p := range f.parts {
		if !slices.Contains(reportParts, p) {
			errs = append(errs, fmt.Errorf("--parts %q: write some of %s", p, strings.Join(reportParts, ",")))
		}
	}
	if f.format() == "csv" && len(f.parts) != 1 {
		errs = append(errs, fmt.Errorf("--out %s: CSV holds one table: name one part, such as --parts inventory", f.out))
	}
	f.size.CampaignMultiple = f.multiple
	return errors.Join(append(errs, f.asOf.parse(), f.size.Validate())...)
}

func (f *reportFlags) run(cmd *cobra.Command, path string) error {
	estate, err := readEstate(path)
	if err != nil {
		return err
	}
	subtitle := phrase.Count(len(estate.Servers), "server") + " from " + phrase.Count(len(estate.Sources), "source")
	d := report.New(f.title, subtitle)
	for _, part := range reportParts {
		if !slices.Contains(f.parts, part) {
			continue
		}
		switch part {
		case "inventory":
			d.AddInventory(estate, f.size.LogShare)
		case "findings":
			d.AddFindings(audit.Run(estate, f.auditOptions(estate)))
		case "sizing":
			if err := f.addSizing(d, estate); err != nil {
				return err
			}
		}
	}
	var b bytes.Buffer
	if err := report.Writers()[f.format()](&b, d); err != nil {
		return err
	}
	if err := atomicfile.Write(f.out, b.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s (%s)\n", f.out, strings.Join(f.parts, ", "))
	return nil
}

func (f *reportFlags) auditOptions(estate *migrate.Estate) audit.Options {
	o := audit.DefaultOptions()
	f.asOf.choose(&o, estate, time.Now())
	if f.multiple > 0 {
		o.CampaignMultiple = f.multiple
	}
	return o
}

// addSizing sizes for the stack, where one was named. An estate that can't be
// sized, such as one without web servers, still has a report, which says why.
func (f *reportFlags) addSizing(d *report.Document, estate *migrate.Estate) error {
	var base topology.Storefront
	options := f.size
	if f.stack != "" {
		file, err := stackfile.Read(filepath.Join(f.project, "Pulumi."+f.stack+".yaml"))
		if err != nil {
			return err
		}
		if base, err = file.Topology(); err != nil {
			return fmt.Errorf("read stack %s:\n%w", f.stack, err)
		}
		options.FixedReaders = fixedReaders(file)
	}
	result, err := sizing.Size(estate, base, options)
	if err != nil {
		d.AddUnsized(err)
		return nil
	}
	d.AddSizing(result)
	return nil
}
