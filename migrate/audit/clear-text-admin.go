package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var clearTextAdmin = Check{
	ID:       "clear-text-admin",
	Category: "security",
	Severity: migrate.SeverityMedium,
	Title:    "Passwords cross the network in clear text",
	Why:      "Whoever listens on any server of the path has the password; during a migration the path grows by a line between two sites.",
	Remedy:   "Replace FTP by SFTP, telnet and rlogin by SSH, VNC by a tunnel, and change the passwords that were used.",
	Answer:   "The topology opens none of these ports; file exchange and administration go over SSH, TLS or the VPN.",
	Find:     findClearTextAdmin,
}

func findClearTextAdmin(in *Input) (hits []Hit, unjudged []Unjudged) {
	known := in.flowsKnown()
	for _, s := range in.live {
		var evidence []string
		for _, l := range s.Listens {
			known = true
			if name := clearTextPorts[l.Port]; name != "" && l.Protocol != "udp" && openAddress(l.Address) {
				evidence = append(evidence, fmt.Sprintf("listens on port %d (%s) at %s%s", l.Port, name, l.Address, in.sources(s, "listens")))
			}
		}
		for _, f := range in.to[s.ID] {
			if name := clearTextPorts[f.Port]; name != "" && f.Protocol != "udp" && observed(f) && f.Class != migrate.FlowScan {
				evidence = append(evidence, fmt.Sprintf("%s: %s", name, in.flowText(f)))
			}
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
		}
	}
	if !known {
		unjudged = append(unjudged, Unjudged{Reason: "neither traffic nor listening ports are known"})
	}
	return hits, unjudged
}
