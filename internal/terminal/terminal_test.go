package terminal

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoTerminalNoProgress(t *testing.T) {
	var b bytes.Buffer
	p := &Progress{W: &b}
	p.Show(1, 2, "x")
	p.Done()
	require.Empty(t, b.String())
}

func TestProgressDrawsOneLineAndRemovesIt(t *testing.T) {
	var b bytes.Buffer
	p := &Progress{W: &b}
	p.draw(line(1, 2, "servers"))
	p.draw(line(1, 2, "servers"))
	p.Done()
	require.Equal(t, "\r\x1b[K[###############...............]  50%  servers\r\x1b[K", b.String())
}

func TestLineStaysWithinBounds(t *testing.T) {
	for _, c := range [][2]int64{{0, 0}, {5, 0}, {-1, 3}, {9, 3}} {
		require.LessOrEqual(t, len([]rune(line(c[0], c[1], strings.Repeat("ü", 200)))), 100)
	}
}

func TestPasswordFromTheEnvironment(t *testing.T) {
	t.Setenv("TERMINAL_TEST_PASSWORD", "word")
	got, err := Password("TERMINAL_TEST_PASSWORD", "?", nil)
	require.NoError(t, err)
	require.Equal(t, "word", got)
}
