package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/richardlehane/mscfb"
)

// xlsBook is a workbook in the binary format of Excel 97 to 2003 (BIFF8 in a
// compound file, [MS-XLS] and [MS-CFB]). The Go libraries for it read wrong
// cells from real files or stop at damage without an error; a format that is
// limited to 65,536 rows fits in memory, so the records are read here.
type xlsBook struct {
	names  []string
	sheets map[string]*xlsSheet
	date04 bool
	lim    Limits
}

type xlsSheet struct {
	cells map[int][]string // by row, from 0
	last  int              // the last row, blank or not; -1 for none
	odd   []note
}

func openXLS(path string, lim Limits) (Book, error) {
	stream, err := workbookStream(path, lim)
	if err != nil {
		return nil, err
	}
	b := &xlsBook{sheets: map[string]*xlsSheet{}, lim: lim}
	if err := b.read(stream); err != nil {
		return nil, err
	}
	return b, nil
}

// workbookStream takes the workbook out of its compound file.
func workbookStream(path string, lim Limits) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := checkCompound(f); err != nil {
		return nil, err
	}
	var stream []byte
	err = guard(func() error {
		c, err := mscfb.New(f)
		if err != nil {
			return fmt.Errorf("is damaged or cut off: %w", err)
		}
		stream, err = findStream(c, lim)
		return err
	})
	return stream, err
}

// checkCompound refuses a header whose sector counts the file can't hold; they
// would make the library ask for all memory.
func checkCompound(f *os.File) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	head := make([]byte, 76)
	if _, err := f.ReadAt(head, 0); err != nil {
		return fmt.Errorf("is damaged or cut off: %w", err)
	}
	for _, at := range []int{40, 44, 64, 72} { // directory, FAT, mini FAT and DIFAT sectors
		if n := binary.LittleEndian.Uint32(head[at:]); int64(n) > st.Size()/512 {
			return errors.New("is damaged: its header asks for more than the file holds")
		}
	}
	return nil
}

func findStream(c *mscfb.Reader, lim Limits) ([]byte, error) {
	for _, e := range c.File {
		if len(e.Path) > 0 {
			continue // of something that a document or a mail has in it
		}
		switch e.Name {
		case "EncryptedPackage":
			return nil, errors.New("is encrypted: open it, remove the password and save it as .xlsx")
		case "Book":
			return nil, errors.New("is a workbook of Excel 95 or before: open it and save it as .xlsx")
		case "WordDocument", "PowerPoint Document":
			return nil, WrongKindError("is an Office document but not a workbook")
		}
	}
	for _, e := range c.File {
		if e.Name != "Workbook" || len(e.Path) > 0 {
			continue
		}
		if e.Size > lim.Bytes || e.Size < 0 {
			return nil, fmt.Errorf("holds a workbook of %d bytes; the limit is %d", e.Size, lim.Bytes)
		}
		stream, err := io.ReadAll(io.LimitReader(e, e.Size))
		if err != nil || int64(len(stream)) < e.Size {
			return nil, fmt.Errorf("is cut off: %d of the workbook's %d bytes are there: copy or export it again", len(stream), e.Size)
		}
		return stream, nil
	}
	return nil, WrongKindError("is an Office file without a workbook in it, such as a mail or a picture index")
}

func (b *xlsBook) Sheets() []string { return b.names }
func (b *xlsBook) Close() error     { return nil }

func (b *xlsBook) Sheet(name string, isHeader func([]string) bool) (*Sheet, error) {
	x := b.sheets[name]
	if x == nil {
		return nil, fmt.Errorf("has no sheet %q", name)
	}
	s, err := newSheet(name, isHeader, &xlsRows{sheet: x, row: -1})
	if err != nil {
		return nil, err
	}
	s.Date1904 = b.date04
	s.again = func() (rowSource, func() error, error) {
		return &xlsRows{sheet: x, row: -1}, func() error { return nil }, nil
	}
	return s, nil
}

type xlsRows struct {
	sheet *xlsSheet
	row   int // the last one given, from 0
	told  bool
}

func (x *xlsRows) next() (int, []string, bool, error) {
	if x.row >= x.sheet.last {
		return 0, nil, false, nil
	}
	x.row++
	return x.row + 1, x.sheet.cells[x.row], true, nil
}

func (x *xlsRows) notes() []note {
	if x.told {
		return nil
	}
	x.told = true
	return x.sheet.odd
}
