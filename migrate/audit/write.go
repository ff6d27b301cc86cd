package audit

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/storefront-toolkit/storefront/migrate"
)

// WriteJSON writes the report as JSON, indented.
func WriteJSON(w io.Writer, r Report) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}

// csvHeader names the columns of WriteCSV.
var csvHeader = []string{"severity", "check", "category", "title", "subjects", "evidence", "why", "remedy", "answer"}

// WriteCSV writes a row for each finding. Lists are joined by line breaks.
func WriteCSV(w io.Writer, r Report) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader); err != nil {
		return err
	}
	for _, f := range r.Findings {
		row := []string{string(f.Severity), f.Check, f.Category, f.Title, strings.Join(f.Subjects, "\n"), strings.Join(f.Evidence, "\n"), f.Why, f.Remedy, f.Answer}
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from taking a text of somebody's export for a
// formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// textWidth is the width that running text is wrapped to.
const textWidth = 100

// WriteText writes the findings for a terminal, grouped by severity.
func WriteText(w io.Writer, r Report) error {
	p := &printer{w: w}
	p.line("%s", headline(r))
	for _, severity := range Severities() {
		findings := ofSeverity(r.Findings, severity)
		if len(findings) == 0 {
			continue
		}
		p.line("\n%s (%d)", strings.ToUpper(string(severity)), len(findings))
		for _, f := range findings {
			p.finding(f)
		}
	}
	return p.err
}

func headline(r Report) string {
	text := fmt.Sprintf("%d servers", r.Servers)
	if r.AsOf != nil {
		text += " as of " + r.AsOf.UTC().Format(time.DateOnly)
	}
	text += fmt.Sprintf(", %d checks:", len(r.Checks))
	for _, severity := range Severities() {
		text += fmt.Sprintf(" %d %s,", r.Counts[severity], severity)
	}
	text = strings.TrimSuffix(text, ",")
	if r.AsOfWhy != "" {
		text += " (date: " + r.AsOfWhy + ")"
	}
	return text
}

func ofSeverity(findings []migrate.Finding, severity migrate.Severity) (out []migrate.Finding) {
	for _, f := range findings {
		if f.Severity == severity {
			out = append(out, f)
		}
	}
	return out
}

// printer writes lines without control characters, by which a name in an
// export could drive the terminal, and keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		text := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\n' {
				return '�'
			}
			return r
		}, fmt.Sprintf(format, args...))
		_, p.err = io.WriteString(p.w, text+"\n")
	}
}

func (p *printer) finding(f migrate.Finding) {
	p.line("\n  %s [%s]", f.Title, f.Check)
	if len(f.Subjects) > 0 {
		p.paragraph("    ", "    ", strings.Join(f.Subjects, ", "))
	}
	for _, e := range f.Evidence {
		p.paragraph("    - ", "      ", e)
	}
	p.paragraph("    Why:    ", "            ", f.Why)
	p.paragraph("    Remedy: ", "            ", f.Remedy)
	p.paragraph("    Answer: ", "            ", f.Answer)
}

// paragraph wraps text at spaces, with one indent for its first line and
// another for the rest.
func (p *printer) paragraph(first, rest, text string) {
	line := first
	empty := true
	for _, word := range strings.Fields(text) {
		if !empty && len([]rune(line))+1+len([]rune(word)) > textWidth {
			p.line("%s", line)
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	p.line("%s", line)
}
