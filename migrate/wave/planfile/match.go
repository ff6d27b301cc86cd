package planfile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Match picks servers. Each list that is given must hold one that fits;
// server names may be patterns such as web-*. An empty Match picks none.
type Match struct {
	Servers      []string `mapstructure:"servers" yaml:"servers,omitempty"`
	Roles        []string `mapstructure:"roles" yaml:"roles,omitempty"`
	Environments []string `mapstructure:"environments" yaml:"environments,omitempty"`
	Applications []string `mapstructure:"applications" yaml:"applications,omitempty"`
	Teams        []string `mapstructure:"teams" yaml:"teams,omitempty"`
	Dispositions []string `mapstructure:"dispositions" yaml:"dispositions,omitempty"`
	Criticality  []string `mapstructure:"criticality" yaml:"criticality,omitempty"`
	OS           []string `mapstructure:"os" yaml:"os,omitempty"` // families: linux, windows, other
	Kinds        []string `mapstructure:"kinds" yaml:"kinds,omitempty"`
	Power        []string `mapstructure:"power" yaml:"power,omitempty"`
	// All picks every server.
	All bool `mapstructure:"all" yaml:"all,omitempty"`
}

// Fits tells whether the server is picked. The disposition is given apart, as
// plan.yaml may set another than the estate's.
func (m *Match) Fits(s *migrate.Server, disposition string) bool {
	if m.IsEmpty() {
		return false
	}
	return fits(m.Servers, s.ID) && fits(m.Roles, s.Role.Value) && fits(m.Environments, s.Environment.Value) &&
		fits(m.Applications, s.Application.Value) && fits(m.Teams, s.Team) && fits(m.Dispositions, disposition) &&
		fits(m.Criticality, s.Criticality) && fits(m.OS, s.OSFamily) && fits(m.Kinds, string(s.Kind)) &&
		fits(m.Power, string(s.Power))
}

// IsEmpty tells a Match that names nothing.
func (m *Match) IsEmpty() bool {
	return !m.All && len(m.Servers)+len(m.Roles)+len(m.Environments)+len(m.Applications)+len(m.Teams)+
		len(m.Dispositions)+len(m.Criticality)+len(m.OS)+len(m.Kinds)+len(m.Power) == 0
}

func fits(patterns []string, value string) bool {
	if len(patterns) == 0 {
		return true
	}
	value = strings.ToLower(value)
	return slices.ContainsFunc(patterns, func(p string) bool {
		p = strings.ToLower(p)
		if p == value {
			return true
		}
		ok, err := path.Match(p, value)
		return err == nil && ok
	})
}

// check returns what is wrong with the patterns, each under its path.
func (m *Match) check(at string, add func(path, format string, args ...any)) {
	if m.IsEmpty() {
		add(at, "names no servers: give servers, roles, environments, applications, teams, dispositions, criticality, os, kinds, power or all: true")
	}
	lists := []struct {
		name  string
		items []string
	}{{"servers", m.Servers}, {"roles", m.Roles}, {"environments", m.Environments}, {"applications", m.Applications},
		{"teams", m.Teams}, {"dispositions", m.Dispositions}, {"criticality", m.Criticality}, {"os", m.OS}, {"kinds", m.Kinds}, {"power", m.Power}}
	for _, list := range lists {
		for i, p := range list.items {
			if _, err := path.Match(p, "x"); err != nil {
				add(fmt.Sprintf("%s.%s[%d]", at, list.name, i), "%q is not a pattern: close its bracket", p)
			}
		}
	}
}
