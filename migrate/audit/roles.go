package audit

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Role is what a server is for, in the words of the topology's tiers and of
// the business around the shop.
type Role string

const (
	RoleEdge       Role = "edge" // load balancers and proxies
	RoleWeb        Role = "web"
	RoleStatic     Role = "static"
	RoleAdmin      Role = "admin"
	RoleDeploy     Role = "deploy"
	RoleDatabase   Role = "database"
	RoleSessions   Role = "sessions"
	RoleCache      Role = "cache"
	RoleSearch     Role = "search"
	RoleAnalytics  Role = "analytics"
	RoleMedia      Role = "media" // file servers of the shop, NFS
	RolePayment    Role = "payment"
	RoleMail       Role = "mail"
	RoleVPN        Role = "vpn"
	RoleDirectory  Role = "directory"
	RoleDNS        Role = "dns"
	RoleTime       Role = "time"
	RoleMonitoring Role = "monitoring"
	RoleBackup     Role = "backup"
	RoleERP        Role = "erp"
	RolePIM        Role = "pim"
	RoleFile       Role = "file"
	RoleOther      Role = ""
)

// roleWords maps the words that exports and people use to one role.
var roleWords = map[string]Role{
	"loadbalancer": RoleEdge, "lb": RoleEdge, "proxy": RoleEdge, "reverseproxy": RoleEdge,
	"webserver": RoleWeb, "frontend": RoleWeb, "webfrontend": RoleWeb,
	"staticweb": RoleStatic, "backoffice": RoleAdmin, "deployment": RoleDeploy, "ci": RoleDeploy,
	"db": RoleDatabase, "mysql": RoleDatabase, "sql": RoleDatabase,
	"session": RoleSessions, "redis": RoleCache, "memcached": RoleCache,
	"solr": RoleSearch, "elasticsearch": RoleSearch, "nfs": RoleMedia, "storage": RoleMedia,
	"payments": RolePayment, "smtp": RoleMail, "email": RoleMail, "ldap": RoleDirectory,
	"domaincontroller": RoleDirectory, "activedirectory": RoleDirectory, "identity": RoleDirectory,
	"bastion": RoleVPN, "jump": RoleVPN, "jumphost": RoleVPN, "access": RoleVPN, "gateway": RoleVPN,
	"ntp": RoleTime, "logging": RoleMonitoring, "fileserver": RoleFile, "productinformation": RolePIM,
}

// knownRoles are spelled as they are.
var knownRoles = []Role{RoleEdge, RoleWeb, RoleStatic, RoleAdmin, RoleDeploy, RoleDatabase, RoleSessions,
	RoleCache, RoleSearch, RoleAnalytics, RoleMedia, RolePayment, RoleMail, RoleDirectory, RoleDNS, RoleTime,
	RoleMonitoring, RoleBackup, RoleERP, RolePIM, RoleFile, RoleVPN}

// roleOf translates a server's inferred role.
func roleOf(s *migrate.Server) Role {
	word := strings.ToLower(strings.TrimSpace(s.Role.Value))
	if slices.Contains(knownRoles, Role(word)) {
		return Role(word)
	}
	return roleWords[strings.NewReplacer("-", "", "_", "", " ", "").Replace(word)]
}

// requestPath are the roles that every order passes through.
var requestPath = []Role{RoleEdge, RoleWeb, RoleStatic, RoleDatabase, RoleSessions, RoleCache, RoleSearch, RoleMedia, RolePayment}

// shopRoles are the roles of the shop itself, as against the business around.
var shopRoles = []Role{RoleEdge, RoleWeb, RoleStatic, RoleAdmin, RoleDeploy, RoleDatabase, RoleSessions,
	RoleCache, RoleSearch, RoleMedia, RolePayment}

// dataRoles keep what can't be made again from elsewhere.
var dataRoles = []Role{RoleDatabase, RoleMedia, RoleERP, RolePIM, RoleFile, RoleDirectory, RoleMail}

func hasRole(s *migrate.Server, roles []Role) bool { return slices.Contains(roles, roleOf(s)) }

// leastSure is the confidence in a role below which a finding that rests on it
// is one step less grave: "balancepoint" need not be a load balancer.
const leastSure = 0.6

// doubtful tells whether a server's role was concluded from little.
func doubtful(s *migrate.Server) bool {
	return s.Role.Confidence > 0 && s.Role.Confidence < leastSure
}

// roleDoubt says so in an evidence; empty where the role is sure.
func roleDoubt(s *migrate.Server) string {
	if !doubtful(s) {
		return ""
	}
	return fmt.Sprintf("; its role %s is concluded with a confidence of %.2f only: %s", s.Role.Value, s.Role.Confidence, strings.Join(s.Role.Evidence, "; "))
}

// lessIfDoubtful lowers a severity by one step where a role is not sure.
func lessIfDoubtful(severity migrate.Severity, servers ...*migrate.Server) migrate.Severity {
	if !slices.ContainsFunc(servers, doubtful) {
		return severity
	}
	return Severities()[min(Rank(severity)+1, len(Severities())-1)]
}

// memberEnd matches what tells the members of one group apart: a number, a
// letter behind a separator or number, and the words for halves of a pair.
var memberEnd = regexp.MustCompile(`(?i)([-_.]?(primary|secondary|master|slave|replica|standby|active|passive|node))?[-_.]?(\d+[a-d]?|[-_.][a-d])?$`)

// stem is the name that the members of a redundant group share: "uk-web" of
// uk-web07, "db" of db-replica02.
func stem(s *migrate.Server) string {
	name, _, _ := strings.Cut(strings.ToLower(s.ID), ".")
	name, _, _ = strings.Cut(name, "~")
	cut := strings.TrimRight(memberEnd.ReplaceAllString(name, ""), "-_.")
	if cut == "" {
		return name
	}
	return cut
}

// redundancyGroups gathers live production servers of the roles that stand in
// for each other: the same role, application and name but for the member's end.
func (in *Input) redundancyGroups(roles ...Role) map[string][]*migrate.Server {
	return groupBy(in.withRole(roles...), func(s *migrate.Server) string {
		return string(roleOf(s)) + "/" + s.Application.Value + "/" + stem(s)
	})
}
