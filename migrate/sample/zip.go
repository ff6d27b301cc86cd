package sample

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// writeZip writes a workbook whose bytes depend on its content alone: parts in
// the order of their names, and none with the time of writing.
func writeZip(book *excelize.File, w io.Writer) error {
	if err := book.SetDocProps(&excelize.DocProperties{
		Creator: "RVTools", LastModifiedBy: "RVTools", Created: asOf.Format(time.RFC3339), Modified: asOf.Format(time.RFC3339),
	}); err != nil {
		return err
	}
	packed, err := book.WriteToBuffer()
	if err != nil {
		return err
	}
	in, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		return err
	}
	parts := slices.Clone(in.File)
	slices.SortFunc(parts, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts {
		if err := copyPart(out, part); err != nil {
			return err
		}
	}
	return out.Close()
}

func copyPart(out *zip.Writer, part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	to, err := out.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: asOf})
	if err != nil {
		return err
	}
	_, err = io.Copy(to, r)
	return err
}
