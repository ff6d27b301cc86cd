package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
	"github.com/storefront-toolkit/storefront/internal/sandbox/awsfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/nsxfake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/pulumicli"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
	"github.com/storefront-toolkit/storefront/internal/sandbox/vspherefake"
	"github.com/storefront-toolkit/storefront/stacks"
)

// flags are a command's.
type flags struct {
	stack, dir, project, at, site, graph string
	config                               []string
	json, details, log, unprotect        bool
}

func newCommand(command sandbox.Command, short string) *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   string(command) + " --stack NAME",
		Short: short,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.NoArgs(cmd, args); err != nil {
				return usageError{err}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd, command) },
	}
	set := cmd.Flags()
	set.StringVar(&f.stack, "stack", "", "the stack's name, as in Pulumi.<name>.yaml")
	set.StringVar(&f.dir, "dir", "", "folder of the sandbox's state (default .sandbox/<stack> in the project)")
	set.StringVar(&f.project, "project", "", "folder of Pulumi.yaml (default the nearest one upward)")
	set.StringArrayVar(&f.config, "config", nil, "set a value for this run: path=value, such as storefront:topology.web.capacity.max=12")
	set.StringVar(&f.at, "at", "", "the time that the program takes for now: 2026-11-27 or 2026-11-27T08:00:00Z")
	set.StringVar(&f.site, "site", "", "YAML file of what the simulated vCenter and NSX hold (default one data centre)")
	set.StringVar(&f.graph, "graph", "", "write the resource graph to this file as JSON")
	set.BoolVar(&f.json, "json", false, "print the summary as JSON")
	set.BoolVar(&f.details, "details", false, "count each tier's resource types")
	set.BoolVar(&f.log, "log", false, "pass on the engine's own output")
	if command == sandbox.Destroy {
		set.BoolVar(&f.unprotect, "unprotect", false, "lift the protection of all resources first")
	}
	return cmd
}

func (f *flags) run(cmd *cobra.Command, command sandbox.Command) error {
	options, err := f.options(cmd.ErrOrStderr())
	if err != nil {
		return usageError{err}
	}
	shown := newProgress(cmd.ErrOrStderr())
	options.Progress = shown.show
	result, err := sandbox.Do(cmd.Context(), command, options)
	shown.clear()
	if f.json && result != nil {
		if err := writeJSON(cmd.OutOrStdout(), result, err); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if f.graph != "" {
		if err := result.Graph.Write(f.graph); err != nil {
			return err
		}
	}
	if f.json {
		return nil
	}
	return result.Write(cmd.OutOrStdout(), f.details)
}

// options turns the flags into a run's options.
func (f *flags) options(errOut io.Writer) (sandbox.Options, error) {
	var problems []error
	if f.stack == "" {
		problems = append(problems, errors.New("--stack: name the stack, such as --stack prod"))
	}
	now, err := moment(f.at)
	problems = append(problems, err)
	project, err := projectFolder(f.project)
	problems = append(problems, err)
	simulated, err := packages(f.site)
	problems = append(problems, err)
	o := sandbox.Options{
		Stack: f.stack, Project: project, Dir: f.dir, Config: f.config, Unprotect: f.unprotect,
		Program: stacks.DeployAt(now), Packages: simulated, Secrets: stacks.Secrets,
		CLI: pulumicli.Finder{Root: project, Progress: errOut},
	}
	if f.log {
		o.Log = errOut
	}
	return o, errors.Join(problems...)
}

// packages are the simulated providers, with a private cloud as the file says,
// or a standard one without a file.
func packages(path string) ([]*fake.Package, error) {
	private := site.Default()
	if path != "" {
		read, err := site.Read(path)
		if err != nil {
			return nil, fmt.Errorf("--site: %w", err)
		}
		private = read
	}
	return []*fake.Package{awsfake.New(), vspherefake.New(private), nsxfake.New(private)}, nil
}

// moment reads a time, or a date, at which its day begins in UTC. Without one
// it is the present.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--at: %q is no time: write 2026-11-27 or 2026-11-27T08:00:00Z", text)
}

// projectFolder gives the folder that is asked for, or the nearest one upward
// with a Pulumi.yaml.
func projectFolder(asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project's folder: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		_, err := os.Stat(filepath.Join(dir, "Pulumi.yaml"))
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no Pulumi.yaml in %s or above: give --project", start)
		}
	}
}

// report is the machine-readable form of a run.
type report struct {
	Stack   string          `json:"stack"`
	Command sandbox.Command `json:"command"`
	Verdict string          `json:"verdict"`
	Changes int             `json:"changes"`
	Summary sandbox.Summary `json:"summary"`
	Outputs map[string]any  `json:"outputs"`
	Notes   []string        `json:"notes"`
	Errors  []string        `json:"errors"`
	CLI     string          `json:"cli"`
	Seconds sandbox.Seconds `json:"seconds"`
}

func writeJSON(w io.Writer, r *sandbox.Run, failure error) error {
	out := report{
		Stack: r.Stack, Command: r.Command, Verdict: r.Verdict(), Changes: r.Graph.Changes(), Summary: r.Graph.Summary(),
		Outputs: r.Outputs, Notes: append([]string{}, r.Notes...), Errors: []string{}, CLI: r.CLI, Seconds: r.Seconds,
	}
	if failure != nil {
		out.Verdict, out.Errors = "refused", lines(failure)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
