package audit

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

var businessServiceOnShopServer = Check{
	ID:       "business-service-on-shop-server",
	Category: "separation",
	Severity: migrate.SeverityMedium,
	Title:    "Mail or another office service runs on a server of the shop",
	Why:      "A burst of order mails, a mail flood or an office backup takes CPU and disk from the shop at the worst hour; and the server can't be replaced as one of a fleet.",
	Remedy:   "Move the service to a server of its own, or to a managed one, before the shop server moves.",
	Answer:   "Tiers hold one role each; a mail relay, printing or the like is not part of the topology and keeps a server of its own.",
	Find:     findBusinessService,
}

// businessProgram matches servers of mail, directory and groupware. A transfer
// agent that only sends (exim, postfix) is on most systems and counts only
// where it listens to others.
var businessProgram = regexp.MustCompile(`(?i)^(dovecot|dovecot-(core|imapd)|cyrus-imapd|courier-imap|microsoft exchange.*|zimbra.*|slapd|openldap-servers|samba|nextcloud|owncloud)$`)

func findBusinessService(in *Input) (hits []Hit, unjudged []Unjudged) {
	var unknown []string
	for _, s := range in.withRole(shopRoles...) {
		if len(s.Listens) == 0 && len(s.Software) == 0 && !in.hasFlows(s.ID) {
			unknown = append(unknown, s.ID)
			continue
		}
		if evidence := in.businessServices(s); len(evidence) > 0 {
			hits = append(hits, Hit{Subjects: []string{s.ID}, Evidence: evidence})
		}
	}
	if len(unknown) > 0 {
		unjudged = append(unjudged, Unjudged{Reason: "neither software, nor listening ports, nor traffic are known", Subjects: unknown})
	}
	return hits, unjudged
}

func (in *Input) businessServices(s *migrate.Server) (evidence []string) {
	for _, l := range s.Listens {
		if name := businessPort(s, l.Port); name != "" && openAddress(l.Address) {
			text := fmt.Sprintf("listens on %s/%d (%s) at %s", cmp.Or(l.Protocol, "tcp"), l.Port, name, l.Address)
			if l.Process != "" {
				text += " with " + l.Process
			}
			evidence = append(evidence, text+in.sources(s, "listens"))
		}
	}
	for _, p := range s.Software {
		if businessProgram.MatchString(p.Name) {
			evidence = append(evidence, "runs "+strings.TrimSpace(p.Name+" "+p.Version)+in.sources(s, "software"))
		}
	}
	for _, f := range in.to[s.ID] {
		if businessPort(s, f.Port) != "" && observed(f) && f.Class != migrate.FlowScan {
			evidence = append(evidence, in.flowText(f))
		}
	}
	return evidence
}

// businessPort names an office service, or is empty. Windows opens the ports of
// file sharing on every server, so they say nothing there.
func businessPort(s *migrate.Server, port int) string {
	if (port == 139 || port == 445) && s.OSFamily != "linux" {
		return ""
	}
	return cmp.Or(mailPorts[port], businessPorts[port])
}

// openAddress tells whether a socket is stated to be bound to more than the
// server itself.
func openAddress(address string) bool {
	a := strings.Trim(address, "[]")
	return a != "" && !strings.HasPrefix(a, "127.") && a != "::1" && a != "localhost" && !strings.HasPrefix(a, "::ffff:127.")
}
