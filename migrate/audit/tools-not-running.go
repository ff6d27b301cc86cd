package audit

import (
	"github.com/storefront-toolkit/storefront/migrate"
)

var toolsNotRunning = Check{
	ID:       "tools-not-running",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "VMware Tools do not run on servers",
	Why:      "Without them nobody can shut the guest down cleanly, take a consistent snapshot or see its addresses: the cut-over script stops at such a server.",
	Remedy:   "Install or start VMware Tools (open-vm-tools) before their wave.",
	Answer:   "A private cloud's template comes with open-vm-tools; on AWS the guest installs the Systems Manager agent.",
	Find:     findToolsNotRunning,
}

func findToolsNotRunning(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	hit := Hit{}
	for _, s := range in.live {
		if s.Kind != migrate.KindVM || !runs(s) {
			continue
		}
		switch s.ToolsStatus {
		case "":
			unknown = append(unknown, s.ID)
		case "notRunning", "notInstalled":
			hit.Subjects = append(hit.Subjects, s.ID)
			hit.Evidence = append(hit.Evidence, s.ID+": VMware Tools "+s.ToolsStatus+in.sources(s, "toolsStatus"))
		}
	}
	if len(hit.Subjects) > 0 {
		hits = append(hits, hit)
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the state of VMware Tools is not known", Subjects: unknown})
	}
	return hits, unjudged
}
