// Command storefront-vcenter reads a running vCenter into a file that
// `storefront inventory` reads. It is a command of its own because VMware's SDK
// takes longer to build than all of storefront, and because the vCenter can
// often be reached only from a host on which nothing else shall run.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/internal/terminal"
	"github.com/storefront-toolkit/storefront/migrate/inventory"
	"github.com/storefront-toolkit/storefront/migrate/inventory/vcenter"
)

const passwordVariable = "STOREFRONT_VCENTER_PASSWORD"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes one command line and gives the exit code: 0, or 1 with each
// error on a line of its own.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	cmd := newCommand()
	cmd.SetArgs(args)
	cmd.SetOut(out)
	cmd.SetErr(errOut)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		fmt.Fprintln(errOut, "storefront-vcenter:", line)
	}
	return 1
}

func newCommand() *cobra.Command {
	var o vcenter.Options
	var out string
	var days int
	cmd := &cobra.Command{
		Use:   "storefront-vcenter ADDRESS --user USER --out FILE",
		Short: "Read a vCenter into a file for `storefront inventory`",
		Long: `storefront-vcenter reads servers, hosts, clusters, datastores and measured use of
a running vCenter. A user with the role Read-only suffices. The password comes
from ` + passwordVariable + ` or is asked for.`,
		Example:       "  storefront-vcenter vcenter.shop.example --user audit@vsphere.local --out vcenter.json\n  storefront inventory vcenter.json --out estate.json",
		Args:          cobra.ExactArgs(1),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if days < 0 || days > 3650 {
				return fmt.Errorf("--history-days %d is not between 0 and 3650", days)
			}
			o.URL, o.History = args[0], time.Duration(days)*24*time.Hour
			return collect(cmd, o, out)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.User, "user", "", "sign in as this `user`")
	flags.BoolVar(&o.Insecure, "insecure", false, "accept any certificate")
	flags.IntVar(&days, "history-days", 30, "read so many days of measured use; 0 for none")
	flags.StringVarP(&out, "out", "o", "", "write to this `file`")
	for _, name := range []string{"user", "out"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is defined three lines above
		}
	}
	return cmd
}

func collect(cmd *cobra.Command, o vcenter.Options, out string) error {
	errOut := cmd.ErrOrStderr()
	password, err := terminal.Password(passwordVariable, "Password of "+o.User+": ", errOut)
	if err != nil {
		return err
	}
	bar := &terminal.Progress{W: errOut}
	o.Password = password
	o.Progress = func(done, total int, what string) { bar.Show(int64(done), int64(total), what) }
	b, err := vcenter.Read(cmd.Context(), o)
	bar.Done()
	if err != nil {
		return err
	}
	err = atomicfile.WriteFunc(out, 0o600, func(w io.Writer) error { return inventory.WriteCapture(w, b) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d servers, %d hosts and %d series of measured use of %s written to %s\n", len(b.Servers), len(b.Hosts), len(b.Uses), b.Source.Name, out)
	return err
}
