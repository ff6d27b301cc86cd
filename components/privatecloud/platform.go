package privatecloud

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3/nsxt"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Name is the platform's word in configuration.
const Name = "private"

// Platform is one vCenter with its NSX manager.
type Platform struct {
	settings Settings
	secrets  Secrets
}

// New returns the private cloud that the settings describe.
func New(settings Settings, secrets Secrets) *Platform {
	return &Platform{settings: settings, secrets: secrets}
}

// Name returns the platform's word in configuration.
func (p *Platform) Name() string { return Name }

// lacks tells for what a private cloud can't do why, and what to write instead.
var lacks = map[platform.Feature]string{
	platform.AuroraDatabase:     "Aurora is a service of AWS: take engine mariadb",
	platform.MySQLDatabase:      "Debian 12 packages MariaDB, and failover is set up for it alone: take engine mariadb",
	platform.ServerlessDatabase: "a server has a fixed size: leave serverless out and give size",
	platform.DatabaseProxy:      "clients reach the writer's virtual address, which follows a failover by itself: leave proxy out",
	platform.ReaderAutoScaling:  "nothing adds servers by load: give readers.min what the peak needs and leave max out",
	platform.ProvisionedIOPS:    "the storage policy decides: leave iops out and name a policy in the site's settings (storagePolicy)",
	platform.WarmPool:           "the number of web servers is the declaration's own: leave warmPool out and name campaigns, before which servers are added",
	platform.ReservedUnits:      "a load balancer has a fixed size: leave reservedUnits out and set loadBalancerSize in the site's settings",
	platform.ManagedSearch:      "there is no search engine as a service: take solr for search and servers for analytics",
	platform.ObjectMedia:        "there is no object store: take nfs",
	platform.ServiceBackups:     "no service takes any: leave it out, and put the servers' disks into the site's backup tool",
	platform.ClientVPN:          "NSX ends no VPN of single computers: take site-to-site",
}

// Supports returns "" where a private cloud can do f, else the reason.
func (p *Platform) Supports(f platform.Feature) string { return lacks[f] }

// Validate checks the settings and the secrets, and the declaration against
// what hosts, addresses and the load balancer take.
func (p *Platform) Validate(shop topology.Storefront) error {
	s := p.settings.resolve()
	out := s.validate(shop)
	out = append(out, p.secrets.validate(shop)...)
	out = append(out, s.validateBalancer(shop)...)
	out = append(out, s.validateServers(shop)...)
	out = append(out, s.validateFleets(shop)...)
	return out.Err()
}

// site is the private cloud with a network. Every tier's file adds its methods.
type site struct {
	settings Settings
	secrets  Secrets
	meta     platform.Meta
	shop     topology.Storefront
	name     string

	cidr     netip.Prefix
	segments map[address.Purpose]segment
	groups   map[topology.Tier]*nsxt.PolicyGroup // of servers by tag, of all else by address
	// fronts are the virtual addresses that stand for a tier's servers, and the
	// addresses from which the load balancer speaks for them.
	fronts map[topology.Tier]*nsxt.PolicyGroup
	// others are groups beside the tiers', by name; serviceAt the paths of
	// services, by names such as tcp-80.
	others    map[string]*nsxt.PolicyGroup
	serviceAt map[string]pulumi.StringOutput
	vcenter   vcenter
	// certificates are paths in NSX, by channel code and admin.
	certificates map[string]string
	gateways     gateways
	balancer     balancerService
	outputs      pulumi.Map
}

// segment is an NSX segment, which vCenter shows as a network of its name.
type segment struct {
	name    string
	cidr    netip.Prefix
	gateway netip.Addr
	// path is NSX's own name of it, known once it stands.
	path pulumi.StringOutput
}

// gateways are the paths of what the site gives its tenants and of the tier-1.
type gateways struct {
	tier0, edgeCluster, transportZone string
	tier1                             pulumi.StringOutput
}

// balancerService is the tier-1's load balancer, of which NSX has one a gateway,
// and what its virtual servers share.
type balancerService struct {
	path pulumi.StringOutput
	// http, redirect and tls are the paths of profiles.
	http, redirect, tls pulumi.StringOutput
	// static serves what needs no PHP; nil until the tier stands.
	static *nsxt.PolicyLbPool
}

// Outputs is what an operator needs to know of the site.
func (s *site) Outputs() pulumi.Map { return s.outputs }

// tierSegments tells in which segment a tier's servers stand. Analytics stands
// beside the back office, since people behind the VPN read its reports.
var tierSegments = map[topology.Tier]address.Purpose{
	topology.TierStatic:    address.Public,
	topology.TierWeb:       address.App,
	topology.TierSearch:    address.App,
	topology.TierDatabase:  address.Data,
	topology.TierSessions:  address.Data,
	topology.TierCache:     address.Data,
	topology.TierMedia:     address.Data,
	topology.TierAdmin:     address.Admin,
	topology.TierDeploy:    address.Admin,
	topology.TierAnalytics: address.Admin,
}

// segmentOf returns the segment of a tier's servers.
func (s *site) segmentOf(tier topology.Tier) segment { return s.segments[tierSegments[tier]] }

// called is the name that an object has in vCenter and NSX: the resource's own
// and the stack's, so that several stacks share a site.
func (s *site) called(name string) string { return fmt.Sprintf("%s-%s", name, s.meta.Stack) }

// keeps returns the options of what keeps data or takes visitors: protected in
// production.
func (s *site) keeps(parent pulumi.Resource, opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(opts, pulumi.Parent(parent), pulumi.Protect(s.meta.Protected))
}
