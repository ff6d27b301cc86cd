package table

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// workbookParts is where in its archive a workbook keeps its sheets.
type workbookParts struct {
	names    []string
	path     map[string]string
	shared   string // the part with the texts of cells
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
		switch {
		case strings.HasSuffix(r.Type, "/worksheet"):
			target[r.ID] = partPath(r.Target)
		case strings.HasSuffix(r.Type, "/sharedStrings"):
			p.shared = partPath(r.Target)
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
	if err := newDecoder(io.LimitReader(r, 16<<20)).Decode(into); err != nil {
		return fmt.Errorf("is a damaged workbook: %s: %w", name, err)
	}
	return nil
}
