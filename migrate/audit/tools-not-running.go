package audit

import (
	"github.com/storefront-toolkit/storefront/migrate"
)

var toolsNotRunning = Check{
	ID:       "tools-not-running",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "VMware Tools do not run on a server",
	Why:      "Without them nobody can shut the guest down cleanly, take a consistent snapshot or see its addresses: the cut-over script stops at this server.",
	Remedy:   "Install or start VMware Tools (open-vm-tools) before its wave.",
	Answer:   "The guest installs open-vm-tools on vSphere; on AWS the agent is in the image.",
	Find:     findToolsNotRunning,
}

func findToolsNotRunning(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for _, s := range in.live {
		if s.Kind != migrate.KindVM || !runs(s) {
			continue
		}
		switch s.ToolsStatus {
		case "":
			unknown = append(unknown, s.ID)
		case "notRunning", "notInstalled":
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: []string{"VMware Tools: " + s.ToolsStatus + in.sources(s, "toolsStatus")}})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the state of VMware Tools is not known", Subjects: unknown})
	}
	return hits, unjudged
}
