// Package migrate holds the words of a migration: the estate of servers and
// flows, findings about it, move groups, waves and runbooks. It is plain data
// that the packages below it read and write; it does no work of its own.
package migrate

import "time"

// EstateSchema names the version of the estate document. A reader refuses a
// document whose schema it does not know.
const EstateSchema = "storefront.estate/v1"

// Estate is the legacy site as its exports describe it: one entry a server,
// the traffic among them, and where each fact came from. Slices are sorted by
// ID (Flows by From, To, Port, Protocol), so that the same inputs give the
// same bytes.
type Estate struct {
	Schema string `json:"schema"`
	// AsOf is the newest moment that the inputs speak of, not the clock.
	AsOf           *time.Time      `json:"asOf,omitempty"`
	Sources        []Source        `json:"sources"`
	Clusters       []Cluster       `json:"clusters,omitempty"`
	Hosts          []Host          `json:"hosts,omitempty"`
	Datastores     []Datastore     `json:"datastores,omitempty"`
	Health         []Health        `json:"health,omitempty"`
	Servers        []Server        `json:"servers"`
	Flows          []Flow          `json:"flows,omitempty"`
	Contradictions []Contradiction `json:"contradictions,omitempty"`
	// Access holds what web access logs say of past load.
	Access *AccessHistory `json:"access,omitempty"`
}

// Source is one file or system that was read, and what became of its rows.
type Source struct {
	ID       string    `json:"id"` // "S1", in the order given
	Name     string    `json:"name"`
	Format   string    `json:"format"`            // a reader's name: "rvtools-xlsx", "ss"
	Version  string    `json:"version,omitempty"` // the writer's version where the file tells
	Rows     int       `json:"rows"`              // data rows seen, ghost rows among them
	Servers  int       `json:"servers"`
	Flows    int       `json:"flows"`
	Facts    int       `json:"facts"` // rows that only add to a server that another row declares
	LeftOut  []LeftOut `json:"leftOut,omitempty"`
	Warnings []Place   `json:"warnings,omitempty"`
}

// LeftOut counts rows that gave nothing, by reason. Rows = used + Σ Count.
type LeftOut struct {
	Reason   string  `json:"reason"`
	Count    int     `json:"count"`
	Examples []Place `json:"examples,omitempty"` // the first few
}

// Place points into a source: sheet (or file of an archive), row and column,
// counted from 1 as the user's program shows them.
type Place struct {
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	Note   string `json:"note,omitempty"`
}

// Kind says what sort of machine an entry is.
type Kind string

const (
	KindVM          Kind = "vm"
	KindPhysical    Kind = "physical"
	KindTemplate    Kind = "template"
	KindPlaceholder Kind = "placeholder" // a replica's shadow; never runs here
	KindUnknown     Kind = "unknown"
)

// Power is a server's state when the export was made.
type Power string

const (
	PowerOn        Power = "on"
	PowerOff       Power = "off"
	PowerSuspended Power = "suspended"
	PowerUnknown   Power = "unknown"
)

// Server is one machine, merged from all that is known of it. A zero number or
// empty string means that no source told.
type Server struct {
	ID   string `json:"id"` // the lower-case name, made unique with "~2" and so on
	Name string `json:"name"`
	FQDN string `json:"fqdn,omitempty"`

	UUID      string   `json:"uuid,omitempty"` // SMBIOS or instance UUID, lower case, dashed
	Serial    string   `json:"serial,omitempty"`
	MACs      []string `json:"macs,omitempty"`
	Addresses []string `json:"addresses,omitempty"` // usable unicast addresses, sorted

	Kind  Kind  `json:"kind"`
	Power Power `json:"power"`

	OS              string `json:"os,omitempty"`       // as the source words it
	OSFamily        string `json:"osFamily,omitempty"` // linux, windows, other
	HardwareVersion int    `json:"hardwareVersion,omitempty"`
	Firmware        string `json:"firmware,omitempty"`    // bios, efi
	ToolsStatus     string `json:"toolsStatus,omitempty"` // running, notRunning, old, notInstalled

	CPUs      int   `json:"cpus,omitempty"`
	MemoryMiB int64 `json:"memoryMiB,omitempty"`
	// ProvisionedMiB and InUseMiB are what the hypervisor counts; ConsumedMiB
	// is the sum over the guest's partitions, the figure to size from.
	ProvisionedMiB int64       `json:"provisionedMiB,omitempty"`
	InUseMiB       int64       `json:"inUseMiB,omitempty"`
	ConsumedMiB    int64       `json:"consumedMiB,omitempty"`
	Disks          []Disk      `json:"disks,omitempty"`
	Partitions     []Partition `json:"partitions,omitempty"`
	NICs           []NIC       `json:"nics,omitempty"`
	Snapshots      []Snapshot  `json:"snapshots,omitempty"`

	Datacenter string `json:"datacenter,omitempty"`
	Cluster    string `json:"cluster,omitempty"`
	Host       string `json:"host,omitempty"`
	Folder     string `json:"folder,omitempty"`

	Role        Inference `json:"role,omitzero"`
	Environment Inference `json:"environment,omitzero"` // production, staging, test, development, recovery
	Application Inference `json:"application,omitzero"`

	Owner       string     `json:"owner,omitempty"`
	Team        string     `json:"team,omitempty"`
	Criticality string     `json:"criticality,omitempty"` // high, medium, low
	Disposition string     `json:"disposition,omitempty"` // rehost, replatform, refactor, repurchase, retire, retain, relocate
	Wave        string     `json:"wave,omitempty"`        // as an intake form already says
	Backup      *Backup    `json:"backup,omitempty"`
	Monitoring  *bool      `json:"monitoring,omitempty"` // nil: no source told
	Software    []Software `json:"software,omitempty"`
	Listens     []Port     `json:"listens,omitempty"`
	TimeServers []string   `json:"timeServers,omitempty"`
	DNSServers  []string   `json:"dnsServers,omitempty"`

	Use *Use `json:"use,omitempty"`

	// Custom keeps every column that no reader knows, under its own header.
	Custom map[string]string `json:"custom,omitempty"`
	// From tells for each field (its JSON name) the sources that say so.
	From map[string][]string `json:"from,omitempty"`
}

