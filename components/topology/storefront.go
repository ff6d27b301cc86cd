// Package topology is the declaration of an online shop's infrastructure as
// plain data: what there is, how large, and what may talk to what. It knows no
// platform and imports no Pulumi. Validate reports every mistake with its path;
// Resolve returns a copy with the defaults filled in.
package topology

import "time"

// Storefront is one shop in one environment.
type Storefront struct {
	Environment  Environment  `json:"environment" jsonschema:"required,enum=production,enum=staging,description=production protects what keeps data and spreads everything over the zones"`
	Owner        string       `json:"owner" jsonschema:"required,description=The team that answers for these resources; becomes a tag"`
	Wave         string       `json:"wave,omitempty" jsonschema:"description=The migration wave that brought this stack; becomes a tag"`
	Protect      *bool        `json:"protect,omitempty" jsonschema:"description=Guard what keeps data against deletion (default: in production). Bring the stack up with false before you destroy it"`
	Network      Network      `json:"network" jsonschema:"required"`
	Channels     []Channel    `json:"channels" jsonschema:"required,minItems=1"`
	Campaigns    []Campaign   `json:"campaigns,omitempty"`
	Edge         Edge         `json:"edge,omitempty"`
	LoadBalancer LoadBalancer `json:"loadBalancer,omitempty"`
	Web          Web          `json:"web" jsonschema:"required"`
	Static       Static       `json:"static,omitempty"`
	Admin        Admin        `json:"admin,omitempty"`
	Access       Access       `json:"access" jsonschema:"required"`
	Deploy       Deploy       `json:"deploy" jsonschema:"required"`
	Database     Database     `json:"database" jsonschema:"required"`
	Sessions     Redis        `json:"sessions,omitempty"`
	Cache        Redis        `json:"cache,omitempty"`
	Search       Search       `json:"search,omitempty"`
	Analytics    Analytics    `json:"analytics,omitempty"`
	Media        Media        `json:"media,omitempty"`
}

// Environment says how much a stack has to withstand.
type Environment string

const (
	// Production protects what keeps data and spreads every tier over the zones.
	Production Environment = "production"
	// Staging is small, cheap and may be destroyed.
	Staging Environment = "staging"
)

// Network is the address space and how many failure zones it spans.
type Network struct {
	CIDR  string `json:"cidr" jsonschema:"required,description=IPv4 range of the whole network such as 10.40.0.0/16; /16 to /21"`
	Zones int    `json:"zones,omitempty" jsonschema:"minimum=1,maximum=4,description=Failure zones (default: 3 in production and 2 in staging)"`
	NAT   NAT    `json:"nat,omitempty" jsonschema:"enum=zone,enum=single,description=One way out a zone or one for all (default: zone in production and single in staging)"`
}

// NAT is how private servers reach the outside.
type NAT string

const (
	NATZone   NAT = "zone"
	NATSingle NAT = "single"
)

// Channel is one country's storefront.
type Channel struct {
	Code      string   `json:"code" jsonschema:"required,pattern=^[a-z][a-z0-9]{1\\,7}$,description=Short name such as uk"`
	Zone      string   `json:"zone" jsonschema:"required,description=The DNS zone in which the host names lie"`
	Hostnames []string `json:"hostnames" jsonschema:"required,minItems=1,description=The first is the shop's own; the others answer too"`
	Currency  string   `json:"currency" jsonschema:"required,pattern=^[A-Z]{3}$,description=ISO 4217 code"`
	// RequestsPerSecond is the normal busy hour's rate before any CDN.
	RequestsPerSecond float64 `json:"requestsPerSecond" jsonschema:"required,exclusiveMinimum=0,maximum=1000000,description=Requests a second in a normal busy hour before the CDN"`
	// Cutover shares visitors between the legacy site and this one; without
	// it all of them come here.
	Cutover *Cutover `json:"cutover,omitempty"`
}

