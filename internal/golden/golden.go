// Package golden compares a test's output with a file under testdata.
package golden

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Equal fails t, with a readable diff and the command that updates the file,
// where got differs from testdata/name. With UPDATE_GOLDEN=1 it writes the file
// instead.
func Equal(t testing.TB, name string, got []byte) {
	t.Helper()
	EqualFile(t, filepath.Join("testdata", name), got)
}

// EqualFile is Equal for a file elsewhere, such as one that users read.
func EqualFile(t testing.TB, path string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v\nwrite it with: UPDATE_GOLDEN=1 go test -run '%s' .", err, t.Name())
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s\nif the change is meant: UPDATE_GOLDEN=1 go test -run '%s' .", path, diff, t.Name())
	}
}
