package guest

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Problem is one thing that is wrong with a role's input.
type Problem struct {
	// Path names the field, such as web.base.secrets[1].env.
	Path string
	// Message says what is wrong and what to do. It never holds a secret.
	Message string
}

func (p Problem) Error() string { return p.Path + ": " + p.Message }

// problems collects everything that is wrong below one path. Copies made by
// at share the list.
type problems struct {
	path string
	list *[]error
}

func check(role string) problems { return problems{path: role, list: new([]error)} }

// at steps into a field.
func (p problems) at(field string, args ...any) problems {
	return problems{path: p.path + "." + fmt.Sprintf(field, args...), list: p.list}
}

// index steps into an element of a list.
func (p problems) index(i int) problems {
	return problems{path: p.path + "[" + itoa(i) + "]", list: p.list}
}

func (p problems) add(format string, args ...any) {
	*p.list = append(*p.list, Problem{Path: p.path, Message: fmt.Sprintf(format, args...)})
}

// err is nil, or every problem joined.
func (p problems) err() error { return errors.Join(*p.list...) }

var (
	hostname     = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)
	envName      = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,62}$`)
	word         = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
	absolutePath = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)
	hex64        = regexp.MustCompile(`^[0-9a-f]{64}$`)
	hex128       = regexp.MustCompile(`^[0-9a-f]{128}$`)
)

func (p problems) host(s string) {
	if len(s) > 253 || !hostname.MatchString(s) {
		p.add("%q is no host name or address; give a lower-case DNS name or an IPv4 address", s)
	}
}

// endpoint wants host:port.
func (p problems) endpoint(s string) {
	host, port, ok := strings.Cut(s, ":")
	if !ok || !hostname.MatchString(host) || !isPort(port) {
		p.add("%q is no endpoint; give host:port", s)
	}
}

func isPort(s string) bool {
	var n int
	if _, err := fmt.Sscanf(s, "%d", &n); err != nil || fmt.Sprint(n) != s {
		return false
	}
	return n >= 1 && n <= 65535
}

func (p problems) port(n int) {
	if n < 1 || n > 65535 {
		p.add("%d is no port; give 1 to 65535", n)
	}
}

func (p problems) address(s string) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() || a.IsUnspecified() {
		p.add("%q is no IPv4 address of one server", s)
	}
}

func (p problems) network(s string) {
	n, err := netip.ParsePrefix(s)
	switch {
	case err != nil || !n.Addr().Is4():
		p.add("%q is no IPv4 network; give it as 10.0.0.0/16", s)
	case n.Masked() != n:
		p.add("%q has host bits set; give %s", s, n.Masked())
	case n.Bits() == 0:
		p.add("%q is every address; name the networks that are meant", s)
	}
}

func (p problems) dir(s string) {
	if !absolutePath.MatchString(s) || strings.Contains(s, "/../") || strings.HasSuffix(s, "/..") {
		p.add("%q is no absolute path of letters, digits, dots, dashes and underscores", s)
	}
}

func (p problems) word(s string) {
	if !word.MatchString(s) {
		p.add("%q is no name; give a lower-case letter, then letters, digits, dashes, underscores, 32 at most", s)
	}
}

// url wants one of the schemes, a host, and nothing that a configuration file
// would read as more than the address.
func (p problems) url(s string, schemes ...string) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(s, " \t\r\n\"'\\$`<>{}%#?") {
		p.add("%q is no plain URL; give %s://host/path without user, query or fragment", s, schemes[0])
		return
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			return
		}
	}
	p.add("%q has scheme %q; give %s", s, u.Scheme, strings.Join(schemes, " or "))
}

func (p problems) between(n, low, high int, unit string) {
	if n < low || n > high {
		p.add("%d %s is outside %d to %d", n, unit, low, high)
	}
}

func (p problems) timezone(s string) {
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		p.add("%q is no time zone; give an IANA name such as Europe/Madrid", s)
	}
}

// text wants one printable line, which no configuration format here can read
// as the start of something else.
func (p problems) text(s string) {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\ufffd' }) {
		p.add("has to be one line of printable text")
	}
}

func (p problems) unique(seen map[string]string, key string) {
	if first, dup := seen[key]; dup {
		p.add("%q is already given at %s", key, first)
		return
	}
	seen[key] = p.path
}