// Disk is a virtual or physical disk.
type Disk struct {
	Label       string `json:"label,omitempty"`
	CapacityMiB int64  `json:"capacityMiB"`
	Thin        bool   `json:"thin,omitempty"`
	Mode        string `json:"mode,omitempty"`    // persistent, independent_persistent, …
	Sharing     string `json:"sharing,omitempty"` // sharingNone, sharingMultiWriter, …
	Raw         bool   `json:"raw,omitempty"`     // a raw device mapping
	Controller  string `json:"controller,omitempty"`
	Path        string `json:"path,omitempty"`
}

// Partition is a file system as the guest sees it.
type Partition struct {
	Path        string `json:"path"`
	CapacityMiB int64  `json:"capacityMiB"`
	ConsumedMiB int64  `json:"consumedMiB"`
	FreeMiB     int64  `json:"freeMiB"`
}

// NIC is a network card.
type NIC struct {
	MAC       string   `json:"mac,omitempty"`
	Network   string   `json:"network,omitempty"`
	Adapter   string   `json:"adapter,omitempty"`
	Connected bool     `json:"connected"`
	Addresses []string `json:"addresses,omitempty"`
}

// Snapshot is a hypervisor snapshot.
type Snapshot struct {
	Name    string     `json:"name"`
	Created *time.Time `json:"created,omitempty"`
	SizeMiB int64      `json:"sizeMiB,omitempty"`
}

// Backup is what is known of a server's backup.
type Backup struct {
	Policy string     `json:"policy,omitempty"`
	Last   *time.Time `json:"last,omitempty"`
	// RPOHours is the most data, in hours, that its owner accepts to lose.
	RPOHours float64 `json:"rpoHours,omitempty"`
}

// Software is an installed or running program.
type Software struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// Port is a listening socket.
type Port struct {
	Port     int    `json:"port"`
	Protocol string `json:"protocol"` // tcp, udp
	Process  string `json:"process,omitempty"`
	Address  string `json:"address,omitempty"` // the address it is bound to
}

// Inference is a fact that was concluded rather than read. Confidence lies in
// (0, 1]; 1 is an override by the user or a statement of a source.
type Inference struct {
	Value      string   `json:"value,omitempty"`
	Confidence float64  `json:"confidence,omitempty"`
	Evidence   []string `json:"evidence,omitempty"`
}

// Use is measured use over a period. Coverage is the share of that period, from
// 0 to 1, for which samples exist.
type Use struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	CPU      *Measure  `json:"cpuPercent,omitempty"`    // of the server's vCPUs
	Memory   *Measure  `json:"memoryPercent,omitempty"` // of its memory
	DiskIOPS *Measure  `json:"diskIOPS,omitempty"`
	DiskMBps *Measure  `json:"diskMBps,omitempty"`
	NetMBps  *Measure  `json:"netMBps,omitempty"`
}

// Measure summarises samples of one metric.
type Measure struct {
	Samples  int     `json:"samples"`
	Coverage float64 `json:"coverage"`
	Mean     float64 `json:"mean"`
	P50      float64 `json:"p50"`
	P95      float64 `json:"p95"`
	P99      float64 `json:"p99"`
	Max      float64 `json:"max"`
}

// Host is a hypervisor host.
type Host struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Datacenter string     `json:"datacenter,omitempty"`
	Cluster    string     `json:"cluster,omitempty"`
	Vendor     string     `json:"vendor,omitempty"`
	Model      string     `json:"model,omitempty"`
	CPUModel   string     `json:"cpuModel,omitempty"`
	Sockets    int        `json:"sockets,omitempty"`
	Cores      int        `json:"cores,omitempty"` // in all sockets
	MHz        int        `json:"mhz,omitempty"`
	MemoryMiB  int64      `json:"memoryMiB,omitempty"`
	Version    string     `json:"version,omitempty"`
	Boot       *time.Time `json:"boot,omitempty"`
	NTP        []string   `json:"ntp,omitempty"`
	NTPRunning *bool      `json:"ntpRunning,omitempty"` // nil: no source told
	DNS        []string   `json:"dns,omitempty"`
	Serial     string     `json:"serial,omitempty"`
	From       []string   `json:"from,omitempty"`
}

