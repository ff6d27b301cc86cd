package table

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// headSize is how much of a file is looked at to learn what it is.
const headSize = 64 << 10

// Decode gives r's text as UTF-8 without a byte-order mark. It knows UTF-8 and
// UTF-16 of both byte orders, with or without the mark: PowerShell and Excel
// write all of these. Bytes that are none of it pass through; see Latin.
func Decode(r io.Reader) io.Reader {
	b := bufio.NewReaderSize(r, headSize)
	head, _ := b.Peek(headSize)
	return transform.NewReader(b, decoder(head))
}

// DecodeHead is Decode for the first bytes of a file. A character that the cut
// broke is left out.
func DecodeHead(head []byte) []byte {
	out, _, err := transform.Bytes(decoder(head), head)
	if err != nil && len(out) == 0 {
		return head
	}
	return out
}

func decoder(head []byte) transform.Transformer {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		return unicode.BOMOverride(transform.Nop)
	}
	switch odd, even := zeroes(head); {
	case odd > len(head)/3 && even == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case even > len(head)/3 && odd == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	}
	return transform.Nop
}

// zeroes counts zero bytes at odd and even places: Latin text in UTF-16 has
// one in every character.
func zeroes(head []byte) (odd, even int) {
	for i, c := range head {
		switch {
		case c != 0:
		case i%2 == 1:
			odd++
		default:
			even++
		}
	}
	return odd, even
}

// Latin turns text that is not UTF-8 into it, taking it for Windows-1252, the
// code page of exports that don't say theirs.
func Latin(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	out, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		return s
	}
	return out
}
