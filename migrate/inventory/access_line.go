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
	host   string // the virtual host, where the line begins with it
	at     time.Time
	path   string
	status int
	bytes  int64
	agent  string
}

// accessParser keeps what repeats from line to line: a log has many lines of
// one second and of one agent, and telling either anew costs more than the rest.
type accessParser struct {
	clock    string
	at       time.Time
	crawlers map[string]string
}

// mostAgents bounds the agents that are remembered.
const mostAgents = 20_000

// crawler names the crawler behind an agent, empty for a person.
func (p *accessParser) crawler(agent string) string {
	if name, known := p.crawlers[agent]; known {
		return name
	}
	name := crawlerOf(agent)
	if p.crawlers == nil {
		p.crawlers = map[string]string{}
	}
	if len(p.crawlers) < mostAgents {
		p.crawlers[agent] = name
	}
	return name
}

// time reads the clock between the brackets.
func (p *accessParser) time(s string) (time.Time, bool) {
	if s == p.clock {
		return p.at, true
	}
	t, err := time.Parse("02/Jan/2006:15:04:05 -0700", s)
	if err != nil || t.Year() < 1995 || t.Year() > 2200 {
		return time.Time{}, false
	}
	p.clock, p.at = strings.Clone(s), t.UTC()
	return p.at, true
}

// line reads a line of the common or combined log format, with or without a
// virtual host in front and further fields behind. See
// https://httpd.apache.org/docs/2.4/logs.html#combined.
func (p *accessParser) line(line string) (accessLine, bool) {
	open := strings.IndexByte(line, '[')
	if open < 0 {
		return accessLine{}, false
	}
	shut := strings.IndexByte(line[open:], ']')
	who := strings.Fields(line[:open])
	if shut < 0 || len(who) < 3 {
		return accessLine{}, false
	}
	t, ok := p.time(line[open+1 : open+shut])
	if !ok {
		return accessLine{}, false
	}
	l := accessLine{client: who[0], at: t}
	if len(who) > 3 {
		_, first := parseAddr(who[0])
		_, second := parseAddr(who[1])
		if !first && second {
			l.client = who[1] // %v:%p comes first
			l.host = hostPart(who[0])
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

// crawlerOf finds the name of a crawler in an agent.
func crawlerOf(agent string) string {
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
