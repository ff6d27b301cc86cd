package audit

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var dnsSingle = Check{
	ID:       "dns-single",
	Category: "resilience",
	Severity: migrate.SeverityHigh,
	Title:    "All servers ask one name server",
	Why:      "When it stops, the shop finds neither its database nor the payment provider: every order fails though every other server is well.",
	Remedy:   "Add a second name server on another host and put both into every server's list.",
	Answer:   "Servers use the platform's resolver: Route 53 in the VPC, or the name servers in a private cloud's settings: name two or more there.",
	Find: func(in *Input) ([]Hit, []Unjudged) {
		return in.oneServerForAll("name server", "dnsServers", migrate.FlowDNS, migrate.SeverityHigh,
			func(s *migrate.Server) []string { return s.DNSServers })
	},
}

// oneServerForAll reports a service that all production servers ask of one
// server, and servers whose own list has a single entry where others have more.
// Traffic counts only for the first: a client asks the next server when one
// fails, so a short time of observation shows one of several.
func (in *Input) oneServerForAll(what, field string, class migrate.FlowClass, severity migrate.Severity,
	list func(*migrate.Server) []string) (hits []Hit, unjudged []Unjudged) {
	asked, clients := map[string]bool{}, map[string]bool{}
	single := map[string][]*migrate.Server{}
	addresses := in.byAddress()
	for _, s := range in.live {
		if !production(s) {
			continue
		}
		entries := sortedUnique(list(s))
		for _, e := range entries {
			asked[in.serverAt(addresses, e)], clients[s.ID] = true, true
		}
		if len(entries) == 1 {
			single[in.serverAt(addresses, entries[0])] = append(single[in.serverAt(addresses, entries[0])], s)
		}
		for _, f := range in.from[s.ID] {
			if f.Class == class && observed(f) && f.To != s.ID {
				asked[f.To], clients[s.ID] = true, true
			}
		}
	}
	switch {
	case len(clients) < 3:
		return nil, []Unjudged{{Reason: fmt.Sprintf("which %s servers ask is known of %d servers only", what, len(clients))}}
	case len(asked) == 1:
		only := keys(asked)[0]
		return []Hit{{Subjects: []string{only}, Severity: severity, Evidence: []string{
			fmt.Sprintf("%d servers ask %s as their %s, and no other is asked by anybody", len(clients), only, what)}}}, nil
	}
	for _, only := range keys(single) {
		servers := single[only]
		hits = append(hits, Hit{Subjects: ids(servers), Severity: migrate.SeverityLow,
			Title:    "Servers know one " + what + " only",
			Evidence: []string{fmt.Sprintf("%d servers list %s alone%s", len(servers), only, in.sources(servers[0], field))}})
	}
	return hits, nil
}

// serverAt names the server behind an address or a name, or gives the text
// back where the estate has none.
func (in *Input) serverAt(addresses addressIndex, text string) string {
	if addr, ok := parseAddress(text); ok && len(addresses[addr]) == 1 {
		return addresses[addr][0].ID
	}
	if in.byID[text] != nil {
		return text
	}
	if id, ok := in.byFQDN[strings.ToLower(strings.TrimSuffix(text, "."))]; ok {
		return id
	}
	return text
}
