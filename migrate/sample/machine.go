package sample

import (
	"fmt"
	"strings"

	"github.com/storefront-toolkit/storefront/migrate"
)

// machine is one server: what the estate says of it, and what only its maker
// knows.
type machine struct {
	migrate.Server
	network   string
	toolsOff  bool
	shop      bool    // its load follows the shop's requests, else the office's hours
	quiet     float64 // CPU percent in a median hour
	peak      float64 // CPU percent in the campaign's hour, or at noon
	memory    float64 // memory percent
	cpu, mem  []float64
	processes map[int]string // by listening port
}

// group describes servers of one kind. Sizes follow what shops of this kind
// ran on: many small web servers, few large databases.
type group struct {
	name        string // with a place for the number
	count       int
	role, env   string
	app, team   string
	os          string
	vcpus       int
	gib         int64
	volumes     []volume // beside the system's
	software    []migrate.Software
	ports       map[int]string // listening port to process
	cluster     string
	network     string
	criticality string
	shop        bool
	quiet, peak float64
	memory      float64
	rpo         float64
	policy      string
}

// volume is a data disk with one file system. Several disks may carry it.
type volume struct {
	path  string
	gib   int64
	used  int64 // percent
	disks int64
}

// owners are the people behind the teams; all names are made up.
var owners = map[string]string{
	"web platform": "Priya Ashdown", "data": "Tomás Kerrigan", "network": "Ines Valbonne", "operations": "Marcus Oyelaran",
	"commerce": "Helen Tabori", "office IT": "Jürgen Dahlke", "payments": "Sofía Brandt", "quality": "Noah Lindqvist",
}

const (
	debian12   = "Debian GNU/Linux 12 (64-bit)"
	centos7    = "CentOS 7 (64-bit)"
	windows22  = "Microsoft Windows Server 2022 (64-bit)"
	production = "production"
)

func (s *site) addServers() {
	for _, g := range allGroups() {
		for n := 1; n <= g.count; n++ {
			s.add(g, n)
		}
	}
}

func (s *site) add(g group, n int) {
	m := &machine{network: g.network, shop: g.shop, quiet: g.quiet, peak: g.peak, memory: g.memory, processes: map[int]string{}}
	name := g.name
	if strings.Contains(name, "%") {
		name = fmt.Sprintf(g.name, n)
	}
	m.Server = migrate.Server{
		ID: name, Name: name, FQDN: name + "." + domain, Kind: migrate.KindVM, Power: migrate.PowerOn,
		OS: g.os, OSFamily: "linux", HardwareVersion: 19, Firmware: "efi", ToolsStatus: "running",
		CPUs: g.vcpus, MemoryMiB: g.gib * 1024, Cluster: g.cluster,
		Role: stated(g.role), Environment: stated(g.env), Application: stated(g.app),
		Owner: owners[g.team], Team: g.team, Criticality: g.criticality,
		Software: append([]migrate.Software{}, g.software...),
	}
	if g.os == windows22 {
		m.OSFamily = "windows"
	}
	yes := true
	m.Monitoring = &yes
	m.addVolumes(g)
	for port, process := range g.ports {
		m.processes[port] = process
	}
	m.Backup = &migrate.Backup{Policy: g.policy, RPOHours: g.rpo}
	s.servers = append(s.servers, m)
	s.byName[name] = m
}

func stated(value string) migrate.Inference {
	if value == "" {
		return migrate.Inference{}
	}
	return migrate.Inference{Value: value, Confidence: 1}
}

// addVolumes gives a machine its system disk and those of its group.
func (m *machine) addVolumes(g group) {
	if m.OSFamily == "windows" {
		m.addVolume(volume{path: `C:\`, gib: 80, used: 48, disks: 1})
	} else {
		m.addVolume(volume{path: "/", gib: 40, used: 31, disks: 1})
	}
	for _, v := range g.volumes {
		m.addVolume(v)
	}
}

func (m *machine) addVolume(v volume) {
	disks := max(v.disks, 1)
	for range disks {
		m.Disks = append(m.Disks, migrate.Disk{
			Label: fmt.Sprintf("Hard disk %d", len(m.Disks)+1), CapacityMiB: v.gib * 1024 / disks, Thin: true,
			Mode: "persistent", Sharing: "sharingNone", Controller: "VMware paravirtual SCSI",
		})
	}
	m.setPartition(v.path, v.gib*1024, v.gib*1024*v.used/100)
}

// setPartition adds a file system, or changes the one at that path.
func (m *machine) setPartition(path string, capacity, used int64) {
	p := migrate.Partition{Path: path, CapacityMiB: capacity, ConsumedMiB: used, FreeMiB: capacity - used}
	for i := range m.Partitions {
		if m.Partitions[i].Path == path {
			m.Partitions[i] = p
			return
		}
	}
	m.Partitions = append(m.Partitions, p)
}
