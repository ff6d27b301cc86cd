package sizing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/migrate"
)

// The tiers in the order of a request's way.
const (
	tierEdge      = "edge"
	tierWeb       = "web"
	tierStatic    = "static"
	tierAdmin     = "admin"
	tierDeploy    = "deploy"
	tierDatabase  = "database"
	tierSessions  = "sessions"
	tierCache     = "cache"
	tierSearch    = "search"
	tierAnalytics = "analytics"
	tierMedia     = "media"
)

var tierOrder = []string{tierEdge, tierWeb, tierStatic, tierAdmin, tierDeploy, tierDatabase, tierSessions, tierCache, tierSearch, tierAnalytics, tierMedia}

// shared are tiers that serve the whole company, whatever their application.
var shared = []string{tierDeploy, tierAnalytics}

// roleTier translates a server's role; "" is none of the shop's tiers.
func roleTier(s *migrate.Server) string {
	switch role := strings.ToLower(s.Role.Value); role {
	case "loadbalancer", "load-balancer", "lb", "proxy":
		return tierEdge
	default:
		if slices.Contains(tierOrder, role) {
			return role
		}
		return ""
	}
}

// assign puts every server into a tier or onto the list of those left out.
func (s *sizer) assign() {
	for i := range s.estate.Servers {
		server := &s.estate.Servers[i]
		tier, why := s.place(server)
		if why != "" {
			s.leave(why, server.ID)
			continue
		}
		s.members[tier] = append(s.members[tier], server)
	}
}

// place returns a server's tier, or why it has none.
func (s *sizer) place(v *migrate.Server) (tier, why string) {
	tier = roleTier(v)
	switch {
	case v.Kind == migrate.KindTemplate || v.Kind == migrate.KindPlaceholder:
		return "", fmt.Sprintf("a %s, which never runs here", v.Kind)
	case v.Power == migrate.PowerOff || v.Power == migrate.PowerSuspended:
		return "", "switched off"
	case tier == "":
		return "", "not of a tier of the shop: it moves, or stays, by the plan of waves"
	case !s.inEnvironment(v):
		return "", fmt.Sprintf("%s, not %s", orUnknown(v.Environment.Value), s.environment)
	case slices.Contains(shared, tier) && v.OSFamily == "windows":
		return "", "runs Windows, which the topology's servers don't"
	case !slices.Contains(shared, tier) && !s.ofShop(v):
		return "", fmt.Sprintf("of another application than the shop's (%s)", s.shop)
	}
	return tier, ""
}

func orUnknown(text string) string {
	if text == "" {
		return "of an unknown environment"
	}
	return text
}

// inEnvironment takes a server whose environment nobody names for production,
// as a shop's servers are unless something marks them otherwise.
func (s *sizer) inEnvironment(v *migrate.Server) bool {
	if v.Environment.Value == "" {
		return s.environment == topology.Production
	}
	return v.Environment.Value == string(s.environment)
}

// ofShop tells whether a server's application begins with the shop's word. One
// without an application counts as the shop's.
func (s *sizer) ofShop(v *migrate.Server) bool {
	return s.shop == "" || v.Application.Value == "" || firstWord(v.Application.Value) == s.shop
}

func firstWord(application string) string {
	words := strings.FieldsFunc(strings.ToLower(application), func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '/' })
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// shopWord is the first word of the application that most web servers have.
func (s *sizer) shopWord() string {
	if s.options.Application != "" {
		return firstWord(s.options.Application)
	}
	count, best := map[string]int{}, ""
	for i := range s.estate.Servers {
		v := &s.estate.Servers[i]
		if word := firstWord(v.Application.Value); word != "" && roleTier(v) == tierWeb && s.inEnvironment(v) {
			count[word]++
			if count[word] > count[best] || count[word] == count[best] && word < best {
				best = word
			}
		}
	}
	return best
}

func (s *sizer) shopText() string {
	if s.shop == "" {
		return ""
	}
	return fmt.Sprintf(" (application %s)", s.shop)
}

func (s *sizer) leave(why string, ids ...string) {
	for i := range s.leftOut {
		if s.leftOut[i].Reason == why {
			s.leftOut[i].Servers = append(s.leftOut[i].Servers, ids...)
			return
		}
	}
	s.leftOut = append(s.leftOut, LeftOut{Reason: why, Servers: slices.Clone(ids)})
}
