package table

import (
	"archive/zip"
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// xlsxBook is a workbook in the Office Open XML format.
type xlsxBook struct {
	path  string
	zip   *zip.ReadCloser
	parts workbookParts
	lim   Limits
	file  *excelize.File // nil until a sheet is read: names alone don't need it
	rows  *excelize.Rows
}

func openXLSX(path string, lim Limits) (Book, error) {
	z, err := openZip(path, lim)
	if err != nil {
		return nil, err
	}
	parts, err := readParts(&z.Reader)
	if err != nil {
		z.Close()
		return nil, err
	}
	return &xlsxBook{path: path, zip: z, parts: parts, lim: lim}, nil
}

func (b *xlsxBook) load() error {
	if b.file != nil {
		return nil
	}
	return guard(func() (err error) {
		b.file, err = excelize.OpenFile(b.path, excelize.Options{
			UnzipSizeLimit: b.lim.Bytes, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true,
		})
		return err
	})
}

func (b *xlsxBook) Sheets() []string { return b.parts.names }

func (b *xlsxBook) Close() error {
	var errs []error
	if b.rows != nil {
		errs = append(errs, b.rows.Close())
	}
	if b.file != nil {
		errs = append(errs, b.file.Close())
	}
	return errors.Join(append(errs, b.zip.Close())...)
}

func (b *xlsxBook) Sheet(name string, isHeader func([]string) bool) (*Sheet, error) {
	part, ok := b.parts.path[name]
	if !ok {
		return nil, fmt.Errorf("has no sheet %q", name)
	}
	shape, err := scanRows(&b.zip.Reader, part)
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", name, err)
	}
	if shape.last > b.lim.Rows {
		return nil, fmt.Errorf("sheet %s has %d rows; the limit is %d", name, shape.last, b.lim.Rows)
	}
	if err := b.load(); err != nil {
		return nil, err
	}
	if b.rows != nil {
		b.rows.Close()
	}
	if err := guard(func() (err error) { b.rows, err = b.file.Rows(name); return err }); err != nil {
		return nil, fmt.Errorf("sheet %s: %w", name, err)
	}
	x := &xlsxRows{rows: b.rows, name: name, last: shape.last, lim: b.lim}
	s, err := newSheet(name, isHeader, x.next)
	if err != nil {
		return nil, err
	}
	s.Format.Date1904 = b.parts.date1904
	return s, nil
}

type xlsxRows struct {
	rows *excelize.Rows
	name string
	num  int
	last int
	lim  Limits
}

func (x *xlsxRows) next() (num int, cells []string, ok bool, err error) {
	err = guard(func() (err error) {
		if ok = x.rows.Next(); !ok {
			return x.rows.Error()
		}
		x.num++
		cells, err = x.rows.Columns()
		return err
	})
	switch {
	case err != nil:
		return 0, nil, false, fmt.Errorf("sheet %s, row %d: %w", x.name, x.num, err)
	case !ok && x.num < x.last:
		// The library ends quietly at XML that it can't read.
		return 0, nil, false, fmt.Errorf("sheet %s is damaged: it has %d rows but only %d can be read", x.name, x.last, x.num)
	case len(cells) > x.lim.Columns:
		return 0, nil, false, fmt.Errorf("sheet %s, row %d has %d columns; the limit is %d", x.name, x.num, len(cells), x.lim.Columns)
	}
	return x.num, cells, ok, nil
}

// guard turns a panic of a library, which damaged files can cause, into an
// error.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("is damaged: the reader stopped at it (%v)", p)
		}
	}()
	return f()
}
