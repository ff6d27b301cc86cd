// Package platform is the interface between the storefront component and the
// clouds that it can be emitted for. A platform lays a network and answers with
// a Site, on which the component then builds its tiers. The suite in
// platformtest holds every platform to the same promises.
package platform

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Platform is a cloud before anything is built on it.
type Platform interface {
	// Name is the word for it in configuration, such as "aws".
	Name() string
	// Supports returns "" where the platform can do f, else the reason why it
	// can't and what to write instead.
	Supports(f Feature) string
	// Validate returns what the platform's own settings or limits make
	// impossible for a valid, resolved declaration, as topology.Problems. A
	// path below the platform's settings starts with "$", which the caller
	// replaces by their place in the configuration.
	Validate(s topology.Storefront) error
	// Rehearse makes up what a site would answer, for a resolved declaration.
	// It fails only where Validate says why.
	Rehearse(s topology.Storefront) (Rehearsal, error)
	// Network lays the network and returns the site on it.
	Network(ctx *pulumi.Context, parent pulumi.Resource, in NetworkArgs) (Site, error)
}

// Site is a platform with a network, on which the tiers are built. Each method
// registers only leaf resources, all of them below parent, with names that
// begin with in's Name.
type Site interface {
	Access(ctx *pulumi.Context, parent pulumi.Resource, in AccessArgs) (Access, error)
	Media(ctx *pulumi.Context, parent pulumi.Resource, in MediaArgs) (Media, error)
	Static(ctx *pulumi.Context, parent pulumi.Resource, in StaticArgs) (Static, error)
	Database(ctx *pulumi.Context, parent pulumi.Resource, in DatabaseArgs) (Database, error)
	Redis(ctx *pulumi.Context, parent pulumi.Resource, in RedisArgs) (Redis, error)
	LoadBalancer(ctx *pulumi.Context, parent pulumi.Resource, in LoadBalancerArgs) (LoadBalancer, error)
	Fleet(ctx *pulumi.Context, parent pulumi.Resource, in FleetArgs) (Fleet, error)
	Edge(ctx *pulumi.Context, parent pulumi.Resource, in EdgeArgs) (Edge, error)
	// Supplied is a secret whose value an operator puts in its place.
	Supplied(ctx *pulumi.Context, parent pulumi.Resource, in SuppliedArgs) (Secret, error)
	// Outputs is what an operator needs to know of the site as a whole.
	Outputs() pulumi.Map
}

// SearchService is a Site that runs a search engine as a service. A platform
// that supports ManagedSearch has it.
type SearchService interface {
	SearchDomain(ctx *pulumi.Context, parent pulumi.Resource, in SearchDomainArgs) (SearchDomain, error)
}

// ReleaseStore is a Site that keeps the application's releases where new
// servers fetch them. On others the deploy server lays them.
type ReleaseStore interface {
	Releases(ctx *pulumi.Context, parent pulumi.Resource, name string) (Bucket, error)
}

// SuppliedArgs asks for a secret whose value comes from an operator.
type SuppliedArgs struct {
	Name    string
	Tier    topology.Tier
	Purpose string // what it is, for whom it may concern
}

// Meta is what every resource is marked with.
type Meta struct {
	Project     string
	Stack       string
	Owner       string
	Wave        string
	Environment topology.Environment
	// Protected tells that what keeps data, or takes visitors, is guarded
	// against deletion. The component sets it from the declaration.
	Protected bool
}

// Tags returns the marks of a resource of a tier.
func (m Meta) Tags(tier topology.Tier) map[string]string {
	t := map[string]string{
		"project":     m.Project,
		"stack":       m.Stack,
		"environment": string(m.Environment),
		"owner":       m.Owner,
		"tier":        string(tier),
	}
	if m.Wave != "" {
		t["wave"] = m.Wave
	}
	return t
}

// NetworkArgs asks for a network.
type NetworkArgs struct {
	Name string
	Meta Meta
	// Shop is the whole declaration, valid and resolved: the firewall follows
	// its connections.
	Shop topology.Storefront
}

// AccessArgs asks for the way into the back office.
type AccessArgs struct {
	Name   string
	Access topology.Access
}

