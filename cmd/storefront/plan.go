package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
	"github.com/storefront-toolkit/storefront/internal/terminal"
	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/wave"
	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
	"github.com/storefront-toolkit/storefront/migrate/wavecheck"
)

// planFlags are the flags of the plan command as they were typed.
type planFlags struct {
	estate, config, out, keep, format string
	whatIf                            []string
	template                          bool
	seed                              uint64
	effort, changeCost                float64
}

// inputs are the flags that every plan command reads.
func (f *planFlags) inputs(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.estate, "estate", "e", "estate.json", "estate `file`, as `storefront inventory` writes it")
	cmd.Flags().StringVarP(&f.config, "config", "c", "plan.yaml", "plan `file`, as --template writes it")
	cmd.Flags().StringVar(&f.format, "format", "text", "how to write what is not the plan itself: text, json")
}

func (f *planFlags) check() error {
	if f.format != "text" && f.format != "json" {
		return fmt.Errorf("--format %q: write one of text, json", f.format)
	}
	return nil
}

func (f *planFlags) read() (*migrate.Estate, *planfile.Config, error) {
	estate, errEstate := readEstate(f.estate)
	cfg, errConfig := readPlanFile(f.config)
	return estate, cfg, errors.Join(errEstate, errConfig)
}

func newPlanCommand() *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Plan which servers move in which change window",
		Long: `Plan groups the estate's servers into waves, so that the least traffic crosses
between the sites meanwhile and every hard condition of plan.yaml holds. It
proves how far from the best a plan can be at most, and where there is no plan
it names conditions that can't all hold. The same inputs and seed give the same
plan. Interrupted, it gives the best plan so far.`,
		Example: `  storefront plan --template > plan.yaml
  storefront plan --estate estate.json --config plan.yaml --out plan.json
  storefront plan -e estate.json -c plan.yaml --keep plan.json --out plan2.json
  storefront plan -e estate.json -c plan.yaml --what-if deadline=+2w --what-if bandwidth=50%
  storefront plan check plan.json -e estate.json -c plan.yaml
  storefront plan explain db01 --plan plan.json -e estate.json -c plan.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.template {
				_, err := cmd.OutOrStdout().Write(planfile.Template)
				return err
			}
			if err := f.check(); err != nil {
				return usageError(cmd, err)
			}
			return f.plan(cmd)
		},
	}
	f.inputs(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&f.out, "out", "o", "", "write the plan to this `file` and a summary to the terminal; default: the plan to the terminal")
	flags.StringVar(&f.keep, "keep", "", "change as little as possible against this plan `file`")
	flags.Float64Var(&f.changeCost, "change-cost", 0, "with --keep: what a changed server costs, in GB·days; 0: more than any exposure")
	flags.StringArrayVar(&f.whatIf, "what-if", nil, "compare with the plan under `KEY=VALUE`, such as deadline=+2w, bandwidth=50%, team.dba=-1; commas combine")
	flags.Uint64Var(&f.seed, "seed", 1, "start of the search's chance")
	flags.Float64Var(&f.effort, "effort", 1, "how much to search, in multiples of the usual")
	flags.BoolVar(&f.template, "template", false, "print a plan.yaml with every key and end")
	cmd.AddCommand(newPlanCheckCommand(), newPlanExplainCommand(), newPlanReportCommand())
	return cmd
}

func (f *planFlags) plan(cmd *cobra.Command) error {
	estate, cfg, err := f.read()
	if err != nil {
		return err
	}
	bar := &terminal.Progress{W: cmd.ErrOrStderr()}
	step, steps := int64(0), int64(2*(1+len(f.whatIf))) // a plan is searched and bounded
	opts := wave.Options{Seed: f.seed, Effort: f.effort, ChangeCost: f.changeCost, Progress: func(text string) {
		bar.Show(step, steps, text)
		step++
	}}
	if f.keep != "" {
		if opts.Keep, err = readPlan(f.keep); err != nil {
			return err
		}
	}
	if len(f.whatIf) > 0 {
		scenarios, err := wave.Compare(cmd.Context(), estate, cfg, opts, f.whatIf)
		bar.Done()
		if err != nil {
			return err
		}
		return f.write(cmd.OutOrStdout(), scenariosOf(scenarios), func(w io.Writer) error { return writeScenarios(w, scenarios) })
	}
	plan, err := wave.Solve(cmd.Context(), estate, cfg, opts)
	bar.Done()
	if err != nil {
		return err
	}
	return f.save(cmd, plan)
}

func (f *planFlags) save(cmd *cobra.Command, plan *migrate.Plan) error {
	var b bytes.Buffer
	if err := writeJSON(&b, plan); err != nil {
		return err
	}
	if f.out == "" {
		_, err := cmd.OutOrStdout().Write(b.Bytes())
		return err
	}
	if err := atomicfile.Write(f.out, b.Bytes(), 0o644); err != nil {
		return err
	}
	return writePlanSummary(cmd.OutOrStdout(), plan)
}

// write gives the data as JSON or lets text write it.
func (f *planFlags) write(w io.Writer, data any, text func(io.Writer) error) error {
	if f.format == "json" {
		return writeJSON(w, data)
	}
	return text(w)
}

func writeJSON(w io.Writer, data any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(data)
}

func newPlanCheckCommand() *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "check PLAN.json",
		Short: "Judge any plan, made here or by hand, against every condition",
		Long: `Check believes only which server is in which wave and when each wave is; all