// Datastore is a store of the hypervisor for virtual disks.
type Datastore struct {
	Name           string   `json:"name"`
	Type           string   `json:"type,omitempty"`    // VMFS, NFS, vsan, …
	Address        string   `json:"address,omitempty"` // device or export
	CapacityMiB    int64    `json:"capacityMiB,omitempty"`
	ProvisionedMiB int64    `json:"provisionedMiB,omitempty"`
	FreeMiB        int64    `json:"freeMiB,omitempty"`
	Hosts          []string `json:"hosts,omitempty"` // that mount it; one host alone: local
	From           []string `json:"from,omitempty"`
}

// Health is something that the hypervisor's manager itself complains of, such
// as a virtual disk that belongs to no server.
type Health struct {
	Subject string   `json:"subject"` // a server's ID, or the name of a host, datastore or file
	Kind    string   `json:"kind"`    // as the source words it: "Zombie VMDK", "NTP", …
	Message string   `json:"message"`
	From    []string `json:"from,omitempty"`
}

// Cluster is a group of hypervisor hosts.
type Cluster struct {
	Name       string   `json:"name"`
	Datacenter string   `json:"datacenter,omitempty"`
	HA         *bool    `json:"ha,omitempty"`
	DRS        *bool    `json:"drs,omitempty"`
	EVC        string   `json:"evc,omitempty"`
	From       []string `json:"from,omitempty"`
}

// FlowClass tells traffic of the business from what only surrounds it.
type FlowClass string

const (
	FlowApplication FlowClass = "application"
	FlowDNS         FlowClass = "dns"
	FlowTime        FlowClass = "time"
	FlowMonitoring  FlowClass = "monitoring"
	FlowScan        FlowClass = "scan"
	FlowCollector   FlowClass = "collector" // the tool that looked
	FlowBackup      FlowClass = "backup"
	FlowManagement  FlowClass = "management" // ssh, RDP, WinRM, SNMP, directory log-on
)

// Flow is traffic from one end to another. An end is a server's ID where the
// estate has that server; else it is outside and named by address or name.
type Flow struct {
	From        string    `json:"from"`
	To          string    `json:"to"`
	FromOutside bool      `json:"fromOutside,omitempty"`
	ToOutside   bool      `json:"toOutside,omitempty"`
	Port        int       `json:"port,omitempty"` // 0: unknown
	Protocol    string    `json:"protocol"`       // tcp, udp, icmp, any
	Process     string    `json:"process,omitempty"`
	Class       FlowClass `json:"class"`
	ClassReason string    `json:"classReason,omitempty"`
	// Kind is "observed" traffic, "allowed" by a rule or "referenced" in a
	// configuration. Only observed flows have bytes.
	Kind        string     `json:"kind"`
	Bytes       int64      `json:"bytes,omitempty"`
	Connections int64      `json:"connections,omitempty"`
	First       *time.Time `json:"first,omitempty"`
	Last        *time.Time `json:"last,omitempty"`
	// Days is the length of observation that Bytes and Connections cover; 0
	// when unknown.
	Days    float64  `json:"days,omitempty"`
	Sources []string `json:"sources,omitempty"`
}

// Contradiction lists what sources say differently of one thing. Chosen says
// which value the estate holds and Why; nothing is guessed away.
type Contradiction struct {
	Server string  `json:"server"`
	Field  string  `json:"field"`
	Values []Claim `json:"values"`
	Chosen string  `json:"chosen,omitempty"`
	Why    string  `json:"why,omitempty"`
}

// Claim is one source's word.
type Claim struct {
	Source string `json:"source"`
	Value  string `json:"value"`
}

// AccessHistory is load read from web access logs.
type AccessHistory struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Hours holds requests by hour, in order, without gaps.
	Hours   []AccessHour  `json:"hours,omitempty"`
	Events  []AccessEvent `json:"events,omitempty"`
	Sources []string      `json:"sources,omitempty"`
	// Parts splits all requests by virtual host, or by file where the lines
	// name no host; sorted by name. Empty where no source told.
	Parts []AccessPart `json:"parts,omitempty"`
}

// AccessPart is the traffic of one virtual host or log file.
type AccessPart struct {
	Name     string `json:"name"`
	Requests int64  `json:"requests"`
	// Files is how many of them were for images, style sheets and the like,
	// which a CDN can answer.
	Files int64 `json:"files"`
}

// AccessHour sums one hour of log.
type AccessHour struct {
	Start      time.Time `json:"start"`
	Requests   int64     `json:"requests"`
	PeakMinute int64     `json:"peakMinute"` // requests in its busiest minute
	Errors     int64     `json:"errors"`     // status 5xx
	Bytes      int64     `json:"bytes"`
}

// AccessEvent is something unusual in the log.
type AccessEvent struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Kind     string    `json:"kind"` // surge, errors, outage, crawler, scan
	Detail   string    `json:"detail"`
	Multiple float64   `json:"multiple,omitempty"` // of the median hour, for a surge
}
