package inventory

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// lookup finds a server by what flows, measurements and people call it: an
// address of any of its cards, a host name with or without domain, a name, a
// UUID.
type lookup struct {
	servers                          []migrate.Server
	address, fqdn, host, name, ident map[string][]int
}

func newLookup(servers []migrate.Server) *lookup {
	l := &lookup{servers: servers, address: map[string][]int{}, fqdn: map[string][]int{}, host: map[string][]int{}, name: map[string][]int{}, ident: map[string][]int{}}
	for i := range servers {
		s := &servers[i]
		e := &entry{s: s}
		for _, a := range addressKeys(e) {
			l.address[a] = append(l.address[a], i)
		}
		addKey(l.fqdn, e.fqdn(), i)
		addKey(l.host, e.host(), i)
		addKey(l.name, strings.ToLower(s.Name), i)
		addKey(l.ident, s.ID, i)
		for _, u := range uuidKeys(e) {
			addKey(l.ident, u, i)
		}
	}
	return l
}

func addKey(index map[string][]int, key string, at int) {
	if key != "" {
		index[key] = append(index[key], at)
	}
}

// find gives the ID of the one server that is called so. Where several are, it
// gives none and says which; where none is, both are empty.
func (l *lookup) find(what string) (id, ambiguous string) {
	what = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(what), "."))
	if a, ok := parseAddr(what); ok {
		return l.one(l.address[a.String()])
	}
	if u := canonUUID(what); u != "" {
		return l.one(l.ident[uuidKey(u)])
	}
	for _, hits := range [][]int{l.ident[what], l.fqdn[what], l.name[what], l.host[what]} {
		if len(hits) > 0 {
			return l.one(hits)
		}
	}
	// A name with a domain may mean a server of which only the short name is
	// known, but not one that is known to be in another domain.
	short := shortName(what)
	if short == what {
		return "", ""
	}
	var hits []int
	for _, i := range append(append([]int(nil), l.name[short]...), l.host[short]...) {
		if (&entry{s: &l.servers[i]}).fqdn() == "" {
			hits = append(hits, i)
		}
	}
	return l.one(hits)
}

// one prefers what can run over templates and a replica's placeholders.
func (l *lookup) one(hits []int) (id, ambiguous string) {
	var live []int
	seen := map[int]bool{}
	for _, i := range hits {
		if k := l.servers[i].Kind; !seen[i] && k != migrate.KindTemplate && k != migrate.KindPlaceholder {
			live = append(live, i)
		}
		seen[i] = true
	}
	if len(live) == 0 {
		for i := range seen {
			live = append(live, i)
		}
	}
	switch len(live) {
	case 0:
		return "", ""
	case 1:
		return l.servers[live[0]].ID, ""
	}
	var ids []string
	for _, i := range live {
		ids = append(ids, l.servers[i].ID)
	}
	ids = distinct(map[string]bool{}, ids)
	return "", fmt.Sprintf("%d servers (%s)", len(ids), strings.Join(firstN(ids, 4), ", "))
}
