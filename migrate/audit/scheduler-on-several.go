package audit

import (
	"fmt"
	"regexp"

	"github.com/storefront-toolkit/storefront/migrate"
)

var schedulerOnSeveral = Check{
	ID:       "scheduler-on-several",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "The shop's scheduled jobs run on several servers",
	Why:      "Two runners of the same jobs send mails twice, reindex at the same time and lock each other out of tables at the peak.",
	Remedy:   "Run scheduled jobs on one server, or under a lock that all runners share.",
	Answer:   "The admin tier runs the schedule on one server, so that there is exactly one runner; on AWS a lost one is replaced by itself.",
	Find:     findSchedulerOnSeveral,
}

// jobRunner matches programs that run a shop's own jobs. The system's cron
// daemon is on every server and says nothing.
var jobRunner = regexp.MustCompile(`(?i)^(magento|shop|php|store|shopware|akeneo)[-_ ]?(cron|scheduler|jobs?)$|^supercronic$`)

func findSchedulerOnSeveral(in *Input) (hits []Hit, unjudged []Unjudged) {
	runners := map[string][]*migrate.Server{}
	known := false
	for _, s := range in.live {
		known = known || len(s.Software) > 0
		if !production(s) {
			continue
		}
		for _, p := range s.Software {
			if jobRunner.MatchString(p.Name) {
				runners[p.Name+" of "+groupApplication(s)] = append(runners[p.Name+" of "+groupApplication(s)], s)
			}
		}
	}
	for _, key := range keys(runners) {
		if servers := runners[key]; len(servers) > 1 {
			hits = append(hits, Hit{Subjects: ids(servers), Evidence: []string{fmt.Sprintf(
				"%s is installed on %d servers%s", key, len(servers), in.sources(servers[0], "software"))}})
		}
	}
	if !known {
		unjudged = append(unjudged, Unjudged{Reason: "no source lists software"})
	}
	return hits, unjudged
}

func groupApplication(s *migrate.Server) string {
	if s.Application.Value == "" {
		return "no named application"
	}
	return s.Application.Value
}
