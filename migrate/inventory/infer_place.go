package inventory

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/storefront-toolkit/storefront/internal/phrase"
	"github.com/storefront-toolkit/storefront/migrate"
)

// Environments are those that an estate knows.
var Environments = []string{"production", "staging", "test", "development", "recovery"}

var environmentSigns = []sign{
	{"staging", 0.85, word(`stg|stage|staging|preprod|pre|acc|acceptance|uat`)},
	{"test", 0.85, word(`test|testing|tst|qa|integration|sit|t`)},
	{"development", 0.85, word(`dev|devel|development|sandbox|sbx|lab`)},
	{"recovery", 0.8, word(`dr|drp|recovery`)},
	{"production", 0.85, word(`prod|prd|production|live`)},
}

// environmentEnds are the same words at the end of a name's letters, as in
// BOWSQLTST23.
var environmentEnds = []sign{
	{"staging", 0.6, regexp.MustCompile(`(?i)(stg|stage|staging|uat|preprod)\d*[a-z]?$`)},
	{"test", 0.6, regexp.MustCompile(`(?i)(test|tst)\d*[a-z]?$`)},
	{"development", 0.6, regexp.MustCompile(`(?i)(dev)\d*[a-z]?$`)},
	{"production", 0.6, regexp.MustCompile(`(?i)(prod|prd)\d*[a-z]?$`)},
}