// Cutover is a channel's move from its legacy site, by shares of the answers
// that its DNS zone gives.
type Cutover struct {
	Legacy   []string `json:"legacy" jsonschema:"required,minItems=1,description=Public addresses of the legacy site"`
	NewShare int      `json:"newShare" jsonschema:"required,minimum=0,maximum=100,description=Percent of visitors that come to this site; the others stay on the legacy one"`
}

// Campaign is a planned peak.
type Campaign struct {
	Name     string    `json:"name" jsonschema:"required"`
	Start    time.Time `json:"start" jsonschema:"required,description=RFC 3339 time such as 2027-11-26T00:00:00Z"`
	End      time.Time `json:"end" jsonschema:"required"`
	Multiple float64   `json:"multiple" jsonschema:"required,minimum=1,maximum=1000,description=Multiple of normal traffic"`
	// LeadMinutes is how long before Start the servers have to be there.
	LeadMinutes int `json:"leadMinutes,omitempty" jsonschema:"minimum=0,maximum=10080,description=Minutes before the start at which the servers have to stand (default 60)"`
	// WebServers is how many web servers have to stand; 0: from the traffic.
	WebServers int `json:"webServers,omitempty" jsonschema:"minimum=0,maximum=1000,description=Web servers during the campaign (default: from traffic times multiple)"`
}

// Edge is what stands between the visitors and the load balancers.
type Edge struct {
	CDN *bool `json:"cdn,omitempty" jsonschema:"description=Serve through a CDN (default true)"`
	// Offload is the share of requests that the CDN answers itself.
	Offload float64 `json:"offload,omitempty" jsonschema:"minimum=0,maximum=0.99,description=Share of requests that the CDN answers itself (default 0.7 with a CDN)"`
	WAF     *bool   `json:"waf,omitempty" jsonschema:"description=Filter requests with managed rules and a rate limit (default true)"`
	// RateLimit is requests from one address in five minutes.
	RateLimit int `json:"rateLimit,omitempty" jsonschema:"minimum=100,maximum=2000000000,description=Requests from one address in five minutes before it is blocked (default 2000)"`
}

// LoadBalancer is the way into the web servers.
type LoadBalancer struct {
	Shared        bool `json:"shared,omitempty" jsonschema:"description=One load balancer for all channels instead of one a channel"`
	ReservedUnits int  `json:"reservedUnits,omitempty" jsonschema:"minimum=0,maximum=100000,description=Load-balancer capacity units reserved ahead of a campaign"`
}

// Size is a server's size.
type Size struct {
	VCPU      int     `json:"vcpu" jsonschema:"required,minimum=1,maximum=192"`
	MemoryGiB float64 `json:"memoryGiB" jsonschema:"required,minimum=0.5,maximum=1536"`
}

// Capacity bounds a fleet.
type Capacity struct {
	Min int `json:"min" jsonschema:"required,minimum=1,maximum=1000"`
	Max int `json:"max" jsonschema:"required,minimum=1,maximum=1000"`
}

// Web is the Apache and PHP-FPM front end.
type Web struct {
	Size              Size     `json:"size" jsonschema:"required"`
	Capacity          Capacity `json:"capacity" jsonschema:"required"`
	RequestsPerServer float64  `json:"requestsPerServer" jsonschema:"required,minimum=0.01,description=Requests a second that one server answers within its budget"`
	CPUTarget         int      `json:"cpuTarget,omitempty" jsonschema:"minimum=10,maximum=90,description=Percent of CPU that scaling aims at (default 55)"`
	WarmPool          int      `json:"warmPool,omitempty" jsonschema:"minimum=0,maximum=1000,description=Servers kept stopped and ready"`
	DiskGiB           int      `json:"diskGiB,omitempty" jsonschema:"minimum=8,maximum=16384,description=System disk (default 40)"`
	PHPMemoryMiB      int      `json:"phpMemoryMiB,omitempty" jsonschema:"minimum=64,maximum=4096,description=Memory that one PHP process may take (default 256)"`
}

