package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// searchCore is the index that the shop searches.
const searchCore = "storefront"

func (b *builder) search() error {
	t, name, err := b.add("Search", "search")
	if err != nil {
		return err
	}
	s := b.shop.Search
	if s.Engine == topology.OpenSearch {
		domain, err := b.domain(t, name, topology.TierSearch, s.Size, s.Count, s.DiskGiB)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		b.searchURL = pulumi.Sprintf("https://%s", domain.Endpoint)
	} else if err := b.solr(t, name); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	out := pulumi.Map{"url": b.searchURL}
	b.out["search"] = out
	return b.done(t, out)
}

// solr builds servers with an index of their own behind a balancer that sends
// what changes the index to the first of them.
func (b *builder) solr(t *tier, name string) error {
	s := b.shop.Search
	pool, err := b.site.LoadBalancer(b.ctx, t, platform.LoadBalancerArgs{
		Name: name, Target: topology.TierSearch, Port: topology.PortSolr,
		HealthPath: "/solr/" + searchCore + "/admin/ping",
		WritePaths: []string{"*/update*", "*/replication*", "*/schema*"},
	})
	if err != nil {
		return err
	}
	b.searchURL = pulumi.Sprintf("http://%s:%d/solr/%s", pool.Address, topology.PortSolr, searchCore)
	_, err = b.site.Fleet(b.ctx, t, platform.FleetArgs{
		Name: name, Tier: topology.TierSearch, Size: s.Size, Capacity: topology.Capacity{Min: s.Count, Max: s.Count},
		DiskGiB: 20, DataDiskGiB: s.DiskGiB, Pools: []platform.LoadBalancer{pool},
		Boot: b.bootSearch(pool),
	})
	return err
}

func (b *builder) analytics() error {
	t, name, err := b.add("Analytics", "analytics")
	if err != nil {
		return err
	}
	a, out := b.shop.Analytics, pulumi.Map{}
	if a.Engine == topology.OpenSearch {
		domain, err := b.domain(t, name, topology.TierAnalytics, a.Size, a.Count, a.DiskGiB)
		if err != nil {
			return fmt.Errorf("analytics: %w", err)
		}
		b.logDomain = domain.Endpoint
		out["url"] = pulumi.Sprintf("https://%s", domain.Endpoint)
		out["reports"] = pulumi.Sprintf("https://%s/_dashboards/", domain.Endpoint)
	} else {
		pool, err := b.site.LoadBalancer(b.ctx, t, platform.LoadBalancerArgs{
			Name: name, Target: topology.TierAnalytics, Port: topology.PortLogs, TCP: true, PeoplePort: topology.PortReports,
		})
		if err != nil {
			return fmt.Errorf("analytics: %w", err)
		}
		if _, err := b.site.Fleet(b.ctx, t, platform.FleetArgs{
			Name: name, Tier: topology.TierAnalytics, Size: a.Size, Capacity: topology.Capacity{Min: a.Count, Max: a.Count},
			DiskGiB: 20, DataDiskGiB: a.DiskGiB, Pools: []platform.LoadBalancer{pool}, Boot: b.bootAnalytics(),
		}); err != nil {
			return fmt.Errorf("analytics: %w", err)
		}
		b.logServer = pulumi.Sprintf("%s:%d", pool.Address, topology.PortLogs)
		out["logs"] = b.logServer
		out["reports"] = pulumi.Sprintf("http://%s/", pool.People)
	}
	b.out["analytics"] = out
	return b.done(t, out)
}

// domain asks the platform for a search engine as a service, which Check has
// made sure that it has.
func (b *builder) domain(t *tier, name string, at topology.Tier, size topology.Size, count, disk int) (platform.SearchDomain, error) {
	service, ok := b.site.(platform.SearchService)
	if !ok {
		return platform.SearchDomain{}, fmt.Errorf("platform %s has no search service", b.args.Platform.Name())
	}
	return service.SearchDomain(b.ctx, t, platform.SearchDomainArgs{Name: name, Tier: at, Size: size, Count: count, DiskGiB: disk})
}

func (b *builder) static() error {
	t, name, err := b.add("Static", "static")
	if err != nil {
		return err
	}
	if b.staticAt, err = b.site.Static(b.ctx, t, platform.StaticArgs{
		Name: name, Static: b.shop.Static, Media: b.mediaAt, Boot: b.bootStatic(),
	}); err != nil {
		return fmt.Errorf("static: %w", err)
	}
	out := pulumi.Map{}
	if b.staticAt.Bucket != nil {
		out["bucket"] = b.staticAt.Bucket.Name
	}
	if b.staticAt.Pool != nil {
		out["address"] = b.staticAt.Pool.Address
	}
	b.out["static"] = out
	return b.done(t, out)
}

