package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Record types of BIFF8, [MS-XLS] 2.3.
const (
	recBOF        = 0x0809
	recEOF        = 0x000a
	recFilePass   = 0x002f
	recDate1904   = 0x0022
	recBoundSheet = 0x0085
	recContinue   = 0x003c
	recSST        = 0x00fc
	recLabelSST   = 0x00fd
	recLabel      = 0x0204
	recRString    = 0x00d6
	recNumber     = 0x0203
	recRK         = 0x027e
	recMulRK      = 0x00bd
	recBoolErr    = 0x0205
	recFormula    = 0x0006
	recMergeCells = 0x00e5
	recString     = 0x0207
	recRow        = 0x0208
)

var errBIFF = errors.New("is damaged: a record is shorter than its content")

// biff walks the records of a workbook stream.
type biff struct {
	data []byte
	at   int
}

// next gives a record's type and data; ok is false at the end of the stream.
func (b *biff) next() (typ int, data []byte, ok bool, err error) {
	if b.at >= len(b.data) {
		return 0, nil, false, nil
	}
	if b.at+4 > len(b.data) {
		return 0, nil, false, errors.New("is cut off within a record")
	}
	typ = int(binary.LittleEndian.Uint16(b.data[b.at:]))
	n := int(binary.LittleEndian.Uint16(b.data[b.at+2:]))
	if b.at+4+n > len(b.data) {
		return 0, nil, false, errors.New("is cut off within a record")
	}
	data = b.data[b.at+4 : b.at+4+n]
	b.at += 4 + n
	return typ, data, true, nil
}

// continued adds the data of the CONTINUE records that follow.
func (b *biff) continued(first []byte) ([][]byte, error) {
	parts := [][]byte{first}
	for {
		mark := b.at
		typ, data, ok, err := b.next()
		if err != nil {
			return nil, err
		}
		if !ok || typ != recContinue {
			b.at = mark
			return parts, nil
		}
		parts = append(parts, data)
	}
}

type boundSheet struct {
	name string
	at   int
}

func (x *xlsBook) read(stream []byte) error {
	b := &biff{data: stream}
	var bounds []boundSheet
	var shared []string
	for {
		typ, data, ok, err := b.next()
		if err != nil {
			return err
		}
		if !ok {
			return errors.New("is cut off: its first part has no end")
		}
		switch typ {
		case recBOF:
			if len(data) < 2 || binary.LittleEndian.Uint16(data) != 0x0600 {
				return errors.New("is a workbook of Excel 95 or before: open it and save it as .xlsx")
			}
		case recFilePass:
			return errors.New("is encrypted: open it, remove the password and save it as .xlsx")
		case recDate1904:
			x.date04 = len(data) >= 2 && data[0] == 1
		case recBoundSheet:
			s, err := readBoundSheet(data)
			if err != nil {
				return err
			}
			if s.name != "" {
				bounds = append(bounds, s)
			}
		case recSST:
			if shared, err = readSST(b, data); err != nil {
				return err
			}
		case recEOF:
			return x.readSheets(stream, bounds, shared)
		}
	}
}

// readBoundSheet gives an empty name for what is no worksheet (a chart, macros).
func readBoundSheet(data []byte) (boundSheet, error) {
	if len(data) < 8 {
		return boundSheet{}, errBIFF
	}
	name, err := (&biffText{parts: [][]byte{data[7:]}}).chars(int(data[6]))
	if err != nil || data[5] != 0 {
		return boundSheet{}, err
	}
	return boundSheet{name: name, at: int(binary.LittleEndian.Uint32(data))}, nil
}

func (x *xlsBook) readSheets(stream []byte, bounds []boundSheet, shared []string) error {
	for _, s := range bounds {
		if x.sheets[s.name] != nil {
			continue
		}
		if s.at < 0 || s.at >= len(stream) {
			return fmt.Errorf("is cut off: sheet %s is missing", s.name)
		}
		sheet := &xlsSheet{cells: map[int][]string{}, last: -1}
		if err := sheet.read(&biff{data: stream, at: s.at}, shared); err != nil {
			return fmt.Errorf("sheet %s %w", s.name, err)
		}
		x.names = append(x.names, s.name)
		x.sheets[s.name] = sheet
	}
	if len(x.names) == 0 {
		return errors.New("is a workbook without any sheet")
	}
	return nil
}

