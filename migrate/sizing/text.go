package sizing

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// HostsNote says what the numbers of hosts mean.
var HostsNote = fmt.Sprintf("Hosts: today, those that carry the servers; after, as many of the median host's size as take all vCPUs "+
	"at %d a core and all memory, none spare (private cloud only).", vcpusPerCore)

// WriteJSON writes the result as JSON, indented.
func WriteJSON(w io.Writer, r Result) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}

// WriteText writes the result for a terminal: what was sized for, every figure
// with its reason, today beside the new site, and what was left out.
func WriteText(w io.Writer, r Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Sized for %s: %s\n\n", r.Environment, r.MultipleWhy)
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "  %-32s %v\n", f.Path, f.Value)
		paragraph(&b, "      ", f.Reason)
	}
	fmt.Fprintf(&b, "\n  %-10s %-9s %8s %8s %10s %9s %6s\n", "TIER", "", "SERVERS", "VCPU", "MEM GiB", "DISK TiB", "HOSTS")
	for _, t := range append(append([]Tier{}, r.Tiers...), r.Totals) {
		row := func(name, when string, a Amount) {
			fmt.Fprintf(&b, "  %-10s %-9s %8d %8d %10.0f %9.2f %6d\n", name, when, a.Servers, a.VCPU, a.MemoryGiB, a.StorageTiB, a.Hosts)
		}
		row(t.Name, "today", t.Today)
		row("", "normal", t.Normal)
		row("", "campaign", t.Campaign)
	}
	paragraph(&b, "  ", HostsNote)
	if len(r.LeftOut) > 0 {
		b.WriteString("\nNot sized:\n")
		for _, l := range r.LeftOut {
			paragraph(&b, "  ", fmt.Sprintf("%d %s: %s", len(l.Servers), l.Reason, names(l.Servers)))
		}
	}
	for _, text := range r.Warnings {
		paragraph(&b, "! ", text)
	}
	// A name in an export must not drive the terminal.
	_, err := io.WriteString(w, strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' {
			return '�'
		}
		return c
	}, b.String()))
	return err
}

// names lists a few and counts the rest.
func names(list []string) string {
	const few = 6
	if len(list) <= few {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:few], ", "), len(list)-few)
}

// paragraph wraps text at spaces.
func paragraph(b *strings.Builder, indent, text string) {
	const width = 100
	line := indent
	for _, word := range strings.Fields(text) {
		if len(line) > len(indent) && len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = strings.Repeat(" ", len(indent))
		} else if len(line) > len(indent) {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
}
