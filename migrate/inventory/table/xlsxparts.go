package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// workbookParts is where in its archive a workbook keeps its sheets.
type workbookParts struct {
	names    []string
	path     map[string]string
	date1904 bool
}

type workbookXML struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name string     `xml:"name,attr"`
		Attr []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

type relationsXML struct {
	Relations []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

func readParts(z *zip.Reader) (workbookParts, error) {
	p := workbookParts{path: map[string]string{}}
	var wb workbookXML
	if err := decodeXML(z, "xl/workbook.xml", &wb); err != nil {
		return p, err
	}
	var rels relationsXML
	if err := decodeXML(z, "xl/_rels/workbook.xml.rels", &rels); err != nil {
		return p, err
	}
	target := map[string]string{}
	for _, r := range rels.Relations {
		if strings.HasSuffix(r.Type, "/worksheet") {
			target[r.ID] = partPath(r.Target)
		}
	}
	p.date1904 = wb.Properties.Date1904 == "1" || strings.EqualFold(wb.Properties.Date1904, "true")
	for _, s := range wb.Sheets {
		for _, a := range s.Attr {
			if t := target[a.Value]; a.Name.Local == "id" && t != "" && p.path[s.Name] == "" {
				p.names = append(p.names, s.Name)
				p.path[s.Name] = t
			}
		}
	}
	if len(p.names) == 0 {
		return p, errors.New("is a workbook without any sheet")
	}
	return p, nil
}

func partPath(target string) string {
	target = strings.ReplaceAll(target, "\\", "/")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join("xl", target)
}

// find looks a part up without regard to case, as Office does.
func find(z *zip.Reader, name string) *zip.File {
	for _, f := range z.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, "\\", "/"), name) {
			return f
		}
	}
	return nil
}

func decodeXML(z *zip.Reader, name string, into any) error {
	f := find(z, name)
	if f == nil {
		return fmt.Errorf("is a damaged workbook: %s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("is a damaged workbook: %s: %w", name, err)
	}
	defer r.Close()
	if err := xml.NewDecoder(io.LimitReader(r, 16<<20)).Decode(into); err != nil {
		return fmt.Errorf("is a damaged workbook: %s: %w", name, err)
	}
	return nil
}

// rowsShape is what a sheet's XML holds, found without parsing it.
type rowsShape struct {
	last int // the number of the last row
}

// scanRows finds the last row of a sheet, and checks that rows are in order
// and the XML has an end. The streaming reader would pass over the one and stop
// early at the other without a word.
func scanRows(z *zip.Reader, part string) (rowsShape, error) {
	var s rowsShape
	f := find(z, part)
	if f == nil {
		return s, errors.New("is missing in the workbook")
	}
	r, err := f.Open()
	if err != nil {
		return s, fmt.Errorf("is damaged: %w", err)
	}
	defer r.Close()
	b := bufio.NewReaderSize(r, 64<<10)
	closed := false
	for {
		_, err := b.ReadSlice('<')
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return s, fmt.Errorf("is damaged: %w", err)
		}
		tag, _ := b.Peek(256)
		if err := s.tag(tag); err != nil {
			return s, err
		}
		closed = closed || bytes.HasPrefix(tag, []byte("/")) && localName(tag[1:]) == "worksheet"
	}
	if !closed {
		return s, errors.New("is damaged: its XML has no end")
	}
	return s, nil
}

func (s *rowsShape) tag(tag []byte) error {
	if localName(tag) != "row" {
		return nil
	}
	num := s.last + 1
	if end := bytes.IndexByte(tag, '>'); end >= 0 {
		tag = tag[:end]
	}
	for _, q := range []string{` r="`, ` r='`} {
		if at := bytes.Index(tag, []byte(q)); at >= 0 {
			digits, _, _ := bytes.Cut(tag[at+len(q):], []byte(q[3:]))
			n, err := strconv.Atoi(string(digits))
			if err != nil || n < 1 {
				return fmt.Errorf("is damaged: a row has the number %s", Quote(string(digits)))
			}
			num = n
		}
	}
	if num <= s.last {
		return fmt.Errorf("is damaged: row %d comes after row %d", num, s.last)
	}
	s.last = num
	return nil
}

// localName is the name of a tag without its namespace's prefix.
func localName(tag []byte) string {
	end := bytes.IndexAny(tag, " />\t\r\n")
	if end < 0 || end > 64 {
		return ""
	}
	name := string(tag[:end])
	if at := strings.IndexByte(name, ':'); at >= 0 {
		name = name[at+1:]
	}
	return name
}
