package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/internal/terminal"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory"
)

// inventoryFlags are the flags of the inventory command as they were typed.
type inventoryFlags struct {
	out, overrides string
	template, json bool
	vcenter, user  string
	insecure       bool
	historyDays    int
}

func newInventoryCommand() *cobra.Command {
	var f inventoryFlags
	cmd := &cobra.Command{
		Use:   "inventory FILES...",
		Short: "Read exports of the legacy site into one estate",
		Long: `Inventory reads files, folders and zip archives, finds out what each one is, and
merges all into one estate: servers, hosts, flows, measured use. It prints what
each file gave: rows read, servers, what was left out and why, and where sources
contradict each other. No row is lost in silence.

A path may name its format where it can't be told: flows-csv=export.csv. With
--vcenter it reads a running vCenter too, by the command storefront-vcenter; the
password comes from STOREFRONT_VCENTER_PASSWORD or is asked for.`,
		Example: `  storefront inventory rvtools.xlsx flows/ use.csv --out estate.json
  storefront inventory exports.zip --overrides roles.yaml --out estate.json --json
  storefront inventory --vcenter vcenter.shop.example --user audit@vsphere.local --history-days 30 --out estate.json
  storefront inventory --template > servers.csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(args); err != nil {
				return usageError(cmd, err)
			}
			return f.run(cmd, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.out, "out", "o", "", "write the estate to this `file`; - for standard output")
	flags.StringVar(&f.overrides, "overrides", "", "a YAML `file` that sets roles, environments, applications and owners")
	flags.BoolVar(&f.template, "template", false, "write a CSV with every column that is known, to fill in by hand")
	flags.BoolVar(&f.json, "json", false, "print what each file gave as JSON")
	flags.StringVar(&f.vcenter, "vcenter", "", "read the vCenter at this `address`")
	flags.StringVar(&f.user, "user", "", "sign in to the vCenter as this `user`")
	flags.BoolVar(&f.insecure, "insecure", false, "accept any certificate of the vCenter")
	flags.IntVar(&f.historyDays, "history-days", 30, "read so many days of measured use from the vCenter; 0 for none")
	return cmd
}

func (f inventoryFlags) check(args []string) error {
	switch {
	case f.template:
		return nil
	case len(args) == 0 && f.vcenter == "":
		return errors.New("name files, folders or archives to read, or a --vcenter")
	case f.vcenter != "" && f.user == "":
		return errors.New("--vcenter needs --user")
	case f.historyDays < 0 || f.historyDays > 3650:
		return fmt.Errorf("--history-days %d is not between 0 and 3650", f.historyDays)
	case f.out == "-" && f.json:
		return errors.New("--out - and --json both write to standard output")
	}
	return nil
}

func (f inventoryFlags) run(cmd *cobra.Command, args []string) error {
	if f.template {
		return f.write(cmd.OutOrStdout(), inventory.Template())
	}
	e, err := f.read(cmd, args)
	if err != nil {
		return err
	}
	if f.out != "" {
		data, err := json.MarshalIndent(e, "", "  ")
		if err != nil {
			return fmt.Errorf("write estate: %w", err)
		}
		if err := f.write(cmd.OutOrStdout(), append(data, '\n')); err != nil {
			return err
		}
	}
	switch {
	case f.json:
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetIndent("", "  ")
		return enc.Encode(summaryOf(e))
	case f.out == "-":
		return writeInventory(cmd.ErrOrStderr(), e, "")
	}
	return writeInventory(cmd.OutOrStdout(), e, f.out)
}

// write puts data where --out says.
func (f inventoryFlags) write(out io.Writer, data []byte) error {
	if f.out == "" || f.out == "-" {
		_, err := out.Write(data)
		return err
	}
	return atomicfile.Write(f.out, data, 0o644)
}

func (f inventoryFlags) read(cmd *cobra.Command, paths []string) (*migrate.Estate, error) {
	var opt inventory.Options
	var errs []error
	if f.overrides != "" {
		o, err := inventory.ReadOverrides(f.overrides)
		errs = append(errs, err)
		opt.Overrides = o
	}
	if f.vcenter != "" {
		dir, err := os.MkdirTemp("", "storefront-vcenter-")
		if err != nil {
			return nil, fmt.Errorf("read vCenter: %w", err)
		}
		defer os.RemoveAll(dir)
		file := filepath.Join(dir, "vcenter.json")
		if err := f.capture(cmd.Context(), cmd.ErrOrStderr(), file); err != nil {
			errs = append(errs, err)
		} else {
			paths = append([]string{file}, paths...)
		}
	}
	if len(paths) == 0 {
		return nil, errors.Join(errs...) // the vCenter was all there is to read
	}
	bar := &terminal.Progress{W: cmd.ErrOrStderr()}
	defer bar.Done()
	opt.Progress = func(done, total int64, input string, rows int) {
		bar.Show(done, total, fmt.Sprintf("%s, %d rows", input, rows))
	}
	e, err := inventory.Read(cmd.Context(), paths, opt)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return e, nil
}
