package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var diskOnLocalDatastore = Check{
	ID:       "disk-on-local-datastore",
	Category: "resilience",
	Severity: migrate.SeverityMedium,
	Title:    "A server's disk lies on one host's own datastore",
	Why:      "No other host sees the disk: the server can't be moved off before maintenance nor restarted after a failure, whatever HA is set to.",
	Remedy:   "Move its disks to a shared datastore.",
	Answer:   "On AWS volumes with data outlive a server; on a private cloud disks are on the datastore that its settings name, so name a shared one.",
	Find:     findDiskOnLocalDatastore,
}

func findDiskOnLocalDatastore(in *Input) (hits []Hit, unjudged []Unjudged) {
	local, known := map[string]string{}, false
	for _, d := range in.Estate.Datastores {
		known = known || len(d.Hosts) > 0
		if len(d.Hosts) == 1 {
			local[d.Name] = d.Hosts[0]
		}
	}
	if !known {
		return nil, []Unjudged{{Reason: "which hosts mount which datastore is not known"}}
	}
	for _, s := range in.live {
		if !production(s) || in.alone(s) {
			continue
		}
		var evidence []string
		for _, d := range s.Disks {
			if host := local[datastoreOf(d.Path)]; host != "" {
				evidence = append(evidence, fmt.Sprintf("%s is on %s, which only %s mounts%s", d.Label, datastoreOf(d.Path), host, in.sources(s, "disks")))
			}
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
		}
	}
	return hits, unjudged
}

// datastoreOf reads the store out of a path such as "[ds1] web01/web01.vmdk".
func datastoreOf(path string) string {
	name, _, ok := strings.Cut(strings.TrimPrefix(path, "["), "]")
	if !ok || !strings.HasPrefix(path, "[") {
		return ""
	}
	return name
}

// alone tells whether a server's cluster has one host, to which every
// datastore is its own.
func (in *Input) alone(s *migrate.Server) bool {
	return s.Cluster != "" && len(in.clusterHosts(s.Cluster)) == 1
}
