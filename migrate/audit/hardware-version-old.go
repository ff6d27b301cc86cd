package audit

import "github.com/storefront-toolkit/storefront/migrate"

var hardwareVersionOld = Check{
	ID:       "hardware-version-old",
	Category: "mobility",
	Severity: migrate.SeverityLow,
	Title:    "Servers have virtual hardware of vSphere 6.0 or before",
	Why:      "They miss what newer versions brought to busy servers (more queues, newer CPU instructions), and every mover's notes have an exception for them.",
	Remedy:   "Upgrade the virtual hardware with the next planned restart.",
	Answer:   "New servers get current virtual hardware.",
	// Version 13 came with vSphere 6.5 (VMware KB 2007240).
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.hardwareBelow(13, 9)
	},
}
