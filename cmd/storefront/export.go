package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/migrate/handoff"
)

// exportFlags are the flags of the export command as they were typed.
type exportFlags struct {
	estate, format, out string
	options             handoff.Options
}

func newExportCommand() *cobra.Command {
	var f exportFlags
	var about strings.Builder
	for _, format := range handoff.Formats() {
		fmt.Fprintf(&about, "  %-4s %s\n", format.Name, format.About)
	}
	cmd := &cobra.Command{
		Use:   "export PLAN.json",
		Short: "Hand a plan over to the tools that move servers, and to calendars",
		Long: `Export writes a plan in the format of another tool:

` + about.String() + `
What a format can't hold is listed on standard error, with the reason.`,
		Example: `  storefront export plan.json --estate estate.json --format mgn --account 123456789012 --region eu-west-1 --out mgn.csv
  storefront export plan.json --estate estate.json --format hcx --out waves/
  storefront export plan.json --estate estate.json --format ics --wave W02`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.format == "" {
				return usageError(cmd, errors.New("--format is missing"))
			}
			return f.run(cmd, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.estate, "estate", "e", "estate.json", "estate `file`, as `storefront inventory` writes it")
	flags.StringVar(&f.format, "format", "", "what to write: cmf, csv, hcx, ics, mgn")
	flags.StringVarP(&f.out, "out", "o", "", "write to this `file`; for several files, or with a slash at its end, into this folder")
	flags.StringVar(&f.options.Wave, "wave", "", "only this wave, by name or `number`")
	flags.StringVar(&f.options.Account, "account", "", "mgn, cmf: `number` of the AWS account")
	flags.StringVar(&f.options.Region, "region", "", "mgn, cmf: AWS `region`")
	flags.StringVar(&f.options.LocalVCenter, "local-vcenter", "", "hcx: `UUID` of the old site's vCenter")
	flags.StringVar(&f.options.RemoteVCenter, "remote-vcenter", "", "hcx: `UUID` of the new site's vCenter")
	return cmd
}

func (f *exportFlags) run(cmd *cobra.Command, path string) error {
	plan, errPlan := readPlan(path)
	estate, errEstate := readEstate(f.estate)
	if err := errors.Join(errPlan, errEstate); err != nil {
		return err
	}
	if f.options.Wave != "" {
		f.options.Wave = chosenWaves(plan, []string{f.options.Wave})[0]
	}
	// A calendar program takes the entry with the newer stamp.
	f.options.Stamp = time.Now().UTC()
	files, leftOut, err := handoff.Export(f.format, plan, estate, f.options)
	if err != nil {
		return err
	}
	for _, l := range leftOut {
		fmt.Fprintf(cmd.ErrOrStderr(), "left out: %s: %s\n", l.Server, l.Reason)
	}
	return f.write(cmd, files)
}

func (f *exportFlags) write(cmd *cobra.Command, files []handoff.File) error {
	folder := strings.HasSuffix(f.out, "/") || f.out != "" && len(files) > 1
	if f.out == "" && len(files) > 1 {
		return fmt.Errorf("export plan: %s has %d files: give a folder with --out, or one --wave", f.format, len(files))
	}
	for _, file := range files {
		var err error
		switch {
		case folder:
			err = atomicfile.Write(filepath.Join(f.out, fileName(file.Name)), file.Data, 0o644)
		case f.out != "":
			err = atomicfile.Write(f.out, file.Data, 0o644)
		default:
			_, err = cmd.OutOrStdout().Write(file.Data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
