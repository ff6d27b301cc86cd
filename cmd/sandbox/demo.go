package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/internal/diagram"
	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

// demoFlags are the demo's.
type demoFlags struct {
	flags
	out   string
	links []string
}

func newDemoCommand() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Bring every stack up on its own and lay out what it creates as a page with pictures",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	set := cmd.Flags()
	set.StringVar(&f.out, "out", "out", "folder for index.html and the pictures")
	set.StringVar(&f.project, "project", "", "folder of Pulumi.yaml (default the nearest one upward)")
	set.StringVar(&f.at, "at", "", "the time that the program takes for now: 2026-11-27 or 2026-11-27T08:00:00Z")
	set.StringArrayVar(&f.links, "link", nil, "a page to link from the index, as TITLE=FILE")
	return cmd
}

func (f *demoFlags) run(cmd *cobra.Command) error {
	project, err := projectFolder(f.project)
	if err != nil {
		return usageError{err}
	}
	links, err := f.pages()
	if err != nil {
		return usageError{err}
	}
	stacks, err := stackNames(project)
	if err != nil {
		return err
	}
	var runs []*sandbox.Run
	for _, name := range stacks {
		run, err := f.bringUp(cmd, name)
		if err != nil {
			return err
		}
		if err := f.draw(run); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", name, run.Verdict())
		runs = append(runs, run)
	}
	page, err := diagram.Page(runs, links)
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(f.out, "index.html"), page, 0o644)
}

// bringUp runs one stack in a folder that goes again, so that every demo starts
// from nothing.
func (f *demoFlags) bringUp(cmd *cobra.Command, stack string) (*sandbox.Run, error) {
	dir, err := os.MkdirTemp("", "storefront-demo-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for %s: %w", stack, err)
	}
	defer os.RemoveAll(dir)
	one := f.flags
	one.stack, one.dir = stack, dir
	options, err := one.options(cmd.ErrOrStderr())
	if err != nil {
		return nil, usageError{err}
	}
	shown := newProgress(cmd.ErrOrStderr())
	options.Progress = shown.show
	defer shown.clear()
	return sandbox.Do(cmd.Context(), sandbox.Up, options)
}

// draw leaves the picture and the resource graph of a stack beside the index.
func (f *demoFlags) draw(run *sandbox.Run) error {
	picture := diagram.SVG(diagram.Read(run.Graph), "The stack "+run.Stack)
	if err := atomicfile.Write(filepath.Join(f.out, run.Stack+".svg"), picture, 0o644); err != nil {
		return err
	}
	return run.Graph.Write(filepath.Join(f.out, run.Stack+".json"))
}

// stackNames lists the stacks that have a file in the project.
func stackNames(project string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(project, "Pulumi.*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list the stacks: %w", err)
	}
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml"))
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no stack in %s: there is no Pulumi.<stack>.yaml", project)
	}
	return names, nil
}

func (f *demoFlags) pages() ([][2]string, error) {
	var out [][2]string
	var problems []error
	for _, l := range f.links {
		title, file, ok := strings.Cut(l, "=")
		if !ok || title == "" || file == "" {
			problems = append(problems, fmt.Errorf("--link: %q is not TITLE=FILE", l))
			continue
		}
		out = append(out, [2]string{title, file})
	}
	return out, errors.Join(problems...)
}
