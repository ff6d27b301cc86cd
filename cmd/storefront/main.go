// Command storefront reads what people have of a legacy shop's servers, says
// what is wrong with them, sizes the new site and plans the way there.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes. A command that wants another one returns an exitError.
const (
	exitOK          = 0
	exitFailed      = 1   // something in the input or the result is wrong
	exitUsage       = 2   // the command line itself is wrong
	exitInterrupted = 130 // as a shell reports an interrupt
)

// commands are the subcommands in the order of the work. Each has a file of
// its own with a func newXCommand() *cobra.Command: add it here.
func commands() []*cobra.Command {
	return []*cobra.Command{
		newInventoryCommand(),
		newAuditCommand(),
		newSizeCommand(),
		newReportCommand(),
		newSampleCommand(),
		newPlanCommand(),
		newRunbookCommand(),
		newExportCommand(),
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes one command line and gives the exit code. It prints each error
// on a line of its own.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil {
		fmt.Fprintln(errOut, "storefront: interrupted")
		return exitInterrupted
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		fmt.Fprintln(errOut, "storefront:", line)
	}
	var exit exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	return exitFailed
}

// newRootCommand builds the command tree anew, so that runs share no state.
func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "storefront",
		Short:         "Move an online shop's servers: inventory, audit, size, plan, runbooks",
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError(cmd, err)
	})
	root.AddCommand(commands()...)
	wrapArgs(root)
	return root
}

// wrapArgs makes wrong arguments of any command a usage error.
func wrapArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usageError(cmd, err)
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}

// exitError is an error that asks for an exit code of its own.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

// usageError says what is wrong with the command line and where to read on.
func usageError(cmd *cobra.Command, err error) error {
	return exitError{exitUsage, fmt.Errorf("%w\nsee: %s --help", err, cmd.CommandPath())}
}

// version is the module's version, or the commit of a build from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}