// Static serves files that no PHP is needed for.
type Static struct {
	Size     Size `json:"size,omitempty"`
	Count    int  `json:"count,omitempty" jsonschema:"minimum=1,maximum=20,description=Servers where the platform needs servers for it (default: 2 in production and 1 in staging)"`
	DiskGiB  int  `json:"diskGiB,omitempty" jsonschema:"minimum=8,maximum=16384"`
	KeepDays int  `json:"keepDays,omitempty" jsonschema:"minimum=1,maximum=3650,description=Days that replaced or deleted files can be brought back (default 30)"`
}

// Admin is the back office, where cron runs.
type Admin struct {
	Size     Size   `json:"size,omitempty"`
	DiskGiB  int    `json:"diskGiB,omitempty" jsonschema:"minimum=8,maximum=16384"`
	Hostname string `json:"hostname,omitempty" jsonschema:"description=Name of the back office within the first channel's zone (default admin.<zone>)"`
}

// AccessMode is how people reach the back office.
type AccessMode string

const (
	// ClientVPN lets single computers in, each with its certificate.
	ClientVPN AccessMode = "client-vpn"
	// SiteVPN joins an office's network by IPsec.
	SiteVPN AccessMode = "site-to-site"
)

// Access is the only way into the back office.
type Access struct {
	Mode AccessMode `json:"mode" jsonschema:"required,enum=client-vpn,enum=site-to-site"`
	// ClientCIDR is the range that VPN clients get addresses from.
	ClientCIDR string `json:"clientCidr,omitempty" jsonschema:"description=Range for VPN clients; /22 or larger (client-vpn)"`
	// OfficeCIDRs and PeerAddress describe the office of a site-to-site VPN.
	OfficeCIDRs []string `json:"officeCidrs,omitempty" jsonschema:"description=The office's networks (site-to-site)"`
	PeerAddress string   `json:"peerAddress,omitempty" jsonschema:"description=The office gateway's public address (site-to-site)"`
}

// Deploy is the server that a CI system runs deployments on.
type Deploy struct {
	Size    Size   `json:"size,omitempty"`
	DiskGiB int    `json:"diskGiB,omitempty" jsonschema:"minimum=8,maximum=16384"`
	Runner  Runner `json:"runner" jsonschema:"required"`
}

// Runner is the CI runner on the deploy server. Its registration token is a
// secret that an operator supplies.
type Runner struct {
	Kind string `json:"kind" jsonschema:"required,enum=gitlab,enum=github"`
	URL  string `json:"url" jsonschema:"required,description=The GitLab server or the GitHub organisation or repository that it registers with"`
	// Program is the publisher's own, checked against its sum.
	Program Download `json:"program" jsonschema:"required"`
}

// Download is a file from outside the distribution.
type Download struct {
	URL    string `json:"url" jsonschema:"required,description=https address"`
	SHA256 string `json:"sha256" jsonschema:"required,pattern=^[0-9a-f]{64}$,description=Sum as the publisher gives it"`
}

// Engine is a database engine.
type Engine string

const (
	AuroraMySQL Engine = "aurora-mysql"
	MySQL       Engine = "mysql"
	MariaDB     Engine = "mariadb"
)

// Database is the shop's relational database.
type Database struct {
	Engine  Engine `json:"engine" jsonschema:"required,enum=aurora-mysql,enum=mysql,enum=mariadb"`
	Version string `json:"version,omitempty" jsonschema:"description=Major version (default: 8.0 for MySQL and 10.11 for MariaDB)"`
	Name    string `json:"name,omitempty" jsonschema:"description=Schema name (default shop)"`
	Size    Size   `json:"size,omitempty" jsonschema:"description=Of each server; leave out when serverless"`
	// Serverless bounds capacity in Aurora capacity units of 2 GiB.
	Serverless *Serverless `json:"serverless,omitempty"`
	StorageGiB int         `json:"storageGiB" jsonschema:"required,minimum=20,maximum=65536"`
	IOPS       int         `json:"iops,omitempty" jsonschema:"minimum=0,maximum=256000,description=Provisioned operations a second (default: what the storage gives)"`
	Readers    Readers     `json:"readers,omitempty"`
	Proxy      bool        `json:"proxy,omitempty" jsonschema:"description=Pool connections in front of the database"`
	BackupDays int         `json:"backupDays,omitempty" jsonschema:"minimum=1,maximum=35,description=(default: 14 in production and 1 in staging)"`
}

