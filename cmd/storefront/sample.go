package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/migrate/sample"
)

func newSampleCommand() *cobra.Command {
	var (
		out, plan, format string
		seed              uint64
		list              bool
	)
	cmd := &cobra.Command{
		Use:   "sample",
		Short: "Write the exports of a made-up shop with planted faults",
		Long: fmt.Sprintf(`Sample writes what the people of a six-country shop of %d servers would hand
over: an RVTools workbook, lists of servers and backups, traffic, sockets,
measured use and access logs. %d faults are planted in it. The same seed gives
the same bytes.`, sample.Servers, len(sample.Faults())),
		Example: `  storefront sample --out shop
  storefront inventory shop --out estate.json
  storefront audit estate.json
  storefront sample --plan plan.yaml
  storefront sample --list-faults`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkSampleFlags(out, plan, format, list); err != nil {
				return usageError(cmd, err)
			}
			if out != "" {
				paths, err := sample.Write(out, seed)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "wrote %d files of %d servers to %s\n", len(paths), sample.Servers, out)
			}
			if plan != "" {
				if err := atomicfile.Write(plan, sample.PlanFile(), 0o644); err != nil {
					return err
				}
			}
			if list {
				return listFaults(cmd.OutOrStdout(), format)
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&out, "out", "o", "", "write into this `folder`, new, empty or of an earlier sample")
	flags.StringVar(&plan, "plan", "", "write the plan.yaml with which the sample moves in six weeks to this `file`")
	flags.Uint64Var(&seed, "seed", 1, "what the made-up numbers are drawn from")
	flags.BoolVar(&list, "list-faults", false, "print the planted faults and the checks that find them")
	flags.StringVar(&format, "format", "text", "how to print the faults: text or json")
	return cmd
}

func checkSampleFlags(out, plan, format string, list bool) error {
	var errs []error
	if out == "" && plan == "" && !list {
		errs = append(errs, errors.New("nothing to do: give --out FOLDER, --plan FILE or --list-faults"))
	}
	if format != "text" && format != "json" {
		errs = append(errs, fmt.Errorf("--format %q: write text or json", format))
	}
	return errors.Join(errs...)
}

func listFaults(w io.Writer, format string) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(sample.Faults())
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tSEVERITY\tCHECK\tSERVERS\tFAULT")
	for _, f := range sample.Faults() {
		servers := strings.Join(f.Servers, ", ")
		switch n := len(f.Servers); {
		case n == 0:
			servers = "the shop"
		case n > 3:
			servers = fmt.Sprintf("%s to %s", f.Servers[0], f.Servers[n-1])
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", f.ID, f.Severity, f.Check, servers, f.Text)
	}
	return table.Flush()
}