// read takes cells up to the sheet's end. Charts within the sheet bring a
// beginning and end of their own.
func (s *xlsSheet) read(b *biff, shared []string) error {
	depth := 0
	var row, col int // of the last formula, whose text may follow
	for {
		typ, data, ok, err := b.next()
		if err != nil {
			return err
		}
		if !ok {
			return errors.New("is cut off: it has no end")
		}
		switch typ {
		case recBOF:
			depth++
		case recEOF:
			if depth--; depth <= 0 {
				return nil
			}
		case recString:
			parts, err := b.continued(data)
			if err != nil {
				return err
			}
			text, err := (&biffText{parts: parts}).counted()
			if err != nil {
				return err
			}
			s.put(row, col, text)
		case recRow:
			if len(data) >= 2 {
				s.last = max(s.last, int(binary.LittleEndian.Uint16(data)))
			}
		case recMergeCells:
			s.merged(data)
		case recMulRK:
			if err := s.mulRK(data); err != nil {
				return err
			}
		case recLabelSST, recLabel, recRString, recNumber, recRK, recBoolErr, recFormula:
			if len(data) < 8 {
				return errBIFF
			}
			row, col = int(binary.LittleEndian.Uint16(data)), int(binary.LittleEndian.Uint16(data[2:]))
			text, err := cellText(typ, data[6:], shared)
			if err != nil {
				return fmt.Errorf("row %d, column %s %w", row+1, Letter(col), err)
			}
			s.put(row, col, text)
		}
	}
}

// merged notes cells that are one over several rows; data is a count and, for
// each, the first and last row and column.
func (s *xlsSheet) merged(data []byte) {
	for at := 2; at+8 <= len(data); at += 8 {
		first, last, col := binary.LittleEndian.Uint16(data[at:]), binary.LittleEndian.Uint16(data[at+2:]), binary.LittleEndian.Uint16(data[at+4:])
		if first < last && col <= 255 {
			s.odd = append(s.odd, note{int(first) + 1, Col(col), noteMerged})
		}
	}
}

func (s *xlsSheet) put(row, col int, text string) {
	if col > 255 { // the format's last column
		return
	}
	cells := s.cells[row]
	for len(cells) <= col {
		cells = append(cells, "")
	}
	cells[col] = text
	s.cells[row] = cells
	s.last = max(s.last, row)
}

func (s *xlsSheet) mulRK(data []byte) error {
	if len(data) < 6 || (len(data)-6)%6 != 0 {
		return errBIFF
	}
	row, col := int(binary.LittleEndian.Uint16(data)), int(binary.LittleEndian.Uint16(data[2:]))
	for i := 4; i+6 <= len(data)-2; i += 6 {
		s.put(row, col, number(rk(binary.LittleEndian.Uint32(data[i+2:]))))
		col++
	}
	return nil
}

// cellText is a cell's value as text; data begins behind its row, column and
// style.
func cellText(typ int, data []byte, shared []string) (string, error) {
	switch typ {
	case recLabelSST:
		if len(data) < 4 {
			return "", errBIFF
		}
		i := binary.LittleEndian.Uint32(data)
		if int64(i) >= int64(len(shared)) {
			return "", fmt.Errorf("is damaged: it asks for text %d of %d", i, len(shared))
		}
		return shared[i], nil
	case recLabel, recRString:
		return (&biffText{parts: [][]byte{data}}).counted()
	case recRK:
		if len(data) < 4 {
			return "", errBIFF
		}
		return number(rk(binary.LittleEndian.Uint32(data))), nil
	case recBoolErr:
		return truthOrError(data[0], data[1]), nil
	}
	if len(data) < 8 {
		return "", errBIFF
	}
	if typ == recFormula && data[6] == 0xff && data[7] == 0xff {
		switch data[0] {
		case 1:
			return truthOrError(data[2], 0), nil
		case 2:
			return truthOrError(data[2], 1), nil
		}
		return "", nil // text, which a STRING record brings, or nothing
	}
	return number(math.Float64frombits(binary.LittleEndian.Uint64(data))), nil
}

var xlsErrors = map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A"}

func truthOrError(value, isError byte) string {
	switch {
	case isError != 0 && xlsErrors[value] != "":
		return xlsErrors[value]
	case isError != 0:
		return "#ERROR!"
	case value != 0:
		return "TRUE"
	}
	return "FALSE"
}

// rk unpacks a number of 30 bits, [MS-XLS] 2.5.217.
func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