// Access is the way into the back office.
type Access struct {
	// Outputs is what people need to set up their end.
	Outputs pulumi.Map
}

// MediaArgs asks for a place for product images.
type MediaArgs struct {
	Name  string
	Media topology.Media
}

// Media is where product images lie. Exactly one of Bucket and Mount is set.
type Media struct {
	Bucket *Bucket
	Mount  *Mount
	// StaticMount is where a deployment lays files that need no PHP, from the
	// back office, for servers of the static tier. Nil where they lie in a
	// bucket.
	StaticMount *Mount
}

// Bucket is a place in an object store.
type Bucket struct {
	Name pulumi.StringOutput
	ARN  pulumi.StringOutput
	// Domain is where a CDN reads it.
	Domain pulumi.StringOutput
}

// Mount is a file system to mount.
type Mount struct {
	Source  pulumi.StringOutput // "host:/path"
	Type    string              // nfs4
	Options string
}

// StaticArgs asks for a place for files that need no PHP.
type StaticArgs struct {
	Name   string
	Static topology.Static
	Media  Media
	// Boot makes the document for servers, where the platform uses servers.
	Boot Boot
}

// Static is where files that need no PHP are served from.
type Static struct {
	Bucket *Bucket // nil where servers do it
	// Pool is set where servers do it.
	Pool *LoadBalancer
}

// DatabaseArgs asks for the shop's database.
type DatabaseArgs struct {
	Name     string
	Database topology.Database
}

// Database is the shop's database.
type Database struct {
	Writer pulumi.StringOutput // host name
	Reader pulumi.StringOutput // host name; the writer's where there are no readers
	Port   int
	// TLS tells that the database refuses clients without it.
	TLS bool
	// User and Password are read by the servers when they start.
	User     Secret
	Password Secret
	// Owner is set where the shop's user isn't made with the database: the back
	// office's server makes it, and puts its name and password where User and
	// Password are read. Until then neither has a value.
	Owner *DatabaseOwner
}

// DatabaseOwner is what it takes to make the shop's user.
type DatabaseOwner struct {
	// Server is the host name of the database itself, past any pool of connections.
	Server pulumi.StringOutput
	// Master is the login of who may make users.
	Master Secret
	// Shop is what the shop's servers read.
	Shop Secret
	// Pooled are the places of the shop's two users, which a pool of
	// connections reads; empty without one.
	Pooled []Secret
}

// Written are the secrets that are put when the shop's user is made.
func (o DatabaseOwner) Written() []Secret { return append([]Secret{o.Shop}, o.Pooled...) }

// RedisArgs asks for a replication group with one shard.
type RedisArgs struct {
	Name  string
	Tier  topology.Tier // sessions or cache
	Redis topology.Redis
	// Evict tells whether keys may be dropped when memory is full: a cache's
	// may, sessions may not.
	Evict bool
}

// Redis is a replication group.
type Redis struct {
	Primary  pulumi.StringOutput // host name that follows a failover
	Reader   pulumi.StringOutput
	Port     int
	TLS      bool
	Password Secret
	// Sentinels ("host:port,…") tell the primary where no name follows it;
	// the zero output elsewhere.
	Sentinels pulumi.StringOutput
}

// Secret is a value that only servers see. Either ARN or Value is set.
type Secret struct {
	// ARN is where AWS Secrets Manager keeps it; Key picks a field of its JSON.
	ARN pulumi.StringOutput
	Key string
	// Value is a Pulumi secret, written into the server's boot document.
	Value pulumi.StringOutput
	// Stored tells that ARN is set.
	Stored bool
}

// LoadBalancerArgs asks for a load balancer: round robin, without stickiness.
type LoadBalancerArgs struct {
	Name string
	// Target is the tier whose servers it sends requests to.
	Target topology.Tier
	// Public ones are the way in for visitors; the others are reached from
	// inside and through the VPN only.
	Public   bool
	Channels []topology.Channel // of a public one
	Hostname string             // of the back office's
	// Port is where the servers listen. TLS tells that the balancer listens
	// on 443 with a certificate; else it listens on Port.
	Port int
	TLS  bool
	// TCP passes bytes on and understands no HTTP.
	TCP bool
	// PeoplePort is a second port of the first server, for people who come
	// through the VPN; 0: none.
	PeoplePort int
	HealthPath string
	// WritePaths, such as "*/update*", go to the first server only.
	WritePaths []string
	// ReservedUnits is capacity reserved ahead of a campaign.
	ReservedUnits int
}

