package wave

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate/wave/planfile"
)

var halfEnd = regexp.MustCompile(`^(.*?[^0-9])(?:[-_]?\d+|[-_][a-z])$|^(\d+)(?:[-_]\d+|[-_][a-z])$`)

// stem is a name without the number or letter that tells halves apart; "" where
// the name has none.
func stem(id string) string {
	name, domain, _ := strings.Cut(id, ".")
	m := halfEnd.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	return m[1] + m[2] + "." + domain
}

// pairUp finds the redundant pairs and marks their second halves.
func (f *facts) pairUp() {
	if f.cfg.Severity(planfile.CondRedundancy).Off() {
		return
	}
	taken := map[int]bool{}
	add := func(a, b int) {
		if f.servers[a].src.ID > f.servers[b].src.ID {
			a, b = b, a
		}
		taken[a], taken[b] = true, true
		if f.asked(a, b) || f.waived(planfile.CondRedundancy, a, b) {
			return
		}
		f.halves = append(f.halves, [2]int{a, b})
		f.servers[b].secondHalf = true
	}
	missing := 0
	for _, p := range f.cfg.Redundancy.Pairs {
		a, okA := f.index[p[0]]
		b, okB := f.index[p[1]]
		switch {
		case !okA || !okB || f.servers[a].fate != fateMove || f.servers[b].fate != fateMove:
			missing++
		case !taken[a] && !taken[b]:
			add(a, b)
		}
	}
	f.note(missing, "redundant pairs of plan.yaml name a server that does not move")
	if f.cfg.Redundancy.Detect {
		f.detectPairs(taken, add)
	}
	slices.SortFunc(f.halves, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
}

func (f *facts) detectPairs(taken map[int]bool, add func(a, b int)) {
	groups := map[[4]string][]int{}
	for i := range f.servers {
		s := &f.servers[i]
		if s.fate != fateMove || s.src.Role.Value == "" || stem(s.src.ID) == "" {
			continue
		}
		key := [4]string{s.src.Application.Value, s.src.Environment.Value, s.src.Role.Value, stem(s.src.ID)}
		groups[key] = append(groups[key], i)
	}
	keys := slices.SortedFunc(maps.Keys(groups), func(a, b [4]string) int { return slices.Compare(a[:], b[:]) })
	for _, key := range keys {
		if g := groups[key]; len(g) == 2 && !taken[g[0]] && !taken[g[1]] {
			add(g[0], g[1])
		}
	}
}

// asked tells that plan.yaml wants both halves in one wave.
func (f *facts) asked(a, b int) bool {
	return slices.ContainsFunc(f.cfg.Together, func(s planfile.Set) bool {
		return s.Match.Fits(f.servers[a].src, f.servers[a].disposition) && s.Match.Fits(f.servers[b].src, f.servers[b].disposition)
	})
}

// waived tells that plan.yaml accepts the break for these servers.
func (f *facts) waived(condition string, servers ...int) bool {
	return slices.ContainsFunc(f.cfg.Waivers, func(w planfile.Waiver) bool {
		if w.Condition != condition {
			return false
		}
		for _, s := range servers {
			if !slices.Contains(w.Servers, f.servers[s].src.ID) {
				return false
			}
		}
		return true
	})
}
