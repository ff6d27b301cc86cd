package inventory

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// headBytes is how much of a file a reader's Detect sees.
const headBytes = 64 << 10

// given is an input together with the reader that shall read it.
type given struct {
	in     Input
	reader Reader
	within bool // of a folder or archive, so that the user has not named it
}

// opener turns the paths that a user names into inputs: archives are unpacked
// into a folder of their own, folders taken apart.
type opener struct {
	readers []Reader
	lim     table.Limits
	temps   []string
	out     []given
	skipped []migrate.Source // files of folders and archives that no reader knows
	errs    []error
	depth   int    // of folders and archives within what the user named
	left    uint64 // bytes that archives may still unpack to
}

// deepest is how far archives and folders may lie within each other.
const deepest = 8

// open finds inputs and their readers. A path may name its format:
// "FORMAT=path". All problems are found before anything is read.
func (o *opener) open(paths []string) ([]given, error) {
	o.left = uint64(o.lim.Bytes)
	for _, p := range paths {
		var forced Reader
		if format, rest, ok := strings.Cut(p, "="); ok {
			if r, known := byFormat(format, o.readers); known {
				forced, p = r, rest
			}
		}
		o.path(p, p, forced)
	}
	return o.out, errors.Join(o.errs...)
}

// close removes what was unpacked.
func (o *opener) close() {
	for _, t := range o.temps {
		os.RemoveAll(t)
	}
	o.temps = nil
}

// fail keeps an error. A file that merely is of no use, and that the user named
// only by its folder, is a skipped source instead.
func (o *opener) fail(name string, err error) {
	var wrong table.WrongKindError
	if o.depth > 0 && errors.As(err, &wrong) {
		o.skip(name, string(wrong))
		return
	}
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err // the path in it may be that of an unpacked archive
	}
	o.errs = append(o.errs, fmt.Errorf("open %s: %w", name, err))
}

func (o *opener) skip(name, why string) {
	o.skipped = append(o.skipped, migrate.Source{Name: name, Format: formatUnknown, Warnings: []migrate.Place{{Note: why}}})
}

// formatUnknown is the format of a source that no reader knows.
const formatUnknown = "unknown"

func (o *opener) path(name, at string, forced Reader) {
	kind, err := table.KindOf(at)
	if err != nil {
		o.fail(name, err)
		return
	}
	switch kind {
	case table.KindFolder:
		o.folder(name, at, forced)
	case table.KindZip:
		o.archive(name, at, forced)
	default:
		o.file(name, at, kind, forced)
	}
}

func (o *opener) file(name, at string, kind table.FileKind, forced Reader) {
	in, err := fileInput(name, at, kind, o.lim)
	if err != nil {
		o.fail(name, err)
		return
	}
	o.take(in, forced)
}

func (o *opener) take(in Input, forced Reader) {
	if forced != nil {
		o.out = append(o.out, given{in, forced, o.depth > 0})
		return
	}
	r, err := detect(in, o.readers)
	var wrong table.WrongKindError
	if o.depth > 0 && errors.As(err, &wrong) {
		o.skip(in.Name, string(wrong))
		return
	}
	if err != nil {
		if errors.As(err, &wrong) && len(in.Sheets) == 0 {
			err = fmt.Errorf("%w: if it is one of %s, name it so: FORMAT=%s", err, strings.Join(Formats(), ", "), in.Name)
		}
		o.errs = append(o.errs, err)
		return
	}
	o.out = append(o.out, given{in, r, o.depth > 0})
}

