package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/audit"
)

// asOfFlag is the date that ages and ends of life are judged at, for every
// command that runs the audit.
type asOfFlag struct {
	text string
	at   time.Time // zero: not given
}

func (f *asOfFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.text, "as-of", "", "judge ages and ends of life at this `date` (2026-09-07); default: the newest date in the sources, else today")
}

// parse reads the flag as it was typed.
func (f *asOfFlag) parse() error {
	if f.text == "" {
		return nil
	}
	at, err := time.Parse(time.DateOnly, f.text)
	if err != nil {
		at, err = time.Parse(time.RFC3339, f.text)
	}
	if err != nil {
		return fmt.Errorf("--as-of %q: write a date as 2026-09-07, or a time as 2026-09-07T06:00:00Z", f.text)
	}
	f.at = at
	return nil
}

// choose sets the date of the audit, and the words for where it is from. An
// export without a date must not turn the checks off that need one, so today's
// date stands in.
func (f *asOfFlag) choose(o *audit.Options, estate *migrate.Estate, today time.Time) {
	switch {
	case !f.at.IsZero():
		o.AsOf, o.AsOfWhy = f.at, "the date that --as-of names"
	case estate.AsOf != nil:
		o.AsOf, o.AsOfWhy = *estate.AsOf, "the newest date in the sources; --as-of names another"
	default:
		o.AsOf, o.AsOfWhy = today.UTC(), "today, since no source holds a date; --as-of names another"
	}
}
