package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
)

// OutSheet is a sheet to write. Cells may be text, whole numbers, floating-point
// numbers, truth values or nil.
type OutSheet struct {
	Name string
	Rows iter.Seq[[]any]
}

// WriteXLSX writes a plain workbook, without styles: what an export of another
// program looks like to a reader. The same sheets and moment give the same
// bytes.
func WriteXLSX(w io.Writer, sheets []OutSheet, modified time.Time) error {
	z := zip.NewWriter(w)
	part := func(name string, fill func(*bufio.Writer) error) error {
		to, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: modified})
		if err != nil {
			return err
		}
		b := bufio.NewWriter(to)
		b.WriteString(xml.Header)
		if err := fill(b); err != nil {
			return err
		}
		return b.Flush()
	}
	parts := map[string]string{"[Content_Types].xml": contentTypes(len(sheets)), "_rels/.rels": packageRels, "xl/workbook.xml": workbookOf(sheets), "xl/_rels/workbook.xml.rels": workbookRels(len(sheets))}
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} {
		if err := part(name, func(b *bufio.Writer) error { _, err := b.WriteString(parts[name]); return err }); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	for i, s := range sheets {
		if err := part(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), func(b *bufio.Writer) error { return writeRows(b, s.Rows) }); err != nil {
			return fmt.Errorf("write sheet %s: %w", s.Name, err)
		}
	}
	return z.Close()
}

const (
	spreadsheetNS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationNS    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageNS     = "http://schemas.openxmlformats.org/package/2006/relationships"
	packageRels   = `<Relationships xmlns="` + packageNS + `"><Relationship Id="rId1" Type="` + relationNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
)

func contentTypes(sheets int) string {
	const main = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	var b strings.Builder
	b.WriteString(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + main + `sheet.main+xml"/>`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, main)
	}
	return b.String() + "</Types>"
}

func workbookOf(sheets []OutSheet) string {
	var b strings.Builder
	b.WriteString(`<workbook xmlns="` + spreadsheetNS + `" xmlns:r="` + relationNS + `"><sheets>`)
	for i, s := range sheets {
		fmt.Fprintf(&b, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(s.Name), i+1, i+1)
	}
	return b.String() + "</sheets></workbook>"
}

func workbookRels(sheets int) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="` + packageNS + `">`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relationNS, i+1)
	}
	return b.String() + "</Relationships>"
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

func writeRows(b *bufio.Writer, rows iter.Seq[[]any]) error {
	b.WriteString(`<worksheet xmlns="` + spreadsheetNS + `"><sheetData>`)
	num := 0
	for row := range rows {
		num++
		fmt.Fprintf(b, `<row r="%d">`, num)
		for col, v := range row {
			if err := writeCell(b, Letter(col)+strconv.Itoa(num), v); err != nil {
				return err
			}
		}
		b.WriteString("</row>")
	}
	_, err := b.WriteString("</sheetData></worksheet>")
	return err
}

func writeCell(b *bufio.Writer, at string, v any) error {
	number := ""
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		if v != "" {
			fmt.Fprintf(b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, escape(v))
		}
		return nil
	case bool:
		fmt.Fprintf(b, `<c r="%s" t="b"><v>%d</v></c>`, at, map[bool]int{true: 1}[v])
		return nil
	case int:
		number = strconv.Itoa(v)
	case int64:
		number = strconv.FormatInt(v, 10)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("cell %s: %v is no number that a workbook can hold", at, v)
		}
		number = strconv.FormatFloat(v, 'g', -1, 64)
	default:
		return fmt.Errorf("cell %s: a workbook can't hold a %T", at, v)
	}
	_, err := fmt.Fprintf(b, `<c r="%s"><v>%s</v></c>`, at, number)
	return err
}
