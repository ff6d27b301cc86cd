package runbook

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// channelPrefix is how web servers tell their channel: uk-web01.
var channelPrefix = regexp.MustCompile(`^([a-z]{2})-`)

// switches finds the channels whose web servers move in this wave, and the
// share of visitors that the new site can take once they have.
func (f *facts) switches(channels []Channel) {
	if !f.prodWeb {
		return
	}
	index := func(i int) string { return fmt.Sprint(i) }
	if len(channels) == 0 {
		channels = f.namedChannels()
		index = func(i int) string { return "NUMBER-OF-" + channels[i].Code }
		f.notes = append(f.notes, "no stack file was given: NUMBER-OF-… stands for a channel's number in it, counted from 0")
	}
	named := false
	for i, c := range channels {
		before, here, total := f.webServers(c.Code)
		named = named || total > 0
		if here > 0 {
			f.addSwitch(c.Code, index(i), c.Hosts, c.Legacy, before, here, total)
		}
	}
	if named {
		return
	}
	f.notes = append(f.notes, "no web server is named after a channel (such as uk-web01): all channels are taken to use all web servers")
	before, here, total := f.webServers("")
	for i, c := range channels {
		f.addSwitch(c.Code, index(i), c.Hosts, c.Legacy, before, here, total)
	}
}

// namedChannels are the prefixes of the plan's production web servers, or one
// channel for all where there is none.
func (f *facts) namedChannels() []Channel {
	codes := map[string]bool{}
	for _, w := range f.plan.Waves {
		for _, s := range w.Servers {
			if m := channelPrefix.FindStringSubmatch(s.ID); m != nil && role(s) == "web" && production(s) {
				codes[m[1]] = true
			}
		}
	}
	var out []Channel
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		out = append(out, Channel{Code: code})
	}
	if len(out) == 0 {
		out = []Channel{{Code: "all"}}
	}
	return out
}

// webServers counts production web servers of a channel that move before this
// wave, in it, and at all. Those of channel uk are named uk-…
func (f *facts) webServers(code string) (before, here, total int) {
	past := false
	for i := range f.plan.Waves {
		w := &f.plan.Waves[i]
		for _, s := range w.Servers {
			if s.Action == "switch-off" || role(s) != "web" || !production(s) || code != "" && !strings.HasPrefix(s.ID, code+"-") {
				continue
			}
			total++
			switch {
			case w.ID == f.wave.ID:
				here++
			case !past:
				before++
			}
		}
		past = past || w.ID == f.wave.ID
	}
	return before, here, total
}

func (f *facts) addSwitch(name, index string, hosts, legacy []string, before, here, total int) {
	s := Switch{Channel: name, Hosts: hosts, Servers: here, Path: "storefront:topology.channels[" + index + "].cutover",
		From: percent(before, total), To: percent(before+here, total)}
	// While a shop's database moves nobody may write to both, so that no
	// visitor can try the new site first.
	if !f.shopData && s.To-s.From > f.pace.FirstShare && s.From == 0 {
		s.First = f.pace.FirstShare
	}
	if len(legacy) == 0 {
		legacy = []string{"LEGACY-ADDRESS"}
	}
	for i, l := range legacy {
		s.Commands = append(s.Commands, f.set(fmt.Sprintf("%s.legacy[%d]", s.Path, i), l))
	}
	s.Commands = append(s.Commands, f.set(s.Path+".newShare", fmt.Sprint(s.From)), f.up())
	if s.First > 0 {
		s.Commands = append(s.Commands, f.set(s.Path+".newShare", fmt.Sprint(s.First)), f.up())
	}
	s.Commands = append(s.Commands, f.set(s.Path+".newShare", fmt.Sprint(s.To)), f.up())
	s.Back = []string{f.set(s.Path+".newShare", fmt.Sprint(s.From)), f.up()}
	f.channels = append(f.channels, s)
}

func percent(part, total int) int {
	if total == 0 {
		return 0
	}
	return int(math.Round(100 * float64(part) / float64(total)))
}

func (f *facts) stackName() string {
	if f.stack == "" {
		return "STACK"
	}
	return f.stack
}

func (f *facts) set(path, value string) string {
	return fmt.Sprintf("pulumi config set --stack %s --path '%s' %s", f.stackName(), path, value)
}

func (f *facts) up() string { return "pulumi up --stack " + f.stackName() }

// shares are the commands that bring every channel to a share, and one up.
func (f *facts) shares(share func(Switch) int) []string {
	var out []string
	for _, s := range f.channels {
		out = append(out, f.set(s.Path+".newShare", fmt.Sprint(share(s))))
	}
	return append(out, f.up())
}

// legacies set the old site's addresses and the share of today, so that the
// switch itself changes one number.
func (f *facts) legacies() []string {
	var out []string
	for _, s := range f.channels {
		for _, c := range s.Commands {
			if strings.Contains(c, ".legacy[") {
				out = append(out, c)
			}
		}
		out = append(out, f.set(s.Path+".newShare", fmt.Sprint(s.From)))
	}
	return append(out, f.up())
}

func (f *facts) hosts() []string {
	var out []string
	for _, s := range f.channels {
		out = append(out, s.Hosts...)
	}
	return out
}

func (f *facts) first() bool {
	for _, s := range f.channels {
		if s.First > 0 {
			return true
		}
	}
	return false
}
