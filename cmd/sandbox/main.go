// Command sandbox runs the repository's stacks in the real Pulumi engine on a
// simulated cloud: no account, no plugin, no network.
//
//	go run ./cmd/sandbox preview --stack prod
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/sandbox"
)

// Exit codes, the same as those of the storefront command.
const (
	exitOK          = 0
	exitFailed      = 1   // the stack was refused, or the run failed
	exitUsage       = 2   // the command line itself is wrong
	exitInterrupted = 130 // as a shell reports an interrupt
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes one command line and gives the exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil {
		fmt.Fprintln(errOut, "sandbox: interrupted; the same command can be run again")
		return exitInterrupted
	}
	for _, line := range lines(err) {
		fmt.Fprintln(errOut, "sandbox:", line)
	}
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

// lines gives an error's problems, one a line.
func lines(err error) []string {
	var refused *sandbox.Refused
	if errors.As(err, &refused) {
		return refused.Lines
	}
	return strings.Split(err.Error(), "\n")
}

// usageError is an error of the command line itself.
type usageError struct{ error }

// newRootCommand builds the command tree anew, so that runs share no state.
func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the stacks in the real Pulumi engine on a simulated cloud",
		Long: "Run the stacks in the real Pulumi engine on a simulated cloud: no account, no plugin, no network.\n" +
			"The state is kept in .sandbox/<stack>; the project's own files are never written.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see: %s --help", err, cmd.CommandPath())}
	})
	root.AddCommand(
		newCommand(sandbox.Preview, "Show what would be created, changed and deleted"),
		newCommand(sandbox.Up, "Bring the stack up, or update it"),
		newCommand(sandbox.Refresh, "Compare the state with the simulated cloud"),
		newCommand(sandbox.Destroy, "Delete everything in the stack"),
		newDemoCommand(),
	)
	return root
}
