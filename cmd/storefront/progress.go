package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal how far a long command is, and nothing at all
// in a pipe, a file or a CI log.
type progress struct {
	bar *progressbar.ProgressBar
}

// newProgress starts a bar on w. With total below 0 it only counts.
func newProgress(w io.Writer, total int64, what string) *progress {
	if !isTerminal(w) {
		return &progress{}
	}
	return &progress{bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100_000_000), // nanoseconds: ten times a second
	)}
}

// at moves the bar to n of its total and says what is being done.
func (p *progress) at(n int64, what string) {
	if p.bar == nil {
		return
	}
	p.bar.Describe(what)
	_ = p.bar.Set64(n) // a bar that can't be drawn is no reason to stop
}

// done removes the bar, so that it does not stand between lines of output.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
