package inventory

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// accessLine is one request.
type accessLine struct {
	client string
	at     time.Time
	path   string
	status int
	bytes  int64
	agent  string
}

// parseAccess reads a line of the common or combined log format, with or
// without a virtual host in front and further fields behind. See
// https://httpd.apache.org/docs/2.4/logs.html#combined.
func parseAccess(line string) (accessLine, bool) {
	open := strings.IndexByte(line, '[')
	if open < 0 {
		return accessLine{}, false
	}
	shut := strings.IndexByte(line[open:], ']')
	who := strings.Fields(line[:open])
	if shut < 0 || len(who) < 3 {
		return accessLine{}, false
	}
	t, err := time.Parse("02/Jan/2006:15:04:05 -0700", line[open+1:open+shut])
	if err != nil || t.Year() < 1995 || t.Year() > 2200 {
		return accessLine{}, false
	}
	l := accessLine{client: who[0], at: t.UTC()}
	if _, isAddr := parseAddr(who[0]); !isAddr && len(who) > 3 {
		if _, isAddr = parseAddr(who[1]); isAddr {
			l.client = who[1] // %v:%p comes first
		}
	}
	return l.rest(strings.TrimSpace(line[open+shut+1:]))
}

// rest reads what follows the time: request, status, bytes, referrer, agent.
func (l accessLine) rest(s string) (accessLine, bool) {
	request, s, ok := cutQuoted(s)
	if !ok {
		return l, false
	}
	// A request may be garbage ("\x16\x03\x01") or nothing; it still was one.
	if f := strings.Fields(request); len(f) >= 2 {
		l.path = f[1]
	}
	f := strings.Fields(s)
	if len(f) < 2 {
		return l, false
	}
	status, err := strconv.Atoi(f[0])
	if err != nil || status < 100 || status > 999 {
		return l, false
	}
	l.status = status
	if f[1] != "-" {
		if l.bytes, err = strconv.ParseInt(f[1], 10, 64); err != nil || l.bytes < 0 {
			return l, false
		}
	}
	if i := strings.IndexByte(s, '"'); i >= 0 {
		if _, after, ok := cutQuoted(s[i:]); ok {
			l.agent, _, _ = cutQuoted(strings.TrimSpace(after))
		}
	}
	return l, true
}

// cutQuoted takes a quoted string off the front of s; \" does not end it.
func cutQuoted(s string) (quoted, after string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", s, false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[1:i], s[i+1:], true
		}
	}
	return "", s, false
}

var (
	crawlerAgent = regexp.MustCompile(`(?i)[a-z0-9._-]*(?:bot|crawl|spider|slurp|fetcher|scrap(?:er|y)|archiver|facebookexternalhit|python-requests|go-http-client|curl|wget|headlesschrome)[a-z0-9._-]*`)
	// probedPath are paths that scanners ask for: administration of shops and
	// blogs, database consoles, files that should never be served.
	probedPath = regexp.MustCompile(`(?i)^/+(?:index\.php/+)?(?:admin|adminer|administrator|backend|wp-admin|wp-login|wp-content|xmlrpc|phpmyadmin|pma|myadmin|downloader|manager/html|solr/admin|cgi-bin|vendor/phpunit|actuator|server-status|\.env|\.git|\.svn|\.aws|\.ssh|config\.(?:php|json|yml)|backup|dump\.sql)`)
)

// crawler names the crawler behind an agent, empty for a person.
func crawler(agent string) string {
	if agent == "" {
		return ""
	}
	name := crawlerAgent.FindString(agent)
	const longest = 40
	if len(name) > longest {
		name = name[:longest]
	}
	return name
}

// probe says whether a request tried a door: a path for administrators or a
// file that is no one's business, which was not given.
func (l accessLine) probe() bool {
	return l.status >= 400 && l.status < 500 && probedPath.MatchString(l.path)
}
