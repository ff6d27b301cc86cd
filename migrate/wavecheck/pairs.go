package wavecheck

import (
	"slices"
	"strings"
	"unicode"

	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

// findPairs reads the redundant pairs off the names, or takes those of
// plan.yaml. A pair is two moving servers, no more, of one application,
// environment and role, whose names differ in a number or letter at the end.
func (c *checker) findPairs() {
	if c.cfg.Severity(planfile.CondRedundancy).Off() {
		return
	}
	inPair := map[string]bool{}
	for _, p := range c.cfg.Redundancy.Pairs {
		a, b := c.subjects[p[0]], c.subjects[p[1]]
		if a != nil && b != nil && a.moves && b.moves && !inPair[a.ID] && !inPair[b.ID] {
			c.addPair(a.ID, b.ID, inPair)
		}
	}
	if !c.cfg.Redundancy.Detect {
		return
	}
	families := map[string][]string{}
	for _, id := range c.ids {
		s := c.subjects[id]
		family, numbered := familyName(id)
		if s.moves && numbered && s.Role.Value != "" {
			key := strings.Join([]string{s.Application.Value, s.Environment.Value, s.Role.Value, family}, "\x00")
			families[key] = append(families[key], id)
		}
	}
	for _, id := range c.ids { // in order of names, so that the result has one
		for _, members := range families {
			if len(members) == 2 && members[0] == id && !inPair[members[0]] && !inPair[members[1]] {
				c.addPair(members[0], members[1], inPair)
			}
		}
	}
}

func (c *checker) addPair(a, b string, inPair map[string]bool) {
	if b < a {
		a, b = b, a
	}
	inPair[a], inPair[b] = true, true
	if c.wantedTogether(a, b) {
		c.asked = append(c.asked, [2]string{a, b})
		return
	}
	v := &verdict{id: planfile.CondRedundancy, waivers: c.cfg.Waivers}
	if _, waived := v.isWaived([]string{a, b}); !waived {
		c.subjects[b].spare = true
	}
	c.pairs = append(c.pairs, [2]string{a, b})
}

func (c *checker) wantedTogether(a, b string) bool {
	for _, set := range c.cfg.Together {
		x, y := c.subjects[a], c.subjects[b]
		if set.Match.Fits(x.Server, x.disposition) && set.Match.Fits(y.Server, y.disposition) {
			return true
		}
	}
	return false
}

// familyName strips what tells members of a family apart from the first label
// of a name: trailing digits with an optional separator, or a single letter
// behind a separator. It tells whether there was something to strip.
func familyName(id string) (string, bool) {
	label, domain, _ := strings.Cut(id, ".")
	trimmed := strings.TrimRightFunc(label, func(r rune) bool { return r >= '0' && r <= '9' })
	if trimmed != label {
		if n := len(trimmed); n > 1 && (trimmed[n-1] == '-' || trimmed[n-1] == '_') {
			trimmed = trimmed[:n-1]
		}
		return trimmed + "." + domain, trimmed != ""
	}
	if n := len(label); n > 2 && unicode.IsLower(rune(label[n-1])) && (label[n-2] == '-' || label[n-2] == '_') {
		return label[:n-2] + "." + domain, true
	}
	return "", false
}

func (c *checker) redundancy(v *verdict) {
	for _, p := range c.pairs {
		a, okA := c.at(p[0])
		b, okB := c.at(p[1])
		v.pair(!okA || !okB || !a.Equal(b), 1, func() (out breakT) {
			return c.trouble("both halves of the pair move in one window", p[0], p[1])
		})
	}
	if len(c.asked) > 0 {
		v.say("%d pairs are asked to move in one wave", len(c.asked))
	}
}

// isPair tells that two servers are the halves of a pair that is kept apart.
func (c *checker) isPair(a, b string) bool {
	if b < a {
		a, b = b, a
	}
	return slices.Contains(c.pairs, [2]string{a, b}) && c.subjects[b].spare
}
