package main

import (
	"bytes"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/migrate/planreport"
)

func newPlanReportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "report PLAN.json",
		Short: "Draw a plan as one HTML file that needs no network",
		Long: `Report draws a plan: calendar with freezes, what crosses between the waves,
exposure over time, replication on the link, burn-down to the deadline, a card
for each wave and the conditions. Each picture has a table that says the same.`,
		Example: `  storefront plan report plan.json --out plan.html`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			plan, err := readPlan(args[0])
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := planreport.Write(&b, plan); err != nil {
				return err
			}
			if out != "" {
				return atomicfile.Write(out, b.Bytes(), 0o644)
			}
			_, err = cmd.OutOrStdout().Write(b.Bytes())
			return err
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "write to this `file`; default: to the terminal")
	return cmd
}