// wholeWords end like a test and are none.
var wholeWords = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:contest|protest|latest|fastest|greatest|attest)\d*[a-z]?$`)

// environmentStarts are the same words run together with what the server is, as
// in testsqlvm02. All that follows has to be made of such words: letters alone
// would take devon for development and testament for a test.
var environmentStarts = []sign{
	{"staging", 0.5, prefix(`stg|uat`)}, {"test", 0.5, prefix(`test|tst|qa`)}, {"development", 0.5, prefix(`dev`)},
}

func prefix(list string) *regexp.Regexp {
	const what = `sql|mssql|mysql|maria|mariadb|pgsql|postgres|oracle|ora|mongo|db|dbs|web|www|iis|app|apps|appl|api|srv|svr|server|vm|host|node|lb|proxy|` +
		`cache|redis|solr|search|elastic|mail|smtp|file|fs|nfs|ftp|sftp|admin|batch|job|cron|shop|mage|magento|erp|sap|crm|pim|dwh|mq|kafka|` +
		`win|lnx|linux|rhel|ubuntu|debian|centos|docker|k8s|jenkins|git|gitlab|dc|dns|vdi|ts|rds|backend|frontend`
	return regexp.MustCompile(`(?i)^(?:` + list + `)(?:` + what + `)+(?:$|[^a-z])`)
}

// environmentVotes look at the name first, and at the folder, cluster and
// resource pool, which people sort by environment.
func environmentVotes(s *migrate.Server) []vote {
	var out []vote
	for _, place := range []struct {
		what, value string
		share       float64
	}{
		{"the name", spaced(shortName(s.Name)), 1}, {"the host name", s.FQDN, 0.95}, {"the folder", s.Folder, 0.8},
		{"the resource pool", s.Custom["Resource pool"], 0.7}, {"the cluster", s.Cluster, 0.6}, {"the datacenter", s.Datacenter, 0.4},
	} {
		for _, sg := range environmentSigns {
			if place.value != "" && sg.re.MatchString(place.value) {
				out = append(out, vote{sg.role, sg.weight * place.share, place.what + " " + place.value})
				break
			}
		}
	}
	for _, part := range []struct {
		what  string
		signs []sign
	}{{"end", environmentEnds}, {"beginning", environmentStarts}} {
		for _, sg := range part.signs {
			if name := shortName(s.Name); len(out) == 0 && sg.re.MatchString(name) && !wholeWords.MatchString(name) {
				out = append(out, vote{sg.role, sg.weight, "the " + part.what + " of the name " + s.Name})
			}
		}
	}
	if s.Kind == migrate.KindPlaceholder {
		out = append(out, vote{"recovery", 0.9, "a replica's placeholder"})
	}
	return out
}

// defaultEnvironment takes what nothing marks for production where the estate
// marks its other environments, and says so with little confidence: people mark
// what is not production.
func defaultEnvironment(e *migrate.Estate) {
	marked := 0
	for _, s := range e.Servers {
		if v := s.Environment.Value; v != "" && v != "production" {
			marked++
		}
	}
	for i := range e.Servers {
		s := &e.Servers[i]
		if s.Environment.Value != "" || s.Kind == migrate.KindTemplate {
			continue
		}
		if marked == 0 {
			s.Environment = migrate.Inference{Value: "production", Confidence: 0.35, Evidence: []string{"nothing marks it as anything else, nor any other server"}}
			continue
		}
		s.Environment = migrate.Inference{Value: "production", Confidence: 0.5, Evidence: []string{fmt.Sprintf("nothing marks it as anything else, while %s marked", countIs(marked, "other server"))}}
	}
}

func countIs(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return phrase.Count(n, noun) + " are"
}

// generic are the parts of a name that tell no application: roles,
// environments, countries' halves of a pair, sites.
var generic = func() []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, list := range [][]sign{nameSigns, environmentSigns} {
		for _, s := range list {
			out = append(out, s.re)
		}
	}
	return append(out, word(`srv|server|vm|host|node|app|appl|ap|lnx|linux|win|new|old|tmp|temp|copy|clone|master|slave|primary|secondary|a|b|x`))
}()

var nameParts = regexp.MustCompile(`[A-Za-z]+`)

// inferApplications groups servers: by what is stated, by the part of the name
// that several share and that tells neither role nor environment, and, for a
// server without such a part, by the one application among those that it talks
// to.
func inferApplications(e *migrate.Estate) {
	stems := map[string]int{}
	for _, s := range e.Servers {
		for _, p := range applicationParts(s.Name) {
			stems[p]++
		}
	}
	for i := range e.Servers {
		s := &e.Servers[i]
		if s.Application.Value != "" || s.Role.Value == "agent" {
			continue
		}
		var votes []vote
		for _, p := range applicationParts(s.Name) {
			if n := stems[p]; n > 1 {
				votes = append(votes, vote{p, min(0.4+0.05*float64(n), 0.75), fmt.Sprintf("%q in the names of %s", p, phrase.Count(n, "server"))})
			}
		}
		s.Application = conclude(votes)
	}
	spreadApplications(e)
}

func applicationParts(name string) []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range nameParts.FindAllString(shortName(name), -1) {
		p = strings.ToLower(p)
		if len(p) < 3 || seen[p] || isGeneric(p) {
			continue
		}
		seen[p] = true
		out = append(out, p)
	}
	return out
}

func isGeneric(part string) bool {
	for _, re := range generic {
		if re.MatchString(part) {
			return true
		}
	}
	return false
}

// spreadApplications gives a server without an application that of its
// neighbours, where at least two thirds of its traffic's ends agree.
func spreadApplications(e *migrate.Estate) {
	app := map[string]string{}
	for _, s := range e.Servers {
		app[s.ID] = s.Application.Value
	}
	near := map[string]map[string]int{}
	for _, f := range e.Flows {
		if f.FromOutside || f.ToOutside || f.Class != "" && f.Class != migrate.FlowApplication {
			continue
		}
		for _, end := range [][2]string{{f.From, f.To}, {f.To, f.From}} {
			if a := app[end[1]]; a != "" {
				if near[end[0]] == nil {
					near[end[0]] = map[string]int{}
				}
				near[end[0]][a]++
			}
		}
	}
	for i := range e.Servers {
		s := &e.Servers[i]
		if s.Application.Value != "" || len(near[s.ID]) == 0 {
			continue
		}
		apps, sum := sortedKeys(near[s.ID]), 0
		for _, a := range apps {
			sum += near[s.ID][a]
		}
		sort.SliceStable(apps, func(i, j int) bool { return near[s.ID][apps[i]] > near[s.ID][apps[j]] })
		if n := near[s.ID][apps[0]]; n*3 >= sum*2 {
			s.Application = migrate.Inference{Value: apps[0], Confidence: 0.4, Evidence: []string{fmt.Sprintf("%d of its %d flows are with servers of it", n, sum)}}
		}
	}
}
