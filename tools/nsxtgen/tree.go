package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// Replace puts the SDK's files in place of the folder out, all of them or none:
// they are written beside it and the two folders change places at the end. An
// out that holds anything but an earlier state of the same SDK is refused.
func Replace(sdk *SDK, out string) error {
	if err := replaceable(sdk, out); err != nil {
		return err
	}
	parent := filepath.Dir(filepath.Clean(out))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("make the SDK's parent folder: %w", err)
	}
	stage, err := os.MkdirTemp(parent, ".nsxtgen-")
	if err != nil {
		return fmt.Errorf("make a folder to write to: %w", err)
	}
	defer os.RemoveAll(stage)
	fresh, former := filepath.Join(stage, "new"), filepath.Join(stage, "old")
	if err := writeTree(sdk.Files, fresh); err != nil {
		return err
	}
	if err := os.Rename(out, former); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("set the former SDK aside: %w", err)
	}
	if err := os.Rename(fresh, out); err != nil {
		return errors.Join(fmt.Errorf("put the SDK in place: %w", err), restore(former, out))
	}
	return nil
}

// restore brings the former folder back where there was one.
func restore(former, out string) error {
	if err := os.Rename(former, out); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("bring the former SDK back: %w", err)
	}
	return nil
}

// replaceable refuses an out that is neither absent, nor empty, nor the same
// Go module, so that a mistyped path costs nobody a folder.
func replaceable(sdk *SDK, out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look into the SDK's folder: %w", err)
	}
	gomod, err := os.ReadFile(filepath.Join(out, "go.mod"))
	if err != nil {
		return fmt.Errorf("%s is not empty and is no Go module, so it is left alone: %w", out, err)
	}
	if got := modfile.ModulePath(gomod); got != sdk.ModulePath {
		return fmt.Errorf("%s holds the module %q, not %q, so it is left alone", out, got, sdk.ModulePath)
	}
	return nil
}

// writeTree writes files below dir.
func writeTree(files map[string][]byte, dir string) error {
	for name, contents := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("make a folder of the SDK: %w", err)
		}
		if err := os.WriteFile(path, contents, 0o644); err != nil {
			return fmt.Errorf("write the SDK: %w", err)
		}
	}
	return nil
}

// Compare returns one line, in the order of their paths, for each file below
// out that differs from files, is missing, or is not among them.
func Compare(files map[string][]byte, out string) ([]string, error) {
	verdicts := map[string]string{}
	for name := range files {
		verdicts[name] = "missing"
	}
	err := filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		want, generated := files[name]
		if !generated {
			verdicts[name] = "not generated"
			return nil
		}
		got, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Equal(got, want) {
			delete(verdicts, name)
		} else {
			verdicts[name] = "differs"
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("compare with %s: %w", out, err)
	}
	lines := make([]string, 0, len(verdicts))
	for name, verdict := range verdicts {
		lines = append(lines, filepath.Join(out, filepath.FromSlash(name))+": "+verdict)
	}
	slices.Sort(lines)
	return lines, nil
}
