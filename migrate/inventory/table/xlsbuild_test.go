package table

import (
	"bytes"
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// buildXLS writes a small workbook as Excel 97 would: texts are shared, the
// first text is broken over two records, numbers come in all three forms.
func buildXLS(sheets map[string][][]any, names []string) []byte {
	return compound("Workbook", buildBIFF(sheets, names))
}

func record(typ int, data []byte) []byte {
	out := binary.LittleEndian.AppendUint16(nil, uint16(typ))
	out = binary.LittleEndian.AppendUint16(out, uint16(len(data)))
	return append(out, data...)
}

func u16(list ...int) []byte {
	var out []byte
	for _, n := range list {
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
	}
	return out
}

func u32(n int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }

func buildBIFF(sheets map[string][][]any, names []string) []byte {
	var texts []string
	index := map[string]int{}
	for _, n := range names {
		for _, row := range sheets[n] {
			for _, c := range row {
				if s, ok := c.(string); ok {
					if _, have := index[s]; !have {
						index[s] = len(texts)
						texts = append(texts, s)
					}
				}
			}
		}
	}
	globals := func(at []int) []byte {
		out := record(recBOF, u16(0x0600, 0x0005))
		for i, n := range names {
			data := append(u32(at[i]), 0, 0, byte(len(n)), 0)
			out = append(out, record(recBoundSheet, append(data, n...))...)
		}
		out = append(out, sst(texts)...)
		return append(out, record(recEOF, nil)...)
	}
	at := make([]int, len(names))
	pos := len(globals(at))
	var bodies [][]byte
	for i, n := range names {
		body := sheetBIFF(sheets[n], index)
		at[i] = pos
		pos += len(body)
		bodies = append(bodies, body)
	}
	return append(globals(at), bytes.Join(bodies, nil)...)
}

// sst breaks the first text in the middle of its characters, and goes on in
// the other width, as the format allows.
func sst(texts []string) []byte {
	data := append(u32(len(texts)), u32(len(texts))...)
	var out []byte
	for i, s := range texts {
		units := utf16.Encode([]rune(s))
		data = append(data, u16(len(units))...)
		data = append(data, 0)
		if i == 0 && len(units) > 1 {
			data = append(data, byte(units[0]))
			out = append(out, record(recSST, data)...)
			data = append([]byte{1}, u16s(units[1:])...)
			continue
		}
		data[len(data)-1] = 1
		data = append(data, u16s(units)...)
	}
	if out == nil {
		return record(recSST, data)
	}
	return append(out, record(recContinue, data)...)
}

func u16s(units []uint16) []byte {
	var out []byte
	for _, u := range units {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

func sheetBIFF(rows [][]any, index map[string]int) []byte {
	out := record(recBOF, u16(0x0600, 0x0010))
	for r, row := range rows {
		for c, v := range row {
			head := u16(r, c, 0)
			switch v := v.(type) {
			case string:
				out = append(out, record(recLabelSST, append(head, u32(index[v])...))...)
			case int:
				out = append(out, record(recRK, append(head, u32(v<<2|2)...))...)
			case float64:
				out = append(out, record(recNumber, binary.LittleEndian.AppendUint64(head, math.Float64bits(v)))...)
			case bool:
				b := byte(0)
				if v {
					b = 1
				}
				out = append(out, record(recBoolErr, append(head, b, 0))...)
			}
		}
	}
	return append(out, record(recEOF, nil)...)
}

// compound wraps a stream in a compound file with one FAT sector, [MS-CFB].
func compound(name string, stream []byte) []byte {
	const sector = 512
	for len(stream) < 4096 { // shorter ones would belong in the mini stream
		stream = append(stream, 0)
	}
	n := (len(stream) + sector - 1) / sector
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	copy(head[24:], u16(0x3e, 3, 0xfffe, 9, 6))
	binary.LittleEndian.PutUint32(head[44:], 1)       // FAT sectors
	binary.LittleEndian.PutUint32(head[48:], 1)       // directory
	binary.LittleEndian.PutUint32(head[56:], 4096)    // mini stream cutoff
	binary.LittleEndian.PutUint32(head[60:], 1<<32-2) // no mini FAT
	binary.LittleEndian.PutUint32(head[68:], 1<<32-2) // no DIFAT
	for i := 76; i < sector; i += 4 {
		binary.LittleEndian.PutUint32(head[i:], 1<<32-1)
	}
	binary.LittleEndian.PutUint32(head[76:], 0)
	fat := bytes.Repeat([]byte{0xff}, sector)
	put := func(i int, next uint32) { binary.LittleEndian.PutUint32(fat[4*i:], next) }
	put(0, 1<<32-3)
	put(1, 1<<32-2)
	for i := range n {
		put(2+i, uint32(3+i))
	}
	put(1+n, 1<<32-2)
	dir := append(entry("Root Entry", 5, 1, 1<<32-2, 0), entry(name, 2, 1<<32-1, 2, len(stream))...)
	dir = append(dir, make([]byte, sector-len(dir))...)
	body := make([]byte, n*sector)
	copy(body, stream)
	return bytes.Join([][]byte{head, fat, dir, body}, nil)
}

func entry(name string, typ byte, child, start uint32, size int) []byte {
	e := make([]byte, 128)
	units := u16s(utf16.Encode([]rune(name)))
	copy(e, units)
	binary.LittleEndian.PutUint16(e[64:], uint16(len(units)+2))
	e[66], e[67] = typ, 1
	for _, at := range []int{68, 72} {
		binary.LittleEndian.PutUint32(e[at:], 1<<32-1)
	}
	binary.LittleEndian.PutUint32(e[76:], child)
	binary.LittleEndian.PutUint32(e[116:], start)
	binary.LittleEndian.PutUint32(e[120:], uint32(size))
	return e
}
