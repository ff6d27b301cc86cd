package table

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// newDecoder reads a part's XML, in UTF-8 or UTF-16.
func newDecoder(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(bufio.NewReaderSize(Decode(r), 64<<10))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // Decode has done it
	return d
}

// xlsxRows reads the rows of one sheet, ECMA-376 part 1, 18.3.1.
type xlsxRows struct {
	dec    *xml.Decoder
	name   string
	shared []string
	lim    Limits
	num    int
	done   bool
	cells  []string
	odd    []note
}

func (x *xlsxRows) notes() []note {
	odd := x.odd
	x.odd = nil
	return odd
}

func (x *xlsxRows) next() (num int, cells []string, ok bool, err error) {
	if x.done {
		return 0, nil, false, nil
	}
	for {
		t, err := x.dec.RawToken()
		if err != nil {
			return 0, nil, false, x.damage(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "row":
				if err := x.row(t); err != nil {
					return 0, nil, false, x.damage(err)
				}
				return x.num, x.cells, true, nil
			case "mergeCell":
				x.merged(attr(t, "ref"))
			}
		case xml.EndElement:
			if t.Name.Local == "worksheet" {
				x.done = true
				return 0, nil, false, nil
			}
		}
	}
}

// merged notes cells that are one over several rows, such as "I2:I4": only the
// first row has the value.
func (x *xlsxRows) merged(ref string) {
	m := mergedCells.FindStringSubmatch(ref)
	if m == nil || m[2] == m[4] {
		return
	}
	row, err := strconv.Atoi(m[2])
	col, colErr := columnOf(m[1])
	if err != nil || colErr != nil || col >= x.lim.Columns {
		return
	}
	x.odd = append(x.odd, note{row, Col(col), noteMerged})
}

var mergedCells = regexp.MustCompile(`^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$`)

const noteMerged = "cells are merged over several rows, of which only the first has the value: take them apart and fill each row"

// noteNoValue is for a formula that the program that wrote it did not compute.
const noteNoValue = "a formula without its value: open the workbook in a spreadsheet program and save it"

// damage says where reading came to its end.
func (x *xlsxRows) damage(err error) error {
	x.done = true
	if errors.Is(err, io.EOF) {
		err = errors.New("its XML has no end")
	}
	return fmt.Errorf("sheet %s is damaged after row %d: %w", x.name, x.num, err)
}

// row reads the cells of a row up to its end.
func (x *xlsxRows) row(start xml.StartElement) error {
	num := x.num + 1
	if r := attr(start, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < 1 {
			return fmt.Errorf("a row has the number %s", Quote(r))
		}
		if n < num {
			return fmt.Errorf("row %d comes after row %d", n, x.num)
		}
		num = n
	}
	if num > x.lim.Rows {
		return fmt.Errorf("it has a row %d; the limit is %d", num, x.lim.Rows)
	}
	x.num, x.cells = num, nil
	for {
		t, err := x.dec.RawToken()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				if err := x.cell(t); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		}
	}
}

func (x *xlsxRows) cell(start xml.StartElement) error {
	col := len(x.cells)
	if ref := attr(start, "r"); ref != "" {
		c, err := columnOf(ref)
		if err != nil {
			return err
		}
		col = c
	}
	if col >= x.lim.Columns {
		return fmt.Errorf("it has a column %s; the limit is %d", Letter(col), x.lim.Columns)
	}
	text, uncomputed, err := cellContent(x.dec)
	if err != nil {
		return err
	}
	if uncomputed {
		x.odd = append(x.odd, note{x.num, Col(col), noteNoValue})
	}
	if attr(start, "t") == "s" && text != "" {
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(x.shared) {
			return fmt.Errorf("cell %s asks for text %s of %d", attr(start, "r"), Quote(text), len(x.shared))
		}
		text = x.shared[i]
	}
	for len(x.cells) <= col {
		x.cells = append(x.cells, "")
	}
	x.cells[col] = text
	return nil
}

// cellContent reads up to the cell's end: its value, or its text in place, and
// whether it is a formula without either.
func cellContent(d *xml.Decoder) (text string, uncomputed bool, err error) {
	var out strings.Builder
	in := 0 // within a value or text
	formula, value := false, false
	for {
		t, err := d.RawToken()
		if err != nil {
			return "", false, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v", "t":
				in++
				value = true
			case "rPh", "f": // how to pronounce the text, and the formula
				formula = formula || t.Name.Local == "f"
				if err := skip(d, t.Name.Local); err != nil {
					return "", false, err
				}
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v", "t":
				in--
			case "c":
				return unescape(out.String()), formula && !value, nil
			}
		case xml.CharData:
			if in > 0 {
				out.Write(t)
			}
		}
	}
}

func skip(d *xml.Decoder, name string) error {
	for {
		t, err := d.RawToken()
		if err != nil {
			return err
		}
		if end, ok := t.(xml.EndElement); ok && end.Name.Local == name {
			return nil
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// columnOf gives the column, from 0, of a reference such as "AB12".
func columnOf(ref string) (int, error) {
	col, i := 0, 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 4; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	if i == 0 {
		return 0, fmt.Errorf("a cell has the place %s", Quote(ref))
	}
	return col - 1, nil
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape gives the characters that XML can't hold, ECMA-376 part 1, 22.9.2.19.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		n, err := strconv.ParseUint(e[2:6], 16, 16)
		if err != nil {
			return e
		}
		return string(rune(n))
	})
}

// sharedTexts reads the texts to which cells refer by number.
func sharedTexts(z *zip.Reader, name string) ([]string, error) {
	if name == "" {
		return nil, nil
	}
	r, err := openPart(z, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	d := newDecoder(r)
	var out []string
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("its XML has no end")
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "si" {
				text, err := textItem(d)
				if err != nil {
					return nil, err
				}
				out = append(out, text)
			}
		case xml.EndElement:
			if t.Name.Local == "sst" {
				return out, nil
			}
		}
	}
}

// textItem joins the runs of one text.
func textItem(d *xml.Decoder) (string, error) {
	var out strings.Builder
	in := false
	for {
		t, err := d.RawToken()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				in = true
			case "rPh":
				if err := skip(d, "rPh"); err != nil {
					return "", err
				}
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				in = false
			case "si":
				return unescape(out.String()), nil
			}
		case xml.CharData:
			if in {
				out.Write(t)
			}
		}
	}
}
