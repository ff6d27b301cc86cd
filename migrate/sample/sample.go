// Package sample makes up the estate of a six-country online shop, as the
// people who run it would have it: 172 servers in hypervisor exports, traffic,
// measurements, lists and logs, with twenty planted faults. The same seed gives
// the same bytes.
package sample

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// Servers is the number of servers in every sample.
const Servers = 172

// The moments of the sample: the hypervisor export, the campaign before it, and
// the periods of measurement and of traffic.
var (
	asOf          = time.Date(2026, 9, 14, 6, 5, 12, 0, time.UTC)
	campaign      = time.Date(2026, 9, 10, 18, 0, 0, 0, time.UTC)
	useFrom       = time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC)
	useTo         = time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC)
	trafficFrom   = time.Date(2026, 9, 7, 0, 0, 0, 0, time.UTC)
	trafficTo     = time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC)
	accessLogFrom = trafficFrom
	accessLogTo   = trafficTo
)

// multiple is the load of the campaign's hour over the median hour.
const multiple = 47

// domain is the made-up retailer's (RFC 2606 keeps .example free).
const domain = "larkfield.example"

// site is everything that is made up, before it is written in any form.
type site struct {
	seed    uint64
	servers []*machine
	byName  map[string]*machine
	hosts   []migrate.Host
	groups  []migrate.Cluster
	stores  []migrate.Datastore
	flows   []traffic
	hours   []accessHour
}

// build makes the site of a seed: a healthy one first, then the faults.
func build(seed uint64) *site { return buildWith(seed, faults) }

func buildWith(seed uint64, planted []Fault) *site {
	s := &site{seed: seed, byName: map[string]*machine{}}
	s.hours = accessHours(seed)
	s.addServers()
	s.addHosts()
	s.place()
	s.addIdentity()
	s.addTraffic()
	for _, f := range planted {
		if f.plant != nil {
			f.plant(s)
		}
	}
	s.addStores()
	s.measure()
	sortTraffic(s.flows)
	return s
}

// random gives a source of chance of its own to each purpose, so that a change
// in one place leaves all others as they were.
func (s *site) random(purpose string) *rand.Rand { return newRandom(s.seed, purpose) }

func newRandom(seed uint64, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
