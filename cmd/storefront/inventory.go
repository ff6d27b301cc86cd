package main

import "github.com/spf13/cobra"

func newInventoryCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "inventory FILES...",
		Short: "Read exports of the legacy site into one estate",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
}
