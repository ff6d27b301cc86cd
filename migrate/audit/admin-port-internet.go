package audit

import (
	"fmt"

	"github.com/storefront-toolkit/storefront/migrate"
)

var adminPortInternet = Check{
	ID:       "admin-port-internet",
	Category: "security",
	Severity: migrate.SeverityHigh,
	Title:    "An administration port is reached from the internet",
	Why:      "Ports like these are found by scanners within hours and are the usual way in for ransomware; it ends with data lost, not with a slow page.",
	Remedy:   "Close the port at the firewall today and go through the VPN; then look through the log-ins of the last months.",
	Answer:   "Servers have no public address; administrators come through Client VPN, IPsec or Systems Manager, and default deny stops the rest.",
	Find:     findAdminPortInternet,
}

// keyedPorts ask for a key or ticket as a rule, so an open one is a weakness
// and not yet a way in.
var keyedPorts = map[int]bool{22: true, 5986: true}

// findAdminPortInternet takes a connection from a public address, or a rule
// that allows one, as proof. What was told apart as a scan is none: the server
// may not have answered.
func findAdminPortInternet(in *Input) (hits []Hit, unjudged []Unjudged) {
	if len(in.Estate.Flows) == 0 {
		return nil, []Unjudged{{Reason: "neither traffic nor firewall rules are known"}}
	}
	for _, s := range in.live {
		var evidence []string
		severity := migrate.SeverityMedium
		for _, f := range in.to[s.ID] {
			name := adminPorts[f.Port]
			if name == "" || !f.FromOutside || !public(f.From) || f.Class == migrate.FlowScan || f.Kind == "referenced" || f.Protocol == "udp" {
				continue
			}
			if !keyedPorts[f.Port] {
				severity = migrate.SeverityHigh
			}
			evidence = append(evidence, fmt.Sprintf("%s: %s", name, in.flowText(f)))
		}
		if len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence, Severity: severity})
		}
	}
	return hits, nil
}
