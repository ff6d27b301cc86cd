package inventory

import (
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// statedHeaders are custom attributes, as table.Normal has their names, in which
// people write what no hypervisor knows.
var statedHeaders = map[string]func(s *migrate.Server, value, header string){
	"owner":            func(s *migrate.Server, v, _ string) { s.Owner = v },
	"serverowner":      func(s *migrate.Server, v, _ string) { s.Owner = v },
	"businessowner":    func(s *migrate.Server, v, _ string) { s.Owner = v },
	"applicationowner": func(s *migrate.Server, v, _ string) { s.Owner = v },
	"team":             func(s *migrate.Server, v, _ string) { s.Team = v },
	"department":       func(s *migrate.Server, v, _ string) { s.Team = v },
	"environment":      func(s *migrate.Server, v, h string) { s.Environment = statedBy(h, v, environmentWord) },
	"env":              func(s *migrate.Server, v, h string) { s.Environment = statedBy(h, v, environmentWord) },
	"stage":            func(s *migrate.Server, v, h string) { s.Environment = statedBy(h, v, environmentWord) },
	"application":      func(s *migrate.Server, v, h string) { s.Application = statedBy(h, v, strings.ToLower) },
	"applicationname":  func(s *migrate.Server, v, h string) { s.Application = statedBy(h, v, strings.ToLower) },
	"app":              func(s *migrate.Server, v, h string) { s.Application = statedBy(h, v, strings.ToLower) },
	"role":             func(s *migrate.Server, v, h string) { s.Role = statedBy(h, v, roleWord) },
	"serverrole":       func(s *migrate.Server, v, h string) { s.Role = statedBy(h, v, roleWord) },
	"criticality":      func(s *migrate.Server, v, _ string) { s.Criticality = criticalityWord(v) },
	"wave":             func(s *migrate.Server, v, _ string) { s.Wave = v },
	"backuppolicy":     func(s *migrate.Server, v, _ string) { backupOf(s).Policy = v },
	"backupjob":        func(s *migrate.Server, v, _ string) { backupOf(s).Policy = v },
}

func statedBy(header, value string, word func(string) string) migrate.Inference {
	return migrate.Inference{Value: word(value), Confidence: 1, Evidence: []string{"stated: " + header + " " + table.Quote(value)}}
}

// statedText is a custom attribute's value in a sheet, a moment in the order of
// day and month that its column has.
func statedText(s *table.Sheet, r table.Row, c table.Col) string {
	if statedTimes[table.Normal(s.Heading(c))] {
		if t, ok := r.Time(c); ok {
			return t.Format(time.RFC3339)
		}
	}
	return r.Text(c)
}

var statedTimes = map[string]bool{"lastbackup": true, "backupdate": true, "lastbackuptime": true}

// SetStated takes a custom attribute of a server: into the estate's own place
// where it has one for it, else under the attribute's name. So is a date of
// which nothing tells whether the day or the month comes first.
func SetStated(s *migrate.Server, header, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	n := table.Normal(header)
	switch {
	case statedTimes[n] && !table.EitherOrder(value):
		if t, err := table.ParseTime(value, table.Format{}); err == nil {
			backupOf(s).Last = &t
			return
		}
	case n == "rpohours", n == "rpoh":
		if h, err := table.ParseNumber(value, table.Format{}); err == nil && h > 0 {
			backupOf(s).RPOHours = h
			return
		}
	}
	if set := statedHeaders[n]; set != nil {
		set(s, value, header)
		return
	}
	if s.Custom[header] == "" {
		keepCustom(s, header, value)
	}
}

// statedIn is statedBy of a cell.
func statedIn(r table.Row, c table.Col, word func(string) string) migrate.Inference {
	return statedBy(r.Place(c, "").Column, r.Text(c), word)
}
