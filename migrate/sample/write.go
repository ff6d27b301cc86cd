package sample

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/storefront-toolkit/storefront/internal/atomicfile"
)

// file is one file of the sample, under a slash-separated name.
type file struct {
	name string
	fill func(*site, io.Writer) error
}

// files lists what people would hand over.
func (s *site) files() []file {
	list := []file{
		{"RVTools_export_all_" + asOf.Format("2006-01-02_15.04.05") + ".xlsx", (*site).writeWorkbook},
		{"cmdb.csv", (*site).writeServers},
		{"backups.csv", (*site).writeBackups},
		{"flows.csv", (*site).writeFlows},
		{"prometheus-cpu-percent.csv", func(s *site, w io.Writer) error { return s.writeUse(w, func(m *machine) []float64 { return m.cpu }) }},
		{"prometheus-memory-percent.csv", func(s *site, w io.Writer) error { return s.writeUse(w, func(m *machine) []float64 { return m.mem }) }},
	}
	for _, host := range dumped {
		list = append(list, file{"ss/" + host + ".txt", func(s *site, w io.Writer) error { return s.writeSockets(w, host) }})
	}
	for i := range countries {
		list = append(list, file{accessLogName(i), func(s *site, w io.Writer) error { return s.writeAccessLog(w, i) }})
	}
	return list
}

// Write puts the sample of a seed into a folder and returns the files' paths,
// sorted. It refuses a folder that holds anything else, so that readers of the
// folder read the sample alone; a sample that is there already is replaced.
func Write(dir string, seed uint64) ([]string, error) {
	s := build(seed)
	files := s.files()
	if err := onlyOurs(dir, files); err != nil {
		return nil, fmt.Errorf("write sample: %w", err)
	}
	var paths []string
	for _, f := range files {
		var b bytes.Buffer
		if err := f.fill(s, &b); err != nil {
			return nil, fmt.Errorf("write sample: %s: %w", f.name, err)
		}
		path := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := atomicfile.Write(path, b.Bytes(), 0o644); err != nil {
			return nil, fmt.Errorf("write sample: %w", err)
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths, nil
}

// onlyOurs fails where a folder holds a file that the sample does not write.
func onlyOurs(dir string, files []file) error {
	ours := map[string]bool{}
	for _, f := range files {
		ours[filepath.FromSlash(f.name)] = true
	}
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if os.IsNotExist(err) && path == dir {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil && !ours[name] {
			return fmt.Errorf("%s is not of the sample: give an empty or a new folder", path)
		}
		return err
	})
}
