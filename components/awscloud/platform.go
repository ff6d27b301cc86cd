package awscloud

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Name is the platform's word in configuration.
const Name = "aws"

// Platform is AWS in one account and region.
type Platform struct {
	settings Settings
	provider aws.ProviderArgs
}

// New returns AWS as the settings describe it. Provider holds what the stack
// says of the provider under aws:, for the second one that the edge needs in
// us-east-1; its region is replaced.
func New(s Settings, provider aws.ProviderArgs) *Platform {
	return &Platform{settings: s, provider: provider}
}

// Name returns the platform's word in configuration.
func (p *Platform) Name() string { return Name }

// Supports knows of nothing in the declaration that AWS can't do at all; what
// only some of its engines can is found by Validate.
func (p *Platform) Supports(platform.Feature) string { return "" }

// Validate checks the settings, and every size against the instance types.
func (p *Platform) Validate(s topology.Storefront) error {
	out := p.settings.validate(s)
	check := func(path string, _ string, err error) {
		if err != nil {
			out.Add(path, "%v", err)
		}
	}
	size := func(path string, shapes []shape, z topology.Size) {
		name, err := shapeOf(shapes, z)
		check(path, name, err)
	}
	engine := func(e topology.SearchEngine) []shape {
		if e == topology.OpenSearch {
			return searchShapes
		}
		return serverShapes
	}
	size("web.size", serverShapes, s.Web.Size)
	size("admin.size", serverShapes, s.Admin.Size)
	size("deploy.size", serverShapes, s.Deploy.Size)
	size("search.size", engine(s.Search.Engine), s.Search.Size)
	size("analytics.size", engine(s.Analytics.Engine), s.Analytics.Size)
	if s.Database.Serverless == nil {
		size("database.size", databaseShapes, s.Database.Size)
	}
	name, err := redisNode(s.Sessions.MemoryGiB)
	check("sessions.memoryGiB", name, err)
	name, err = redisNode(s.Cache.MemoryGiB)
	check("cache.memoryGiB", name, err)
	if s.Network.Zones < 2 {
		out.Add("network.zones", "load balancers and databases of AWS want two zones at the least")
	}
	if s.Media.Kind == topology.ObjectMedia && !*s.Edge.CDN {
		out.Add("media.kind", "without edge.cdn nobody serves media from an object store: take nfs")
	}
	if *s.Edge.CDN && slices.Contains(optIn, p.settings.Region) {
		out.Add("edge.cdn", "CloudFront writes no access logs to buckets in %s: choose another region or false", p.settings.Region)
	}
	if n := s.LoadBalancer.ReservedUnits; n > 0 && n < leastUnits {
		out.Add("loadBalancer.reservedUnits", "%d is below %d, the least that an Application Load Balancer reserves: more, or 0", n, leastUnits)
	}
	validateDatabase(&out, s.Database)
	return out.Err()
}

// optIn are the regions into whose buckets CloudFront's standard logs can't be
// written (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html).
var optIn = []string{
	"af-south-1", "ap-east-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ca-west-1", "eu-south-1", "eu-south-2", "eu-central-2",
	"il-central-1", "me-south-1", "me-central-1",
}

// leastUnits is the smallest reservation of an Application Load Balancer
// (docs.aws.amazon.com/elasticloadbalancing/latest/application/capacity-unit-reservation.html).
const leastUnits = 100

// validateDatabase names what only some engines can do.
func validateDatabase(p *topology.Problems, d topology.Database) {
	if d.Engine == topology.AuroraMySQL {
		if d.IOPS > 0 {
			p.Add("database.iops", "Aurora's storage gives what is asked of it: leave iops out")
		}
		if d.Readers.Max > d.Readers.Min && d.Readers.Min == 0 {
			p.Add("database.readers.min", "Aurora adds readers by the load of those that are there: 1 at the least")
		}
		return
	}
	if _, err := diskFor(d); err != nil {
		p.Add("database.iops", "%v", err)
	}
	if d.Readers.Min > 1 {
		p.Add("database.readers.min", "several replicas of RDS have no name in common: 1, or engine aurora-mysql")
	}
	if d.Serverless != nil {
		p.Add("database.serverless", "only engine aurora-mysql is serverless on AWS")
	}
	if d.Readers.Max > d.Readers.Min {
		p.Add("database.readers.max", "readers scale by themselves only with engine aurora-mysql on AWS")
	}
	if d.Engine == topology.MariaDB && d.Proxy && d.Version != "10.6" {
		// docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
		p.Add("database.proxy", "RDS Proxy takes MariaDB no newer than 10.6")
	}
}

// site is AWS with a network. Every tier's file adds its methods.
type site struct {
	settings Settings
	meta     platform.Meta
	shop     topology.Storefront
	name     string

	accountID, partition string
	edgeProvider         *aws.Provider // us-east-1
	zoneNames            []string      // availability zones in use, in order

	vpc    network
	groups map[topology.Tier]pulumi.IDOutput // security groups
	logs   pulumi.StringOutput               // the bucket for access logs of load balancers and of the CDN
	key    dataKey                           // encrypts what keeps data
	// originKey is what load balancers ask the CDN for; nil without one.
	originKey *generated
	zoneIDs   map[string]pulumi.StringInput
	outputs   pulumi.Map
}

// Outputs is what an operator needs to know of the network.
func (s *site) Outputs() pulumi.Map { return s.outputs }

// tags marks a resource of a tier, with the name that consoles show.
func (s *site) tags(tier topology.Tier, name string) pulumi.StringMap {
	m := pulumi.ToStringMap(s.meta.Tags(tier))
	m["Name"] = pulumi.String(name)
	return m
}

// keeps returns the options of a resource that keeps data: protected in production.
func (s *site) keeps(parent pulumi.Resource, opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(opts, pulumi.Parent(parent), pulumi.Protect(s.meta.Protected))
}

func (s *site) production() bool { return s.meta.Environment == topology.Production }

// lookups asks the account what it is before anything is registered.
func (s *site) lookups(ctx *pulumi.Context, parent pulumi.Resource) error {
	id, err := aws.GetCallerIdentity(ctx, nil, pulumi.Parent(parent))
	if err != nil {
		return fmt.Errorf("ask AWS whose credentials these are: %w", err)
	}
	part, err := aws.GetPartition(ctx, nil, pulumi.Parent(parent))
	if err != nil {
		return fmt.Errorf("ask for the partition: %w", err)
	}
	available := "available"
	zones, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{
		State: &available,
		// Local and wavelength zones offer too little of what is needed.
		Filters: []aws.GetAvailabilityZonesFilter{{Name: "zone-type", Values: []string{"availability-zone"}}},
	}, pulumi.Parent(parent))
	if err != nil {
		return fmt.Errorf("ask for the availability zones of %s: %w", s.settings.Region, err)
	}
	if len(zones.Names) < s.shop.Network.Zones {
		return topology.Problems{{Path: "network.zones", Message: fmt.Sprintf("%s offers this account %d availability zones, not %d",
			s.settings.Region, len(zones.Names), s.shop.Network.Zones)}}
	}
	s.accountID, s.partition, s.zoneNames = id.AccountId, part.Partition, zones.Names[:s.shop.Network.Zones]
	return nil
}
