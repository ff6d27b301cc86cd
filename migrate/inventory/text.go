package inventory

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

const (
	// maxLine is the longest line of a text input. A longer one means that the
	// file is not the text it claims to be.
	maxLine = 1 << 20
	// Logs compress ten to fifty times. A gzip file that has grown beyond
	// gzipFloor and still yields more than gzipRatio times its own size is
	// refused as a bomb.
	gzipFloor = 256 << 20
	gzipRatio = 250
	// progressEvery is the number of rows between two calls of Progress.
	progressEvery = 4096
)

// bombGuard fails once a compressed input has grown beyond reason.
type bombGuard struct {
	r           io.Reader
	read, limit int64
}

func (b *bombGuard) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.read += int64(n)
	if b.read > b.limit {
		return n, fmt.Errorf("expand: more than %d times its size: not a log", gzipRatio)
	}
	return n, err
}

// openText opens a text input, through gzip where the file is one, as UTF-8
// without a byte-order mark.
func openText(in Input) (io.ReadCloser, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", in.Name, err)
	}
	var r io.Reader = bufio.NewReaderSize(f, 64<<10)
	if magic, _ := r.(*bufio.Reader).Peek(2); isGzip(magic) {
		st, err := f.Stat()
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("open %s: %w", in.Name, err)
		}
		z, err := gzip.NewReader(r)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("open %s: gzip: %w", in.Name, err)
		}
		r = &bombGuard{r: z, limit: max(gzipFloor, st.Size()*gzipRatio)}
	}
	return &textFile{Reader: table.Decode(r), file: f}, nil
}

type textFile struct {
	io.Reader
	file *os.File
}

func (t *textFile) Close() error { return t.file.Close() }

func isGzip(b []byte) bool { return len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b }

// headText returns the head of an input as text, unpacked where it is gzip.
func headText(in Input) []byte {
	if !isGzip(in.Head) {
		return in.Head
	}
	z, err := gzip.NewReader(bytes.NewReader(in.Head))
	if err != nil {
		return nil
	}
	// The head of a compressed file ends in the middle of it, so an
	// unexpected end is what we expect here.
	b, _ := io.ReadAll(io.LimitReader(z, 64<<10))
	return table.DecodeHead(b)
}

// headLines returns up to n lines of an input's head that are not blank.
func headLines(in Input, n int) []string {
	var out []string
	for _, l := range strings.Split(string(headText(in)), "\n") {
		if l = strings.TrimRight(l, "\r"); strings.TrimSpace(l) == "" {
			continue
		}
		if out = append(out, l); len(out) == n {
			break
		}
	}
	return out
}

// eachLine calls fn for every line of a text input, with its number from 1.
// An error of fn stops the walk. A NUL byte or a line beyond maxLine means
// that the file is not text.
func eachLine(ctx context.Context, in Input, fn func(n int, line string) error) error {
	f, err := openText(in)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 0, 64<<10), maxLine)
	n := 0
	for sc.Scan() {
		n++
		if bytes.IndexByte(sc.Bytes(), 0) >= 0 {
			return fmt.Errorf("read %s: line %d holds binary data: not a text file, or an encrypted one", in.Name, n)
		}
		if n%progressEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if in.Progress != nil {
				in.Progress(n)
			}
		}
		if err := fn(n, table.Latin(sc.Text())); err != nil {
			return err
		}
	}
	return lineError(in, n, sc.Err())
}

func lineError(in Input, n int, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("read %s: line %d is longer than %d bytes: not a text file, or an encrypted one", in.Name, n+1, maxLine)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("read %s: the file ends after line %d in the middle of its compressed data: copy it again: %w", in.Name, n, err)
	}
	return fmt.Errorf("read %s: line %d: %w", in.Name, n+1, err)
}
