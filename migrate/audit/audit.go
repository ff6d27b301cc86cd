// Package audit says what is wrong with an estate: it runs a fixed list of
// checks over what the exports tell and reports each hit with its evidence. A
// check never takes missing data for evidence; what it could not judge is
// reported beside the findings.
package audit

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Check is one thing that can be wrong. Its texts are data; Find does the
// looking.
type Check struct {
	ID       string // stable; the name of the file that holds it
	Category string
	// Severity is the one of a hit that names none of its own.
	Severity migrate.Severity
	Title    string
	Why      string // what it costs on a campaign day
	Remedy   string
	Answer   string // what the topology does about it
	Find     func(*Input) ([]Hit, []Unjudged)
}

// Hit is one place where a check found what it looks for.
type Hit struct {
	Subjects []string
	Evidence []string
	// Severity and Title replace the check's own where they are set, for a
	// check whose weight depends on what it hit.
	Severity migrate.Severity
	Title    string
}

// Unjudged says what a check could not look at for lack of data.
type Unjudged struct {
	Check    string   `json:"check"`
	Reason   string   `json:"reason"`
	Subjects []string `json:"subjects,omitempty"` // empty: the whole estate
}

// Summary is a check that was run, and what came of it.
type Summary struct {
	ID       string           `json:"id"`
	Category string           `json:"category"`
	Severity migrate.Severity `json:"severity"`
	Title    string           `json:"title"`
	Findings int              `json:"findings"`
	// Unjudged counts the reasons for which the check saw less than all.
	Unjudged int `json:"unjudged"`
}

// Report is the answer of Run.
type Report struct {
	AsOf *time.Time `json:"asOf,omitempty"`
	// AsOfWhy says where AsOf is from.
	AsOfWhy string `json:"asOfWhy,omitempty"`
	Servers int    `json:"servers"`
	// Counts holds the number of all findings by severity, those that
	// AtLeast leaves out included.
	Counts    map[migrate.Severity]int `json:"counts"`
	Findings  []migrate.Finding        `json:"findings"`
	Checks    []Summary                `json:"checks"`
	NotJudged []Unjudged               `json:"notJudged"`
}

// Run applies every check to the estate. The same estate and options give the
// same report.
func Run(estate *migrate.Estate, options Options) Report {
	in := newInput(estate, options)
	report := Report{
		Servers:   len(estate.Servers),
		Counts:    map[migrate.Severity]int{},
		Findings:  []migrate.Finding{},
		NotJudged: []Unjudged{},
	}
	for _, severity := range Severities() {
		report.Counts[severity] = 0
	}
	if !in.AsOf.IsZero() {
		report.AsOf, report.AsOfWhy = &in.AsOf, in.AsOfWhy
	}
	for _, check := range Checks() {
		hits, unjudged := check.Find(in)
		for _, hit := range hits {
			finding := check.finding(hit)
			report.Counts[finding.Severity]++
			report.Findings = append(report.Findings, finding)
		}
		for _, u := range unjudged {
			u.Check, u.Subjects = check.ID, sortedUnique(u.Subjects)
			in.unjudged = append(in.unjudged, u)
		}
		report.Checks = append(report.Checks, Summary{
			ID: check.ID, Category: check.Category, Severity: check.Severity, Title: check.Title,
			Findings: len(hits), Unjudged: len(unjudged),
		})
	}
	report.NotJudged = append(report.NotJudged, in.unjudged...)
	sortFindings(report.Findings)
	return report
}

func (c Check) finding(hit Hit) migrate.Finding {
	subjects := sortedUnique(hit.Subjects)
	if subjects == nil {
		subjects = []string{}
	}
	return migrate.Finding{
		Check:    c.ID,
		Category: c.Category,
		Severity: cmp.Or(hit.Severity, c.Severity),
		Title:    cmp.Or(hit.Title, c.Title),
		Subjects: subjects,
		Evidence: hit.Evidence,
		Why:      c.Why,
		Remedy:   c.Remedy,
		Answer:   c.Answer,
	}
}

// sortFindings puts the gravest first, then orders by check, subjects and
// evidence, so that no two findings are left in an arbitrary order.
func sortFindings(findings []migrate.Finding) {
	slices.SortStableFunc(findings, func(a, b migrate.Finding) int {
		return cmp.Or(
			cmp.Compare(Rank(a.Severity), Rank(b.Severity)),
			cmp.Compare(a.Check, b.Check),
			slices.Compare(a.Subjects, b.Subjects),
			slices.Compare(a.Evidence, b.Evidence),
		)
	})
}

// Severities lists the severities, gravest first.
func Severities() []migrate.Severity {
	return []migrate.Severity{migrate.SeverityHigh, migrate.SeverityMedium, migrate.SeverityLow, migrate.SeverityInfo}
}

// Rank orders severities: 0 is the gravest. An unknown severity ranks last.
func Rank(s migrate.Severity) int {
	if i := slices.Index(Severities(), s); i >= 0 {
		return i
	}
	return len(Severities())
}

// AtLeast keeps the findings that are as grave as least or graver.
func AtLeast(findings []migrate.Finding, least migrate.Severity) []migrate.Finding {
	kept := []migrate.Finding{}
	for _, f := range findings {
		if Rank(f.Severity) <= Rank(least) {
			kept = append(kept, f)
		}
	}
	return kept
}

func sortedUnique(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	out := slices.Clone(list)
	slices.SortFunc(out, strings.Compare)
	return slices.Compact(out)
}