// Serverless bounds a serverless database, in capacity units of 2 GiB each.
type Serverless struct {
	MinUnits float64 `json:"minUnits" jsonschema:"required,minimum=0.5,maximum=256"`
	MaxUnits float64 `json:"maxUnits" jsonschema:"required,minimum=1,maximum=256"`
}

// Readers are the replicas that answer reads. With Max over Min they scale.
type Readers struct {
	Min int `json:"min,omitempty" jsonschema:"minimum=0,maximum=15,description=(default: 1 in production and 0 in staging)"`
	Max int `json:"max,omitempty" jsonschema:"minimum=0,maximum=15,description=(default: min)"`
}

// Redis is one replication group with one shard.
type Redis struct {
	MemoryGiB    float64 `json:"memoryGiB,omitempty" jsonschema:"exclusiveMinimum=0,maximum=600,description=Data that it has to hold"`
	Replicas     *int    `json:"replicas,omitempty" jsonschema:"minimum=0,maximum=5,description=(default: 2 in production and 0 in staging)"`
	SnapshotDays *int    `json:"snapshotDays,omitempty" jsonschema:"minimum=0,maximum=35,description=(default: 7 for sessions in production and otherwise 1)"`
}

// SearchEngine is what answers catalogue searches.
type SearchEngine string

const (
	Solr       SearchEngine = "solr"
	OpenSearch SearchEngine = "opensearch"
	// Servers is a fleet of log and statistics servers (analytics only).
	Servers SearchEngine = "servers"
)

// Search is the catalogue search.
type Search struct {
	Engine  SearchEngine `json:"engine,omitempty" jsonschema:"enum=solr,enum=opensearch,description=(default solr)"`
	Size    Size         `json:"size,omitempty"`
	Count   int          `json:"count,omitempty" jsonschema:"minimum=1,maximum=10,description=(default: 2 in production and 1 in staging)"`
	DiskGiB int          `json:"diskGiB,omitempty" jsonschema:"minimum=10,maximum=63488,description=Index disk of each server (default 50)"`
}

// Analytics keeps logs and statistics.
type Analytics struct {
	Engine  SearchEngine `json:"engine,omitempty" jsonschema:"enum=servers,enum=opensearch,description=(default servers)"`
	Size    Size         `json:"size,omitempty"`
	Count   int          `json:"count,omitempty" jsonschema:"minimum=1,maximum=10,description=(default 1)"`
	DiskGiB int          `json:"diskGiB,omitempty" jsonschema:"minimum=10,maximum=63488,description=Data disk of each server (default 100)"`
}

// MediaKind is where product images lie.
type MediaKind string

const (
	// ObjectMedia keeps media in an object store behind the CDN.
	ObjectMedia MediaKind = "object"
	// NFSMedia keeps media on a file system that servers mount.
	NFSMedia MediaKind = "nfs"
)

// Media is the product images and uploads.
type Media struct {
	Kind       MediaKind `json:"kind,omitempty" jsonschema:"enum=object,enum=nfs,description=(default object)"`
	StorageGiB int       `json:"storageGiB,omitempty" jsonschema:"minimum=1,maximum=63488,description=Size of the file system where its size is fixed (default 100)"`
	WebWrites  bool      `json:"webWrites,omitempty" jsonschema:"description=Web servers may write media too; not only the back office"`
}
