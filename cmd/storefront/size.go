package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/migrate/report"
	"github.com/storefront-toolkit/storefront/migrate/sizing"
	"github.com/storefront-toolkit/storefront/migrate/sizing/stackfile"
)

// sizeWriters are the formats of a sizing.
var sizeWriters = map[string]func(io.Writer, sizing.Result) error{
	"text":     sizing.WriteText,
	"json":     sizing.WriteJSON,
	"csv":      report.Sizing(report.WriteCSV),
	"html":     report.Sizing(report.WriteHTML),
	"markdown": report.Sizing(report.WriteMarkdown),
}

// On the private cloud nothing adds database servers by load, and two readers
// are the most among which no commit is lost when a server is.
const (
	privatePlatform = "private"
	privateReaders  = 2
)

// fixedReaders is the number that sizing is told for the platform of a stack.
func fixedReaders(file *stackfile.File) int {
	if file.Platform() == privatePlatform {
		return privateReaders
	}
	return 0
}

// sizeFlags are the flags of the size command as they were typed.
type sizeFlags struct {
	stack, project, declare, platform string
	format, out                       string
	offload                           float64
	write                             bool
	options                           sizing.Options
}

func newSizeCommand() *cobra.Command {
	f := sizeFlags{options: sizing.DefaultOptions()}
	cmd := &cobra.Command{
		Use:   "size ESTATE.json",
		Short: "Size the new site from measured use",
		Long: `Size works out the tiers of a stack's topology from an estate: how many web
servers, how large a database, how much cache, each with its formula and what it
rests on, and the difference to today. Where measurement is thin it takes a
server as large as it was built, and says so.

With --stack it takes into account what Pulumi.<stack>.yaml declares: channels,
campaigns, engines. With --write it puts the figures there and leaves all else,
comments too, as it is. A stack without a topology gets one from --channels, a
YAML file with the keys that no estate can tell: environment, owner, network,
channels, access, deploy.runner, database.engine.`,
		Example: `  storefront size estate.json
  storefront size estate.json --stack prod --campaign-multiple 47
  storefront size estate.json --stack prod --write
  storefront size estate.json --stack new --channels shop.yaml --write
  storefront size estate.json --stack prod --format json --out sizing.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("offload") {
				f.options.Offload = &f.offload
			}
			if err := f.check(cmd); err != nil {
				return usageError(cmd, err)
			}
			return f.run(cmd, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.stack, "stack", "s", "", "size for Pulumi.`STACK`.yaml")
	flags.StringVar(&f.project, "project", ".", "the `folder` of the stack files")
	flags.BoolVar(&f.write, "write", false, "put the figures into the stack file")
	flags.StringVar(&f.declare, "channels", "", "a YAML `file` with what only people know, for a stack without a topology")
	flags.StringVar(&f.platform, "platform", "aws", "platform of a stack without one: aws or private")
	flags.Float64Var(&f.options.CampaignMultiple, "campaign-multiple", 0, "load to size for, in multiples of the median hour (default: the greatest in logs or declared campaigns)")
	flags.Float64Var(&f.options.Headroom, "headroom", f.options.Headroom, "growth to allow for on top of measured use, as a share")
	flags.Float64Var(&f.offload, "offload", 0, "share of requests that the CDN answers (default: the stack's own, at most the files in the access logs)")
	flags.Float64Var(&f.options.CDNRelief, "cdn-relief", 0, "share of the web servers' CPU that the CDN saves")
	flags.Float64Var(&f.options.LogShare, "log-share", f.options.LogShare, "share of all requests that the access logs hold")
	flags.StringVar(&f.options.Application, "application", "", "first word of the shop's applications (default: most web servers')")
	flags.Float64Var(&f.options.MinCoverage, "min-coverage", f.options.MinCoverage, "share of a period that samples have to cover")
	flags.StringVar(&f.format, "format", "text", "how to write: "+strings.Join(formatNames(sizeWriters), ", "))
	flags.StringVarP(&f.out, "out", "o", "", "write to this `file` rather than to the terminal")
	return cmd
}

// formatNames lists the formats of a map of writers.
func formatNames[T any](writers map[string]T) []string {
	var names []string
	for name := range writers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var stackForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

// check looks at the flags before anything is read.
func (f *sizeFlags) check(cmd *cobra.Command) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if f.stack != "" && !stackForm.MatchString(f.stack) {
		wrong("--stack %q is not a stack's name", f.stack)
	}
	if f.stack == "" && (f.write || f.declare != "") {
		wrong("--write and --channels need --stack")
	}
	if f.platform != "aws" && f.platform != privatePlatform {
		wrong("--platform %q: write aws or private", f.platform)
	}
	if sizeWriters[f.format] == nil {
		wrong("--format %q: write one of %s", f.format, strings.Join(formatNames(sizeWriters), ", "))
	}
	if cmd.Flags().Changed("campaign-multiple") && f.options.CampaignMultiple == 0 {
		wrong("--campaign-multiple 0 is below 1, the load of every day")
	}
	return errors.Join(append(errs, f.options.Validate())...)
}

func (f *sizeFlags) run(cmd *cobra.Command, path string) error {
	estate, err := readEstate(path)
	if err != nil {
		return err
	}
	file, base, err := f.readStack()
	if err != nil {
		return err
	}
	if file != nil {
		f.options.FixedReaders = fixedReaders(file)
	}
	result, err := sizing.Size(estate, base, f.options)
	if err != nil {
		return err
	}
	var invalid error
	if file != nil && file.Declared {
		if invalid = fill(file, result, time.Now()); invalid == nil && f.write {
			if err := file.Write(); err != nil {
				return err
			}
		}
	}
	var b bytes.Buffer
	if err := sizeWriters[f.format](&b, result); err != nil {
		return fmt.Errorf("write sizing as %s: %w", f.format, err)
	}
	if f.out != "" {
		err = atomicfile.Write(f.out, b.Bytes(), 0o644)
	} else {
		_, err = cmd.OutOrStdout().Write(b.Bytes())
	}
	if err != nil {
		return err
	}
	switch {
	case invalid != nil:
		return fmt.Errorf("%s would be refused, so nothing was written to it:\n%w", f.stackPath(), invalid)
	case f.write:
		fmt.Fprintf(cmd.ErrOrStderr(), "%d figures written to %s\n", len(result.Figures), f.stackPath())
		if file.New {
			fmt.Fprintf(cmd.ErrOrStderr(), "It is new: add %s, as docs/schema/stack.schema.json describes it.\n", platformSettings[f.platform])
		}
	}
	return nil
}

// platformSettings are what a new stack needs beside its topology, by platform.
var platformSettings = map[string]string{
	"aws":           "aws:region and storefront:aws (certificates: issue, and clientRootCertificateArn for access.mode client-vpn)",
	privatePlatform: "storefront:private (Pulumi.private.yaml is an example)",
}

func (f *sizeFlags) stackPath() string {
	return filepath.Join(f.project, "Pulumi."+f.stack+".yaml")
}

// readStack reads what the stack declares, or what --channels declares for it.
func (f *sizeFlags) readStack() (*stackfile.File, topology.Storefront, error) {
	if f.stack == "" {
		return nil, topology.Storefront{}, nil
	}
	file, err := stackfile.Read(f.stackPath())
	if err != nil {
		return nil, topology.Storefront{}, err
	}
	switch {
	case file.Declared && f.declare != "":
		return nil, topology.Storefront{}, fmt.Errorf("%s declares a topology already: --channels is for a stack without one", f.stackPath())
	case f.declare != "":
		text, err := os.ReadFile(f.declare)
		if err != nil {
			return nil, topology.Storefront{}, fmt.Errorf("read --channels: %w", err)
		}
		if err := file.Declare(text, f.platform); err != nil {
			return nil, topology.Storefront{}, fmt.Errorf("read --channels %s: %w", f.declare, err)
		}
	case !file.Declared && f.write:
		return nil, topology.Storefront{}, fmt.Errorf("%s declares no storefront:topology; write what no estate can tell into a YAML file and give it with --channels:\n%s",
			f.stackPath(), strings.Join(unsaid(topology.Storefront{}), "\n"))
	}
	base, err := file.Topology()
	if err != nil {
		return nil, base, fmt.Errorf("read %s:\n%w", f.stackPath(), err)
	}
	if missing := unsaid(base); file.Declared && len(missing) > 0 {
		return nil, base, fmt.Errorf("%s has to say what no estate can tell:\n%s", f.stackPath(), strings.Join(missing, "\n"))
	}
	return file, base, nil
}

// unsaid lists what a topology needs that sizing has no say over.
func unsaid(s topology.Storefront) (lines []string) {
	for _, need := range []struct {
		missing bool
		text    string
	}{
		{s.Environment == "", "environment: production or staging"},
		{s.Owner == "", "owner: the team that answers for the resources"},
		{s.Network.CIDR == "", "network.cidr: the address range, such as 10.40.0.0/16"},
		{len(s.Channels) == 0, "channels: code, zone, hostnames, currency and requestsPerSecond of every country"},
		{s.Access.Mode == "", "access: mode client-vpn with clientCidr, or site-to-site with officeCidrs and peerAddress"},
		{s.Deploy.Runner.Kind == "", "deploy.runner: kind, url and program of the CI runner"},
		{s.Database.Engine == "", "database.engine: aurora-mysql, mysql or mariadb"},
	} {
		if need.missing {
			lines = append(lines, "  "+need.text)
		}
	}
	return lines
}

// fill sets the figures in the file and checks that the file then says exactly
// what was sized, and that the topology takes it.
func fill(file *stackfile.File, result sizing.Result, now time.Time) error {
	for _, figure := range result.Figures {
		if err := file.Set(figure.Path, figure.Value); err != nil {
			return err
		}
	}
	written, err := file.Topology()
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(written, result.Topology) {
		return errors.New("storefront:topology: a YAML anchor or merge key makes one value serve two places, so that it can't be changed alone: write it out")
	}
	if problems, ok := written.Validate(now).(topology.Problems); ok {
		return problems.Under("storefront:topology")
	}
	return nil
}
