package report

import (
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate/audit"
	"github.com/storefront-toolkit/storefront/migrate/sizing"
)

//go:embed page.html
var pageText string

// WriteHTML writes the document as one page that needs nothing else: no
// network, no other file. It is readable on paper and without scripts.
func WriteHTML(w io.Writer, d *Document) error {
	page, err := template.New("page").Funcs(template.FuncMap{"draw": Chart.draw}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	if err := page.Execute(w, d); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return nil
}

// WriteJSON writes what the report was made from.
func WriteJSON(w io.Writer, d *Document) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(d.Data)
}

// WriteCSV writes the first table of the document's one section; CSV has room
// for one. Lines of a cell are kept as lines.
func WriteCSV(w io.Writer, d *Document) error {
	if len(d.Sections) != 1 || len(d.Sections[0].Tables) == 0 {
		return fmt.Errorf("write CSV: it holds one table: ask for one part of the report, which has one")
	}
	t := d.Sections[0].Tables[0]
	out := csv.NewWriter(w)
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, r := range t.Rows {
		row := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			row[i] = harmless(c.Text())
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from taking a text of somebody's export for a
// formula (owasp.org/www-community/attacks/CSV_Injection). Numbers stay.
func harmless(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}

// WriteMarkdown writes the document for wikis and merge requests.
func WriteMarkdown(w io.Writer, d *Document) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", mark(d.Title))
	if d.Subtitle != "" {
		fmt.Fprintf(&b, "\n%s\n", mark(d.Subtitle))
	}
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "\n## %s\n", mark(s.Title))
		var facts []string
		for _, f := range s.Facts {
			facts = append(facts, fmt.Sprintf("**%s** %s", mark(f.Value), mark(f.Label)))
		}
		if len(facts) > 0 {
			fmt.Fprintf(&b, "\n%s\n", strings.Join(facts, " · "))
		}
		for _, n := range s.Notes {
			fmt.Fprintf(&b, "\n%s\n", mark(n))
		}
		for i, n := range s.Warnings {
			if i == 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "- %s\n", mark(n))
		}
		for _, t := range s.Tables {
			markTable(&b, t)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markTable(b *strings.Builder, t Table) {
	fmt.Fprintf(b, "\n### %s\n\n|", mark(t.Caption))
	for _, c := range t.Columns {
		fmt.Fprintf(b, " %s |", mark(c.Name))
	}
	b.WriteString("\n|")
	for _, c := range t.Columns {
		if c.Number {
			b.WriteString(" ---: |")
		} else {
			b.WriteString(" --- |")
		}
	}
	b.WriteString("\n")
	for _, r := range t.Rows {
		b.WriteString("|")
		for _, c := range r.Cells {
			lines := make([]string, len(c.Lines))
			for i, l := range c.Lines {
				lines[i] = mark(l)
				if c.Head && i == 0 {
					lines[i] = "**" + lines[i] + "**"
				}
			}
			fmt.Fprintf(b, " %s |", strings.Join(lines, "<br>"))
		}
		b.WriteString("\n")
	}
}

// escaped are the characters that Markdown or HTML would take for their own.
var escaped = strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", `\*`, "_", `\_`, "`", "\\`",
	"[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "!", `\!`, "\r\n", " ", "\n", " ", "\r", " ")

// mark escapes a text for Markdown.
func mark(text string) string { return escaped.Replace(text) }

// Writers are the formats of a document.
func Writers() map[string]func(io.Writer, *Document) error {
	return map[string]func(io.Writer, *Document) error{"html": WriteHTML, "markdown": WriteMarkdown, "csv": WriteCSV, "json": WriteJSON}
}

// Findings returns a writer of an audit alone.
func Findings(write func(io.Writer, *Document) error) func(io.Writer, audit.Report) error {
	return func(w io.Writer, r audit.Report) error {
		d := New("Findings on the estate", "")
		d.AddFindings(r)
		return write(w, d)
	}
}

// Sizing returns a writer of a sizing alone.
func Sizing(write func(io.Writer, *Document) error) func(io.Writer, sizing.Result) error {
	return func(w io.Writer, r sizing.Result) error {
		d := New("Size of the new site", "")
		d.AddSizing(r)
		return write(w, d)
	}
}