// LoadBalancer is a way into a fleet.
type LoadBalancer struct {
	Address pulumi.StringOutput // host name or address
	// VisitorHeader is where a CDN tells the visitor's address and port to a
	// balancer that takes requests from this CDN alone; empty elsewhere.
	VisitorHeader string
	// People is where they find it ("host:port"), on the balancer or on the
	// server itself; the zero output without a PeoplePort.
	People pulumi.StringOutput
	// Handle is the platform's own, given back in FleetArgs and EdgeArgs.
	Handle any
}

// Boot makes a server's first-boot document from what the platform knows of it.
// Member counts from 0 in a fleet with data disks or of a fixed number, and is 0
// in a scaling one, whose servers are alike. The document is secret where the
// platform puts secrets into it.
type Boot func(member int, host Host) pulumi.StringOutput

// Host is what a platform knows of a server before it starts.
type Host struct {
	// Base is what every role has, filled in as far as the platform decides it.
	Base guest.Base
	// VolumeID is the volume that the server attaches to itself; the zero
	// output where it has none.
	VolumeID pulumi.StringOutput
}

// FleetArgs asks for servers of one role.
type FleetArgs struct {
	Name string
	Tier topology.Tier
	Size topology.Size
	// Capacity is Min = Max for a fleet that does not scale.
	Capacity topology.Capacity
	DiskGiB  int
	// DataDiskGiB gives each server a disk of its own that outlives the
	// server; such a fleet never scales. 0: none.
	DataDiskGiB int
	Boot        Boot
	// Pools are the load balancers that send requests to this fleet.
	Pools []LoadBalancer
	// Scaling is nil for a fleet that does not scale.
	Scaling *Scaling
	// Secrets are what the servers may read, and WritesSecrets what they may
	// put new values into.
	Secrets, WritesSecrets []Secret
	// Buckets are what the servers may use.
	Buckets []BucketGrant
	// Refreshes are the fleets that these servers may roll after a deployment.
	Refreshes []Fleet
}

// BucketGrant lets servers read a bucket, or write to it too.
type BucketGrant struct {
	Bucket Bucket
	Write  bool
}

// Scaling says how a fleet follows its load.
type Scaling struct {
	CPUTarget         int
	RequestsPerServer float64 // a second
	WarmPool          int
	// Minimum is the least number of servers now; Schedule how it changes.
	Minimum  int
	Schedule []Step
}

// Fleet is servers of one role.
type Fleet struct {
	// ARN or path by which another fleet is allowed to roll this one.
	ID pulumi.StringOutput
	// Name is the group's name where the platform has groups.
	Name pulumi.StringOutput
}

// SearchDomainArgs asks for a search engine as a service.
type SearchDomainArgs struct {
	Name    string
	Tier    topology.Tier
	Size    topology.Size
	Count   int
	DiskGiB int
}

// SearchDomain is a search engine run as a service.
type SearchDomain struct {
	Endpoint pulumi.StringOutput // host name, HTTPS
}

// EdgeArgs asks for what stands between visitors and load balancers.
type EdgeArgs struct {
	Name     string
	Edge     topology.Edge
	Channels []ChannelOrigin
	Media    Media
	Static   Static
}

// ChannelOrigin is a channel and the load balancer behind it.
type ChannelOrigin struct {
	Channel      topology.Channel
	LoadBalancer LoadBalancer
}

// Edge is what visitors see.
type Edge struct {
	// Endpoints tells for each channel's code what its names point at.
	Endpoints map[string]pulumi.StringOutput
	// Outputs is what an external DNS or CDN has to know, empty where the
	// platform runs both.
	Outputs pulumi.Map
}
