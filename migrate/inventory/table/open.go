package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// FileKind is what a file is by its content.
type FileKind string

const (
	KindText    FileKind = "text"
	KindXLSX    FileKind = "xlsx"
	KindXLS     FileKind = "xls"
	KindZip     FileKind = "zip"
	KindGzip    FileKind = "gzip"
	KindFolder  FileKind = "folder"
	KindUnknown FileKind = "unknown"
)

// WrongKindError says that a file is whole but of a kind that holds no table.
type WrongKindError string

func (e WrongKindError) Error() string { return string(e) }

var magics = []struct {
	prefix, what string
}{
	{"%PDF", "a PDF document: export the data as .xlsx or .csv"},
	{"Rar!", "a RAR archive: unpack it or use zip"},
	{"7z\xbc\xaf", "a 7-Zip archive: unpack it or use zip"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
	{"\x7fELF", "a program"},
	{"MZ", "a program"},
	{"SQLite format 3", "a SQLite database"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it"},
	{"\xfd7zXZ", "compressed with xz: unpack it"},
	{"BZh", "compressed with bzip2: unpack it"},
	{"PAR1", "a Parquet file: export it as CSV"},
}

// KindOf tells what a file is from its first bytes, never from its name; an
// error says why no reader can use it.
func KindOf(path string) (FileKind, error) {
	f, err := os.Open(path)
	if err != nil {
		return KindUnknown, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil {
		return KindUnknown, err
	} else if st.IsDir() {
		return KindFolder, nil
	} else if st.Size() == 0 {
		return KindUnknown, WrongKindError("is empty")
	}
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return KindUnknown, err
	}
	return kindOfHead(head[:n], path)
}

func kindOfHead(head []byte, path string) (FileKind, error) {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return kindOfZip(path)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return KindXLS, nil
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return KindGzip, nil
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return KindUnknown, WrongKindError("is " + m.what)
		}
	}
	text := DecodeHead(head)
	if bytes.IndexByte(text, 0) >= 0 {
		return KindUnknown, WrongKindError("is a binary file of a kind not known here")
	}
	start := strings.ToLower(string(bytes.TrimSpace(text[:min(len(text), 512)])))
	switch {
	case strings.Contains(start, "urn:schemas-microsoft-com:office:spreadsheet"):
		return KindUnknown, WrongKindError("is an XML spreadsheet of Excel 2003: open it and save it as .xlsx")
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
		return KindUnknown, WrongKindError("is a web page, perhaps a sign-in page saved in place of the file: export it again")
	}
	return KindText, nil
}

func kindOfZip(path string) (FileKind, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return KindUnknown, fmt.Errorf("is damaged or cut off: %w: copy or export it again", err)
	}
	defer z.Close()
	switch {
	case find(&z.Reader, "xl/workbook.xml") != nil:
		return KindXLSX, nil
	case find(&z.Reader, "xl/workbook.bin") != nil:
		return KindUnknown, WrongKindError("is a binary workbook (.xlsb): open it and save it as .xlsx")
	case find(&z.Reader, "content.xml") != nil && find(&z.Reader, "mimetype") != nil:
		return KindUnknown, WrongKindError("is an OpenDocument file: open it and save it as .xlsx")
	case find(&z.Reader, "word/document.xml") != nil, find(&z.Reader, "ppt/presentation.xml") != nil:
		return KindUnknown, WrongKindError("is an Office document but not a workbook")
	}
	return KindZip, nil
}

// openZip opens an archive whose content, unpacked, stays within the limits.
// The sizes in its directory can be trusted for that, since archive/zip refuses
// an entry that holds more than it declares.
func openZip(path string, lim Limits) (*zip.ReadCloser, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("is damaged or cut off: %w: copy or export it again", err)
	}
	if err := CheckZip(&z.Reader, lim); err != nil {
		z.Close()
		return nil, err
	}
	return z, nil
}

// CheckZip refuses an archive that is encrypted or unpacks to more than the
// limits allow.
func CheckZip(z *zip.Reader, lim Limits) error {
	const harmless, mostFiles = 64 << 20, 100_000
	var packed, unpacked uint64
	if len(z.File) > mostFiles {
		return fmt.Errorf("holds %d files; the limit is %d", len(z.File), mostFiles)
	}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return fmt.Errorf("is encrypted (%s): save it without a password", f.Name)
		}
		if f.UncompressedSize64 > uint64(lim.Bytes) {
			return fmt.Errorf("holds %s, which unpacks to %d bytes; the limit is %d", f.Name, f.UncompressedSize64, lim.Bytes)
		}
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
	}
	if unpacked > uint64(lim.Bytes) {
		return fmt.Errorf("unpacks to %d bytes; the limit is %d", unpacked, lim.Bytes)
	}
	if unpacked > harmless && unpacked > packed*uint64(lim.Ratio) {
		return fmt.Errorf("unpacks to %d times its size, as a zip bomb does; the limit is %d", unpacked/max(packed, 1), lim.Ratio)
	}
	return nil
}

// Open opens a workbook, a delimited text file, or a folder of these whose
// files are its sheets. Its errors don't name the file: the caller knows what
// the user called it.
func Open(path string, lim Limits) (Book, error) {
	kind, err := KindOf(path)
	if err != nil {
		return nil, err
	}
	switch kind {
	case KindXLSX:
		return openXLSX(path, lim)
	case KindXLS:
		return openXLS(path, lim)
	case KindFolder:
		return openFolder(path, lim)
	case KindText:
		return &csvBook{path: path, name: sheetName(path), lim: lim}, nil
	}
	return nil, fmt.Errorf("is a %s file, not a table", kind)
}

// folderBook is a folder of delimited files, each a sheet named by its file.
type folderBook struct {
	names []string
	books map[string]*csvBook
	open  *csvBook
}

func openFolder(path string, lim Limits) (Book, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	b := &folderBook{books: map[string]*csvBook{}}
	for _, e := range entries {
		ext := strings.ToLower(filepath.Ext(e.Name()))
		if !e.Type().IsRegular() || ext != ".csv" && ext != ".txt" && ext != ".tsv" {
			continue
		}
		name := sheetName(e.Name())
		if b.books[name] == nil {
			b.names = append(b.names, name)
			b.books[name] = &csvBook{path: filepath.Join(path, e.Name()), name: name, lim: lim}
		}
	}
	sort.Strings(b.names)
	if len(b.names) == 0 {
		return nil, errors.New("is a folder without .csv files")
	}
	return b, nil
}

func (b *folderBook) Sheets() []string { return b.names }

func (b *folderBook) Sheet(name string, isHeader func([]string) bool) (*Sheet, error) {
	c := b.books[name]
	if c == nil {
		return nil, fmt.Errorf("has no file %s.csv", name)
	}
	b.Close()
	b.open = c
	s, err := c.Sheet(name, isHeader)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(c.path), err)
	}
	return s, nil
}

func (b *folderBook) Close() error {
	if b.open == nil {
		return nil
	}
	return b.open.Close()
}
