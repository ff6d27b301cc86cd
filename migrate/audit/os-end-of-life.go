package audit

import (
	"fmt"
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
	Answer:   "Fleets are built from a current image; what is carried over is marked for replatform.",
	Find:     findOSEndOfLife,
}

func findOSEndOfLife(in *Input) (hits []Hit, unjudged []Unjudged) {
	if in.AsOf.IsZero() {
		return nil, []Unjudged{{Reason: "the date to judge at is not known"}}
	}
	dead, releases := map[string][]*migrate.Server{}, map[string]support{}
	var unknown []string
	for _, s := range in.live {
		release, ok := osSupport(s.OS)
		switch {
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
	return hits, unjudged
}

// endOfLifeHit is of low weight where only test servers are concerned.
func endOfLifeHit(in *Input, name string, release support, servers []*migrate.Server, field string) Hit {
	severity := migrate.SeverityLow
	for _, s := range servers {
		if production(s) {
			severity = migrate.SeverityMedium
		}
	}
	return Hit{
		Subjects: ids(servers), Severity: severity, Title: name + " is past its end of life",
		Evidence: []string{
			fmt.Sprintf("support of %s ended on %s (%s), %.0f days before %s", name, release.end.Format(time.DateOnly), release.source,
				in.AsOf.Sub(release.end).Hours()/24, in.AsOf.UTC().Format(time.DateOnly)),
			fmt.Sprintf("%d servers%s", len(servers), in.sources(servers[0], field)),
		},
	}
}
