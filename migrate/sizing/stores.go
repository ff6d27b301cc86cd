package sizing

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/storefront-toolkit/storefront/components/topology"
)

var (
	dataPath    = regexp.MustCompile(`(?i)solr|elastic|opensearch|lucene|analytics|clickhouse|matomo`)
	primaryName = regexp.MustCompile(`(?i)primary|master|writer`)
	memberEnd   = regexp.MustCompile(`[-_.]?\d*$`)
)

// database sizes one writer for the busiest of today's servers, and as many
// readers as the others' work takes. Writes and cache misses grow with requests
// as CPU does; memory is what the engine was given and doesn't grow.
func (s *sizer) database() {
	needs := s.needs(s.members[tierDatabase], true)
	if len(needs) == 0 {
		s.absent(tierDatabase)
		return
	}
	writer := s.writer(needs)
	readers := slices.DeleteFunc(slices.Clone(needs), func(n need) bool { return n.ID == writer.ID })
	z := s.databaseSize(needs, readers)
	d := &s.top.Database
	sizeWhy := fmt.Sprintf("%s vCPU %s on the busiest at %s times the median hour, at %d %% use, and %s GiB of memory %s, at most %d %%; %s",
		number(most(needs, peakVCPU)), busyWord(needs), number(s.multiple), cpuTarget, number(most(needs, usedGiB)), memoryWord(needs), memoryTarget, basis(needs))
	if s.base.Database.Serverless != nil {
		s.serverless(z, sizeWhy)
	} else {
		d.Size = z
		s.saySize("database.size", z, "%s", sizeWhy)
	}
	s.readers(z, readers, writer)
	data, id, where := largestData(needs, databasePath)
	d.StorageGiB = min(grownDisk(data, 20), 65536)
	s.say("database.storageGiB", d.StorageGiB, "%s GiB on %s (%s), × %s", number(data), id, where, number(diskGrowth))
	s.compare(tierDatabase, needs, fleet(1+d.Readers.Min, z, d.StorageGiB), fleet(1+d.Readers.Max, z, d.StorageGiB))
}

// mostReaders is the topology's limit.
const mostReaders = 15

func (s *sizer) mostReaders() int {
	if s.options.FixedReaders > 0 {
		return s.options.FixedReaders
	}
	return mostReaders
}

func readersFor(busy float64, z topology.Size) int {
	return whole(atTarget(busy) / float64(z.VCPU))
}

// databaseSize is the size for the busiest server, or a larger one where the
// others' work would take more readers than there may be.
func (s *sizer) databaseSize(needs, readers []need) topology.Size {
	z := s.size("database.size", databaseShapes, atTarget(most(needs, peakVCPU)), most(needs, usedGiB))
	for readersFor(sum(readers, peakVCPU), z) > s.mostReaders() {
		larger, found := smallest(databaseShapes, float64(z.VCPU)*2, z.MemoryGiB)
		if !found {
			s.warn("database.readers: %d readers of the largest size are more than the %d that are allowed: cache more, or share the data out", readersFor(sum(readers, peakVCPU), z), s.mostReaders())
			break
		}
		z = larger
	}
	return z
}

// writer is the server that its name calls primary, else the busiest.
func (s *sizer) writer(needs []need) need {
	best := needs[0]
	for _, n := range needs[1:] {
		a, b := primaryName.MatchString(n.ID), primaryName.MatchString(best.ID)
		if a && !b || a == b && n.PeakVCPU > best.PeakVCPU {
			best = n
		}
	}
	return best
}

func (s *sizer) readers(z topology.Size, needs []need, writer need) {
	d := &s.top.Database
	least := choose(s, 1, 0)
	d.Readers.Min = max(min(readersFor(sum(needs, normalVCPU), z), s.mostReaders()), least)
	d.Readers.Max = max(min(readersFor(sum(needs, peakVCPU), z), s.mostReaders()), d.Readers.Min)
	if s.options.FixedReaders > 0 {
		d.Readers.Min = d.Readers.Max
		s.say("database.readers.min", d.Readers.Min, "as readers.max: nothing on this platform adds readers by load")
	} else {
		s.readersMin(needs, z, writer, least)
	}
	s.say("database.readers.max", d.Readers.Max, "%s vCPU %s at %s times the median hour on all but the writer (%s), at %d %% use, over %d vCPU",
		number(sum(needs, peakVCPU)), busyWord(needs), number(s.multiple), writer.ID, cpuTarget, z.VCPU)
}

