package table

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"
)

// readSST reads the shared texts, which run over many records.
func readSST(b *biff, first []byte) ([]string, error) {
	parts, err := b.continued(first)
	if err != nil {
		return nil, err
	}
	t := &biffText{parts: parts}
	head, err := t.bytes(8)
	if err != nil {
		return nil, err
	}
	n := int(binary.LittleEndian.Uint32(head[4:]))
	var out []string
	for len(out) < n {
		s, err := t.rich()
		if err != nil {
			return nil, fmt.Errorf("text %d of %d: %w", len(out)+1, n, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// biffText reads texts that may be broken over records.
type biffText struct {
	parts [][]byte
}

// bytes takes n bytes, over records where it must.
func (t *biffText) bytes(n int) ([]byte, error) {
	var out []byte
	for {
		if len(t.parts) == 0 {
			return nil, errBIFF
		}
		take := min(n-len(out), len(t.parts[0]))
		out = append(out, t.parts[0][:take]...)
		t.parts[0] = t.parts[0][take:]
		if len(out) == n {
			return out, nil
		}
		t.parts = t.parts[1:]
	}
}

// counted reads a text behind its length, XLUnicodeString.
func (t *biffText) counted() (string, error) {
	n, err := t.bytes(2)
	if err != nil {
		return "", err
	}
	return t.chars(int(binary.LittleEndian.Uint16(n)))
}

// chars reads the flags and n characters.
func (t *biffText) chars(n int) (string, error) {
	flags, err := t.bytes(1)
	if err != nil {
		return "", err
	}
	return t.run(n, flags[0])
}

// rich reads a text with its formatting, XLUnicodeRichExtendedString; the
// formatting is passed over.
func (t *biffText) rich() (string, error) {
	head, err := t.bytes(3)
	if err != nil {
		return "", err
	}
	n, flags, tail := int(binary.LittleEndian.Uint16(head)), head[2], 0
	if flags&8 != 0 {
		runs, err := t.bytes(2)
		if err != nil {
			return "", err
		}
		tail += 4 * int(binary.LittleEndian.Uint16(runs))
	}
	if flags&4 != 0 {
		ext, err := t.bytes(4)
		if err != nil {
			return "", err
		}
		size := binary.LittleEndian.Uint32(ext)
		if size > 1<<24 {
			return "", errBIFF
		}
		tail += int(size)
	}
	s, err := t.run(n, flags)
	if err != nil {
		return "", err
	}
	_, err = t.bytes(tail)
	return s, err
}

// run reads n characters. Where a record ends within them, the next begins
// with new flags.
func (t *biffText) run(n int, flags byte) (string, error) {
	var pending []uint16
	for n > 0 {
		if len(t.parts) == 0 {
			return "", errBIFF
		}
		if len(t.parts[0]) == 0 {
			t.parts = t.parts[1:]
			f, err := t.bytes(1)
			if err != nil {
				return "", err
			}
			flags = f[0]
			continue
		}
		size := 1 + int(flags&1)
		take := min(n, len(t.parts[0])/size)
		if take == 0 {
			return "", errBIFF
		}
		for i := range take {
			if size == 1 {
				pending = append(pending, uint16(t.parts[0][i]))
			} else {
				pending = append(pending, binary.LittleEndian.Uint16(t.parts[0][2*i:]))
			}
		}
		t.parts[0] = t.parts[0][take*size:]
		n -= take
	}
	return string(utf16.Decode(pending)), nil
}
