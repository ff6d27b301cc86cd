package sandbox

import (
	"errors"
	"regexp"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

var (
	// markup is the engine's notation for colours.
	markup = regexp.MustCompile(`<\{%[^%]*%\}>|\x1b\[[0-9;]*m`)
	// dressing is what the remote calls wrap around an error.
	dressing = regexp.MustCompile(`rpc error: code = \w+ desc = |invocation of \S+ returned an error: |invoking \S+: `)
	// consequence are the errors that only follow from another one.
	consequence = regexp.MustCompile(`resource monitor shut down|waiting for RPCs|^(preview|update|refresh|destroy) failed$|` +
		`context canceled|resource registration failed|grpc: the client connection is closing`)
)

// said is what the command line wrote before it failed.
var said = regexp.MustCompile(`(?s)stderr:\s*(.*)`)

// commandLine reduces the error of a failed command line to what that said.
func commandLine(err error) error {
	m := said.FindStringSubmatch(err.Error())
	if m == nil || strings.TrimSpace(m[1]) == "" {
		return err
	}
	text := strings.TrimPrefix(strings.TrimSpace(stripMarkup(m[1])), "error: ")
	return errors.New(text)
}

func stripMarkup(s string) string { return markup.ReplaceAllString(s, "") }

// problems gives what was wrong with a run, each problem once: first what the
// program itself says, then what the providers refused, then what the engine
// adds.
func problems(program error, refusals []fake.Refusal, engine []diagnostic) []string {
	p := &collected{}
	if program != nil {
		for _, line := range strings.Split(program.Error(), "\n") {
			p.add(dressing.ReplaceAllString(line, ""))
		}
	}
	for _, r := range refusals {
		if !p.mentions(r.Message) || r.URN != "" {
			p.add(r.String())
		}
	}
	for _, d := range engine {
		if d.urn != "" && p.refusedBy(d, refusals) {
			continue
		}
		for _, line := range strings.Split(d.message, "\n") {
			line = dressing.ReplaceAllString(line, "")
			if !strings.Contains(line, "an unhandled error occurred") && !p.mentions(line) {
				p.add(line)
			}
		}
	}
	return p.lines
}

type collected struct{ lines []string }

func (c *collected) add(line string) {
	line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "* "))
	if line == "" || consequence.MatchString(line) {
		return
	}
	for _, known := range c.lines {
		if known == line {
			return
		}
	}
	c.lines = append(c.lines, line)
}

func (c *collected) mentions(text string) bool {
	text = strings.TrimSpace(text)
	for _, known := range c.lines {
		if strings.Contains(known, text) {
			return true
		}
	}
	return false
}

// refusedBy tells whether the engine only repeats a provider's refusal.
func (c *collected) refusedBy(d diagnostic, refusals []fake.Refusal) bool {
	for _, r := range refusals {
		if r.URN == d.urn && strings.Contains(d.message, r.Message) {
			return true
		}
	}
	return false
}