else it works out from the estate and plan.yaml. It exits with 1 where a hard
condition is broken.`,
		Example: "  storefront plan check plan.json --estate estate.json --config plan.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return usageError(cmd, err)
			}
			estate, cfg, err := f.read()
			plan, errPlan := readPlan(args[0])
			if err := errors.Join(err, errPlan); err != nil {
				return err
			}
			report := wavecheck.Check(estate, cfg, plan)
			if err := f.write(cmd.OutOrStdout(), report, func(w io.Writer) error { return writeReport(w, report) }); err != nil {
				return err
			}
			if report.HardBroken() {
				return fmt.Errorf("check %s: a hard condition is broken", args[0])
			}
			return nil
		},
	}
	f.inputs(cmd)
	return cmd
}

func newPlanExplainCommand() *cobra.Command {
	var f planFlags
	var planPath string
	cmd := &cobra.Command{
		Use:     "explain SERVER",
		Short:   "Say why a server is in its wave, and what moving it would cost or break",
		Example: "  storefront plan explain db01 --plan plan.json --estate estate.json --config plan.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return usageError(cmd, err)
			}
			estate, cfg, err := f.read()
			plan, errPlan := readPlan(planPath)
			if err := errors.Join(err, errPlan); err != nil {
				return err
			}
			why, err := wave.Explain(estate, cfg, plan, args[0])
			if err != nil {
				return err
			}
			return f.write(cmd.OutOrStdout(), why, func(w io.Writer) error { return writeExplanation(w, why) })
		},
	}
	f.inputs(cmd)
	cmd.Flags().StringVarP(&planPath, "plan", "p", "plan.json", "plan `file`")
	return cmd
}

func readPlanFile(path string) (*planfile.Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read plan file: %w: write one with `storefront plan --template`", err)
	}
	cfg, err := planfile.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read plan file %s:\n%w", path, err)
	}
	return cfg, nil
}

func readPlan(path string) (*migrate.Plan, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	var plan migrate.Plan
	if err := json.Unmarshal(data, &plan); err != nil {
		return nil, fmt.Errorf("read plan %s: %w: it has to be what `storefront plan --out` writes", path, err)
	}
	if plan.Schema != migrate.PlanSchema {
		return nil, fmt.Errorf("read plan %s: schema %q is not %s", path, plan.Schema, migrate.PlanSchema)
	}
	return &plan, nil
}