func (s *sizer) readersMin(needs []need, z topology.Size, writer need, least int) {
	s.say("database.readers.min", s.top.Database.Readers.Min, "%s vCPU %s in an ordinary day's busy hour on all but the writer (%s), at %d %% use, over %d vCPU; at least %d, to take over where the writer fails",
		number(sum(needs, normalVCPU)), busyWord(needs), writer.ID, cpuTarget, z.VCPU, least)
}

// serverless bounds capacity units of 2 GiB by the size that servers would have.
func (s *sizer) serverless(z topology.Size, why string) {
	limits := *s.base.Database.Serverless
	limits.MaxUnits = max(min(z.MemoryGiB/2, 256), 1)
	limits.MinUnits = min(limits.MinUnits, limits.MaxUnits)
	s.top.Database.Serverless = &limits
	s.say("database.serverless.maxUnits", limits.MaxUnits, "%s GiB in units of 2 GiB; %s", number(z.MemoryGiB), why)
	s.say("database.serverless.minUnits", limits.MinUnits, "as declared, and not above the most")
}

// redis sizes the data of a replication group. Servers whose names differ in
// their number alone hold copies of the same data; others hold their own.
func (s *sizer) redis(tier string) {
	needs := s.needs(s.members[tier], true)
	if len(needs) == 0 {
		s.absent(tier)
		return
	}
	groups, why := map[string]float64{}, map[string]string{}
	for _, n := range needs {
		stem := memberEnd.ReplaceAllString(n.ID, "")
		// What was built in has its headroom already.
		data, text := n.UsedGiB, fmt.Sprintf("%s GiB on %s, as large as it was built", number(n.UsedGiB), stem)
		if n.Memory != Nameplate {
			data, text = data*(1+s.options.Headroom), fmt.Sprintf("%s GiB in use on %s with %.0f %% headroom", number(n.UsedGiB), stem, s.options.Headroom*100)
		}
		if data > groups[stem] || why[stem] == "" {
			groups[stem], why[stem] = data, text
		}
	}
	wanted := 0.0
	var parts []string
	for _, stem := range slices.Sorted(maps.Keys(groups)) {
		wanted += groups[stem]
		parts = append(parts, why[stem])
	}
	memory := max(math.Ceil(wanted-1e-9), 1)
	if memory > mostRedisGiB {
		s.warn("%s.memoryGiB: %s GiB are more than one node holds (%v): share the data out first", tier, number(memory), mostRedisGiB)
		memory = mostRedisGiB
	}
	r := &s.top.Sessions
	if tier == tierCache {
		r = &s.top.Cache
	}
	r.MemoryGiB = memory
	s.say(tier+".memoryGiB", memory, "%s; p99 where it was measured; servers that differ in their number hold copies; %s",
		strings.Join(parts, ", "), basisOf(needs, func(n need) (Basis, string) { return n.Memory, "its memory was not measured, or for too short a time" }))
	resolved := s.resolved()
	replicas := resolved.Sessions.Replicas
	if tier == tierCache {
		replicas = resolved.Cache.Replicas
	}
	// Redis serves requests in one thread and saves in another.
	n := 1 + *replicas
	amount := Amount{Servers: n, VCPU: 2 * n, MemoryGiB: memory * float64(n)}
	s.compare(tier, needs, amount, amount)
}

// media takes the copies on a pair of servers once, as redis does.
func (s *sizer) media() {
	needs := s.needs(s.members[tierMedia], true)
	if len(needs) == 0 {
		s.absent(tierMedia)
		return
	}
	groups := map[string]float64{}
	for _, n := range needs {
		stem := memberEnd.ReplaceAllString(n.ID, "")
		data, _ := dataGiB(n.server, mediaPath)
		groups[stem] = max(groups[stem], data)
	}
	data := 0.0
	for _, stem := range slices.Sorted(maps.Keys(groups)) {
		data += groups[stem]
	}
	s.top.Media.StorageGiB = grownDisk(data, 1)
	s.say("media.storageGiB", s.top.Media.StorageGiB, "%s TiB on %s, × %s; servers that differ in their number hold copies; an object store grows by itself",
		number(data/1024), strings.Join(slices.Sorted(maps.Keys(groups)), ", "), number(diskGrowth))
	amount := Amount{StorageTiB: float64(s.top.Media.StorageGiB) / 1024}
	s.compare(tierMedia, needs, amount, amount)
	for _, tier := range []string{tierDatabase, tierWeb} {
		for _, v := range s.members[tier] {
			for _, p := range v.Partitions {
				if strings.Contains(strings.ToLower(p.Path), "media") && p.ConsumedMiB > 0 {
					s.warn("media: %s holds %s GiB under %s besides; if it is no copy, add it to media.storageGiB", v.ID, number(gib(p.ConsumedMiB)), p.Path)
				}
			}
		}
	}
}
