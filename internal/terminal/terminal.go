// Package terminal talks to people at a terminal: it shows how far a long
// command is and asks for passwords. In a pipe, a file or a CI log it is silent.
package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Progress shows one line at a time. It is a few lines of its own because the
// libraries for it bring an HTTP client along, which is a third of the time that
// the whole command takes to build.
type Progress struct {
	W    io.Writer
	last string
}

// barWidth is the number of cells of the bar.
const barWidth = 30

// Show draws how much of total is done and what is being done.
func (p *Progress) Show(done, total int64, what string) {
	if Is(p.W) {
		p.draw(line(done, total, what))
	}
}

// draw replaces the line where it differs from the one that stands there.
func (p *Progress) draw(line string) {
	if line != p.last {
		fmt.Fprint(p.W, "\r\x1b[K"+line)
		p.last = line
	}
}

func line(done, total int64, what string) string {
	share := 0.0
	if total > 0 {
		share = min(max(float64(done)/float64(total), 0), 1)
	}
	full := int(share * barWidth)
	const longest = 60 // so that the line doesn't break on a terminal of 100 columns
	if r := []rune(what); len(r) > longest {
		what = "…" + string(r[len(r)-longest+1:])
	}
	return fmt.Sprintf("[%s%s] %3.0f%%  %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), share*100, what)
}

// Done removes the line, so that it does not stand between lines of output.
func (p *Progress) Done() {
	if p.last != "" {
		p.draw("")
	}
}

// Is says whether w is a terminal.
func Is(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Password takes a password from an environment variable or asks for it. A
// password is never an argument, which would stand in the process list and the
// shell's history.
func Password(variable, prompt string, ask io.Writer) (string, error) {
	if p := os.Getenv(variable); p != "" {
		return p, nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", fmt.Errorf("no password: set %s", variable)
	}
	fmt.Fprint(ask, prompt)
	p, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(ask)
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	return string(p), nil
}
