package sample

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

// clusterSpec is a vSphere cluster and its hosts. Each could lose a host and
// still hold all its servers.
type clusterSpec struct {
	name, datacenter, host string
	hosts, sockets, cores  int // cores in all sockets
	gib                    int64
	model, cpu             string
	mhz                    int
	tag                    string
}

var clusterSpecs = []clusterSpec{
	{"LON1-PROD", "LON1", "esx-p%02d", 9, 2, 48, 512, "PowerEdge R750", "Intel(R) Xeon(R) Gold 6342 CPU @ 2.80GHz", 2800, "4LK7P"},
	{"LON1-DMZ", "LON1", "esx-d%02d", 3, 2, 32, 256, "PowerEdge R650", "Intel(R) Xeon(R) Gold 6326 CPU @ 2.90GHz", 2900, "9HD2R"},
	{"LON1-TEST", "LON1", "esx-t%02d", 3, 2, 32, 192, "PowerEdge R640", "Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz", 2900, "2TQ5X"},
	{"LON2-MGMT", "LON2", "esx-m%02d", 2, 2, 32, 256, "PowerEdge R650", "Intel(R) Xeon(R) Gold 6326 CPU @ 2.90GHz", 2900, "7BN8W"},
}

const esxi = "VMware ESXi 8.0.3 build-24022510"

func (s *site) addHosts() {
	yes := true
	for _, c := range clusterSpecs {
		s.groups = append(s.groups, migrate.Cluster{Name: c.name, Datacenter: c.datacenter, HA: &yes, DRS: &yes, EVC: "intel-cascadelake"})
		for n := 1; n <= c.hosts; n++ {
			name := fmt.Sprintf(c.host, n) + "." + domain
			boot := time.Date(2026, 5, 12, 21, 0, 0, 0, time.UTC).Add(time.Duration(n*37) * time.Minute)
			s.hosts = append(s.hosts, migrate.Host{
				ID: name, Name: name, Datacenter: c.datacenter, Cluster: c.name, Vendor: "Dell Inc.", Model: c.model, CPUModel: c.cpu,
				Sockets: c.sockets, Cores: c.cores, MHz: c.mhz, MemoryMiB: c.gib * 1024, Version: esxi, Boot: &boot,
				NTP: []string{"ntp01." + domain, "ntp02." + domain}, NTPRunning: &yes, Serial: fmt.Sprintf("%s%02d", c.tag, n),
			})
		}
	}
}

var trailingNumber = regexp.MustCompile(`\d+$`)

// kin is the name that the members of a group share.
func kin(name string) string { return trailingNumber.ReplaceAllString(name, "") }

// place spreads servers over the hosts of their cluster, those of a kind over
// as many hosts as there are, as a DRS cluster with anti-affinity would.
func (s *site) place() {
	memory := map[string]int64{}
	together := map[string]int{} // host and kind
	random := s.random("place")
	for _, m := range bySize(s.servers) {
		hosts := s.hostsOf(m.Cluster, random)
		best := slices.MinFunc(hosts, func(a, b *migrate.Host) int {
			return cmp.Or(cmp.Compare(together[a.Name+"/"+kin(m.Name)], together[b.Name+"/"+kin(m.Name)]), cmp.Compare(memory[a.Name], memory[b.Name]))
		})
		m.Host, m.Datacenter = best.Name, best.Datacenter
		memory[best.Name] += m.MemoryMiB
		together[best.Name+"/"+kin(m.Name)]++
	}
}

// bySize orders servers by memory, the largest first, which fills hosts evenly.
func bySize(servers []*machine) []*machine {
	out := slices.Clone(servers)
	slices.SortStableFunc(out, func(a, b *machine) int { return cmp.Compare(b.MemoryMiB, a.MemoryMiB) })
	return out
}

func (s *site) hostsOf(cluster string, random *rand.Rand) (out []*migrate.Host) {
	for i := range s.hosts {
		if s.hosts[i].Cluster == cluster {
			out = append(out, &s.hosts[i])
		}
	}
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// addStores makes the shared datastores that hold the servers' disks, a fifth
// larger than what was promised, and tells each disk its file.
func (s *site) addStores() {
	promised, used := map[string]int64{}, map[string]int64{}
	for _, m := range s.servers {
		store := s.storeOf(m)
		for i := range m.Disks {
			suffix := ""
			if i > 0 {
				suffix = fmt.Sprintf("_%d", i)
			}
			m.Disks[i].Path = fmt.Sprintf("[%s] %s/%s%s.vmdk", store, m.Name, m.Name, suffix)
			m.ProvisionedMiB += m.Disks[i].CapacityMiB
		}
		for _, p := range m.Partitions {
			m.ConsumedMiB += p.ConsumedMiB
		}
		// A thin disk keeps what was once written, so more than the guest uses.
		m.InUseMiB = min(m.ProvisionedMiB, m.ConsumedMiB*106/100)
		promised[store] += m.ProvisionedMiB
		used[store] += m.InUseMiB
	}
	for _, name := range sortedKeys(promised) {
		capacity := (promised[name]*120/100/1048576 + 1) * 1048576
		d := migrate.Datastore{Name: name, Type: "VMFS", Address: "naa.60000970000" + name, CapacityMiB: capacity, ProvisionedMiB: promised[name], FreeMiB: capacity - used[name]}
		for _, h := range s.hosts {
			if storePrefix(h.Cluster) == storePrefixOfStore(name) {
				d.Hosts = append(d.Hosts, h.Name)
			}
		}
		s.stores = append(s.stores, d)
	}
}

var storeNames = map[string]string{"LON1-PROD": "san-prod", "LON1-DMZ": "san-dmz", "LON1-TEST": "san-test", "LON2-MGMT": "san-lon2"}

func storePrefix(cluster string) string { return storeNames[cluster] }

func storePrefixOfStore(store string) string { return trailingNumber.ReplaceAllString(store, "") }

// storeOf spreads servers over their cluster's stores; the file servers have
// one each.
func (s *site) storeOf(m *machine) string {
	prefix := storePrefix(m.Cluster)
	switch {
	case m.Role.Value == "media":
		return prefix + "9" + m.Name[len(m.Name)-1:]
	case prefix == "san-prod":
		return fmt.Sprintf("%s%02d", prefix, 1+hash(m.Name)%4)
	}
	return prefix + "01"
}
