package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWriteMakesTheFolderAndReplaces(t *testing.T) {
	p := filepath.Join(t.TempDir(), "a", "b.json")
	require.NoError(t, Write(p, []byte("one"), 0o600))
	require.NoError(t, Write(p, []byte("two"), 0o640))
	got, err := os.ReadFile(p)
	require.NoError(t, err)
	require.Equal(t, "two", string(got))
	st, err := os.Stat(p)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), st.Mode().Perm())
}

func TestFailedFillLeavesTheOldContentAndNoLitter(t *testing.T) {
	dir := t.TempDir()
	p := filepath.Join(dir, "x")
	require.NoError(t, Write(p, []byte("old"), 0o600))
	boom := errors.New("boom")
	err := WriteFunc(p, 0o600, func(w io.Writer) error {
		io.WriteString(w, "half")
		return boom
	})
	require.ErrorIs(t, err, boom)
	got, _ := os.ReadFile(p)
	require.Equal(t, "old", string(got))
	left, _ := os.ReadDir(dir)
	require.Len(t, left, 1)
}
