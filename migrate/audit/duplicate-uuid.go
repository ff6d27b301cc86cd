package audit

import "github.com/storefront-toolkit/storefront/migrate"

var duplicateUUID = Check{
	ID:       "duplicate-uuid",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "Several servers share one UUID",
	Why:      "Movers, backup and licence servers take them for one machine: the second replication overwrites the first.",
	Remedy:   "Give each copy a UUID of its own (uuid.action = \"create\" and a restart) before an agent is installed.",
	Answer:   "Every server that the topology builds has its own identity.",
	Find: func(in *Input) (hits []Hit, unjudged []Unjudged) {
		var all, unknown []*migrate.Server
		for i := range in.Estate.Servers {
			s := &in.Estate.Servers[i]
			all = append(all, s)
			if s.UUID == "" {
				unknown = append(unknown, s)
			}
		}
		groups := groupBy(all, func(s *migrate.Server) string { return s.UUID })
		for _, uuid := range keys(groups) {
			if len(groups[uuid]) > 1 {
				hits = append(hits, Hit{Subjects: ids(groups[uuid]), Evidence: []string{"UUID " + uuid + in.sources(groups[uuid][0], "uuid")}})
			}
		}
		if len(unknown) > 0 {
			unjudged = append(unjudged, Unjudged{Reason: "the UUID is not known", Subjects: ids(unknown)})
		}
		return hits, unjudged
	},
}
