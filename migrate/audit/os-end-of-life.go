package audit

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var osEndOfLife = Check{
	ID:       "os-end-of-life",
	Category: "lifecycle",
	Severity: migrate.SeverityMedium,
	Title:    "An operating system is past its end of life",
	Why:      "No fix comes for what is found now: a hole that is published in the campaign week stays open, and the drivers of new platforms may not load.",
	Remedy:   "Build the server new on a supported release rather than carry it over.",
	Answer:   "Fleets are built from a current image; what is carried over keeps its system: give it the disposition replatform to change that.",
	Find:     findOSEndOfLife,
}

func findOSEndOfLife(in *Input) (hits []Hit, unjudged []Unjudged) {
	if in.AsOf.IsZero() {
		return nil, []Unjudged{{Reason: "the date to judge at is not known"}}
	}
	dead, releases := map[string][]*migrate.Server{}, map[string]support{}
	var unknown, untabled []string
	strangers := map[string]bool{}
	for _, s := range in.live {
		release, ok := osSupport(s.OS)
		switch {
		case !ok && namesRelease(s.OS):
			untabled = append(untabled, s.ID)
			strangers[s.OS] = true
		case !ok:
			unknown = append(unknown, s.ID)
		case release.over(in.AsOf):
			dead[release.name()] = append(dead[release.name()], s)
			releases[release.name()] = release
		}
	}
	for _, name := range keys(dead) {
		hits = append(hits, endOfLifeHit(in, name, releases[name], dead[name], "os"))
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the release of the operating system is not known", Subjects: unknown})
	}
	if len(untabled) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no dates are held for " + fewOf(keys(strangers)), Subjects: untabled})
	}
	return hits, unjudged
}

// namesRelease tells whether a text names one release of an operating system,
// be it one that the table has not.
func namesRelease(os string) bool {
	return strings.ContainsAny(os, "0123456789") && !vague.MatchString(os) && !bits.MatchString(os)
}

// bits marks names that have no number but the processor's.
var bits = regexp.MustCompile(`^\D*\(?(32|64)[- ]?bit\)?\D*$`)

// fewOf lists the first names and counts the others.
func fewOf(names []string) string {
	const few = 12
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

// endOfLifeHit is of low weight where only test servers are concerned.
func endOfLifeHit(in *Input, name string, release support, servers []*migrate.Server, field string) Hit {
	severity := migrate.SeverityLow
	for _, s := range servers {
		if production(s) {
			severity = migrate.SeverityMedium
		}
	}
	more := ""
	if release.oldest != "" {
		more = "more than "
	}
	return Hit{
		Subjects: ids(servers), Severity: severity, Title: name + " is past its end of life",
		Evidence: []string{
			fmt.Sprintf("support of %s %s (%s), %s%.0f days before %s", name, release.ended(), release.source, more,
				in.AsOf.Sub(release.end).Hours()/24, in.AsOf.UTC().Format(time.DateOnly)),
			fmt.Sprintf("%d servers%s", len(servers), in.sources(servers[0], field)),
		},
	}
}
