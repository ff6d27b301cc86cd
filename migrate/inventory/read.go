package inventory

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// Options are the settings of Read. The zero value reads every known format
// within the usual limits.
type Options struct {
	Overrides *Overrides
	// Progress is told how many bytes of the inputs are done, of how many, and
	// the name of the input at hand. Within an input only its rows grow.
	Progress func(done, total int64, input string, rows int)
}

// Read reads files and folders into one estate: it finds each one's format,
// reads, merges, applies the overrides, and infers what no source states. Each
// path may be a file, a folder or a zip, or name a format: "FORMAT=path". All
// errors are told at once; with any error there is no estate, since one that
// lacks an input would mislead.
func Read(ctx context.Context, paths []string, opt Options) (*migrate.Estate, error) {
	o := &opener{readers: Readers(), lim: table.DefaultLimits}
	defer o.close()
	inputs, openErr := o.open(paths)
	batches, readErr := readAll(ctx, inputs, opt)
	if err := errors.Join(openErr, readErr); err != nil {
		return nil, err
	}
	for _, s := range o.skipped {
		batches = append(batches, Batch{Source: s})
	}
	e, err := Finish(batches, opt.Overrides)
	if err == nil && len(e.Servers)+len(e.Flows) == 0 {
		return nil, nothingRead(e.Sources)
	}
	return e, err
}

// Finish merges batches, applies the overrides and infers the rest.
func Finish(batches []Batch, overrides *Overrides) (*migrate.Estate, error) {
	e := Merge(batches)
	if overrides != nil {
		if err := overrides.Apply(e); err != nil {
			return nil, err
		}
	}
	Infer(e)
	ClassifyFlows(e)
	return e, nil
}

func readAll(ctx context.Context, inputs []given, opt Options) ([]Batch, error) {
	var total, done int64
	for _, g := range inputs {
		total += max(g.in.Size, 1)
	}
	var batches []Batch
	var errs []error
	for _, g := range inputs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if opt.Progress != nil {
			name, before := g.in.Name, done
			opt.Progress(before, total, name, 0)
			g.in.Progress = func(rows int) { opt.Progress(before, total, name, rows) }
		}
		b, err := readOne(ctx, g)
		if err == nil && b.empty() {
			err = b.sayEmpty(g)
		}
		if err != nil {
			errs = append(errs, err)
		}
		batches = append(batches, b)
		done += max(g.in.Size, 1)
	}
	return batches, errors.Join(errs...)
}

// readOne turns a panic of a reader, which only a fault in it can cause, into
// an error that names the file.
func readOne(ctx context.Context, g given) (b Batch, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read %s: the reader of %s stopped at it (%v): this is a fault of the reader, report it", g.in.Name, g.reader.Format(), p)
		}
	}()
	return g.reader.Read(ctx, g.in)
}

// empty says that a batch adds neither servers and flows nor what is measured of
// them.
func (b *Batch) empty() bool {
	return len(b.Servers)+len(b.Flows)+len(b.Uses) == 0 && b.Access == nil
}

// sayEmpty is an error for a source that the user named; one of a folder gets a
// warning.
func (b *Batch) sayEmpty(g given) error {
	note := "no server, flow or measurement is in it: " + whyEmpty(b.Source)
	if !g.within {
		return fmt.Errorf("read %s: it is %s by its form, but %s", g.in.Name, g.reader.Format(), note)
	}
	b.Source.Warnings = append([]migrate.Place{{Note: note}}, b.Source.Warnings...)
	return nil
}

// whyEmpty is what a source says of why it gives nothing.
func whyEmpty(s migrate.Source) string {
	var why []string
	switch {
	case len(s.LeftOut) > 0:
		why = append(why, fmt.Sprintf("%d of %d rows left out (%s)", s.LeftOut[0].Count, s.Rows, s.LeftOut[0].Reason))
	case s.Rows == 0 && s.Format != formatUnknown:
		why = append(why, "there is no row under its header")
	}
	if len(s.Warnings) > 0 {
		why = append(why, s.Warnings[0].Note)
	}
	if why == nil {
		return fmt.Sprintf("none of its %d rows declares one", s.Rows)
	}
	return strings.Join(why, "; ")
}

// nothingRead is the error for an estate without a server and a flow.
func nothingRead(sources []migrate.Source) error {
	const most = 10
	var why []string
	for _, s := range sources {
		if len(s.Warnings) > 0 {
			why = append(why, s.Name+": "+s.Warnings[0].Note)
			continue
		}
		why = append(why, s.Name+": "+whyEmpty(s))
	}
	return fmt.Errorf("no server and no flow in what was read, so there is no estate:\n  %s", strings.Join(firstN(why, most), "\n  "))
}
