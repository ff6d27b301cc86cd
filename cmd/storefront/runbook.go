package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/runbook"
)

// runbookWriter is a format of a runbook, named by the ending of its files.
type runbookWriter struct {
	name  string
	write func(*runbook.Runbook, io.Writer) error
}

var runbookWriters = []runbookWriter{
	{"md", (*runbook.Runbook).WriteMarkdown},
	{"html", (*runbook.Runbook).WriteHTML},
	{"json", (*runbook.Runbook).WriteJSON},
}

// runbookFlags are the flags of the runbook command as they were typed.
type runbookFlags struct {
	estate, stackFile, out string
	waves, formats         []string
}

func newRunbookCommand() *cobra.Command {
	var f runbookFlags
	cmd := &cobra.Command{
		Use:   "runbook PLAN.json",
		Short: "Write what each person does on a wave's night, and the way back",
		Long: `Runbook writes, for each wave of a plan, the steps with owner, duration and
waits, the times from the start of replication to the point of no return, the
criteria to go on, the switch of the traffic, the last moment to decide, the way
back step by step, and the messages. The critical path tells the night's length
and its slack to the end of the window.`,
		Example: `  storefront runbook plan.json --estate estate.json --stack-file Pulumi.prod.yaml --out runbooks
  storefront runbook plan.json --estate estate.json --wave W05 --format md`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return usageError(cmd, err)
			}
			return f.run(cmd, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.estate, "estate", "e", "estate.json", "estate `file`, as `storefront inventory` writes it")
	flags.StringVar(&f.stackFile, "stack-file", "", "stack `file` whose channels are switched, such as Pulumi.prod.yaml")
	flags.StringSliceVar(&f.waves, "wave", nil, "wave by name or `number`; default: all")
	flags.StringSliceVar(&f.formats, "format", []string{"md", "html", "json"}, "how to write: md, html, json")
	flags.StringVarP(&f.out, "out", "o", "", "write into this `folder`; default: one wave in one format to the terminal")
	return cmd
}

func (f *runbookFlags) check() error {
	var errs []error
	for _, name := range f.formats {
		if !slices.ContainsFunc(runbookWriters, func(w runbookWriter) bool { return w.name == name }) {
			errs = append(errs, fmt.Errorf("--format %q: write one of md, html, json", name))
		}
	}
	if f.out == "" && (len(f.waves) != 1 || len(f.formats) != 1) {
		errs = append(errs, errors.New("--out FOLDER is missing; without it give one --wave and one --format"))
	}
	return errors.Join(errs...)
}

func (f *runbookFlags) run(cmd *cobra.Command, path string) error {
	plan, errPlan := readPlan(path)
	estate, errEstate := readEstate(f.estate)
	options, errStack := readStackFile(f.stackFile)
	if err := errors.Join(errPlan, errEstate, errStack); err != nil {
		return err
	}
	for _, id := range chosenWaves(plan, f.waves) {
		rb, err := runbook.Build(plan, id, estate, options)
		if err != nil {
			return err
		}
		for _, w := range rb.Warnings {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", id, w)
		}
		if err := f.write(cmd, rb); err != nil {
			return err
		}
	}
	return nil
}

// chosenWaves are the waves asked for, or all of them; a number is a wave's
// place in the plan.
func chosenWaves(plan *migrate.Plan, asked []string) []string {
	var out []string
	for _, w := range asked {
		if n, err := strconv.Atoi(w); err == nil && n >= 1 && n <= len(plan.Waves) {
			w = plan.Waves[n-1].ID
		}
		out = append(out, w)
	}
	if len(asked) == 0 {
		for _, w := range plan.Waves {
			out = append(out, w.ID)
		}
	}
	return out
}

func (f *runbookFlags) write(cmd *cobra.Command, rb *runbook.Runbook) error {
	for _, w := range runbookWriters {
		if !slices.Contains(f.formats, w.name) {
			continue
		}
		var b bytes.Buffer
		if err := w.write(rb, &b); err != nil {
			return fmt.Errorf("write runbook of wave %s as %s: %w", rb.Wave, w.name, err)
		}
		if f.out == "" {
			_, err := cmd.OutOrStdout().Write(b.Bytes())
			return err
		}
		if err := atomicfile.Write(filepath.Join(f.out, "runbook-"+fileName(rb.Wave)+"."+w.name), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fileName keeps a hand-made wave's name from leaving the folder.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == os.PathSeparator || r == 0 {
			return '-'
		}
		return r
	}, s)
}

// readStackFile gives the options of a runbook; without a file there are none.
func readStackFile(path string) (runbook.Options, error) {
	if path == "" {
		return runbook.Options{}, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return runbook.Options{}, fmt.Errorf("read stack file: %w", err)
	}
	stack, channels, err := runbook.ParseStack(path, data)
	return runbook.Options{Stack: stack, Channels: channels}, err
}
