package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var hardwareVersionUnsupported = Check{
	ID:       "hardware-version-unsupported",
	Category: "mobility",
	Severity: migrate.SeverityMedium,
	Title:    "A server's virtual hardware is too old to move while it runs",
	Why:      "VMware HCX takes no live migration below hardware version 9, so this server needs its own window and a shutdown that nobody planned.",
	Remedy:   "Upgrade VMware Tools, then the virtual hardware, in a quiet night before its wave; keep a snapshot until it has started.",
	Answer:   "New servers get current virtual hardware; the plan doesn't tell such a server from others, so name a mover for it.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.hardwareBelow(9, 0)
	},
}

// hardwareBelow reports VMs whose hardware version is below a limit and not
// below another.
func (in *Input) hardwareBelow(below, from int) (hits []Hit, unjudged []Unjudged) {
	var unknown, old []string
	var evidence []string
	for _, s := range in.live {
		switch {
		case s.Kind != migrate.KindVM:
		case s.HardwareVersion == 0:
			unknown = append(unknown, s.ID)
		case s.HardwareVersion < below && s.HardwareVersion >= from:
			old = append(old, s.ID)
			evidence = append(evidence, fmt.Sprintf("%s: hardware version %d%s", s.ID, s.HardwareVersion, in.sources(s, "hardwareVersion")))
		}
	}
	if len(old) > 0 {
		hits = append(hits, Hit{Subjects: old, Evidence: evidence})
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "the hardware version is not known", Subjects: unknown})
	}
	return hits, unjudged
}
