package table

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
)

// xlsxBook is a workbook in the Office Open XML format (ECMA-376). Its sheets
// are read here, row by row: the library that can also write, style and compute
// workbooks is by itself a quarter of what the command takes to build, and ends
// quietly at XML that it can't read.
type xlsxBook struct {
	zip    *zip.ReadCloser
	parts  workbookParts
	lim    Limits
	shared []string // the workbook's texts; nil until a sheet is read
	loaded bool
	open   io.Closer
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
	return &xlsxBook{zip: z, parts: parts, lim: lim}, nil
}

func (b *xlsxBook) Sheets() []string { return b.parts.names }

func (b *xlsxBook) closeSheet() error {
	if b.open == nil {
		return nil
	}
	err := b.open.Close()
	b.open = nil
	return err
}

func (b *xlsxBook) Close() error { return errors.Join(b.closeSheet(), b.zip.Close()) }

func (b *xlsxBook) Sheet(name string, isHeader func([]string) bool) (*Sheet, error) {
	path, ok := b.parts.path[name]
	if !ok {
		return nil, fmt.Errorf("has no sheet %q", name)
	}
	if err := b.closeSheet(); err != nil {
		return nil, err
	}
	if !b.loaded {
		var err error
		if b.shared, err = sharedTexts(&b.zip.Reader, b.parts.shared); err != nil {
			return nil, fmt.Errorf("is a damaged workbook: %s: %w", b.parts.shared, err)
		}
		b.loaded = true
	}
	part, err := openPart(&b.zip.Reader, path)
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", name, err)
	}
	b.open = part
	x := &xlsxRows{dec: newDecoder(part), name: name, shared: b.shared, lim: b.lim}
	s, err := newSheet(name, isHeader, x)
	if err != nil {
		return nil, err
	}
	s.Date1904 = b.parts.date1904
	s.again = func() (rowSource, func() error, error) {
		part, err := openPart(&b.zip.Reader, path)
		if err != nil {
			return nil, nil, err
		}
		return &xlsxRows{dec: newDecoder(part), name: name, shared: b.shared, lim: b.lim}, part.Close, nil
	}
	return s, nil
}

func openPart(z *zip.Reader, name string) (io.ReadCloser, error) {
	f := find(z, name)
	if f == nil {
		return nil, errors.New("is missing in the workbook")
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	return r, nil
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