// fileInput looks at a file's head and, in a workbook, at the names of sheets.
func fileInput(name, at string, kind table.FileKind, lim table.Limits) (Input, error) {
	f, err := os.Open(at)
	if err != nil {
		return Input{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return Input{}, err
	}
	head := make([]byte, headBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Input{}, err
	}
	in := Input{Name: name, Path: at, Head: head[:n], Size: st.Size()}
	switch kind {
	case table.KindXLSX, table.KindXLS:
		book, err := table.Open(at, lim)
		if err != nil {
			return Input{}, err
		}
		defer book.Close()
		in.Sheets = book.Sheets()
	case table.KindText:
		in.Head = table.DecodeHead(in.Head)
	}
	return in, nil
}

// folder takes the files that together make one input first, and every other
// file for itself, in the order of their names. Hidden files are left alone.
func (o *opener) folder(name, at string, forced Reader) {
	entries, err := os.ReadDir(at)
	if err == nil && o.depth >= deepest {
		err = fmt.Errorf("lies over %d folders or archives deep", deepest)
	}
	if err != nil {
		o.fail(name, err)
		return
	}
	o.depth++
	defer func() { o.depth-- }()
	taken := map[string]bool{}
	for _, r := range o.readers {
		fr, ok := r.(folderReader)
		if !ok || forced != nil && forced.Format() != r.Format() {
			continue
		}
		sheets := fr.Takes(delimitedNames(entries, taken))
		if len(sheets) == 0 {
			continue
		}
		for _, s := range sheets {
			taken[s] = true
		}
		o.out = append(o.out, given{Input{Name: name, Path: at, Dir: true, Sheets: sheets}, r, true})
	}
	before := len(o.out) + len(o.errs) + len(o.skipped)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || e.Name() == "__MACOSX" || isDelimited(e.Name()) && taken[baseName(e.Name())] {
			continue
		}
		if st, err := os.Stat(filepath.Join(at, e.Name())); err == nil && st.IsDir() && e.Type()&os.ModeSymlink != 0 {
			o.skip(path.Join(filepath.ToSlash(name), e.Name()), "is a link to a folder, which could lead round in a circle: name the folder itself")
			continue
		}
		o.path(path.Join(filepath.ToSlash(name), e.Name()), filepath.Join(at, e.Name()), forced)
	}
	if len(taken) == 0 && len(o.out)+len(o.errs)+len(o.skipped) == before {
		o.fail(name, errors.New("is a folder without files"))
	}
}

func isDelimited(file string) bool {
	ext := strings.ToLower(filepath.Ext(file))
	return ext == ".csv" || ext == ".tsv" || ext == ".txt"
}

func baseName(file string) string {
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

func delimitedNames(entries []os.DirEntry, but map[string]bool) []string {
	var out []string
	for _, e := range entries {
		if n := baseName(e.Name()); e.Type().IsRegular() && isDelimited(e.Name()) && !but[n] {
			out = append(out, n)
		}
	}
	sort.Strings(out)
	return out
}

// archive unpacks a zip and goes on as with a folder.
func (o *opener) archive(name, at string, forced Reader) {
	dir, err := os.MkdirTemp("", "storefront-inventory-")
	if err != nil {
		o.fail(name, err)
		return
	}
	o.temps = append(o.temps, dir)
	if err := o.unzip(at, dir); err != nil {
		o.fail(name, err)
		return
	}
	o.folder(name, dir, forced)
}

// unzip writes the files of an archive below dir. An archive within an archive
// is left packed: it is opened when its turn comes.
func (o *opener) unzip(at, dir string) error {
	z, err := zip.OpenReader(at)
	if err != nil {
		return fmt.Errorf("is damaged or cut off: %w: copy or export it again", err)
	}
	defer z.Close()
	if err := table.CheckZip(&z.Reader, o.lim); err != nil {
		return err
	}
	for _, f := range z.File {
		if f.UncompressedSize64 > o.left {
			return fmt.Errorf("unpacks, with what else was named, to over %d bytes", o.lim.Bytes)
		}
		o.left -= f.UncompressedSize64
		name := strings.ReplaceAll(f.Name, "\\", "/")
		if strings.HasSuffix(name, "/") {
			continue
		}
		if !filepath.IsLocal(name) {
			return fmt.Errorf("holds %q, which would be written outside of its folder", f.Name)
		}
		if err := unzipFile(f, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("%s in it is damaged: %w", f.Name, err)
		}
	}
	return nil
}

func unzipFile(f *zip.File, to string) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	_, err = io.Copy(w, r)
	return err
}
