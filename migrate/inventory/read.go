package inventory

import (
	"context"
	"errors"
	"fmt"

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
	return Finish(batches, opt.Overrides)
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
