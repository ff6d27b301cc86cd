// Package privatecloud emits a storefront for a private cloud: virtual machines
// in vCenter behind gateways, firewall and load balancer of NSX.
package privatecloud

// Settings is what a stack says of its site, under storefront:private.
type Settings struct {
	Datacenter string `json:"datacenter" jsonschema:"required,description=vCenter's data centre"`
	Cluster    string `json:"cluster" jsonschema:"required,description=Compute cluster in which the servers run"`
	// ResourcePool is the pool above the shop's own.
	ResourcePool string `json:"resourcePool,omitempty" jsonschema:"description=Resource pool above the shop's own (default: the cluster's root)"`
	// Hosts is how many hosts the servers may be spread over. No look-up tells
	// how many of a cluster's hosts a tenant may use.
	Hosts int `json:"hosts" jsonschema:"required,minimum=1,description=Hosts of the cluster that take these servers"`
	// HostVCPU and HostMemoryGiB are what one host offers a virtual machine.
	HostVCPU      int     `json:"hostVcpu,omitempty" jsonschema:"minimum=0,description=Logical processors of one host; no server may have more (default: what vSphere takes)"`
	HostMemoryGiB float64 `json:"hostMemoryGiB,omitempty" jsonschema:"minimum=0,description=Memory of one host in GiB; no server may have more (default: what vSphere takes)"`
	Datastore     string  `json:"datastore" jsonschema:"required,description=Datastore of the disks"`
	StoragePolicy string  `json:"storagePolicy,omitempty" jsonschema:"description=Storage policy of the disks (default: the datastore's own)"`
	Template      string  `json:"template" jsonschema:"required,description=Debian 12 template with cloud-init and open-vm-tools"`

	Tier0         Tier0  `json:"tier0" jsonschema:"required"`
	Tier1         Tier1  `json:"tier1" jsonschema:"required"`
	EdgeCluster   string `json:"edgeCluster" jsonschema:"required,description=NSX edge cluster of the tier-1 gateway"`
	TransportZone string `json:"transportZone" jsonschema:"required,description=NSX overlay transport zone of the segments"`
	// NAT is the gateway that translates public addresses.
	NAT NATGateway `json:"nat,omitempty" jsonschema:"enum=tier0,enum=tier1,description=Gateway that translates public addresses (default tier0; take tier1 where the provider keeps tier-0 to itself)"`
	// TransitCIDRs are the ranges in which gateways talk to each other, and
	// from which load balancers check their servers.
	TransitCIDRs []string `json:"transitCidrs,omitempty" jsonschema:"description=Ranges between the gateways (default: NSX's own 100.64.0.0/16 and 169.254.0.0/24)"`

	// DataDiscoveryProfile lets the guard against forged addresses stand on the
	// data segment too, where database servers hand virtual addresses on.
	DataDiscoveryProfile string `json:"dataDiscoveryProfile,omitempty" jsonschema:"description=Policy path of an IP discovery profile that binds four addresses or more a port and trusts later ones; with it the data segment is guarded against forged addresses too"`

	PublicAddresses map[string]string `json:"publicAddresses" jsonschema:"required,description=By channel code: its public IPv4 address (with loadBalancer.shared the first channel's alone)"`
	EgressAddress   string            `json:"egressAddress" jsonschema:"required,description=Public IPv4 address that servers are seen with outside"`
	VPNAddress      string            `json:"vpnAddress,omitempty" jsonschema:"description=Public IPv4 address of the VPN's end at this site"`
	// VisitorRanges are who may reach the load balancers.
	VisitorRanges []string `json:"visitorRanges,omitempty" jsonschema:"description=Ranges that visitors come from; an external CDN's own (default: anywhere)"`

	Certificates     map[string]string   `json:"certificates" jsonschema:"required,description=By channel code and admin: display name of the certificate in NSX"`
	LoadBalancerSize BalancerSize        `json:"loadBalancerSize,omitempty" jsonschema:"enum=SMALL,enum=MEDIUM,enum=LARGE,description=Size of the NSX load balancer (default SMALL)"`
	LegacyServers    map[string][]string `json:"legacyServers,omitempty" jsonschema:"description=By channel code during its cut-over: legacy web servers that answer HTTP on port 80 over a private way; as address or address:port"`

	DNSServers []string `json:"dnsServers" jsonschema:"required,minItems=1,description=Addresses of the site's resolvers"`
	NTPServers []string `json:"ntpServers" jsonschema:"required,minItems=1,description=Addresses of the site's time servers"`
	// PackageProxy is how the data segment, which has no way out, gets packages.
	PackageProxy string   `json:"packageProxy,omitempty" jsonschema:"description=HTTP proxy for packages as http://ADDRESS:PORT; needed by the data segment unless the template holds all packages"`
	SSHKeys      []string `json:"sshKeys,omitempty" jsonschema:"description=Public keys that open SSH for the user debian (default: no SSH)"`
	// Replace names servers to be made anew: a changed mark replaces that server.
	Replace map[string]string `json:"replace,omitempty" jsonschema:"description=By server name (such as storefront-web-1): any mark; a changed one replaces the server"`
	// GuestTimeout is minutes.
	GuestTimeout *int `json:"guestTimeout,omitempty" jsonschema:"minimum=0,description=Minutes to wait for a server's address; 0 for not at all (default 10)"`
}

// Tier0 is the site's gateway to the outside.
type Tier0 struct {
	Name string `json:"name" jsonschema:"required,description=Display name of the tier-0 gateway"`
}

// Tier1 is the shop's own gateway.
type Tier1 struct {
	Name   string `json:"name" jsonschema:"required,description=Display name of the tier-1 gateway"`
	Create bool   `json:"create,omitempty" jsonschema:"description=Make it; else it is looked up and has to advertise its routes"`
}

// NATGateway says which gateway translates addresses.
type NATGateway string

const (
	NATTier0 NATGateway = "tier0"
	NATTier1 NATGateway = "tier1"
)

// BalancerSize is the size of an NSX load balancer.
type BalancerSize string

const (
	Small  BalancerSize = "SMALL"
	Medium BalancerSize = "MEDIUM"
	Large  BalancerSize = "LARGE"
)

// Secrets are the values under storefront:secrets, each of them a Pulumi secret.
type Secrets struct {
	DatabasePassword    string `json:"databasePassword" jsonschema:"description=Password of the shop's database user"`
	ReplicationPassword string `json:"replicationPassword,omitempty" jsonschema:"description=Password with which replicas copy the primary"`
	FailoverPassword    string `json:"failoverPassword,omitempty" jsonschema:"description=Password with which database servers watch each other"`
	SessionsPassword    string `json:"sessionsPassword" jsonschema:"description=Password of the sessions' Redis"`
	CachePassword       string `json:"cachePassword" jsonschema:"description=Password of the cache's Redis"`
	RunnerToken         string `json:"runnerToken" jsonschema:"description=Registration token of the CI runner"`
	VPNPreSharedKey     string `json:"vpnPreSharedKey,omitempty" jsonschema:"description=Key that both ends of the office's VPN know"`
}

// String keeps the values out of every log.
func (Secrets) String() string { return "[secrets]" }

// GoString keeps the values out of %#v too.
func (Secrets) GoString() string { return "[secrets]" }

// secretsKey is where the secrets stand in a stack's configuration.
const secretsKey = "storefront:secrets"

// minSecret is the fewest characters of a secret.
const minSecret = 16
