package audit

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var softwareEndOfLife = Check{
	ID:       "software-end-of-life",
	Category: "lifecycle",
	Severity: migrate.SeverityMedium,
	Title:    "A program is past its end of life",
	Why:      "A hole published in the campaign week stays open, card schemes ask for supported software, and managed services don't take these versions.",
	Remedy:   "Upgrade in test with the shop's own code, before the move and not with it.",
	Answer:   "The guest installs current versions by role; managed databases and caches are declared with a supported version.",
	Find:     findSoftwareEndOfLife,
}

// findSoftwareEndOfLife leaves versions out that a distribution builds and
// patches: their end is that of the operating system.
func findSoftwareEndOfLife(in *Input) (hits []Hit, unjudged []Unjudged) {
	if in.AsOf.IsZero() {
		return nil, []Unjudged{{Reason: "the date to judge at is not known"}}
	}
	dead, releases := map[string][]*migrate.Server{}, map[string]support{}
	var silent []string
	strangers, bearers := map[string]bool{}, []string{}
	for _, s := range in.live {
		if len(s.Software) == 0 {
			silent = append(silent, s.ID)
		}
		seen := map[string]bool{}
		for _, p := range s.Software {
			if packaged(p.Version) {
				continue
			}
			release, product, known := programSupport(p)
			if !known && (product != "" || !programPart.MatchString(strings.TrimSpace(p.Name))) {
				strangers[programName(p)] = true
				bearers = append(bearers, s.ID)
			}
			if !known || !release.over(in.AsOf) || seen[release.name()] {
				continue
			}
			seen[release.name()] = true
			dead[release.name()] = append(dead[release.name()], s)
			releases[release.name()] = release
		}
	}
	for _, name := range keys(dead) {
		hits = append(hits, endOfLifeHit(in, name, releases[name], dead[name], "software"))
	}
	if len(silent) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no source lists its software", Subjects: silent})
	}
	if len(strangers) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "no dates are held for " + fewOf(keys(strangers)), Subjects: bearers})
	}
	return hits, unjudged
}

// programName is a program with its version, or with a word on its lack.
func programName(p migrate.Software) string {
	if strings.TrimSpace(p.Version) == "" {
		return strings.TrimSpace(p.Name) + " of unknown version"
	}
	return strings.TrimSpace(p.Name) + " " + strings.TrimSpace(p.Version)
}
