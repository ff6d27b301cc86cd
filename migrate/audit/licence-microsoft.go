package audit

import (
	"fmt"
	"regexp"

	"github.com/storefront-toolkit/storefront/migrate"
)

var licenceMicrosoft = Check{
	ID:       "licence-microsoft",
	Category: "licence",
	Severity: migrate.SeverityLow,
	Title:    "Microsoft licences are counted by cores that nobody needs",
	Why:      "SQL Server is licensed by vCPU with four at least, Windows Server by the cores of every host it may run on: the old number is paid again on the new site.",
	Remedy:   "Size these servers to measured use before the move, and keep Windows on few hosts; check which licences may be taken along.",
	Answer:   "Sizing tells the vCPUs that measured use needs, which is what the new licences should count.",
	Find:     findLicenceMicrosoft,
}

var sqlServer = regexp.MustCompile(`(?i)^(microsoft )?sql server( \d{4})?( (standard|enterprise)( edition)?)?$|^mssql-server$`)

// findLicenceMicrosoft reports SQL Server on more than four vCPUs, and Windows
// servers that are fewer than the hosts over which they may be spread.
func findLicenceMicrosoft(in *Input) (hits []Hit, unjudged []Unjudged) {
	for _, s := range in.live {
		for _, p := range s.Software {
			if sqlServer.MatchString(p.Name) && s.CPUs > 4 {
				evidence := fmt.Sprintf("%s %s on %d vCPUs%s", p.Name, p.Version, s.CPUs, in.sources(s, "software"))
				if m := in.cpu(s); m != nil {
					evidence += "; CPU " + measureText(m)
				}
				hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{evidence}})
				break
			}
		}
	}
	for _, name := range in.clusterNames() {
		hosts, cores := in.clusterHosts(name), 0
		for _, h := range hosts {
			cores += h.Cores
		}
		var windows []*migrate.Server
		for _, s := range in.live {
			if s.Cluster == name && s.OSFamily == "windows" && s.Kind == migrate.KindVM {
				windows = append(windows, s)
			}
		}
		if len(windows) > 0 && len(windows) < len(hosts) && cores > 0 {
			hits = append(hits, Hit{Subjects: ids(windows), Evidence: []string{fmt.Sprintf(
				"%d Windows servers may run on any of %d hosts of %s, with %d cores to license", len(windows), len(hosts), name, cores)}})
		}
	}
	return hits, nil
}