// loadBalancers makes one a channel, or one for all of them.
func (b *builder) loadBalancers() error {
	if b.shop.LoadBalancer.Shared {
		return b.loadBalancer("lb", b.shop.Channels)
	}
	for _, c := range b.shop.Channels {
		if err := b.loadBalancer("lb-"+c.Code, []topology.Channel{c}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) loadBalancer(suffix string, channels []topology.Channel) error {
	t, name, err := b.add("LoadBalancer", suffix)
	if err != nil {
		return err
	}
	pool, err := b.site.LoadBalancer(b.ctx, t, platform.LoadBalancerArgs{
		Name: name, Target: topology.TierWeb, Public: true, Channels: channels, Port: topology.PortHTTP, TLS: true,
		HealthPath: guest.HealthPath, ReservedUnits: b.shop.LoadBalancer.ReservedUnits,
	})
	if err != nil {
		return fmt.Errorf("load balancer %s: %w", suffix, err)
	}
	b.pools = append(b.pools, pool)
	for _, c := range channels {
		b.origins = append(b.origins, platform.ChannelOrigin{Channel: c, LoadBalancer: pool})
	}
	return b.done(t, pulumi.Map{"address": pool.Address})
}

// deployStore begins the deploy tier: servers of other tiers fetch releases
// from it, so its store comes before them and its own server after.
func (b *builder) deployStore() error {
	t, name, err := b.add("Deploy", "deploy")
	if err != nil {
		return err
	}
	b.deployTo = t
	if b.token, err = b.site.Supplied(b.ctx, t, platform.SuppliedArgs{
		Name: name + "-token", Tier: topology.TierDeploy, Purpose: "Registration token of the CI runner on the deploy server",
	}); err != nil {
		return fmt.Errorf("deploy: %w", err)
	}
	if store, ok := b.site.(platform.ReleaseStore); ok {
		bucket, err := store.Releases(b.ctx, t, name+"-releases")
		if err != nil {
			return fmt.Errorf("deploy: %w", err)
		}
		b.releases = &bucket
	}
	return nil
}

func (b *builder) web() error {
	t, name, err := b.add("Web", "web")
	if err != nil {
		return err
	}
	w := b.shop.Web
	b.webFleet, err = b.site.Fleet(b.ctx, t, platform.FleetArgs{
		Name: name, Tier: topology.TierWeb, Size: w.Size, Capacity: w.Capacity, DiskGiB: w.DiskGiB, Pools: b.pools,
		Scaling: &platform.Scaling{
			CPUTarget: w.CPUTarget, RequestsPerServer: w.RequestsPerServer, WarmPool: w.WarmPool,
			Minimum: b.shop.WebServersAt(b.args.Now), Schedule: platform.Schedule(b.shop, b.args.Now),
		},
		Secrets: b.shopSecrets(), Buckets: b.shopBuckets(b.shop.Media.WebWrites), Boot: b.bootWeb(),
	})
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	out := pulumi.Map{"group": b.webFleet.Name}
	b.out["web"] = out
	return b.done(t, out)
}

func (b *builder) admin() error {
	t, name, err := b.add("Admin", "admin")
	if err != nil {
		return err
	}
	a := b.shop.Admin
	pool, err := b.site.LoadBalancer(b.ctx, t, platform.LoadBalancerArgs{
		Name: name, Target: topology.TierAdmin, Hostname: a.Hostname, Port: topology.PortHTTP, TLS: true,
		HealthPath: guest.HealthPath,
	})
	if err != nil {
		return fmt.Errorf("admin: %w", err)
	}
	fleet := platform.FleetArgs{
		Name: name, Tier: topology.TierAdmin, Size: a.Size, Capacity: topology.Capacity{Min: 1, Max: 1}, DiskGiB: a.DiskGiB,
		Pools: []platform.LoadBalancer{pool}, Secrets: b.shopSecrets(), Buckets: b.shopBuckets(true), Boot: b.bootAdmin(),
	}
	if o := b.databaseS.Owner; o != nil {
		fleet.WritesSecrets = o.Written()
		fleet.Secrets = append(append(fleet.Secrets, o.Master), o.Pooled...)
	}
	if b.adminFleet, err = b.site.Fleet(b.ctx, t, fleet); err != nil {
		return fmt.Errorf("admin: %w", err)
	}
	out := pulumi.Map{"url": pulumi.Sprintf("https://%s", a.Hostname), "address": pool.Address}
	b.out["admin"] = out
	return b.done(t, out)
}

func (b *builder) deploy() error {
	d := b.shop.Deploy
	args := platform.FleetArgs{
		Name: b.name + "-deploy", Tier: topology.TierDeploy, Size: d.Size, Capacity: topology.Capacity{Min: 1, Max: 1}, DiskGiB: d.DiskGiB,
		Secrets: append(b.shopSecrets(), b.token), Refreshes: []platform.Fleet{b.webFleet, b.adminFleet}, Boot: b.bootDeploy(),
	}
	out := pulumi.Map{}
	if b.token.Stored {
		out["tokenSecret"] = b.token.ARN
	}
	if b.releases != nil {
		args.Buckets = append(args.Buckets, platform.BucketGrant{Bucket: *b.releases, Write: true})
		out["releases"] = pulumi.Sprintf("s3://%s/%s", b.releases.Name, releaseKey)
	}
	if b.staticAt.Bucket != nil {
		args.Buckets = append(args.Buckets, platform.BucketGrant{Bucket: *b.staticAt.Bucket, Write: true})
	}
	if _, err := b.site.Fleet(b.ctx, b.deployTo, args); err != nil {
		return fmt.Errorf("deploy: %w", err)
	}
	b.out["deploy"] = out
	return b.ctx.RegisterResourceOutputs(b.deployTo, out)
}

func (b *builder) edge() error {
	t, name, err := b.add("Edge", "edge")
	if err != nil {
		return err
	}
	e, err := b.site.Edge(b.ctx, t, platform.EdgeArgs{
		Name: name, Edge: b.shop.Edge, Channels: b.origins, Media: b.mediaAt, Static: b.staticAt,
	})
	if err != nil {
		return fmt.Errorf("edge: %w", err)
	}
	channels := pulumi.Map{}
	for _, c := range b.shop.Channels {
		channels[c.Code] = pulumi.Map{
			"url":      pulumi.String("https://" + c.Hostnames[0]),
			"currency": pulumi.String(c.Currency),
			"endpoint": e.Endpoints[c.Code],
		}
	}
	b.out["channels"] = channels
	if len(e.Outputs) > 0 {
		b.out["edge"] = e.Outputs
	}
	return b.done(t, pulumi.Map{"channels": channels})
}
