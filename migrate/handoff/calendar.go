package handoff

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/storefront-toolkit/storefront/migrate"
)

// writeICS writes the calendar (RFC 5545). Identifiers stay the same when the
// plan is made again, so that a calendar program moves its entries. It is
// written here, as the libraries for it bring an HTTP client into the command;
// the tests read it back with one of them.
func writeICS(in *input) ([]File, error) {
	c := &calendar{stamp: in.options.Stamp, key: in.plan.Start.UTC().Format("20060102")}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//storefront//migration plan//EN")
	c.line("METHOD", "PUBLISH")
	c.line("X-WR-CALNAME", "Migration")
	for _, w := range in.waves {
		c.event("window-"+w.ID, w.Start, w.End, fmt.Sprintf("%s: move %d servers", w.ID, len(w.Servers)),
			fmt.Sprintf("%.1f GB. Servers: %s", w.DataGB, strings.Join(ids(w), ", ")))
		if w.ReplicationStart != nil && w.ReplicationEnd != nil {
			c.event("replication-"+w.ID, *w.ReplicationStart, *w.ReplicationEnd, w.ID+": replication", fmt.Sprintf("%.1f GB over the link", w.ReplicationGB))
		}
	}
	if in.options.Wave == "" {
		for i, f := range in.plan.Freezes {
			c.event(fmt.Sprintf("freeze-%d", i+1), f.From, f.To, "Freeze: "+f.Name, "No change, no window.")
		}
		c.event("deadline", in.plan.Deadline.Add(-time.Hour), in.plan.Deadline, "Deadline of the migration", "No window ends after it.")
	}
	c.line("END", "VCALENDAR")
	return []File{{"plan.ics", []byte(c.b.String())}}, nil
}

func ids(w migrate.Wave) []string {
	var out []string
	for _, s := range w.Servers {
		out = append(out, s.ID)
	}
	return out
}

// calendar collects the lines of an iCalendar object.
type calendar struct {
	b     strings.Builder
	stamp time.Time
	key   string // makes identifiers differ from those of another migration
}

func (c *calendar) event(id string, from, to time.Time, title, text string) {
	const utc = "20060102T150405Z"
	c.line("BEGIN", "VEVENT")
	c.line("UID", icsText(id+"."+c.key+"@storefront"))
	c.line("DTSTAMP", c.stamp.UTC().Format(utc))
	c.line("DTSTART", from.UTC().Format(utc))
	c.line("DTEND", to.UTC().Format(utc))
	c.line("SUMMARY", icsText(title))
	c.line("DESCRIPTION", icsText(text))
	c.line("END", "VEVENT")
}

// line writes a content line, folded after 75 octets and never inside a
// character (RFC 5545, 3.1).
func (c *calendar) line(name, value string) {
	rest, room := name+":"+value, 75
	for len(rest) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], 74
	}
	c.b.WriteString(rest + "\r\n")
}

// icsText escapes a text (RFC 5545, 3.3.11) and drops control characters,
// which it may not hold.
func icsText(s string) string {
	s = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(strings.ToValidUTF8(s, "�"))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
