package inventory

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var (
	// serverLabels name the server, the surest first. A name comes last: it may
	// be that of a container.
	serverLabels = []string{"nodename", "hostname", "host", "vm_name", "vm", "server", "node", "instance", "exported_instance", "name"}
	// deviceLabels tell series of one server's devices apart.
	deviceLabels = []string{"device", "interface", "mountpoint", "volume", "nic", "cpu", "core", "vcpu", "processor"}
	// scrapeLabels say who measured, and not what.
	scrapeLabels = []string{"__name__", "job", "prometheus", "prometheus_replica", "replica", "monitor"}
)

// modeLabel tells what a CPU spends its time on.
const modeLabel = "mode"

// keyOfLabels makes the key of a series of its labels.
func keyOfLabels(name string, labels map[string]string, of Metric) sampleKey {
	k := sampleKey{name: name}
	server := ""
	for _, l := range serverLabels {
		if v := labels[l]; v != "" {
			server, k.server = l, serverOfLabel(v)
			break
		}
	}
	var devices, rest []string
	for _, l := range deviceLabels {
		if v := deviceName(labels[l]); v != "" {
			devices = append(devices, v)
		}
	}
	for _, l := range sortedKeys(labels) {
		switch {
		case l == modeLabel && of == CPUPercent:
			k.mode = strings.ToLower(labels[l])
		case l == server, slices.Contains(deviceLabels, l), slices.Contains(scrapeLabels, l), l != "name" && slices.Contains(serverLabels, l):
		default:
			rest = append(rest, l+"="+labels[l])
		}
	}
	k.instance, k.rest = strings.Join(devices, "/"), strings.Join(rest, "\x00")
	return k
}

// strange refuses a server's series that differ in a label that nobody knows.
// They may add up, overlap, or be of containers in the server.
func (s *seriesSet) strange(keys []sampleKey, acc *account, drop func(sampleKey, string)) bool {
	for _, k := range keys[1:] {
		if k.rest == keys[0].rest {
			continue
		}
		label := firstDifference(keys[0].rest, k.rest)
		acc.Warn(migrate.Place{Note: fmt.Sprintf("%s: several series of %s differ in the label %q, of which nothing tells whether they add up: not used; give one series a server, such as avg by (instance) (…)", k.server, k.metric, label)})
		for _, k := range keys {
			drop(k, reasonLabel)
		}
		return true
	}
	return false
}

// firstDifference is the first label that one of two lists has and the other
// hasn't, or has with another value.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\x00"), strings.Split(b, "\x00")
	for _, pair := range [][2][]string{{x, y}, {y, x}} {
		for _, l := range pair[0] {
			if l != "" && !slices.Contains(pair[1], l) {
				name, _, _ := strings.Cut(l, "=")
				return name
			}
		}
	}
	return ""
}

// mostIdle is the idle share, in percent of one processor, above which idle
// time can only be a sum over processors; a rate may be a little off.
const mostIdle = 105

// modes makes one run of a processor's modes: what it isn't idle, or else the
// sum of the modes given. Waiting for the disk counts as work, as the usual
// 100 - idle has it.
func (s *seriesSet) modes(keys []sampleKey, drop func(sampleKey, string)) []sampleKey {
	groups := map[sampleKey][]sampleKey{}
	for _, k := range keys {
		whole := k
		whole.mode = ""
		groups[whole] = append(groups[whole], k)
	}
	var out []sampleKey
	for whole, list := range groups {
		sort.Slice(list, func(i, j int) bool { return list[i].mode < list[j].mode })
		if s.joinModes(whole, list, drop) {
			out = append(out, whole)
		}
	}
	sort.Slice(out, func(i, j int) bool { return keyLess(out[i], out[j]) })
	return out
}

func (s *seriesSet) joinModes(whole sampleKey, list []sampleKey, drop func(sampleKey, string)) bool {
	if list[0].mode == "" { // the whole was counted too
		for _, k := range list[1:] {
			drop(k, reasonAlternative)
		}
		return true
	}
	idle := slices.IndexFunc(list, func(k sampleKey) bool { return k.mode == "idle" })
	if idle < 0 {
		s.runs[whole] = s.sumModes(list)
		return true
	}
	for i, k := range list {
		if i != idle {
			drop(k, reasonMode)
		}
	}
	k := list[idle]
	r := s.runs[k]
	full := 100 / r.counter.scale
	for _, v := range r.at {
		if v > full*mostIdle/100 {
			drop(k, reasonIdle)
			return false
		}
	}
	for t, v := range r.at {
		r.at[t] = max(0, full-v)
	}
	delete(s.runs, k)
	s.runs[whole] = r
	return true
}

func (s *seriesSet) sumModes(list []sampleKey) *sampleRun {
	sum := &sampleRun{at: map[time.Time]float64{}}
	for _, k := range list {
		r := s.runs[k]
		sum.counter, sum.step = r.counter, max(sum.step, r.step)
		sum.rows += r.rows
		for t, v := range r.at {
			sum.at[t] += v
		}
		delete(s.runs, k)
	}
	return sum
}
